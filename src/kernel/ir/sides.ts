import type { Statement, Value, Variable } from './ir.ts'
import { OPS, type OpName } from './ops.ts'
import { bodiesOf } from './places.ts'

/**
 * What a body may cost, in additions, to be run for lanes that do not want it rather than skipped by a branch: asking whether any lane wants it costs
 * about three, and a branch that is mispredicted as much as thirty.
 */
export const CHEAP = 12

/** More than what ops.ts says: of two lanes a `gather` is two loads behind tests of both indices, and `rem` a call of a function that loops. */
const DEARER: Partial<Record<OpName, number>> = { gather: 8, rem: 50 }

/** Of an operation of two lanes, in additions. */
export function opCost(op: OpName): number {
  return DEARER[op] ?? OPS[op].cost
}

export function isCheap(statements: readonly Statement[]): boolean {
  return !hasLoops(statements) && cost(statements) <= CHEAP
}

/** A subroutine may loop. */
export function hasLoops(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) => statement.kind === 'loop' || statement.kind === 'call' || bodiesOf(statement).some(hasLoops),
  )
}

/** Of running all of it once, in additions. */
export function cost(statements: readonly Statement[]): number {
  let sum = 0
  for (const statement of statements) {
    if (statement.kind === 'let') sum += opCost(statement.value.op)
    for (const body of bodiesOf(statement)) sum += cost(body)
  }
  return sum
}

/**
 * What a side of an `if` gives variables, where that can be chosen behind both sides: it computes values and sets each variable once, which it does not
 * read from then on. Undefined: it is not so.
 */
export function givenBy(side: readonly Statement[]): ReadonlyMap<Variable, Value> | undefined {
  const given = new Map<Variable, Value>()
  for (const statement of side) {
    if (statement.kind === 'set') {
      if (given.has(statement.variable)) return undefined
      given.set(statement.variable, statement.value)
    } else if (statement.kind !== 'let') return undefined
    else if (statement.value.variable && given.has(statement.value.variable)) return undefined
  }
  return given
}

/** Whether a body does nothing but hand over what variables hold, and leave: it may be written twice, without what it reads. */
export function isHandover(body: readonly Statement[]): boolean {
  return body.every((statement) => {
    if (statement.kind === 'let') return statement.value.op === 'get'
    return statement.kind === 'set' || statement.kind === 'leave'
  })
}
