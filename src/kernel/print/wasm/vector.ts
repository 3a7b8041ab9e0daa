import type { FunctionWriter } from './function-writer.ts'
import { OP, SIMD } from './opcodes.ts'
import {
  type Computed,
  EXPONENT_52,
  exponentShift,
  MAGIC,
  MANTISSA_BITS,
  NO_ENTRY,
  type Operands,
  type Rule,
  TABLE,
  TWO_32,
  TWO_52,
} from './rule.ts'

/** Pushes the arguments in order, then runs the operations. */
function plain(...codes: number[]): Rule {
  return (w, operands) => {
    for (const i of operands.value.args.keys()) operands.push(i)
    for (const code of codes) w.simd(code)
  }
}

const SIGN = 1n << 63n

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

/** The dwords, by their numbers, of what is on the stack. */
function shuffle(w: FunctionWriter, dwords: readonly number[]): void {
  w.keep('v128', (x) => {
    w.get(x)
    w.get(x)
    w.simd(SIMD.shuffle, ...dwords.flatMap((dword) => [4 * dword, 4 * dword + 1, 4 * dword + 2, 4 * dword + 3]))
  })
}

/** An i32 comparison is true of the low dwords alone; a mask is whole lanes. */
function compareI32(code: number): Rule {
  return (w, operands) => {
    operands.push(0)
    operands.push(1)
    w.simd(code)
    shuffle(w, [0, 0, 2, 2])
  }
}

function shift(vector: number, scalar: number): Rule {
  return (w, operands) => {
    operands.push(0)
    if (operands.isUniform(1)) {
      operands.pushScalar(1)
      w.simd(vector)
      return
    }
    // No vector instruction shifts each lane by a count of its own.
    operands.push(1)
    w.keep('v128', (count) =>
      w.keep('v128', (x) => {
        const lane = (dword: number) => {
          w.get(x)
          w.simd(SIMD.i32x4ExtractLane, dword)
          w.get(count)
          w.simd(SIMD.i32x4ExtractLane, dword)
          w.op(scalar)
        }
        lane(0)
        w.simd(SIMD.i32x4Splat)
        lane(2)
        w.simd(SIMD.i32x4ReplaceLane, 2)
      }),
    )
  }
}

/** Whether the 64 bits are below 0, as a mask. */
function isNegative(w: FunctionWriter): void {
  w.splatBits(0n)
  w.simd(SIMD.i64x2LtS)
}

function shiftLanes(w: FunctionWriter, code: number, count: number): void {
  w.i32(count)
  w.simd(code)
}

function i32ToF64(w: FunctionWriter): void {
  shuffle(w, [0, 2, 0, 2])
  w.simd(SIMD.f64x2ConvertLowI32x4S)
}

/** The number of each low dword: as the mantissa of 2^52, which is then taken away. */
function u32ToF64(w: FunctionWriter): void {
  w.splatBits(0xffffffffn)
  w.simd(SIMD.and)
  w.splatBits(EXPONENT_52)
  w.simd(SIMD.or)
  w.splat(TWO_52)
  w.simd(SIMD.f64x2Sub)
}

