import type { AnyNode, AssignmentExpression, Expression, Identifier, MemberExpression, UpdateExpression } from 'acorn'
import { call, power } from './calls.ts'
import { choose, logic, negate } from './conditions.ts'
import { COMPARISONS, type Expr, type Local, type Operator, type Step } from './core.ts'
import { constant, operation } from './fold.ts'
import { type Place, refuse } from './frame.ts'
import { memberConstant } from './math-names.ts'
import { refuseMember, refuseName, refuseRoot, refuseSyntax } from './refusals.ts'
import { act, assign, type Context, makeLocal, type Outer, placeOf, read } from './scope.ts'

const BINARY: ReadonlySet<string> = new Set<Operator>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '>>>',
  ...COMPARISONS,
])

/** Reads an expression. Errors: KernelSyntaxError for what has no meaning over numbers. */
export function expression(context: Context, node: AnyNode): Expr {
  const at = placeOf(context, node)
  const of = (inner: AnyNode) => expression(context, inner)
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number' || typeof node.value === 'boolean') return constant(node.value, at)
      return refuseSyntax(node, at)
    case 'Identifier':
      return name(context, node, at)
    case 'UnaryExpression':
      switch (node.operator) {
        case '-':
          return operation('neg', [of(node.argument)], at)
        case '+':
          return operation('number', [of(node.argument)], at)
        case '~':
          return operation('~', [of(node.argument)], at)
        case '!':
          return negate(of(node.argument), at)
        default:
          return refuseSyntax(node, at)
      }
    case 'BinaryExpression': {
      if ([node.left, node.right].some(isUndefined)) {
        refuse(
          at,
          'a kernel has no undefined to compare with',
          'compare numbers; a missing one is NaN: Number.isNaN(x)',
        )
      }
      if (node.operator === '**') return power(context, of(node.left), of(node.right), at)
      if (!BINARY.has(node.operator)) return refuseSyntax(node, at)
      return operation(node.operator as Operator, [of(node.left), of(node.right)], at)
    }
    case 'LogicalExpression':
      if (node.operator === '??') return refuseSyntax(node, at)
      return logic(node.operator, of(node.left), of(node.right), at)
    case 'ConditionalExpression':
      return choose(of(node.test), of(node.consequent), of(node.alternate), at)
    case 'SequenceExpression': {
      const last = node.expressions[node.expressions.length - 1]!
      const steps = node.expressions.slice(0, -1).flatMap((each) => effect(context, each))
      return after(steps, of(last), at)
    }
    case 'AssignmentExpression':
      return assignment(context, node, at)
    case 'UpdateExpression':
      return update(context, node, at)
    case 'MemberExpression':
      return member(context, node, at)
    case 'CallExpression':
      return call(context, node, at, expression)
    default:
      return refuseSyntax(node, at)
  }
}

/** Reads an expression whose value nobody uses. */
export function effect(context: Context, node: Expression): Step[] {
  if (node.type === 'SequenceExpression') return node.expressions.flatMap((each) => effect(context, each))
  if (node.type === 'UpdateExpression') {
    // Without its value, x++ is ++x.
    return [act(update(context, { ...node, prefix: true }, placeOf(context, node)))]
  }
  return [act(expression(context, node))]
}

/** Steps, then a value. */
export function after(steps: readonly Step[], value: Expr, at: Place): Expr {
  return steps.length === 0 ? value : { kind: 'after', steps, value, at }
}

function name(context: Context, node: Identifier, at: Place): Expr {
  const local = context.scope.find(node.name)
  if (local) return read(local, at)
  const outer = context.session.outer(node.name)
  if (outer) return outerValue(outer, node.name, at)
  if (node.name === 'NaN') return constant(Number.NaN, at)
  if (node.name === 'Infinity') return constant(Number.POSITIVE_INFINITY, at)
  return refuseName(node.name, at)
}

