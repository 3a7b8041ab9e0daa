import type { DoWhileStatement, Expression, ForStatement, Statement, VariableDeclaration, WhileStatement } from 'acorn'
import { branch, negate } from './conditions.ts'
import { type Expr, HEADER_ASSIGNMENTS, type Local, type Range, type Step } from './core.ts'
import { constantOf } from './fold.ts'
import { hoistBlock } from './hoist.ts'
import type { Label } from './ir.ts'
import { type Context, Scope } from './scope.ts'

export type LoopStatement = ForStatement | WhileStatement | DoWhileStatement

/** Readers of a loop's parts. */
interface Readers {
  readonly expression: (context: Context, node: Expression) => Expr
  readonly effect: (context: Context, node: Expression) => Step[]
  readonly body: (node: Statement) => Step[]
  readonly declaration: (context: Context, node: VariableDeclaration) => Step[]
}

// Rounds that are counted one by one, where a step is no integer: 1e5 take a millisecond. A loop of more has no known bound.
const MOST_COUNTED = 100_000

/**
 * Reads a loop. The test stands at the head of the IR's loop; at its end where the first round is sure to begin, since its bounds are
 * constants.
 */
export function loop(context: Context, node: LoopStatement, names: readonly string[], read: Readers): Step[] {
  const { scope } = context
  context.scope = new Scope(scope)
  const steps: Step[] = []
  if (node.type === 'ForStatement' && node.init) {
    if (node.init.type === 'VariableDeclaration') {
      hoistBlock(context, [node.init], context.scope)
      steps.push(...read.declaration(context, node.init))
    } else steps.push(...read.effect(context, node.init))
  }

  const label: Label = { name: node.type === 'ForStatement' ? 'for' : node.type === 'WhileStatement' ? 'while' : 'do' }
  const next: Label = { name: 'next' }
  const test = node.test ? read.expression(context, node.test) : undefined
  context.targets.push({ names, breakTo: label, continueTo: next, isNamedOnly: false })
  const body: Step[] = [{ kind: 'block', label: next, body: read.body(node.body) }]
  context.targets.pop()
  const isPostTested = node.type === 'DoWhileStatement'
  // A do's test is read after its body, so it is read here again where the text has it: its variables are the same.
  if (node.type === 'ForStatement' && node.update) body.push(...read.effect(context, node.update))
  context.scope = scope

  const leave: Step = { kind: 'leave', label }
  const check = test ? branch(negate(test, test.at), [leave], []) : []
  const counted = node.type === 'ForStatement' && test ? countRounds(steps, test, body) : undefined
  if (counted && counted.rounds > 0) {
    if (counted.range) counted.local.counted = counted.range
    steps.push({ kind: 'loop', label, body: [...body, ...check], rounds: counted.rounds })
  } else steps.push({ kind: 'loop', label, body: isPostTested ? [...body, ...check] : [...check, ...body] })
  return steps
}

/** For `for (let i = a; i < b; i += c)` of constants, where nothing else assigns i. */
function countRounds(
  before: readonly Step[],
  test: Expr,
  body: readonly Step[],
): { local: Local; rounds: number; range: Range | undefined } | undefined {
  if (test.kind !== 'operation' || test.args.length !== 2) return undefined
  const [left, right] = test.args
  const bound = right && constantOf(right)
  const update = body.at(-1)
  if (left?.kind !== 'read' || typeof bound !== 'number' || update?.kind !== 'do') return undefined
  const { local } = left
  const init = before.findLast(
    (step) => step.kind === 'do' && step.expression.kind === 'assign' && step.expression.local === local,
  )
  const change = update.expression
  if (local.assignments !== HEADER_ASSIGNMENTS || init?.kind !== 'do' || init.expression.kind !== 'assign')
    return undefined
  if (change.kind !== 'assign' || change.local !== local || change.value.kind !== 'operation') return undefined
  const start = constantOf(init.expression.value)
  const [by, step] = change.value.args
  const amount = step && constantOf(step)
  if (typeof start !== 'number' || typeof amount !== 'number' || by?.kind !== 'read' || by.local !== local)
    return undefined
  const goesOn = COMPARE[test.operator]
  const advance = ADVANCE[change.value.operator]
  if (!goesOn || !advance) return undefined

  const values = [start]
  for (let i = start; goesOn(i, bound); values.push(i)) {
    if (values.length > MOST_COUNTED) return undefined
    i = advance(i, amount)
  }
  return { local, rounds: values.length - 1, range: rangeOf(values) }
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
