import type { Type, Value } from '../../ir/ir.ts'
import type { OpName } from '../../ir/ops.ts'

/**
 * What writer and reader of the binary form agree on. All of it is little-endian:
 *
 *   magic ─ version ─ form ─ C ─ W ┆ C constants ┆ W words of code ┆ names
 *   5 × u32                        ┆ f64         ┆ u32             ┆ UTF-8, a zero between two
 *
 * A program has one binary form, and a reader refuses every other: constants stand in the order of their first use, none twice, none unused; variables
 * are numbered in the order of their first use. So equal bytes mean equal programs, and the bytes may serve as the key of a cache.
 */

/** The letters "LWIR". */
export const MAGIC = 0x5249574c

/** Grows by one with whatever changes the meaning of bytes, a new operation too. A reader knows its own version only: package and addon ship together. */
export const VERSION = 2

/**
 * The word that says how a program is meant.
 *
 *   item    for one item, as ir.ts says
 *   lanes   for several that run in step, as lanes.ts says
 */
export const FORMS = { item: 0, lanes: 1 } as const

export type Form = keyof typeof FORMS

export const HEADER_BYTES = 20

/** Larger would let a hostile file hold a compiler for minutes; smaller than 2 MB would refuse a kernel of 1,000 sines. */
export const MOST_BYTES: number = 2 ** 24

/** Bodies inside one another. Readers and printers recurse over them: V8 itself overflows between 1,000 and 2,000. Each `else if` of a chain takes one. */
export const MOST_DEPTH = 500

/** First word of a statement that is no `let`; a `let` begins with the code of its operation. */
export const STATEMENT = { end: 0, set: 1, if: 2, block: 3, loop: 4, leave: 5, call: 6 } as const

/** The code of each operation that a `let` may compute. Part of the format: never renumbered within a version. */
export const CODES: Readonly<Record<Exclude<OpName, LeafName>, number>> = {
  get: 0x10,
  gather: 0x11,
  select: 0x12,

  add: 0x20,
  sub: 0x21,
  mul: 0x22,
  div: 0x23,
  neg: 0x24,
  abs: 0x25,
  sqrt: 0x26,
  floor: 0x27,
  ceil: 0x28,
  trunc: 0x29,
  round: 0x2a,
  min: 0x2b,
  max: 0x2c,
  lesser: 0x2d,
  greater: 0x2e,
  rem: 0x2f,
  remPow2: 0x30,
  remInt: 0x31,
  fround: 0x32,

  pow2: 0x40,
  scalb: 0x41,
  exponent: 0x42,
  mantissa: 0x43,
  signbit: 0x44,
  bit: 0x45,

  eq: 0x50,
  ne: 0x51,
  lt: 0x52,
  le: 0x53,
  gt: 0x54,
  ge: 0x55,

  and: 0x60,
  or: 0x61,
  xor: 0x62,
  not: 0x63,

  addI32: 0x70,
  subI32: 0x71,
  mulI32: 0x72,
  divI32: 0x73,
  remI32: 0x74,
  andI32: 0x75,
  orI32: 0x76,
  xorI32: 0x77,
  notI32: 0x78,
  shl: 0x79,
  sar: 0x7a,
  shr: 0x7b,
  clz32: 0x7c,
  eqI32: 0x80,
  neI32: 0x81,
  ltI32: 0x82,
  leI32: 0x83,
  gtI32: 0x84,
  geI32: 0x85,

  toI32: 0x90,
  i32ToF64: 0x91,
  u32ToF64: 0x92,
  maskToF64: 0x93,
  maskToI32: 0x94,
}

/** Low three bits of an operand; what it counts is in the others. */
export const OPERAND = {
  /** A value in scope, counted from the outermost: the values of open bodies form a stack. */
  value: 0,
  /** A constant, by its place in the pool. */
  const: 1,
  /** The same, and an integer of 32 bits. */
  constI32: 2,
  /** 0 or 1. */
  constMask: 3,
  input: 4,
  uniform: 5,
  length: 6,
} as const

export const TYPES: readonly Type[] = ['f64', 'i32', 'mask']

/** What stands in an operand instead of a `let`. */
export type LeafName = Exclude<keyof typeof OPERAND, 'value'>

/** The words that `exponent` and `mantissa` may have: where their m begins, 1 or √½. */
const SPLITS: readonly number[] = [0x3ff00000, 0x3fe6a09e]

/** What an operation asks of its value beyond types; undefined: it has that. */
export function flaw({ op, args, imm }: Value, form: Form): string | undefined {
  const last = args.at(-1)
  if (op === 'rem' && form === 'lanes') return 'rem is a subroutine in the form for lanes, no operation'
  if (op === 'exponent' || op === 'mantissa') {
    return SPLITS.includes(imm) ? undefined : `${op} splits at 0x3ff00000 or 0x3fe6a09e, not ${imm}`
  }
  if (op === 'bit') {
    return last?.op === 'const' && (Object.is(last.imm, 0) || last.imm === 1)
      ? undefined
      : 'bit takes the constant 0 or 1'
  }
  if (op === 'remPow2') {
    return last?.op === 'const' && isPowerOf2(last.imm) ? undefined : 'remPow2 takes a constant 2^k, 0 ≤ k ≤ 1000'
  }
  return undefined
}

function isPowerOf2(x: number): boolean {
  const k = Math.round(Math.log2(x))
  return k >= 0 && k <= 1000 && 2 ** k === x
}
