import { COMPARISONS, type Expr, type Operator, partsOf, type Step } from './core.ts'
import { constant, constantOf, operation } from './fold.ts'
import type { Place } from './frame.ts'

/** Operators whose result is the other one's, negated, for NaN too. */
const OPPOSITE: Partial<Record<Operator, Operator>> = { '==': '!=', '!=': '==', '===': '!==', '!==': '===' }

const BOOLEAN_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  '!',
  ...COMPARISONS,
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
  const joined = joinLeaves(condition, yes, no) ?? joinLeaves(negate(condition, at), no, yes)
  if (joined) return joined
  if (no.length > 0 && isNegative(condition)) {
    return [{ kind: 'if', condition: negate(condition, at), yes: no, no: yes }]
  }
  const [inner] = yes
  if (no.length === 0 && yes.length === 1 && inner?.kind === 'if' && inner.no.length === 0) {
    return branch(logic('&&', condition, inner.condition, at), inner.yes, [])
  }
  return [{ kind: 'if', condition, yes, no }]
}

/**
 * `if (a) leave L; const c = …; if (b) leave L; …`: both leave by one branch, behind what is computed between them, where that is cheap and a changes
 * nothing.
 */
function joinLeaves(condition: Expr, yes: readonly Step[], no: readonly Step[]): Step[] | undefined {
  if (yes.length !== 1 || yes[0]?.kind !== 'leave') return undefined
  const second = no.at(-1)
  const between = no.slice(0, -1)
  if (second?.kind !== 'if' || !(between.length === 0 || (isPlain(condition) && between.every(isPlainValue))))
    return undefined
  const { at } = condition
  const [isYes, isNo] = [isSameLeave(yes, second.yes), isSameLeave(yes, second.no)]
  if (!isYes && !isNo) return undefined
  const other = isYes ? second.condition : negate(second.condition, at)
  return [...between, ...branch(logic('||', condition, other, at), yes, isYes ? second.no : second.yes)]
}

/** The declaration of what never changes. */
function isPlainValue(step: Step): boolean {
  if (step.kind !== 'do' || step.expression.kind !== 'assign') return false
  const { local, declares, value } = step.expression
  return local.isScoped && declares && local.assignments === 1 && isPlain(value)
}

/** It assigns nothing, and calls nothing that takes its time. */
function isPlain(expr: Expr): boolean {
  switch (expr.kind) {
    case 'assign':
    case 'after':
    case 'program':
      return false
    default:
      return partsOf(expr).every(isPlain)
  }
}

function isSameLeave(a: readonly Step[], b: readonly Step[]): boolean {
  const [x, y] = [a[0], b[0]]
  return a.length === 1 && b.length === 1 && x?.kind === 'leave' && y?.kind === 'leave' && x.label === y.label
}

/** Where two sides may be swapped, the form with fewer negations is used, or else the one whose first leaf is positive. */
function isNegative(condition: Expr): boolean {
  const [ahead, swapped] = [negations(condition, false), negations(condition, true)]
  return ahead === swapped ? isFirstNegative(condition) : swapped < ahead
}

/** How many `!` a condition has, or would have, once it was negated. */
function negations(condition: Expr, isNegated: boolean): number {
  switch (condition.kind) {
    case 'logic':
      return negations(condition.left, isNegated) + negations(condition.right, isNegated)
    case 'operation':
      if (condition.operator === '!') return Number(!isNegated)
      return isNegated && !OPPOSITE[condition.operator] ? 1 : 0
    default:
      return Number(isNegated)
  }
}

function isFirstNegative(condition: Expr): boolean {
  if (condition.kind === 'logic') return isFirstNegative(condition.left)
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
