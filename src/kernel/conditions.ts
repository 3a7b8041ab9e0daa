import type { Expr, Operator, Step } from './core.ts'
import { constant, constantOf, operation } from './fold.ts'
import type { Place } from './frame.ts'

/** Operators whose result is the other one's, negated, for NaN too. */
const OPPOSITE: Partial<Record<Operator, Operator>> = { '==': '!=', '!=': '==', '===': '!==', '!==': '===' }

const BOOLEAN_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  '!',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '===',
  '!==',
  'isNaN',
  'isFinite',
  'isInteger',
  'isSafeInteger',
])

/** `!expr`, with the negation as far inside as it goes: minifiers move it about, and all forms must end in one. */
export function negate(expr: Expr, at: Place): Expr {
  const known = constantOf(expr)
  if (known !== undefined) return constant(!known, at)
  if (expr.kind === 'logic') {
    const operator = expr.operator === '&&' ? '||' : '&&'
    return { ...expr, operator, left: negate(expr.left, at), right: negate(expr.right, at) }
  }
  if (expr.kind === 'operation') {
    const [inner] = expr.args
    if (expr.operator === '!' && inner && isBoolean(inner)) return inner
    const opposite = OPPOSITE[expr.operator]
    if (opposite) return { ...expr, operator: opposite }
  }
  return operation('!', [expr], at)
}

/** `left && right`, `left || right`; chains lean to the left. */
export function logic(operator: '&&' | '||', left: Expr, right: Expr, at: Place): Expr {
  const known = constantOf(left)
  if (known !== undefined) return Boolean(known) === (operator === '&&') ? right : left
  if (right.kind === 'logic' && right.operator === operator) {
    return logic(operator, logic(operator, left, right.left, at), right.right, at)
  }
  return { kind: 'logic', operator, left, right, at }
}

export function choose(condition: Expr, yes: Expr, no: Expr, at: Place): Expr {
  const known = constantOf(condition)
  if (known !== undefined) return known ? yes : no
  if (isNegative(condition)) return { kind: 'choose', condition: negate(condition, at), yes: no, no: yes, at }
  return { kind: 'choose', condition, yes, no, at }
}

export function branch(condition: Expr, yes: readonly Step[], no: readonly Step[]): Step[] {
  const known = constantOf(condition)
  if (known !== undefined) return [...(known ? yes : no)]
  const { at } = condition
  if (yes.length === 0 && no.length === 0) return [{ kind: 'do', expression: condition }]
  if (yes.length === 0) return branch(negate(condition, at), no, [])
  if (no.length > 0 && isNegative(condition)) {
    return [{ kind: 'if', condition: negate(condition, at), yes: no, no: yes }]
  }
  const [inner] = yes
  if (no.length === 0 && yes.length === 1 && inner?.kind === 'if' && inner.no.length === 0) {
    return branch(logic('&&', condition, inner.condition, at), inner.yes, [])
  }
  return [{ kind: 'if', condition, yes, no }]
}

/** Where two sides may be swapped, the first leaf of the condition decides which of the two forms is used. */
function isNegative(condition: Expr): boolean {
  if (condition.kind === 'logic') return isNegative(condition.left)
  return condition.kind === 'operation' && ['!', '!=', '!=='].includes(condition.operator)
}

/** By its form alone. */
function isBoolean(expr: Expr): boolean {
  switch (expr.kind) {
    case 'boolean':
      return true
    case 'operation':
      return BOOLEAN_OPERATORS.has(expr.operator)
    case 'logic':
      return isBoolean(expr.left) && isBoolean(expr.right)
    case 'choose':
      return isBoolean(expr.yes) && isBoolean(expr.no)
    default:
      return false
  }
}
