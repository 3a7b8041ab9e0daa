import type { Loop, Program, Set as SetStatement, Statement, Value } from '../ir/ir.ts'
import { everyStatement } from '../ir/places.ts'
import { Extremes, isNumberConstant } from './extremes.ts'

/**
 * The same program, whose loops say how many rounds they take at most, where a counter ends them: a variable that every round moves by a constant, always
 * the same way, and a test in every round that it has not come to its end.
 *
 * Cost: O(statements).
 */
export function boundRounds(program: Program): Program {
  const extremes = new Extremes(program.body)
  return { ...program, body: boundBody(program.body, extremes) }
}

function boundBody(body: readonly Statement[], extremes: Extremes): Statement[] {
  return body.map((statement): Statement => {
    switch (statement.kind) {
      case 'if':
        return { ...statement, yes: boundBody(statement.yes, extremes), no: boundBody(statement.no, extremes) }
      case 'block':
        return { ...statement, body: boundBody(statement.body, extremes) }
      case 'loop': {
        const rounds = Math.min(statement.rounds ?? Number.POSITIVE_INFINITY, roundsOf(statement, extremes))
        const inner = { ...statement, body: boundBody(statement.body, extremes) }
        return Number.isFinite(rounds) ? { ...inner, rounds } : inner
      }
      default:
        return statement
    }
  })
}

/** Rounds at most; infinity where no bound is found. Only what stands in the loop's own body is sure to be done in every round. */
function roundsOf(loop: Loop, extremes: Extremes): number {
  const [sets, values] = contentsOf(loop.body)
  let rounds = Number.POSITIVE_INFINITY
  for (const { value, isBelow, limit, orEqual, isOfNumbers } of loop.body.flatMap(testsOf)) {
    const read = value.variable ? value : value.args[0]
    const counter = extremes.counterOf(value)
    // It is read anew in every round, moved in every round, and never set back.
    if (!counter || !read || !values.has(read) || !loop.body.some((each) => counter.steps.has(each))) continue
    if (sets.some((each) => each.variable === read.variable && !counter.steps.has(each))) continue
    if (isOfNumbers && !(counter.isNumber && isNumberConstant(limit))) continue
    // An i32 that is moved as often as an inner loop likes may wrap.
    if (read.type === 'i32' && counter.steps.size > 1) continue
    // Going down is going up with all signs changed.
    const sign = isBelow ? 1 : -1
    const [step, first] = [counter.step * sign, counter.first * sign]
    const last = (isBelow ? extremes.most(limit) : extremes.least(limit)) * sign
    if (step > 0) rounds = Math.min(rounds, roundsBetween(first, last, step, orEqual))
  }
  return rounds
}

/** What is set in a body and in those inside, and what is computed there. */
function contentsOf(body: readonly Statement[]): [sets: SetStatement[], values: Set<Value>] {
  const sets: SetStatement[] = []
  const values = new Set<Value>()
  for (const statement of everyStatement(body)) {
    if (statement.kind === 'set') sets.push(statement)
    if (statement.kind === 'let') values.add(statement.value)
  }
  return [sets, values]
}

// Sums of integers up to here are exact, and an i32 does not wrap.
const MOST_COUNTED = 2 ** 30

/** Rounds of a counter from `first` on, up to that in which it is found at `last` or behind. */
function roundsBetween(first: number, last: number, step: number, orEqual: boolean): number {
  if (![first, last, step].every((x) => Math.abs(x) < MOST_COUNTED) || !Number.isInteger(first))
    return Number.POSITIVE_INFINITY
  const passed = (last - first) / step
  return Math.max(0, orEqual ? Math.floor(passed) + 1 : Math.ceil(passed)) + 1
}

/** Unless the value is below (or above) its limit, the next round does not begin. */
interface Test {
  readonly value: Value
  readonly isBelow: boolean
  readonly orEqual: boolean
  readonly limit: Value
  /** It says nothing of NaN. */
  readonly isOfNumbers: boolean
}

/** What holds behind a statement that leaves the loop. */
function testsOf(statement: Statement): Test[] {
  if (statement.kind !== 'if') return []
  const [yes, no] = [isLeaving(statement.yes), isLeaving(statement.no)]
  return yes === no ? [] : factsOf(statement.condition, !yes)
}

/** The body ends by leaving what is around it: the loop, or more. */
function isLeaving(body: readonly Statement[]): boolean {
  return body.at(-1)?.kind === 'leave'
}

/** Comparisons that hold where the mask is `holds`. */
function factsOf({ op, args }: Value, holds: boolean): Test[] {
  const [a, b] = args as [Value, Value]
  switch (op) {
    case 'not':
      return factsOf(a, !holds)
    case 'and':
      return holds ? [...factsOf(a, true), ...factsOf(b, true)] : []
    case 'or':
      return holds ? [] : [...factsOf(a, false), ...factsOf(b, false)]
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'ltI32':
    case 'leI32':
    case 'gtI32':
    case 'geI32': {
      // Of a and b, then of b and a; not a < b is a >= b, but for NaN.
      const orEqual = /^[lg]e/.test(op) === holds
      const isBelow = op.startsWith('l') === holds
      const isOfNumbers = !holds && !op.endsWith('I32')
      return [
        { value: a, isBelow, orEqual, limit: b, isOfNumbers },
        { value: b, isBelow: !isBelow, orEqual, limit: a, isOfNumbers },
      ]
    }
    default:
      return []
  }
}
