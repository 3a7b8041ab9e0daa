import type { Operator } from './core.ts'
import { type Place, refuse } from './frame.ts'

/** Functions that are operations of the same name, by what they take. */
export type Operators = Readonly<Partial<Record<Operator, number>>>

export function isOperator(operators: Operators, name: string): name is Operator {
  return Object.hasOwn(operators, name)
}

/** Functions of Math that are operations; `Math.sign`, `min`, `max` and `hypot` are made of such. */
export const MATH_OPERATORS: Operators = {
  abs: 1,
  sqrt: 1,
  floor: 1,
  ceil: 1,
  trunc: 1,
  round: 1,
  fround: 1,
  clz32: 1,
  imul: 2,
}

/** Functions of Math that are compiled from src/math, by what they take. */
export const MATH_LIBRARY: Readonly<Record<string, number>> = {
  acos: 1,
  acosh: 1,
  asin: 1,
  asinh: 1,
  atan: 1,
  atan2: 2,
  atanh: 1,
  cbrt: 1,
  cos: 1,
  cosh: 1,
  exp: 1,
  expm1: 1,
  log: 1,
  log10: 1,
  log1p: 1,
  log2: 1,
  pow: 2,
  sin: 1,
  sinh: 1,
  tan: 1,
  tanh: 1,
}

/** Functions of Number that are operations. */
export const NUMBER_OPERATORS: Operators = {
  isNaN: 1,
  isFinite: 1,
  isInteger: 1,
  isSafeInteger: 1,
}

/** What src/math may call beside the language; the last argument of those marked is a constant. */
export const MATH_ONLY: Operators = {
  pow2: 1,
  scalb: 2,
  exponent: 2,
  mantissa: 2,
  signbit: 1,
  bit: 2,
  lesser: 2,
  greater: 2,
}

/** `Math.PI` and its kin, `Number.EPSILON` and its kin; undefined: `object` is neither. */
export function memberConstant(object: string, property: string, at: Place): number | undefined {
  const holder = object === 'Math' ? Math : object === 'Number' ? Number : undefined
  if (!holder) return undefined
  const value: unknown = Object.getOwnPropertyDescriptor(holder, property)?.value
  // Their constants are fixed by the standard, and the only numbers there (Number.length, which is 1, is no constant of numbers).
  if (typeof value === 'number' && property !== 'length') return value
  if (typeof value === 'function') refuse(at, `${object}.${property} is a function, not a number`, 'call it')
  return refuse(at, `${object}.${property} does not exist`, 'see docs/kernels.md for what a kernel may use')
}

/** Numbers that Math.hypot takes in a kernel. Each adds some thirty operations. More: kernels of megabytes. Fewer: vectors as people write them out do not fit. */
export const MOST_HYPOT = 64
