import type { FunctionWriter } from './function-writer.ts'
import { OP, SIMD } from './opcodes.ts'
import { plain, shiftLanes } from './plain.ts'
import { type Computed, EXPONENT_52, MAGIC, NO_ENTRY, type Rule, TABLE, TWO_32, TWO_52 } from './rule.ts'

/** The dwords, by their numbers, of what is on the stack. */
function shuffle(w: FunctionWriter, dwords: readonly number[]): void {
  w.keep('v128', (x) => {
    w.get(x)
    w.get(x)
    w.simdWith(SIMD.shuffle, ...dwords.flatMap((dword) => [4 * dword, 4 * dword + 1, 4 * dword + 2, 4 * dword + 3]))
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
          w.simdWith(SIMD.i32x4ExtractLane, dword)
          w.get(count)
          w.simdWith(SIMD.i32x4ExtractLane, dword)
          w.op(scalar)
        }
        lane(0)
        w.simd(SIMD.i32x4Splat)
        lane(2)
        w.simdWith(SIMD.i32x4ReplaceLane, 2)
      }),
    )
  }
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

type OfI32 = Extract<Computed, `${string}I32` | 'shl' | 'sar' | 'shr' | 'clz32' | 'i32ToF64' | 'u32ToF64' | 'gather'>

/** Rows of vector.ts: for 32-bit integers, from and to them, and for what is found by them. */
export const VECTOR_I32: Readonly<Record<OfI32, Rule>> = {
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
      w.simdWith(SIMD.i32x4ExtractLane, 1)
      w.get(address)
      w.simdWith(SIMD.i32x4ExtractLane, 0)
      w.simdAccess(SIMD.load64Zero, 0)
      w.simdLaneAccess(SIMD.load64Lane, 0, 1)
    })
  },
}
