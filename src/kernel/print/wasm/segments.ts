import type { Statement, Value, Variable } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import { bodiesOf, setIn, usesOf } from '../../ir/places.ts'
import type { MaskedBody } from '../../masks/masked.ts'

/** A part of a body that is run for many rows before the next part is. */
export interface Segment {
  readonly body: MaskedBody
  /** What earlier parts left in variables, and what later ones find there. */
  readonly reads: readonly Variable[]
  readonly writes: readonly Variable[]
  /** Values of earlier parts, by the variables that hold them. */
  readonly held: ReadonlyMap<Value, Variable>
}

/**
 * Operations of a part, each copy counted. Larger, and its code does not stay in a level-1 cache of 32 KB from one row to the next, and takes V8 long to compile: 200
 * exponentials in one piece took eight times as long each as ten. Smaller, and more is stored and loaded between parts.
 */
const LONGEST = 600

/** From the first to the last statement of a body that has to do with something, by their numbers. */
interface Span {
  first: number
  last: number
}

/** Cuts a body, which is printed in so many copies, between statements of its own, where the least has to be handed on; what has no such place stays whole. */
export function segmentsOf(whole: MaskedBody, copies: number, longest: number = LONGEST / copies): Segment[] {
  const sizes = whole.body.map(sizeOf)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= 2 * longest) return [{ body: whole, reads: [], writes: [], held: new Map() }]
  return new Cutter(whole, longest).segments(sizes)
}

class Cutter {
  readonly #whole: MaskedBody
  readonly #longest: number
  readonly #values = new Map<Value, Span>()
  readonly #variables = new Map<Variable, Span>()
  /** Variables that hold values between parts. */
  readonly #held = new Map<Value, Variable>()
  readonly #varying = new Set<Variable>()

  constructor(whole: MaskedBody, longest: number) {
    this.#whole = whole
    this.#longest = longest
    for (const [i, statement] of whole.body.entries()) this.#look(statement, i)
    for (const variable of whole.results) extend(this.#variables, variable, whole.body.length)
  }

  segments(sizes: readonly number[]): Segment[] {
    const bounds = [0, ...this.#cuts(sizes), this.#whole.body.length]
    return bounds.slice(1).map((to, i) => this.#segment(bounds[i] as number, to))
  }

  #look(statement: Statement, at: number): void {
    if (statement.kind === 'let') {
      extend(this.#values, statement.value, at)
      if (statement.value.variable) extend(this.#variables, statement.value.variable, at)
    }
    for (const value of usesOf(statement)) if (!LEAVES.has(value.op)) extend(this.#values, value, at)
    for (const variable of setIn(statement)) extend(this.#variables, variable, at)
    for (const body of bodiesOf(statement)) for (const inner of body) this.#look(inner, at)
  }

  /** Where parts end: of the places that a part may end at, each is the one that the least crosses. */
  #cuts(sizes: readonly number[]): number[] {
    const crossing = this.#crossing(sizes.length)
    const cuts: number[] = []
    let size = 0
    let best: number | undefined
    for (const [i, more] of sizes.entries()) {
      if (size > this.#longest / 2 && (best === undefined || (crossing[i] as number) <= (crossing[best] as number)))
        best = i
      if (size + more > this.#longest && best !== undefined) {
        cuts.push(best)
        size = sizes.slice(best, i).reduce((sum, each) => sum + each, 0)
        best = undefined
      }
      size += more
    }
    return cuts
  }

  /** How many things cross each place between two statements. */
  #crossing(count: number): number[] {
    const changes = new Array<number>(count + 2).fill(0)
    for (const { first, last } of [...this.#values.values(), ...this.#variables.values()]) {
      changes[first + 1] = (changes[first + 1] as number) + 1
      changes[last + 1] = (changes[last + 1] as number) - 1
    }
    let sum = 0
    return changes.map((change) => {
      sum += change
      return sum
    })
  }

  #segment(from: number, to: number): Segment {
    const statements = this.#whole.body.slice(from, to)
    const [reads, writes] = [new Set<Variable>(), new Set<Variable>()]
    const isLast = to === this.#whole.body.length
    const isHere = ({ first, last }: Span) => first < to && last >= from
    const sets = new Set(statements.flatMap((statement) => [...setIn(statement)]))
    for (const [variable, span] of this.#variables) {
      if (!isHere(span)) continue
      if (span.first < from) reads.add(variable)
      if (!isLast && span.last >= to && sets.has(variable)) writes.add(variable)
    }
    const made: Statement[] = []
    const held = new Map<Value, Variable>()
    for (const [value, span] of this.#values) {
      if (!isHere(span)) continue
      if (span.first < from) {
        const variable = this.#holder(value)
        held.set(value, variable)
        reads.add(variable)
      } else if (span.last >= to) {
        const variable = this.#holder(value)
        made.push({ kind: 'set', variable, value })
        writes.add(variable)
      }
    }
    const variableVaries = (variable: Variable) => this.#whole.variableVaries(variable) || this.#varying.has(variable)
    const body = { ...this.#whole, body: [...statements, ...made], variableVaries }
    return { body, reads: [...reads], writes: [...writes], held }
  }

  #holder(value: Value): Variable {
    let variable = this.#held.get(value)
    if (variable === undefined) {
      variable = { name: 'held', type: value.type }
      this.#held.set(value, variable)
      if (this.#whole.varies(value)) this.#varying.add(variable)
    }
    return variable
  }
}

function extend<T>(spans: Map<T, Span>, thing: T, at: number): void {
  const span = spans.get(thing)
  if (span === undefined) spans.set(thing, { first: at, last: at })
  else span.last = Math.max(span.last, at)
}

function sizeOf(statement: Statement): number {
  if (statement.kind === 'let') return 1
  return bodiesOf(statement)
    .flat()
    .reduce((sum, inner) => sum + sizeOf(inner), 0)
}
