import type { AnyNode, CallExpression, Expression } from 'acorn'
import { interpret } from '../ir/interpret.ts'
import { choose } from './conditions.ts'
import type { Expr, Operator, Placed } from './core.ts'
import { constant, constantOf, operation } from './fold.ts'
import { type Place, refuse } from './frame.ts'
import {
  isOperator,
  MATH_LIBRARY,
  MATH_ONLY,
  MATH_OPERATORS,
  MOST_HYPOT,
  NUMBER_OPERATORS,
  type Operators,
} from './math-names.ts'
import { refuseMember, refuseName, refuseRoot, refuseSyntax } from './refusals.ts'
import { act, assign, type Context, makeLocal, type Outer, placeOf } from './scope.ts'

/** Reads a call: of Math and Number, of a helper, of what src/math may use. */
export function call(
  context: Context,
  node: CallExpression,
  at: Place,
  expression: (context: Context, node: AnyNode) => Expr,
): Expr {
  if (node.optional) return refuseSyntax(node, at)
  const callee = unwrap(node.callee)
  const args = () =>
    node.arguments.map((arg) => {
      if (arg.type === 'SpreadElement') return refuseSyntax(arg, placeOf(context, arg))
      return expression(context, arg)
    })
  if (callee.type === 'Identifier') {
    const { name } = callee
    if (context.scope.find(name)) refuse(at, `${name} is a number, not a function`, 'call helpers given in with: { … }')
    const outer = context.session.outer(name)
    if (outer) return callOuter(context, outer, name, args, at)
    if (context.session.isMath && isOperator(MATH_ONLY, name)) return operationOf(MATH_ONLY, name, name, args(), at)
    if (name === 'Number') return operation('number', expect(name, args(), 1, at), at)
    return refuseName(name, placeOf(context, callee), true)
  }
  if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && !callee.optional) {
    const object = callee.object.name
    const property = callee.computed || callee.property.type !== 'Identifier' ? undefined : callee.property.name
    if (property !== undefined && !context.scope.find(object) && !context.session.outer(object)) {
      if (object === 'Math') return callMath(context, property, args, at)
      if (object === 'Number' && isOperator(NUMBER_OPERATORS, property)) {
        return operationOf(NUMBER_OPERATORS, property, `Number.${property}`, args(), at)
      }
      const imported = object === 'Number' ? undefined : context.session.outer(property)
      if (imported) return callOuter(context, imported, property, args, at)
      if (object !== 'Number') return refuseMember(object, property, placeOf(context, callee.object), true)
    }
    refuseRoot(context, callee)
    const text = context.source.text.slice(callee.start, callee.end)
    return refuse(at, `a kernel cannot call ${text}`, 'it may call Math.…, Number.is… and helpers given in with: { … }')
  }
  refuseRoot(context, callee)
  return refuse(at, 'a kernel calls functions by their names', 'give helpers in with: { … } and call them there')
}

/** `(0, f)(x)` of bundlers calls f. */
function unwrap(callee: CallExpression['callee']): Expression {
  if (callee.type === 'SequenceExpression' && callee.expressions.length === 2) {
    const [first, last] = callee.expressions
    if (first?.type === 'Literal' && last) return unwrap(last)
  }
  return callee as Expression
}

function callOuter(context: Context, outer: Outer, name: string, args: () => Expr[], at: Place): Expr {
  switch (outer.kind) {
    case 'number':
    case 'uniform':
      return refuse(at, `${name} is a number, not a function`, `read it as ${name}`)
    case 'table':
      return refuse(at, `${name} is an array, not a function`, `read ${name}[i]`)
    case 'helper':
      return context.inline(context, outer.helper(), args(), at)
    case 'program':
      return inlined(outer.program, name, args(), at)
    case 'operation':
      return operationOf(MATH_ONLY, outer.name, outer.name, args(), at)
  }
}

/** `shown`: what an error calls it. */
function operationOf(operators: Operators, name: Operator, shown: string, args: Expr[], at: Place): Expr {
  return operation(name, expect(shown, args, operators[name] as number, at), at)
}

function inlined(placed: Placed, name: string, args: Expr[], at: Place): Expr {
  const { inputs } = placed.program
  if (args.length > inputs.length) expect(name, args, inputs.length, at)
  const filled = inputs.map((input, i) => {
    const arg = args[i]
    if (arg) return arg
    if (input.default !== undefined) return constant(input.default, at)
    return refuse(at, `${name} is not given its ${input.name}`, 'a missing argument would be undefined')
  })
  return { kind: 'program', program: placed, args: filled, at }
}

