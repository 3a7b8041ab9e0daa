import type { Expr, Operator } from './core.ts'
import type { Place } from './frame.ts'

type Constant = number | boolean

/** What JavaScript's own operators make of constants. Those that are missing are left to the IR. */
const EVALUATE: Partial<Record<Operator, (a: number, b: number) => Constant>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  neg: (a) => -a,
  number: (a) => Number(a),
  '!': (a) => !a,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '~': (a) => ~a,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => Number(a) === Number(b),
  '!=': (a, b) => Number(a) !== Number(b),
  abs: (a) => Math.abs(a),
  sqrt: (a) => Math.sqrt(a),
  floor: (a) => Math.floor(a),
  ceil: (a) => Math.ceil(a),
  trunc: (a) => Math.trunc(a),
  round: (a) => Math.round(a),
  fround: (a) => Math.fround(a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  imul: (a, b) => Math.imul(a, b),
  clz32: (a) => Math.clz32(a),
}

/** What an operation is with its arguments swapped; minifiers put constants first. */
const SWAPPED: Partial<Record<Operator, Operator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  ...Object.fromEntries(
    ['+', '*', '&', '|', '^', '==', '!=', '===', '!==', 'min', 'max', 'imul'].map((op) => [op, op]),
  ),
}

/** An operation; a constant where all its arguments are. Of two, a constant is the second where either may be. */
export function operation(operator: Operator, args: readonly Expr[], at: Place): Expr {
  const constants = args.map(constantOf)
  const evaluate = EVALUATE[operator]
  if (evaluate && constants.every((each) => each !== undefined)) {
    // A truth value goes in as it is: JavaScript converts it as it would at run time.
    const [a, b] = constants as number[]
    return constant(evaluate(a as number, b as number), at)
  }
  const swapped = SWAPPED[operator]
  if (swapped && constants[0] !== undefined)
    return { kind: 'operation', operator: swapped, args: args.toReversed(), at }
  return { kind: 'operation', operator, args, at }
}

export function constant(value: Constant, at: Place): Expr {
  return typeof value === 'number' ? { kind: 'number', value, at } : { kind: 'boolean', value, at }
}

/** The value of a constant; undefined: it is none. */
export function constantOf(expr: Expr): Constant | undefined {
  return expr.kind === 'number' || expr.kind === 'boolean' ? expr.value : undefined
}
