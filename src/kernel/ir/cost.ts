import type { Program, Statement } from './ir.ts'
import { OPS, type OpName } from './ops.ts'
import { everyStatement } from './places.ts'

/** What a loop without a known bound is taken to run. Larger: cheap kernels go to workers; smaller: dear ones stay. */
const ROUNDS_GUESSED = 16

/** Rounds of a nest together. Larger, and a row that nobody can stop takes seconds; smaller, and rows that are soon done go to workers. */
const MOST_ROUNDS = 1_000_000

/** Whether a row ends by itself, soon: the rounds of all loops are known, and those of a nest multiply to no more than a million. */
export function isBounded({ body, subroutines }: Program): boolean {
  return [body, ...subroutines.map((each) => each.body)].every((each) => roundsOf(each) <= MOST_ROUNDS)
}

/** Of the nest that takes most. */
function roundsOf(body: readonly Statement[]): number {
  const most = body.map((statement): number => {
    switch (statement.kind) {
      case 'if':
        return Math.max(roundsOf(statement.yes), roundsOf(statement.no))
      case 'block':
        return roundsOf(statement.body)
      case 'loop':
        return (statement.rounds ?? Number.POSITIVE_INFINITY) * roundsOf(statement.body)
      default:
        return 1
    }
  })
  return Math.max(1, ...most)
}

/**
 * Estimated cost of a row, in units of an addition: every operation once, by the costs of ops.ts, loops as often as they run at most.
 *
 * Of an `if` both sides count half; a loop whose bound is not known counts 16 rounds, a subroutine nothing, since it is for rare cases.
 */
export function operationsPerRow({ body }: Program): number {
  return costOf(body)
}

function costOf(body: readonly Statement[]): number {
  let sum = 0
  for (const statement of body) {
    switch (statement.kind) {
      case 'let':
        sum += OPS[statement.value.op].cost
        break
      case 'if':
        sum += 1 + (costOf(statement.yes) + costOf(statement.no)) / 2
        break
      case 'block':
        sum += costOf(statement.body)
        break
      case 'loop':
        sum += (statement.rounds ?? ROUNDS_GUESSED) * (1 + costOf(statement.body))
        break
      default:
    }
  }
  return sum
}

/**
 * What wasm stages in and out costs some 0.6 ns a number; a row that costs less than this gains nothing by it. In blocks, js : wasm, ns a row: x + 2.5 * y
 * 3.2 : 2.5 on Node 20 and 1.4 : 1.8 on Node 24; a square root 2.5 : 2.3, a polynomial of degree 10 4.4 : 3.5, rates by brackets 20 : 4.
 */
const STAGED_NS = 1

/** Why plain code is faster than lanes: as a sentence, and than those of which engine; of `native`, than all. */
export interface PlainIsFaster {
  readonly why: string
  readonly than: 'wasm' | 'native'
}

/**
 * Why plain code is faster than lanes; undefined: it is not. `program` is the one before optimising, which takes remainders apart.
 * `rowNs`: what a row takes as plain code.
 */
export function whyPlain({ body }: Program, rowNs: number): PlainIsFaster | undefined {
  if (searchesBy(body, INTEGER_REMAINDERS))
    return {
      why: 'rows leave its loop after quite different rounds, and would wait there for one another',
      than: 'native',
    }
  if (rowNs < STAGED_NS)
    return { why: 'a row costs less than bringing it to the memory of a WASM module and back', than: 'wasm' }
  return undefined
}

const INTEGER_REMAINDERS: ReadonlySet<OpName> = new Set<OpName>(['remInt', 'remI32'])
export const REMAINDERS: ReadonlySet<OpName> = new Set<OpName>(['rem', ...INTEGER_REMAINDERS])

/**
 * Whether a loop looks for something by one of these operations, and may be left on finding it: a prime waits for none, but whoever stands beside it in a
 * vector does, and pays a remainder a round. Trial division of numbers around a million takes 1.0 µs with two lanes, 5.1 with sixteen, 1.4 in plain code;
 * where they are known to be 32-bit integers, which a processor divides as such, 0.9 µs with two lanes, 1.1 with eight of machine code, and 0.3 in plain code.
 */
export function searchesBy(body: readonly Statement[], operations: ReadonlySet<OpName>): boolean {
  return [...everyStatement(body)].some((statement) => {
    if (statement.kind !== 'loop') return false
    const inside = [...everyStatement(statement.body)]
    const exits = inside.filter(({ kind }) => kind === 'leave').length
    return exits > 1 && inside.some((each) => each.kind === 'let' && operations.has(each.value.op))
  })
}
