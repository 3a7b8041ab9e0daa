import type { AnyNode, ArrayPattern, Expression, Statement, VariableDeclaration } from 'acorn'
import { branch } from './conditions.ts'
import type { Expr, Local, Step } from './core.ts'
import { effect, expression, target } from './expressions.ts'
import { constantOf } from './fold.ts'
import { type Place, refuse } from './frame.ts'
import { hoistBlock, isReassigned } from './hoist.ts'
import { type LoopStatement, loop } from './loops.ts'
import { refuseSyntax } from './refusals.ts'
import { act, assign, type Context, placeOf, Scope } from './scope.ts'
import { switchSteps } from './switch.ts'

/** Reads the statements of a block, in a scope of their own. */
export function block(context: Context, nodes: readonly AnyNode[]): Step[] {
  return blockThen(context, nodes, () => undefined)[0]
}

/** And what `read` reads behind them, in that scope. */
export function blockThen<T>(context: Context, nodes: readonly AnyNode[], read: () => T): [Step[], T] {
  const { scope, preceding } = context
  const steps: Step[] = []
  context.scope = new Scope(scope)
  context.preceding = { steps, outer: preceding }
  hoistBlock(context, nodes, context.scope)
  for (const node of nodes) steps.push(...statement(context, node as Statement))
  const behind = read()
  context.scope = scope
  context.preceding = preceding
  return [steps, behind]
}

/** `names`: the labels in front of it. */
function statement(context: Context, node: Statement, names: readonly string[] = []): Step[] {
  switch (node.type) {
    case 'EmptyStatement':
      return []
    case 'ExpressionStatement':
      if ('directive' in node && node.directive !== undefined) return []
      return expressionStatement(context, node.expression)
    case 'BlockStatement':
      return named(context, names, () => block(context, node.body))
    case 'VariableDeclaration':
      return declaration(context, node)
    case 'IfStatement':
      return named(context, names, () => {
        const condition = expression(context, node.test)
        const yes = block(context, [node.consequent])
        return branch(condition, yes, node.alternate ? block(context, [node.alternate]) : [])
      })
    case 'ReturnStatement': {
      const at = placeOf(context, node)
      if (!node.argument) return refuse(at, 'return without a value gives undefined', 'return a number')
      const { argument } = node
      if (context.giveMany && argument.type === 'ArrayExpression') {
        const values = argument.elements.map((each) => {
          if (!each || each.type === 'SpreadElement') return refuse(at, 'a cold function returns numbers', 'name each')
          return expression(context, each)
        })
        return context.giveMany(values, at)
      }
      return context.give(expression(context, argument), at)
    }
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return loopStatement(context, node, names)
    case 'SwitchStatement':
      return switchSteps(context, node, names, expression, statement)
    case 'LabeledStatement':
      return statement(context, node.body, [...names, node.label.name])
    case 'BreakStatement':
    case 'ContinueStatement':
      return jump(context, node)
    default:
      return refuseSyntax(node, placeOf(context, node))
  }
}

/** A conditional or a chain of && and || in place of a statement is the `if` that a minifier made it of. */
function expressionStatement(context: Context, node: Expression): Step[] {
  if (node.type === 'AssignmentExpression' && node.left.type === 'ArrayPattern' && node.operator === '=') {
    return coldCall(context, node.left, node.right, placeOf(context, node), false)
  }
  if (node.type === 'SequenceExpression') {
    return node.expressions.flatMap((each) => expressionStatement(context, each))
  }
  return asBranches(effect(context, node))
}

function asBranches(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'do') return [step]
    const { expression } = step
    switch (expression.kind) {
      case 'choose':
        return branch(expression.condition, inBranch(expression.yes), inBranch(expression.no))
      case 'logic':
        return expression.operator === '&&'
          ? branch(expression.left, inBranch(expression.right), [])
          : branch(expression.left, [], inBranch(expression.right))
      case 'after':
        return [...asBranches(expression.steps), ...inBranch(expression.value)]
      default:
        return [step]
    }
  })
}

/** A value that nobody uses. */
function inBranch(value: Expr): Step[] {
  return value.kind === 'read' || constantOf(value) !== undefined ? [] : asBranches([act(value)])
}

function declaration(context: Context, node: VariableDeclaration): Step[] {
  return node.declarations.flatMap((each): Step[] => {
    const at = placeOf(context, each)
    const { id, init } = each
    if (id.type === 'ArrayPattern' && init) return coldCall(context, id, init, at, true)
    if (id.type !== 'Identifier') return refuseSyntax(id, placeOf(context, id))
    const local = context.scope.find(id.name) as Local
    if (!init) return node.kind === 'var' ? [] : [{ kind: 'declare', local }]
    const value = expression(context, init)
    const known = constantOf(value)
    if (local.isScoped && known !== undefined && !isReassigned(context, id.name)) local.constant = known
    return [act(assign(local, value, at, true))]
  })
}

function loopStatement(context: Context, node: LoopStatement, names: readonly string[]): Step[] {
  return loop(context, node, names, {
    expression,
    effect: expressionStatement,
    body: (body) => block(context, [body]),
    declaration,
  })
}

/** A statement that `break` may leave by name. */
function named(context: Context, names: readonly string[], read: () => Step[]): Step[] {
  const [name] = names
  if (name === undefined) return read()
  const label = { name }
  context.targets.push({ names, breakTo: label, continueTo: undefined, isNamedOnly: true })
  const body = read()
  context.targets.pop()
  return [{ kind: 'block', label, body }]
}

function jump(context: Context, node: Extract<Statement, { type: 'BreakStatement' | 'ContinueStatement' }>): Step[] {
  const isBreak = node.type === 'BreakStatement'
  const name = node.label?.name
  const found = context.targets.findLast((each) =>
    name === undefined ? !each.isNamedOnly && (isBreak || each.continueTo) : each.names.includes(name),
  )
  const label = isBreak ? found?.breakTo : found?.continueTo
  // acorn refuses a jump to nowhere.
  return label ? [{ kind: 'leave', label }] : refuseSyntax(node, placeOf(context, node))
}

/** `[a, b] = coldX(…)`, in src/math alone. */
function coldCall(context: Context, pattern: ArrayPattern, value: Expression, at: Place, declares: boolean): Step[] {
  const name = value.type === 'CallExpression' && value.callee.type === 'Identifier' ? value.callee.name : ''
  const outer = name.startsWith('cold') && context.session.isMath ? context.session.outer(name) : undefined
  if (outer?.kind !== 'helper' || value.type !== 'CallExpression') {
    return refuseSyntax(pattern, placeOf(context, pattern))
  }
  const cold = context.cold(context, outer.helper())
  const targets = pattern.elements.map((each) => (each ? target(context, each, declares) : undefined))
  const args = value.arguments.map((each) => expression(context, each))
  if (args.length !== cold.parameters || targets.length > cold.results.length) {
    refuse(at, `${name} takes ${cold.parameters} numbers and gives ${cold.results.length}`, 'name as many')
  }
  for (const local of targets) if (local) local.assignments += 1
  return [{ kind: 'cold', cold, args, targets, declares, at }]
}
