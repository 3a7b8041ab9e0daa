import type { If, Label, Leave, Loop, Statement, Value, Variable } from '../ir/ir.ts'
import { bodiesOf, isWithin, type Place, type Places, setIn } from '../ir/places.ts'
import type { Escapes } from './escapes.ts'

/**
 * Puts what stands beside a way out of a loop behind it: `if c { out } else { more }` becomes `if c { out }; more`. So lanes that leave do so before
 * the others go on.
 */
export function straightened(statements: readonly Statement[]): readonly Statement[] {
  return statements.some(holdsLoop) ? new Straightener().body(statements) : statements
}

function holdsLoop(statement: Statement): boolean {
  return statement.kind === 'loop' || bodiesOf(statement).some((body) => body.some(holdsLoop))
}

class Straightener {
  readonly #around: { label: Label; isLoop: boolean }[] = []

  body(statements: readonly Statement[]): Statement[] {
    return statements.flatMap((statement) => {
      switch (statement.kind) {
        case 'if':
          return this.#if(statement)
        case 'block':
        case 'loop': {
          this.#around.push({ label: statement.label, isLoop: statement.kind === 'loop' })
          const body = this.body(statement.body)
          this.#around.pop()
          return { ...statement, body }
        }
        default:
          return statement
      }
    })
  }

  #if({ kind, condition, yes, no }: If): Statement[] {
    const [first, second] = [this.body(yes), this.body(no)]
    if (this.#endsLoop(first)) return [{ kind, condition, yes: first, no: [] }, ...second]
    if (!this.#endsLoop(second)) return [{ kind, condition, yes: first, no: second }]
    const negated = negation(condition)
    const lets: Statement[] = negated === condition.args[0] ? [] : [{ kind: 'let', value: negated }]
    return [...lets, { kind, condition: negated, yes: second, no: [] }, ...first]
  }

  #endsLoop(body: readonly Statement[]): boolean {
    const last = body.at(-1)
    if (last?.kind !== 'leave') return false
    const target = this.#around.findLastIndex(({ label }) => label === last.label)
    return this.#around.slice(target).some(({ isLoop }) => isLoop)
  }
}

function negation(mask: Value): Value {
  return mask.op === 'not' ? (mask.args[0] as Value) : { op: 'not', type: 'mask', args: [mask], imm: 0 }
}

/**
 * Gives each loop that lanes leave one by one variables of its own for what is read behind it; a lane that leaves hands them over. Inside, they may run
 * on in lanes that left: no `set` has to spare those, and a counter is the same in all lanes that count.
 */
export function closed(body: readonly Statement[], places: Places, escapes: Escapes): readonly Statement[] {
  return new Closer(places, escapes).body(body, { names: new Map(), held: new Map() })
}

/** What variables are called, where that is not their own name. */
type Names = ReadonlyMap<Variable, Variable>

/** What is known in front of a statement. */
interface Here {
  readonly names: Names
  /**
   * What variables hold. A variable that lanes hand over differs between them, be it 0 in all of them at first: so its twin inside the loop gets what it
   * held, not what is read from it.
   */
  readonly held: Map<Variable, Value>
}

class Closer {
  readonly #places: Places
  readonly #escapes: Escapes
  /** Blocks and loops around; of a loop that is closed, what its variables are called in front of it. */
  readonly #around: { label: Label; outer: Names }[] = []
  readonly #rewritten = new Map<Value, Value>()

  constructor(places: Places, escapes: Escapes) {
    this.#places = places
    this.#escapes = escapes
  }

