import type { Value } from '../../ir/ir.ts'
import type { OpName } from '../../ir/ops.ts'
import type { FunctionWriter } from './function-writer.ts'

/** Leaves of the IR and `get` are where they are, and are no computation. */
export type Computed = Exclude<
  OpName,
  'const' | 'constI32' | 'constMask' | 'input' | 'uniform' | 'length' | 'get' | 'rem'
>

/** The arguments of an operation. Each is pushed exactly once, in any order; a `const` that the code is made for may be left out. */
export interface Operands {
  push(index: number): void
  /** Of a vector operation: the argument is the same in all lanes, and may be pushed as a scalar. */
  isUniform(index: number): boolean
  pushScalar(index: number): void
  readonly value: Value
  /** Where the table of a `gather` is described: `TABLE` below. */
  readonly table: number
}

/** Writes the code that leaves the result of an operation on the stack. */
export type Rule = (w: FunctionWriter, operands: Operands) => void

/** The description of a table in memory: its length, as f64, and the address of its first entry. */
export const TABLE = { length: 0, address: 8, bytes: 16 } as const

/** What the entry in front of a table's first is, and so what index -1 reads: the answer for all that is no index. */
export const NO_ENTRY = -1

/** 1.5 * 2^52: t = n + MAGIC has the integer n in its low bits. */
export const MAGIC = 6755399441055744
export const TWO_32 = 4294967296
export const TWO_52 = 4503599627370496
/** What is added to the bits of a double so that they have its exponent for the given range of the mantissa; see math.md's `exponent`. */
export function exponentShift(c: number): bigint {
  return BigInt(0x3ff00000 - c) << 32n
}
export const MANTISSA_BITS: bigint = (1n << 52n) - 1n
/** The exponent of 2^52, with an integer of 52 bits as its mantissa. */
export const EXPONENT_52: bigint = 0x433n << 52n
