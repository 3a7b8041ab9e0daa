import type { If, Label, Statement } from '../ir.ts'
import { OPS } from '../ops.ts'
import { bodiesOf } from '../places.ts'

/**
 * What each body of an `if` may cost, in additions, to be computed where it is not wanted. A branch that is mispredicted costs a processor 15 to 20 cycles, and
 * vectors with lanes on both sides compute both anyway, as mask.ts does by the same measure. Larger, and branches that are rarely taken slow everybody
 * down; smaller, and what people write with ?: is a branch.
 */
const CHEAP = 12

/** Two loads and the tests of both indices, where two lanes are a vector: more than what ops.ts says, which is for scalars. */
const GATHER = 8

/** Whether both bodies may be computed, to choose afterwards: nothing but cheap operations. */
export function isChoice({ yes, no }: If): boolean {
  return costOf(yes, CHEAP) <= CHEAP && costOf(no, CHEAP) <= CHEAP
}

/** Of operations and choices; infinite where there is anything else. Counts no further than `most`. */
function costOf(statements: readonly Statement[], most: number): number {
  let cost = 0
  for (const statement of statements) {
    if (statement.kind === 'let') cost += statement.value.op === 'gather' ? GATHER : OPS[statement.value.op].cost
    else if (statement.kind === 'if') cost += costOf(statement.yes, most - cost) + costOf(statement.no, most - cost)
    else if (statement.kind !== 'set') return Number.POSITIVE_INFINITY
    if (cost > most) return cost
  }
  return cost
}

/** Whether a `leave` of that label stands in the statement. */
export function leaves(statement: Statement, label: Label): boolean {
  if (statement.kind === 'leave') return statement.label === label
  return bodiesOf(statement).some((body) => body.some((inner) => leaves(inner, label)))
}

/** Whether the statements end by leaving for somewhere else than `tails`, where the next statement goes anyway. */
export function endsElsewhere(statements: readonly Statement[], tails: readonly Label[]): boolean {
  const last = statements[statements.length - 1]
  if (last?.kind === 'leave') return !tails.includes(last.label)
  return last?.kind === 'if' && endsElsewhere(last.yes, tails) && endsElsewhere(last.no, tails)
}