/** trunc(a / b) of two i32, exact; 0 for b = 0. The low dword of an infinity, and of the NaN of 0 / 0, is 0. */
function divide(w: FunctionWriter): void {
  w.simd(SIMD.f64x2Div)
  w.simd(SIMD.f64x2Trunc)
  w.splat(MAGIC)
  w.simd(SIMD.f64x2Add)
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
    w.splat(MAGIC)
    w.simd(SIMD.f64x2Add)
    shiftLanes(w, SIMD.i64x2Shl, 63 - (operands.value.args[1]?.imm as number))
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

  addI32: plain(SIMD.i32x4Add),
  subI32: plain(SIMD.i32x4Sub),
  mulI32: plain(SIMD.i32x4Mul),
  divI32(w, operands) {
    operands.push(0)
    i32ToF64(w)
    operands.push(1)
    i32ToF64(w)
    divide(w)
  },
  remI32(w, operands) {
    operands.push(0)
    operands.push(1)
    w.keep('v128', (b) =>
      w.keep('v128', (a) => {
        w.get(a)
        w.get(a)
        i32ToF64(w)
        w.get(b)
        i32ToF64(w)
        divide(w)
        w.get(b)
        w.simd(SIMD.i32x4Mul)
        w.simd(SIMD.i32x4Sub)
      }),
    )
  },
  andI32: plain(SIMD.and),
  orI32: plain(SIMD.or),
  xorI32: plain(SIMD.xor),
  notI32: plain(SIMD.not),
  shl: shift(SIMD.i32x4Shl, OP.i32Shl),
  sar: shift(SIMD.i32x4ShrS, OP.i32ShrS),
  shr: shift(SIMD.i32x4ShrU, OP.i32ShrU),
  // 31 less the exponent of its number; of 0 the exponent's field is 0, which the least with 32 catches.
  clz32(w, operands) {
    w.splatBits(1023n + 31n)
    operands.push(0)
    u32ToF64(w)
    shiftLanes(w, SIMD.i64x2ShrU, 52)
    w.simd(SIMD.i32x4Sub)
    w.splatBits(32n)
    w.simd(SIMD.i32x4MinS)
  },
  eqI32: compareI32(SIMD.i32x4Eq),
  neI32: compareI32(SIMD.i32x4Ne),
  ltI32: compareI32(SIMD.i32x4LtS),
  leI32: compareI32(SIMD.i32x4LeS),
  gtI32: compareI32(SIMD.i32x4GtS),
  geI32: compareI32(SIMD.i32x4GeS),

  // As in scalar.ts: a NaN, or what an infinity becomes, is left out.
  toI32(w, operands) {
    operands.push(0)
    w.simd(SIMD.f64x2Trunc)
    w.keep('v128', (t) => {
      w.get(t)
      w.get(t)
      w.splat(1 / TWO_32)
      w.simd(SIMD.f64x2Mul)
      w.simd(SIMD.f64x2Floor)
      w.splat(TWO_32)
      w.simd(SIMD.f64x2Mul)
      w.simd(SIMD.f64x2Sub)
    })
    w.keep('v128', (r) => {
      w.get(r)
      w.splat(TWO_52)
      w.simd(SIMD.f64x2Add)
      w.get(r)
      w.get(r)
      w.simd(SIMD.f64x2Eq)
      w.simd(SIMD.and)
    })
  },
  i32ToF64(w, operands) {
    operands.push(0)
    i32ToF64(w)
  },
  u32ToF64(w, operands) {
    operands.push(0)
    u32ToF64(w)
  },
  maskToF64(w, operands) {
    operands.push(0)
    w.splat(1)
    w.simd(SIMD.and)
  },
  maskToI32(w, operands) {
    operands.push(0)
    shiftLanes(w, SIMD.i64x2ShrU, 63)
  },

  // Two loads. What is no index becomes that of the entry in front of the first.
  gather(w, operands) {
    const description = operands.table
    operands.push(0)
    w.keep('v128', (index) => {
      w.get(index)
      w.splat(NO_ENTRY)
      w.get(index)
      w.get(index)
      w.simd(SIMD.f64x2Trunc)
      w.simd(SIMD.f64x2Eq)
      w.get(index)
      w.splat(0)
      w.simd(SIMD.f64x2Ge)
      w.simd(SIMD.and)
      w.get(index)
      w.loadSplat(description + TABLE.length)
      w.simd(SIMD.f64x2Lt)
      w.simd(SIMD.and)
      w.simd(SIMD.bitselect)
    })
    w.simd(SIMD.i32x4TruncSatF64x2S)
    shiftLanes(w, SIMD.i32x4Shl, 3)
    w.i32(0)
    w.access(OP.i32Load, description + TABLE.address)
    w.simd(SIMD.i32x4Splat)
    w.simd(SIMD.i32x4Add)
    w.keep('v128', (address) => {
      w.get(address)
      w.simd(SIMD.i32x4ExtractLane, 1)
      w.get(address)
      w.simd(SIMD.i32x4ExtractLane, 0)
      w.simdAccess(SIMD.load64Zero, 0)
      w.simdLaneAccess(SIMD.load64Lane, 0, 1)
    })
  },
}

function addShift(w: FunctionWriter, { value }: Operands): void {
  const shift = exponentShift(value.imm)
  if (shift === 0n) return
  w.splatBits(shift)
  w.simd(SIMD.i64x2Add)
}
