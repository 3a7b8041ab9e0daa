import type { If, Label, Statement, Value } from '../ir/ir.ts'
import { OPS, type OpName } from '../ir/ops.ts'
import { bodiesOf } from '../ir/places.ts'
import { CHEAP, opCost } from '../ir/sides.ts'

/**
 * Whether both bodies may be computed, to choose afterwards: nothing but cheap operations. A branch that is mispredicted costs a processor 15 to 20 cycles, and
 * vectors with lanes on both sides compute both anyway.
 */
export function isChoice({ yes, no }: If): boolean {
  return costOf(yes, CHEAP) <= CHEAP && costOf(no, CHEAP) <= CHEAP
}

/** Of operations, and of choosing what is set; infinite where there is anything else. Counts no further than `most`. */
function costOf(statements: readonly Statement[], most: number): number {
  let cost = 0
  for (const statement of statements) {
    if (statement.kind === 'let') cost += opCost(statement.value.op)
    else if (statement.kind === 'if') cost += costOf(statement.yes, most - cost) + costOf(statement.no, most - cost)
    else if (statement.kind === 'set') cost += OPS.select.cost
    else return Number.POSITIVE_INFINITY
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

/** What takes 0 and -0 for the same. */
const BLIND: ReadonlySet<OpName> = new Set<OpName>(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'bit', 'abs', 'toI32'])

/** Remainders of which something wants to know the sign of a zero: they are computed as they are, and once. */
export function signedRemainders(statements: readonly Statement[], found: Set<Value> = new Set()): ReadonlySet<Value> {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let':
        if (!BLIND.has(statement.value.op)) for (const value of statement.value.args) addRemainder(value, found)
        break
      case 'set':
        addRemainder(statement.value, found)
        break
      case 'call':
        for (const value of statement.args) addRemainder(value, found)
        break
      default:
        for (const body of bodiesOf(statement)) signedRemainders(body, found)
    }
  }
  return found
}

function addRemainder(value: Value, found: Set<Value>): void {
  if (value.op === 'remPow2' || value.op === 'remInt') found.add(value)
}
