import type { Block, If, Loop, Program, Statement, Value, Variable } from '../ir/ir.ts'
import { LEAVES } from '../ir/ops.ts'
import { around, bodiesOf, common, isWithin, type Place, placesOf, setIn, usesOf } from '../ir/places.ts'
import { Lives } from './lives.ts'

/**
 * The same program with every value computed where it is first needed: in the innermost body that holds all its uses and is in no further loop, just
 * before the statement that uses it. So the order of a source's declarations leaves no trace, and what one branch alone needs is computed there alone.
 *
 * Reads of a variable stay before what sets it next. Values that nobody needs are gone. Where a construct comes between a value and its use, and the value
 * is all that is needed later of several others, it is computed in front of the construct: a sine in front of the next one's rare path, not behind them
 * all with what each of them needs.
 * Cost:   O(statements × depth).
 * Source: C. Click, Global code motion, global value numbering, 1995, section 3.
 */
export function schedule(program: Program): Program {
  return { ...program, body: new Scheduler(program.body, [program.result]).body() }
}

/** Where a statement stands. */
interface Home {
  readonly place: Place
  readonly statements: readonly Statement[]
  readonly index: number
}

class Scheduler {
  readonly #root: Place
  readonly #body: readonly Statement[]
  readonly #places: ReadonlyMap<readonly Statement[], Place>
  /** Of values where they are computed now, and of statements with bodies. */
  readonly #homes = new Map<Value | Statement, Home>()
  /** The innermost body that all uses met so far are in. */
  readonly #uses = new Map<Value, Place>()
  /** Where values go; those that nobody needs go nowhere. */
  readonly #targets = new Map<Value, Place>()
  /** Reads of variables by where they go, in the order of the program. */
  readonly #reads = new Map<Place, Value[]>()
  readonly #sets = new Map<Statement, ReadonlySet<Variable>>()
  readonly #written = new Set<Value>()
  /** By where they go, in the order of the program. */
  readonly #sent = new Map<Place, Value[]>()
  readonly #lives: Lives

  constructor(body: readonly Statement[], results: readonly Variable[]) {
    const { root, bodies } = placesOf(body, results)
    this.#root = root
    this.#body = body
    this.#places = bodies
    for (const [statements, place] of bodies) {
      for (const [index, statement] of statements.entries()) {
        this.#homes.set(statement.kind === 'let' ? statement.value : statement, { place, statements, index })
      }
    }
    this.#aim(body)
    for (const values of this.#sent.values()) values.reverse()
    this.#lives = new Lives(body, this.#targets)
  }

  body(): Statement[] {
    return this.#write(this.#body, this.#root)
  }

  /** From the last statement to the first: where a value goes is decided once all that uses it has its place. */
  #aim(statements: readonly Statement[]): void {
    const place = this.#places.get(statements) as Place
    for (const statement of statements.toReversed()) {
      for (const inner of bodiesOf(statement).toReversed()) this.#aim(inner)
      if (statement.kind !== 'let') this.#use(statement, place)
      else {
        const used = this.#uses.get(statement.value)
        if (used) this.#use(statement, this.#send(statement.value, used))
      }
    }
  }

