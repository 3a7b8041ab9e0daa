import { bit, exponent, greater, lesser, mantissa, pow2, scalb, signbit } from '../../math/operations.ts'
import type { Type } from './ir.ts'

/**
 * The operations of the IR: the one place that says what each of them means. A printer is a record over `OpName`, so that one which lacks a row does not
 * compile.
 *
 * Here a mask is a truth value, an i32 the signed number of its 32 bits.
 */
export interface Op {
  readonly args: readonly Type[]
  /** 'args': of the type of the last argument. */
  readonly result: Type | 'args' | 'variable'
  /** What it means, for one item; the imm of `exponent` and `mantissa` comes second. Undefined for what stands for something outside. */
  readonly evaluate?: (a: number, b: number, c: number) => number
  /** Takes the place of its arguments' order: a ∘ b = b ∘ a in every bit. */
  readonly commutes?: true
  /** Estimated cost, in units of an addition. */
  readonly cost: number
}

/** The names, for a record of them to be checked. */
export type OpName =
  | 'const'
  | 'constI32'
  | 'constMask'
  | 'input'
  | 'uniform'
  | 'length'
  | 'get'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'round'
  | 'min'
  | 'max'
  | 'lesser'
  | 'greater'
  | 'rem'
  | 'remPow2'
  | 'remInt'
  | 'fround'
  | 'pow2'
  | 'scalb'
  | 'exponent'
  | 'mantissa'
  | 'signbit'
  | 'bit'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'and'
  | 'or'
  | 'xor'
  | 'not'
  | 'select'
  | 'addI32'
  | 'subI32'
  | 'mulI32'
  | 'divI32'
  | 'remI32'
  | 'andI32'
  | 'orI32'
  | 'xorI32'
  | 'notI32'
  | 'shl'
  | 'sar'
  | 'shr'
  | 'clz32'
  | 'eqI32'
  | 'neI32'
  | 'ltI32'
  | 'leI32'
  | 'gtI32'
  | 'geI32'
  | 'toI32'
  | 'i32ToF64'
  | 'u32ToF64'
  | 'maskToF64'
  | 'maskToI32'
  | 'gather'

const f64 = ['f64'] as const
const f64s = ['f64', 'f64'] as const
const i32 = ['i32'] as const
const i32s = ['i32', 'i32'] as const
const masks = ['mask', 'mask'] as const

function op(args: readonly Type[], result: Op['result'], cost: number, evaluate?: Op['evaluate'], commutes?: true): Op {
  return { args, result, cost, ...(evaluate && { evaluate }), ...(commutes && { commutes }) }
}

