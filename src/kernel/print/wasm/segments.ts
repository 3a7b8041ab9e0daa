import type { Statement, Value, Variable } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import { bodiesOf, setIn, usesOf } from '../../ir/places.ts'
import type { MaskedBody } from '../../masks/masked.ts'

/** A part of a body, which hands what it computed on through memory. */
export interface Part {
  readonly body: MaskedBody
  /** What earlier parts left in variables, and what later ones find there. */
  readonly reads: readonly Variable[]
  readonly writes: readonly Variable[]
  /** Values of earlier parts, by the variables that hold them. */
  readonly held: ReadonlyMap<Value, Variable>
}

/** Parts that are run one behind the other, for many rows before the next segment is. */
export type Segment = readonly Part[]

export interface Lengths {
  /** Operations of a segment. */
  readonly segment?: number | undefined
  /** And of a part. */
  readonly part?: number | undefined
}

/**
 * Operations of a segment, each copy counted. Larger, and its code does not stay in a level-1 cache of 32 KB from one row to the next, and takes V8 long to compile: 200
 * exponentials in one piece took eight times as long each as ten. Smaller, and more is stored and loaded between segments.
 */
const LONGEST_SEGMENT = 600

/**
 * Operations of a part, of one copy. V8 of Node 20 computes all things as late as it can, so that the series of several sines go on side by side, and what they need waits
 * on the stack. Vectors are not aligned there: one that lies across two pages takes as long as all else. But what must be stored before something else is loaded, it
 * computes before. In one piece haversine takes it 1.04 to 1.6 times as long, tanh x + tan x 1.2 to 2.4 times, by where the stack is. Later V8s keep the order of the code:
 * with parts they take 4 and 11 % longer, and more if these are shorter.
 */
const LONGEST_PART = 90

/** From the first to the last statement of a body that has to do with something, by their numbers. */
interface Span {
  first: number
  last: number
}

/** The statements from one number on, and before another. */
interface Piece {
  readonly from: number
  readonly to: number
}

/** Cuts a body, which is printed in so many copies, between statements of its own, where the least has to be handed on; what has no such place stays whole. */
export function segmentsOf(whole: MaskedBody, copies: number, lengths: Lengths = {}): Segment[] {
  const { segment = LONGEST_SEGMENT / copies, part = LONGEST_PART } = lengths
  return new Cutter(whole).segments(segment, part)
}

class Cutter {
  readonly #whole: MaskedBody
  readonly #sizes: readonly number[]
  readonly #values = new Map<Value, Span>()
  readonly #variables = new Map<Variable, Span>()
  /** Variables that hold values between parts. */
  readonly #held = new Map<Value, Variable>()
  readonly #varying = new Set<Variable>()

  constructor(whole: MaskedBody) {
    this.#whole = whole
    this.#sizes = whole.body.map(sizeOf)
    for (const [i, statement] of whole.body.entries()) this.#look(statement, i)
    for (const variable of whole.results) extend(this.#variables, variable, whole.body.length)
  }

  segments(longest: number, longestPart: number): Segment[] {
    const crossing = this.#crossing()
    const whole = { from: 0, to: this.#whole.body.length }
    return this.#pieces(whole, longest, crossing).map((segment) => {
      return this.#pieces(segment, longestPart, crossing).map((piece) => this.#part(piece))
    })
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

  /** Cuts statements where pieces may end: of such places, each is the one that the least crosses. What is hardly longer than one piece stays whole. */
  #pieces({ from, to }: Piece, longest: number, crossing: readonly number[]): Piece[] {
    if (this.#size(from, to) <= 2 * longest) return [{ from, to }]
    const pieces: Piece[] = []
    let start = from
    let size = 0
    let best: number | undefined
    for (let i = from; i < to; i++) {
      if (size > longest / 2 && (best === undefined || (crossing[i] as number) <= (crossing[best] as number))) best = i
      if (size + (this.#sizes[i] as number) > longest && best !== undefined) {
        pieces.push({ from: start, to: best })
        size = this.#size(best, i)
        start = best
        best = undefined
      }
      size += this.#sizes[i] as number
    }
    return [...pieces, { from: start, to }]
  }

  #size(from: number, to: number): number {
    return this.#sizes.slice(from, to).reduce((sum, size) => sum + size, 0)
  }

  /** How many things cross each place between two statements. */
  #crossing(): number[] {
    const changes = new Array<number>(this.#sizes.length + 2).fill(0)
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

  #part({ from, to }: Piece): Part {
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