  #use(statement: Statement, place: Place): void {
    for (const value of usesOf(statement)) {
      const used = this.#uses.get(value)
      this.#uses.set(value, used ? common(used, place) : place)
    }
  }

  #send(value: Value, used: Place): Place {
    const home = this.#homes.get(value) as Home
    let place = home.place
    let from = home.index + 1
    for (const { owner, body } of [...around(used, home.place)].toReversed()) {
      if (owner.kind === 'loop' || (value.variable && this.#isSet(value.variable, owner, from))) break
      place = body
      from = 0
    }
    this.#targets.set(value, place)
    const sent = this.#sent.get(place)
    if (sent) sent.push(value)
    else this.#sent.set(place, [value])
    if (value.variable) this.#reads.set(place, [value, ...(this.#reads.get(place) ?? [])])
    return place
  }

  /** Whether a variable is set from a statement of a body on, up to and in `last`. */
  #isSet(variable: Variable, last: If | Block | Loop, from: number): boolean {
    const { statements, index } = this.#homes.get(last) as Home
    return statements.slice(from, index + 1).some((statement) => this.#setIn(statement).has(variable))
  }

  #setIn(statement: Statement): ReadonlySet<Variable> {
    const known = this.#sets.get(statement) ?? setIn(statement)
    this.#sets.set(statement, known)
    return known
  }

  #write(statements: readonly Statement[], place: Place): Statement[] {
    const out: Statement[] = []
    const reads = this.#reads.get(place) ?? []
    const met = new Set<Value>()

    const write = (statement: Statement): void => {
      this.#lives.write(statement)
      out.push(statement)
    }
    const need = (value: Value): void => {
      if (LEAVES.has(value.op) || this.#written.has(value) || met.has(value)) return
      met.add(value)
      const target = this.#targets.get(value) as Place
      if (!isWithin(target, place)) return
      value.args.forEach(need)
      if (target === place) put(value)
    }
    const put = (value: Value): void => {
      this.#written.add(value)
      write({ kind: 'let', value })
    }
    const needAll = (statement: Statement): void => {
      if (statement.kind === 'let') return
      usesOf(statement).forEach(need)
      for (const inner of bodiesOf(statement)) inner.forEach(needAll)
    }

    const ready = this.#readyIn(statements, place)
    for (const [index, statement] of statements.entries()) {
      if (statement.kind === 'let') continue
      for (const value of ready(index)) if (this.#lives.endsSeveral(value, place, this.#written)) need(value)
      needAll(statement)
      for (const read of reads) {
        const home = this.#homes.get(read) as Home
        const isOpen = !this.#written.has(read) && (home.place !== place || home.index < index)
        if (isOpen && this.#setIn(statement).has(read.variable as Variable)) put(read)
      }
      write(this.#inside(statement))
    }
    return out
  }

  /**
   * Answers for each statement of a body, one after the other: what can be computed in front of it, not in front of the statement before, and is used by what
   * cannot; of what may be worth it, since a construct follows.
   */
  #readyIn(statements: readonly Statement[], place: Place): (index: number) => Value[] {
    const last = statements.findLastIndex(({ kind }) => kind !== 'let' && kind !== 'set' && kind !== 'leave')
    const since = new Map<Value, number>()
    const until = new Map<Value, number>()
    const values = last === -1 ? [] : (this.#sent.get(place) ?? [])
    for (const value of values) {
      const { place: from, index } = this.#homes.get(value) as Home
      let at = value.variable && from === place ? index : 0
      for (const arg of value.args) at = Math.max(at, since.get(arg) ?? 0)
      since.set(value, at)
      for (const arg of value.args) until.set(arg, Math.max(until.get(arg) ?? 0, at))
    }
    const waiting = values.toSorted((a, b) => (since.get(a) as number) - (since.get(b) as number))
    let next = 0
    return (index) => {
      const found: Value[] = []
      for (; next < waiting.length; next++) {
        const value = waiting[next] as Value
        if ((since.get(value) as number) >= index) break
        const isUsedLater = this.#lives.isUsedElsewhere(value) || (until.get(value) ?? 0) >= index
        if (index <= last && isUsedLater && !this.#written.has(value)) found.push(value)
      }
      return found
    }
  }

  #inside(statement: Statement): Statement {
    const write = (statements: readonly Statement[]) => this.#write(statements, this.#places.get(statements) as Place)
    switch (statement.kind) {
      case 'if':
        return { ...statement, yes: write(statement.yes), no: write(statement.no) }
      case 'block':
      case 'loop':
        return { ...statement, body: write(statement.body) }
      default:
        return statement
    }
  }
}
