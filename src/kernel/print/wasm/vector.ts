import type { Value } from '../../ir/ir.ts'
import type { FunctionWriter } from './function-writer.ts'
import { SIMD } from './opcodes.ts'
import { plain, shiftLanes } from './plain.ts'
import {
  type Computed,
  EXPONENT_52,
  exponentShift,
  MAGIC,
  MANTISSA_BITS,
  type Operands,
  type Rule,
  TWO_52,
} from './rule.ts'
import { VECTOR_I32 } from './vector-i32.ts'

export const SIGN: bigint = 1n << 63n

/** Whether the 64 bits are below 0, as a mask. */
function isNegative(w: FunctionWriter): void {
  w.splatBits(0n)
  w.simd(SIMD.i64x2LtS)
}

/** The sign of the double in `local` on what is on the stack, which is not below 0. */
function takeSign(w: FunctionWriter, local: number): void {
  w.get(local)
  w.splatBits(SIGN)
  w.simd(SIMD.and)
  w.simd(SIMD.or)
}

/** As in scalar.ts. */
function remainder(quotient: Rule): Rule {
  return (w, operands) => {
    operands.push(0)
    w.keep('v128', (a) => {
      w.get(a)
      w.get(a)
      quotient(w, operands)
      w.simd(SIMD.f64x2Sub)
      w.simd(SIMD.f64x2Abs)
      takeSign(w, a)
    })
  }
}

/** Makes what has the sign bit of a mask that hasCheapSign() of its argument, which is on the stack: of `signbit`, that itself. */
export function signOf(w: FunctionWriter, { op, args }: Value): void {
  if (op !== 'bit') return
  w.splat(MAGIC)
  w.simd(SIMD.f64x2Add)
  shiftLanes(w, SIMD.i64x2Shl, 63 - (args[1]?.imm as number))
}

/**
 * The operations for two items: f64x2. An i32 is the low dword of its lane, the upper one is anything; a mask is all ones or all zeros. `rem` is
 * a subroutine.
 */
export const VECTOR: Readonly<Record<Computed, Rule>> = {
  add: plain(SIMD.f64x2Add),
  sub: plain(SIMD.f64x2Sub),
  mul: plain(SIMD.f64x2Mul),
  div: plain(SIMD.f64x2Div),
  neg: plain(SIMD.f64x2Neg),
  abs: plain(SIMD.f64x2Abs),
  sqrt: plain(SIMD.f64x2Sqrt),
  floor: plain(SIMD.f64x2Floor),
  ceil: plain(SIMD.f64x2Ceil),
  trunc: plain(SIMD.f64x2Trunc),
  round(w, operands) {
    operands.push(0)
    w.keep('v128', (x) => {
      w.get(x)
      w.simd(SIMD.f64x2Floor)
      w.keep('v128', (floor) => {
        w.get(floor)
        w.get(x)
        w.get(floor)
        w.simd(SIMD.f64x2Sub)
        w.splat(0.5)
        w.simd(SIMD.f64x2Ge)
        w.splat(1)
        w.simd(SIMD.and)
        w.simd(SIMD.f64x2Add)
      })
      takeSign(w, x)
    })
  },
  min: plain(SIMD.f64x2Min),
  max: plain(SIMD.f64x2Max),
  // pmin(x, y) is y < x ? y : x, pmax(x, y) is x < y ? y : x.
  lesser(w, operands) {
    operands.push(1)
    operands.push(0)
    w.simd(SIMD.f64x2Pmin)
  },
  greater(w, operands) {
    operands.push(1)
    operands.push(0)
    w.simd(SIMD.f64x2Pmax)
  },
  remPow2: remainder((w, { value }) => {
    const b = value.args[1]?.imm as number
    w.splat(1 / b)
    w.simd(SIMD.f64x2Mul)
    w.simd(SIMD.f64x2Trunc)
    w.splat(b)
    w.simd(SIMD.f64x2Mul)
  }),
  remInt: remainder((w, operands) => {
    operands.push(1)
    w.keep('v128', (b) => {
      w.get(b)
      w.simd(SIMD.f64x2Div)
      w.simd(SIMD.f64x2Trunc)
      w.get(b)
      w.simd(SIMD.f64x2Mul)
    })
  }),
  fround: plain(SIMD.demote, SIMD.promote),
  pow2(w, operands) {
    operands.push(0)
    w.splat(MAGIC + 1023)
    w.simd(SIMD.f64x2Add)
    shiftLanes(w, SIMD.i64x2Shl, 52)
  },
  scalb(w, operands) {
    operands.push(0)
    operands.push(1)
    w.keep('v128', (n) => {
      w.get(n)
      w.splat(0.5)
      w.simd(SIMD.f64x2Mul)
      w.splat(MAGIC)
      w.simd(SIMD.f64x2Add)
      w.keep('v128', (half) => {
        w.get(half)
        w.splat(1023)
        w.simd(SIMD.f64x2Add)
        shiftLanes(w, SIMD.i64x2Shl, 52)
        w.simd(SIMD.f64x2Mul)
        w.get(n)
        w.get(half)
        w.splat(MAGIC)
        w.simd(SIMD.f64x2Sub)
        w.simd(SIMD.f64x2Sub)
        w.splat(MAGIC + 1023)
        w.simd(SIMD.f64x2Add)
        shiftLanes(w, SIMD.i64x2Shl, 52)
        w.simd(SIMD.f64x2Mul)
      })
    })
  },
  exponent(w, operands) {
    operands.push(0)
    addShift(w, operands)
    shiftLanes(w, SIMD.i64x2ShrU, 52)
    w.splatBits(EXPONENT_52)
    w.simd(SIMD.or)
    w.splat(TWO_52 + 1023)
    w.simd(SIMD.f64x2Sub)
  },
  mantissa(w, operands) {
    operands.push(0)
    addShift(w, operands)
    w.splatBits(MANTISSA_BITS)
    w.simd(SIMD.and)
    w.splatBits(BigInt(operands.value.imm) << 32n)
    w.simd(SIMD.i64x2Add)
  },
  signbit(w, operands) {
    operands.push(0)
    isNegative(w)
  },
  bit(w, operands) {
    operands.push(0)
    signOf(w, operands.value)
    isNegative(w)
  },

  eq: plain(SIMD.f64x2Eq),
  ne: plain(SIMD.f64x2Ne),
  lt: plain(SIMD.f64x2Lt),
  le: plain(SIMD.f64x2Le),
  gt: plain(SIMD.f64x2Gt),
  ge: plain(SIMD.f64x2Ge),

  and: plain(SIMD.and),
  or: plain(SIMD.or),
  xor: plain(SIMD.xor),
  not: plain(SIMD.not),
  select(w, operands) {
    operands.push(1)
    operands.push(2)
    operands.push(0)
    w.simd(SIMD.bitselect)
  },

  ...VECTOR_I32,
  maskToF64(w, operands) {
    operands.push(0)
    w.splat(1)
    w.simd(SIMD.and)
  },
}

function addShift(w: FunctionWriter, { value }: Operands): void {
  const shift = exponentShift(value.imm)
  if (shift === 0n) return
  w.splatBits(shift)
  w.simd(SIMD.i64x2Add)
}