function callMath(context: Context, name: string, args: () => Expr[], at: Place): Expr {
  const full = `Math.${name}`
  if (isOperator(MATH_OPERATORS, name)) return operationOf(MATH_OPERATORS, name, full, args(), at)
  switch (name) {
    case 'random':
      return refuse(
        at,
        'Math.random gives other numbers at each call, so engines could not agree',
        'map over an array of random numbers, or hash an index in the kernel',
      )
    case 'min':
    case 'max': {
      const [first, ...more] = args()
      if (!first) return constant(name === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, at)
      if (more.length === 0) return operation('number', [first], at)
      return more.reduce((least, each) => operation(name, [least, each], at), first)
    }
    case 'sign':
      return sign(expect(full, args(), 1, at)[0] as Expr, at)
    case 'pow': {
      const [base, exponent] = expect(full, args(), 2, at)
      return power(context, base as Expr, exponent as Expr, at)
    }
    case 'hypot': {
      const given = args()
      const [first] = given
      if (!first) return constant(0, at)
      if (given.length === 1) return operation('abs', [first], at)
      if (given.length > MOST_HYPOT) {
        const rule = `Math.hypot takes ${MOST_HYPOT} numbers at most in a kernel, got ${given.length}`
        return refuse(at, rule, 'take it of parts, and then of what those give')
      }
      return library(context, given.length === 2 ? 'hypot' : `hypot${given.length}`, given, at)
    }
    default:
      if (!Object.hasOwn(MATH_LIBRARY, name)) {
        return refuse(at, `${full} is not a function`, 'see docs/kernels.md for what a kernel may use')
      }
      return library(context, name, expect(full, args(), MATH_LIBRARY[name] as number, at), at)
  }
}

/** Base to the power of exponent. A constant exponent of −1, 0, ½, 1 or 2 leaves what the definition of pow has for it. */
export function power(context: Context, base: Expr, exponent: Expr, at: Place): Expr {
  const known = constantOf(exponent)
  const x = makeLocal('base', 'hidden', true)
  const read: Expr = { kind: 'read', local: x, at }
  const withBase = (value: Expr): Expr => ({ kind: 'after', steps: [act(assign(x, base, at))], value, at })
  switch (known === undefined ? undefined : Number(known)) {
    case 0:
      return withBase(constant(1, at))
    case 1:
      return operation('number', [base], at)
    case 2:
      return withBase(operation('*', [read, read], at))
    case -1:
      return operation('/', [constant(1, at), base], at)
    case 0.5: {
      const root = operation('sqrt', [operation('+', [read, constant(0, at)], at)], at)
      const isLowest = operation('==', [read, constant(Number.NEGATIVE_INFINITY, at)], at)
      return withBase(choose(isLowest, constant(Number.POSITIVE_INFINITY, at), root, at))
    }
    default:
      return library(context, 'pow', [base, exponent], at)
  }
}

/** A function of src/math; of constants, the constant that it gives on every engine. */
function library(context: Context, name: string, args: readonly Expr[], at: Place): Expr {
  const program = context.session.library.get(name)
  if (!program) {
    const what = name.startsWith('hypot') ? `hypot of ${args.length} numbers` : name
    return refuse(at, `Math.${what} is not there yet`, 'write it as a helper and give it in with: { … }')
  }
  const known = args.map(constantOf)
  if (known.every((each) => each !== undefined)) return constant(interpret(program, known.map(Number)), at)
  return { kind: 'program', program: { program, uniforms: [], tables: [] }, args, at }
}

function sign(value: Expr, at: Place): Expr {
  const x = makeLocal('signed', 'hidden', true)
  const read: Expr = { kind: 'read', local: x, at }
  const compare = (operator: Operator) => operation(operator, [read, constant(0, at)], at)
  const below = choose(compare('<'), constant(-1, at), read, at)
  const steps = [act(assign(x, operation('number', [value], at), at))]
  return { kind: 'after', steps, value: choose(compare('>'), constant(1, at), below, at), at }
}

function expect(name: string, args: Expr[], takes: number, at: Place): Expr[] {
  if (args.length === takes) return args
  const wanted = takes === 1 ? 'one number' : `${takes} numbers`
  const wayOut = args.length < takes ? 'a missing argument would be undefined' : 'leave the rest out'
  return refuse(at, `${name} takes ${wanted}, got ${args.length}`, wayOut)
}
