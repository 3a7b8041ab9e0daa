import type { DoWhileStatement, Expression, ForStatement, Statement, VariableDeclaration, WhileStatement } from 'acorn'
import type { Label } from '../ir/ir.ts'
import { branch, negate } from './conditions.ts'
import type { Expr, Step } from './core.ts'
import { countRounds } from './counted.ts'
import { hoistBlock } from './hoist.ts'
import { type Context, type Preceding, Scope } from './scope.ts'
import { leaves } from './shape.ts'

export type LoopStatement = ForStatement | WhileStatement | DoWhileStatement

/** Readers of a loop's parts. */
interface Readers {
  readonly expression: (context: Context, node: Expression) => Expr
  readonly effect: (context: Context, node: Expression) => Step[]
  readonly body: (node: Statement) => Step[]
  readonly declaration: (context: Context, node: VariableDeclaration) => Step[]
}

/**
 * Reads a loop. The test stands at the head of the IR's loop, where it is one with a `break` that follows; at its end where it alone ends the loop, and the
 * first round is sure to begin.
 */
export function loop(context: Context, node: LoopStatement, names: readonly string[], read: Readers): Step[] {
  const { scope, preceding } = context
  context.scope = new Scope(scope)
  const steps: Step[] = []
  const before: Preceding = { steps, outer: preceding }
  context.preceding = before
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
  // A round may follow upon another: what stands before the loop need not be what was last done.
  context.preceding = undefined
  const inner = read.body(node.body)
  context.targets.pop()
  const body: Step[] = leaves(inner, next) ? [{ kind: 'block', label: next, body: inner }] : inner
  const isPostTested = node.type === 'DoWhileStatement'
  // A do's test is read after its body, so it is read here again where the text has it: its variables are the same.
  if (node.type === 'ForStatement' && node.update) body.push(...read.effect(context, node.update))
  context.scope = scope
  context.preceding = preceding

  const check = test ? branch(negate(test, test.at), [{ kind: 'leave', label }], []) : []
  const counted = test && countRounds(before, firstOf(test), body, isPostTested)
  if (counted?.range) counted.local.counted = counted.range
  const isSureToBegin = counted && counted.rounds > 0 && test.kind !== 'logic' && !leaves(body, label)
  if (isPostTested || isSureToBegin) {
    return [...steps, { kind: 'loop', label, body: [...body, ...check], rounds: counted?.rounds }]
  }
  return [...steps, { kind: 'loop', label, body: [...check, ...body], rounds: counted && counted.rounds + 1 }]
}

/** Of `a && b && c` what is asked in every round, before all else. */
function firstOf(test: Expr): Expr {
  return test.kind === 'logic' && test.operator === '&&' ? firstOf(test.left) : test
}