function outerValue(outer: Outer, name: string, at: Place): Expr {
  switch (outer.kind) {
    case 'number':
      return constant(outer.value, at)
    case 'uniform':
      return { kind: 'uniform', index: outer.index, isBoolean: outer.isBoolean, at }
    case 'table':
      return refuse(at, `${name} is an array, not a number`, `read ${name}[i] or ${name}.length`)
    case 'helper':
    case 'program':
    case 'operation':
      return refuse(at, `${name} is a function, not a number`, `call it: ${name}(…)`)
  }
}

/** A variable that is assigned, or that its declaration gives its value. */
export function target(context: Context, node: AnyNode, isDeclared = false): Local {
  const at = placeOf(context, node)
  if (node.type === 'MemberExpression') {
    refuseRoot(context, node)
    refuse(at, 'a kernel writes nothing but its variables', 'return the number; map stores the results')
  }
  if (node.type !== 'Identifier') {
    refuse(at, 'a kernel cannot destructure', 'assign one variable at a time')
  }
  const local = context.scope.find(node.name)
  if (local?.kind === 'const' && !isDeclared) {
    refuse(at, `${node.name} is a const`, 'declare it with let to assign it')
  }
  if (local) return local
  const known = context.session.outer(node.name)
  if (known) refuse(at, `${node.name} comes from outside and cannot be assigned`, `copy it: let own = ${node.name}`)
  return refuse(at, `${node.name} is not declared here`, 'a kernel assigns variables of its own: let x = …')
}

function assignment(context: Context, node: AssignmentExpression, at: Place): Expr {
  const local = target(context, node.left)
  const before = () => read(local, placeOf(context, node.left))
  const value = () => expression(context, node.right)
  switch (node.operator) {
    case '=':
      return assign(local, value(), at)
    case '&&=':
    case '||=':
      return logic(node.operator === '&&=' ? '&&' : '||', before(), assign(local, value(), at), at)
    case '**=':
      return assign(local, power(context, before(), value(), at), at)
    case '??=':
      return refuseSyntax(node, at)
    default:
      return assign(local, operation(node.operator.slice(0, -1) as Operator, [before(), value()], at), at)
  }
}

function update(context: Context, node: UpdateExpression, at: Place): Expr {
  const local = target(context, node.argument)
  const old = read(local, placeOf(context, node.argument))
  const operator = node.operator === '++' ? '+' : '-'
  const one = constant(1, at)
  if (node.prefix) return assign(local, operation(operator, [old, one], at), at)
  // The value of x++ is the number that x was: of a truth value too.
  const was = makeLocal(`${local.name}_was`, 'hidden', true)
  const keep = act(assign(was, operation('number', [old], at), at))
  const step = act(assign(local, operation(operator, [read(was, at), one], at), at))
  return after([keep, step], read(was, at), at)
}

function member(context: Context, node: MemberExpression, at: Place): Expr {
  const { object, property } = node
  if (object.type !== 'Identifier' || context.scope.find(object.name)) return refuseProperty(context, node, at)
  const { name } = object
  const outer = context.session.outer(name)
  if (outer) return outer.kind === 'table' ? element(context, node, outer.index, at) : refuseProperty(context, node, at)
  if (node.computed || property.type !== 'Identifier') return refuseName(name, placeOf(context, object))
  const value = memberConstant(name, property.name, at)
  if (value !== undefined) return constant(value, at)
  // What a module imports, bundlers and vitest read off an object of their own: import_gain.gain.
  const imported = context.session.outer(property.name)
  return imported
    ? outerValue(imported, property.name, at)
    : refuseMember(name, property.name, placeOf(context, object))
}

/** `table[i]`, `table.length`. */
function element(context: Context, { computed, property }: MemberExpression, table: number, at: Place): Expr {
  if (computed) return { kind: 'gather', table, index: expression(context, property), at }
  if (property.type === 'Identifier' && property.name === 'length') return { kind: 'length', table, at }
  return refuse(at, 'an array is read by index', 'read table[i] or table.length')
}

function refuseProperty(context: Context, node: MemberExpression, at: Place): never {
  refuseRoot(context, node)
  return refuse(at, 'a number has no properties', 'a kernel knows numbers, and arrays given in with: { … }')
}

function isUndefined(node: AnyNode): boolean {
  return (
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  )
}