  body(statements: readonly Statement[], { names, held }: Here): Statement[] {
    const here = { names, held: new Map(held) }
    return statements.flatMap((statement) => this.#statement(statement, here))
  }

  #statement(statement: Statement, here: Here): Statement | Statement[] {
    const { names, held } = here
    switch (statement.kind) {
      case 'let':
        return { ...statement, value: this.#let(statement.value, names) }
      case 'set': {
        const value = this.#value(statement.value)
        held.set(statement.variable, value)
        return { ...statement, variable: nameOf(statement.variable, names), value }
      }
      case 'call': {
        const args = statement.args.map((arg) => this.#value(arg))
        forget(statement, held)
        return { ...statement, args, results: statement.results.map((variable) => nameOf(variable, names)) }
      }
      case 'if': {
        const condition = this.#value(statement.condition)
        const [yes, no] = [this.body(statement.yes, here), this.body(statement.no, here)]
        forget(statement, held)
        return { ...statement, condition, yes, no }
      }
      case 'block': {
        const body = this.#inside(statement.label, new Map(), statement.body, here)
        forget(statement, held)
        return { ...statement, body }
      }
      case 'loop':
        return this.#loop(statement, here)
      case 'leave':
        return this.#leave(statement, names)
    }
  }

  #loop(statement: Loop, { names, held }: Here): Statement[] {
    const { label, body } = statement
    const kept = this.#keptOf(statement)
    const outer = new Map(kept.map((variable) => [variable, nameOf(variable, names)]))
    const own = new Map(kept.map((variable) => [variable, { ...variable }]))
    const begin = kept.flatMap((variable): Statement[] => {
      const [to, value] = [nameOf(variable, own), held.get(variable)]
      return value ? [{ kind: 'set', variable: to, value }] : copy(to, nameOf(variable, names))
    })
    forget(statement, held)
    const inside = this.#inside(label, outer, body, { names: new Map([...names, ...own]), held })
    return [...begin, { ...statement, body: inside }]
  }

  #inside(label: Label, outer: Names, body: readonly Statement[], here: Here): Statement[] {
    this.#around.push({ label, outer })
    const written = this.body(body, here)
    this.#around.pop()
    return written
  }

  /** In front of it, what all loops that it leaves hand over: by the names of the outermost. */
  #leave(statement: Leave, names: Names): Statement[] {
    const target = this.#around.findLastIndex(({ label }) => label === statement.label)
    const handed = new Map(
      this.#around
        .slice(target)
        .toReversed()
        .flatMap(({ outer }) => [...outer]),
    )
    const copies = Array.from(handed, ([variable, outer]) => copy(outer, nameOf(variable, names)))
    return [...copies.flat(), statement]
  }

  /** Variables that a loop sets for itself and for what reads them outside. */
  #keptOf(loop: Loop): Variable[] {
    if (!this.#escapes.isLeft(loop.label) && this.#escapes.of(loop).size === 0) return []
    const inside = this.#places.bodies.get(loop.body) as Place
    return [...setForItself(loop)].filter((variable) =>
      this.#places.variables.get(variable)?.gets.some((get) => !isWithin(get, inside)),
    )
  }

  #let(value: Value, names: Names): Value {
    const args = value.args.map((arg) => this.#value(arg))
    const variable = value.variable && nameOf(value.variable, names)
    if (variable === value.variable && args.every((arg, i) => arg === value.args[i])) return value
    const rewritten: Value = { ...value, args, ...(variable && { variable }) }
    this.#rewritten.set(value, rewritten)
    return rewritten
  }

  #value(value: Value): Value {
    return this.#rewritten.get(value) ?? value
  }
}

function forget(statement: Statement, held: Map<Variable, Value>): void {
  for (const variable of setIn(statement)) held.delete(variable)
}

function nameOf(variable: Variable, names: Names): Variable {
  return names.get(variable) ?? variable
}

function copy(to: Variable, from: Variable): Statement[] {
  const value: Value = { op: 'get', type: from.type, args: [], imm: 0, variable: from }
  return [
    { kind: 'let', value },
    { kind: 'set', variable: to, value },
  ]
}

/** Variables that are set in a loop, but for those that are set on the way out alone. */
function setForItself(loop: Loop): Set<Variable> {
  const found = new Set<Variable>()
  const labels = new Set<Label>()
  const walk = (body: readonly Statement[]) => {
    const last = body.at(-1)
    if (last?.kind === 'leave' && (last.label === loop.label || !labels.has(last.label))) return
    for (const statement of body) {
      if (statement.kind === 'block' || statement.kind === 'loop') labels.add(statement.label)
      const inner = bodiesOf(statement)
      if (inner.length === 0) for (const variable of setIn(statement)) found.add(variable)
      inner.forEach(walk)
    }
  }
  walk(loop.body)
  return found
}
