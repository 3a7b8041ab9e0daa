import type { Expression, Function as FunctionNode, Pattern } from 'acorn'
import type { Input, Label } from '../ir/ir.ts'
import type { ColdFunction, Expr, Local, Step } from './core.ts'
import { after, expression } from './expressions.ts'
import { constantOf } from './fold.ts'
import { type Place, refuse } from './frame.ts'
import { countReturns, hoistFunction, reassignedNames } from './hoist.ts'
import { refuseSyntax } from './refusals.ts'
import { act, assign, type Context, type Helper, makeLocal, placeOf, read, Scope, type Session } from './scope.ts'
import { block, blockThen } from './statements.ts'

/** A kernel with its names resolved and its helpers in place. */
export interface Resolved {
  readonly inputs: readonly Input[]
  readonly body: readonly Step[]
  readonly result: Local
}

// Helpers that call helpers twice double at each level. Larger: such a kernel takes seconds to compile before it is refused.
// Smaller: kernels that people write come near; 200 calls are many.
const MOST_INLINED = 5000

/** Reads a kernel. Errors: KernelSyntaxError. */
export function resolveKernel(session: Session, kernel: Helper): Resolved {
  const { node } = kernel
  const result = makeLocal('result', 'hidden', false)
  const out: Label = { name: 'kernel' }
  const context = enter(session, kernel, [node], (value, at) => [
    act(assign(result, value, at)),
    { kind: 'leave', label: out },
  ])
  const steps: Step[] = []
  const inputs = node.params.map((parameter, index): Input => {
    const { name, fallback } = readParameter(context, parameter)
    const at = placeOf(context, parameter)
    const local = makeLocal(name, 'parameter', true)
    context.scope.declare(name, local)
    steps.push(act(assign(local, { kind: 'input', index, at }, at)))
    if (!fallback) return { name }
    const value = constantOf(expression(context, fallback))
    if (value !== undefined) return { name, default: Number(value) }
    return refuse(
      placeOf(context, fallback),
      `the default of ${name} is no constant`,
      'use a number, or Math.PI and its kin',
    )
  })
  hoistFunction(node, context.scope)
  return { inputs, body: [...steps, { kind: 'block', label: out, body: functionBody(context, node) }], result }
}

/** Puts a helper in place of its call. */
function inline(context: Context, helper: Helper, args: readonly Expr[], at: Place): Expr {
  const { session } = context
  const { node } = helper
  if (context.stack.includes(node)) {
    refuse(at, `${helper.name} calls itself`, 'a kernel cannot recurse; write it as a loop')
  }
  session.inlined += 1
  if (session.inlined > MOST_INLINED) {
    refuse(at, `more than ${MOST_INLINED} calls of helpers would be put in place`, 'use a loop, or fewer calls')
  }
  const result = makeLocal(`${helper.name}_result`, 'hidden', false)
  const out: Label = { name: helper.name }
  const own = enter(session, helper, [...context.stack, node], (value, at) => [
    act(assign(result, value, at)),
    { kind: 'leave', label: out },
  ])
  // Declared before any default is read: a name of this parameter or a later one is no other's there.
  const parameters = node.params.map((parameter) => {
    const { name, fallback } = readParameter(own, parameter)
    const local = makeLocal(name, 'parameter', true)
    own.scope.declare(name, local)
    return { name, fallback, local }
  })
  const steps = parameters.map(({ name, fallback, local }, i) => {
    const value = args[i] ?? (fallback && expression(own, fallback))
    if (!value) return refuse(at, `${helper.name} is not given its ${name}`, 'a missing argument would be undefined')
    const known = constantOf(value)
    if (known !== undefined && !own.reassigned.has(name)) local.constant = known
    return act(assign(local, value, at))
  })
  steps.push(...args.slice(node.params.length).map(act))
  hoistFunction(node, own.scope)

  // What is but an expression needs no block to leave: nor does a body that returns at its end alone.
  const { body } = node
  if (body.type !== 'BlockStatement') return after(steps, expression(own, body), at)
  const last = body.body.at(-1)
  if (last?.type === 'ReturnStatement' && last.argument && countReturns(node) === 1) {
    const { argument } = last
    const [before, value] = blockThen(own, body.body.slice(0, -1), () => expression(own, argument))
    return after([...steps, ...before], value, at)
  }
  const whole: Step = { kind: 'block', label: out, body: functionBody(own, node) }
  return after([...steps, whole], read(result, at), at)
}

/** A cold function of src/math: a subroutine, read once a kernel. */
function coldFunction(context: Context, helper: Helper): ColdFunction {
  const { session } = context
  const { node, name } = helper
  const known = session.cold.get(node)
  if (known) return known
  const results: Local[] = []
  const out: Label = { name }
  const own = enter(session, helper, [...context.stack, node], (value, at) => giveMany([value], at))
  const giveMany = (values: readonly Expr[], at: Place): Step[] => {
    for (const i of values.keys()) results[i] ??= makeLocal(`${name}_${i}`, 'hidden', false)
    if (values.length !== results.length)
      refuse(at, `${name} returns ${results.length} numbers elsewhere`, 'return as many')
    const assigned = values.map((value, i) => act(assign(results[i] as Local, value, at)))
    return [...assigned, { kind: 'leave', label: out }]
  }
  const steps = node.params.map((parameter, index) => {
    const at = placeOf(own, parameter)
    const local = makeLocal(readParameter(own, parameter).name, 'parameter', true)
    own.scope.declare(local.name, local)
    return act(assign(local, { kind: 'input', index, at }, at))
  })
  hoistFunction(node, own.scope)
  const body = functionBody({ ...own, giveMany }, node)
  const cold = {
    name,
    parameters: node.params.length,
    body: [...steps, { kind: 'block', label: out, body } as Step],
    results,
  }
  session.cold.set(node, cold)
  return cold
}

function enter(
  session: Session,
  { source, node }: Helper,
  stack: readonly FunctionNode[],
  give: Context['give'],
): Context {
  return {
    session,
    source,
    scope: new Scope(undefined),
    targets: [],
    preceding: undefined,
    give,
    reassigned: reassignedNames(node),
    stack,
    inline,
    cold: coldFunction,
  }
}

/** The steps of a body, and the end that must not be reached. */
function functionBody(context: Context, node: FunctionNode): Step[] {
  const { body } = node
  const at = placeOf(context, node)
  if (body.type !== 'BlockStatement') return context.give(expression(context, body), placeOf(context, body))
  return [...block(context, body.body), { kind: 'end', at: { ...at, start: Math.max(at.start, at.end - 1) } }]
}

function readParameter(context: Context, node: Pattern): { name: string; fallback?: Expression } {
  if (node.type === 'Identifier') return { name: node.name }
  if (node.type === 'AssignmentPattern' && node.left.type === 'Identifier') {
    return { name: node.left.name, fallback: node.right }
  }
  const inner = node.type === 'AssignmentPattern' ? node.left : node
  return refuseSyntax(inner, placeOf(context, inner))
}
