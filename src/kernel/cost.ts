import type { Program, Statement } from './ir.ts'
import { OPS } from './ops.ts'

/** What a loop without a known bound is taken to run. Larger: cheap kernels go to workers; smaller: dear ones stay. */
const ROUNDS_GUESSED = 16

/** Whether every loop of a program ends by itself, so that a row does: the bounds are known. */
export function isBounded({ body, subroutines }: Program): boolean {
  return [body, ...subroutines.map((each) => each.body)].every(everyLoopEnds)
}

function everyLoopEnds(body: readonly Statement[]): boolean {
  return body.every((statement) => {
    switch (statement.kind) {
      case 'if':
        return everyLoopEnds(statement.yes) && everyLoopEnds(statement.no)
      case 'block':
        return everyLoopEnds(statement.body)
      case 'loop':
        return statement.rounds !== undefined && everyLoopEnds(statement.body)
      default:
        return true
    }
  })
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

/** What wasm stages in and out costs 0.3 to 1.2 ns a number; a row that costs less than this gains nothing by it. */
const STAGED_NS = 5

/** Whether a row is dear enough to be brought to the memory of a WASM module and back. */
export function paysStaging(rowNs: number): boolean {
  return rowNs >= STAGED_NS
}
