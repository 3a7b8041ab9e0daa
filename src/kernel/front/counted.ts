import { type Expr, HEADER_ASSIGNMENTS, type Local, type Range, type Step } from './core.ts'
import { constantOf } from './fold.ts'
import type { Preceding } from './scope.ts'

// Rounds that are counted one by one, where a step is no integer: 1e5 take a millisecond. A loop of more has no known bound.
const MOST_COUNTED = 100_000

export interface Counted {
  readonly local: Local
  readonly rounds: number
  /** What the counter stays within; undefined: not all of it are integers. */
  readonly range: Range | undefined
}

/**
 * Counts the rounds of a loop whose test compares a variable with a constant, where it is given a constant before the loop, and changed by a constant once
 * in each round: `let i = a; while (i < b) { …; i += c }`. Undefined: it is not so, or it takes too many.
 */
export function countRounds(
  before: Preceding,
  test: Expr,
  body: readonly Step[],
  isPostTested: boolean,
): Counted | undefined {
  if (test.kind !== 'operation' || test.args.length !== 2) return undefined
  const [left, right] = test.args
  const bound = right && constantOf(right)
  const goesOn = COMPARE[test.operator]
  if (!goesOn || left?.kind !== 'read' || typeof bound !== 'number') return undefined
  const { local } = left
  // Nothing else assigns it up to the end of the loop.
  if (local.assignments !== HEADER_ASSIGNMENTS) return undefined
  const start = startOf(local, before)
  const step = stepOf(local, body)
  if (start === undefined || !step) return undefined

  const values = [start]
  for (let i = start; isPostTested && values.length === 1 ? true : goesOn(i, bound); values.push(i)) {
    if (values.length > MOST_COUNTED) return undefined
    i = step(i)
  }
  return { local, rounds: values.length - 1, range: rangeOf(values) }
}

/** The constant that the variable holds where the loop begins. */
function startOf(local: Local, before: Preceding): number | undefined {
  for (let at: Preceding | undefined = before; at; at = at.outer) {
    for (const step of at.steps) {
      if (step.kind !== 'do' || step.expression.kind !== 'assign' || step.expression.local !== local) continue
      const value = constantOf(step.expression.value)
      return typeof value === 'number' ? value : undefined
    }
  }
  return undefined
}

/** What each round makes of the variable. */
function stepOf(local: Local, body: readonly Step[]): ((i: number) => number) | undefined {
  for (const step of body) {
    if (step.kind !== 'do' || step.expression.kind !== 'assign' || step.expression.local !== local) continue
    const { value } = step.expression
    if (value.kind !== 'operation') return undefined
    const [of, by] = value.args
    const amount = by && constantOf(by)
    const advance = ADVANCE[value.operator]
    if (of?.kind !== 'read' || of.local !== local || typeof amount !== 'number' || !advance) return undefined
    return (i) => advance(i, amount)
  }
  return undefined
}

/** Undefined: not all of them are integers. */
function rangeOf(values: readonly number[]): Range | undefined {
  if (!values.every(Number.isSafeInteger)) return undefined
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  return { low, high, minusZero: values.some((each) => Object.is(each, -0)) }
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '!=': (a, b) => a !== b,
  '!==': (a, b) => a !== b,
}

const ADVANCE: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}