export const OPS: Readonly<Record<OpName, Op>> = {
  // Leaves.
  const: op([], 'f64', 0),
  constI32: op([], 'i32', 0),
  constMask: op([], 'mask', 0),
  input: op([], 'f64', 0),
  uniform: op([], 'f64', 0),
  /** Length of a table. */
  length: op([], 'f64', 0),
  /** A variable as it is now. */
  get: op([], 'variable', 0),

  // Doubles, IEEE 754, to nearest, nothing contracted or re-associated.
  add: op(f64s, 'f64', 1, (a, b) => a + b, true),
  sub: op(f64s, 'f64', 1, (a, b) => a - b),
  mul: op(f64s, 'f64', 1, (a, b) => a * b, true),
  div: op(f64s, 'f64', 4, (a, b) => a / b),
  /** Flips the sign bit, of zeros and infinities too. */
  neg: op(f64, 'f64', 1, (a) => -a),
  abs: op(f64, 'f64', 1, (a) => Math.abs(a)),
  sqrt: op(f64, 'f64', 6, (a) => Math.sqrt(a)),
  floor: op(f64, 'f64', 2, (a) => Math.floor(a)),
  ceil: op(f64, 'f64', 2, (a) => Math.ceil(a)),
  trunc: op(f64, 'f64', 2, (a) => Math.trunc(a)),
  /** JavaScript's: halves go up, and the sign of zero stays. */
  round: op(f64, 'f64', 4, (a) => Math.round(a)),
  /** JavaScript's: NaN wins, and -0 is below 0. */
  min: op(f64s, 'f64', 2, (a, b) => Math.min(a, b), true),
  max: op(f64s, 'f64', 2, (a, b) => Math.max(a, b), true),
  /** a < b ? a : b */
  lesser: op(f64s, 'f64', 1, lesser),
  /** a > b ? a : b */
  greater: op(f64s, 'f64', 1, greater),
  /** JavaScript's %: exact, with the sign of a. */
  rem: op(f64s, 'f64', 12, (a, b) => a % b),
  /** a % b for b = 2^k, 0 ≤ k ≤ 1000; b is a `const`. */
  remPow2: op(f64s, 'f64', 5, (a, b) => a % b),
  /** a % b for integers below 2^52 in size, b not 0; else whatever. */
  remInt: op(f64s, 'f64', 8, (a, b) => a % b),
  fround: op(f64, 'f64', 2, (a) => Math.fround(a)),

  // For src/math alone; reference: docs/ir.md.
  /** 2^n; n an integer of [-1022, 1023]. */
  pow2: op(f64, 'f64', 2, pow2),
  /** p * 2^n, rounded once; p is NaN or |p| in [1/2, 4), n an integer of [-1080, 1030]. A NaN stays one, whatever n is but an infinity. */
  scalb: op(f64s, 'f64', 5, scalb),
  /** The k of x = m * 2^k, m in [1, 2) for imm = 0x3ff00000, in [√½, √2) for 0x3fe6a09e; x normal and above 0, else whatever. */
  exponent: op(f64, 'f64', 3, exponent),
  /** And that m. */
  mantissa: op(f64, 'f64', 3, mantissa),
  /** The sign bit; of a NaN, whatever. */
  signbit: op(f64, 'mask', 1, (a) => Number(signbit(a))),
  /** Bit b, 0 or 1 and a `const`, of the integer a, |a| < 2^31. */
  bit: op(f64s, 'mask', 2, (a, b) => Number(bit(a, b))),

  // Comparisons of doubles: false with a NaN, but for `ne`.
  eq: op(f64s, 'mask', 1, (a, b) => Number(a === b), true),
  ne: op(f64s, 'mask', 1, (a, b) => Number(a !== b), true),
  lt: op(f64s, 'mask', 1, (a, b) => Number(a < b)),
  le: op(f64s, 'mask', 1, (a, b) => Number(a <= b)),
  gt: op(f64s, 'mask', 1, (a, b) => Number(a > b)),
  ge: op(f64s, 'mask', 1, (a, b) => Number(a >= b)),

  // Truth values.
  and: op(masks, 'mask', 1, (a, b) => a & b, true),
  or: op(masks, 'mask', 1, (a, b) => a | b, true),
  xor: op(masks, 'mask', 1, (a, b) => a ^ b, true),
  not: op(['mask'], 'mask', 1, (a) => 1 - a),
  /** mask ? a : b, of any type. */
  select: op(['mask', 'f64', 'f64'], 'args', 1, (m, a, b) => (m === 1 ? a : b)),

  // 32-bit integers, modulo 2^32.
  addI32: op(i32s, 'i32', 1, (a, b) => (a + b) | 0, true),
  subI32: op(i32s, 'i32', 1, (a, b) => (a - b) | 0),
  mulI32: op(i32s, 'i32', 2, (a, b) => Math.imul(a, b), true),
  /** (a / b) | 0: towards zero; 0 for b = 0, and -2^31 / -1 is -2^31. */
  divI32: op(i32s, 'i32', 10, (a, b) => (a / b) | 0),
  /** a % b for a ≥ 0, b not 0; else whatever. */
  remI32: op(i32s, 'i32', 10, (a, b) => (a % b) | 0),
  andI32: op(i32s, 'i32', 1, (a, b) => a & b, true),
  orI32: op(i32s, 'i32', 1, (a, b) => a | b, true),
  xorI32: op(i32s, 'i32', 1, (a, b) => a ^ b, true),
  notI32: op(i32, 'i32', 1, (a) => ~a),
  /** Shifts by the low five bits of b. */
  shl: op(i32s, 'i32', 2, (a, b) => a << b),
  sar: op(i32s, 'i32', 2, (a, b) => a >> b),
  /** The bits of a >>> b; `u32ToF64` makes its number of them. */
  shr: op(i32s, 'i32', 2, (a, b) => (a >>> b) | 0),
  clz32: op(i32, 'i32', 2, (a) => Math.clz32(a)),
  eqI32: op(i32s, 'mask', 1, (a, b) => Number(a === b), true),
  neI32: op(i32s, 'mask', 1, (a, b) => Number(a !== b), true),
  ltI32: op(i32s, 'mask', 1, (a, b) => Number(a < b)),
  leI32: op(i32s, 'mask', 1, (a, b) => Number(a <= b)),
  gtI32: op(i32s, 'mask', 1, (a, b) => Number(a > b)),
  geI32: op(i32s, 'mask', 1, (a, b) => Number(a >= b)),

  // From one type to another.
  /** ToInt32: the integer part modulo 2^32; 0 for NaN and infinities. */
  toI32: op(f64, 'i32', 5, (a) => a | 0),
  i32ToF64: op(i32, 'f64', 1, (a) => a),
  /** The 32 bits as a number of [0, 2^32). */
  u32ToF64: op(i32, 'f64', 2, (a) => a >>> 0),
  /** 1 or 0. */
  maskToF64: op(['mask'], 'f64', 1, (a) => a),
  maskToI32: op(['mask'], 'i32', 1, (a) => a),

  /** Entry a of table imm; NaN unless a is an integer of [0, length). -0 is 0. */
  gather: op(f64, 'f64', 4),
}

/** `get`, and what needs no `let`, since it has the same value everywhere. */
export const LEAVES: ReadonlySet<OpName> = new Set(['const', 'constI32', 'constMask', 'input', 'uniform', 'length'])
