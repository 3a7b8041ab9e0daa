import { OP, SAT } from './opcodes.ts'
import {
  type Computed,
  EXPONENT_52,
  exponentShift,
  MAGIC,
  MANTISSA_BITS,
  NO_ENTRY,
  type Rule,
  TABLE,
  TWO_32,
  TWO_52,
} from './rule.ts'

/** Pushes the arguments in order, then runs the operations. */
function plain(...codes: number[]): Rule {
  return (w, operands) => {
    for (const i of operands.value.args.keys()) operands.push(i)
    w.op(...codes)
  }
}

/** a % b from what `quotient` makes of a; of a's sign, as |a - b * trunc(a / b)| is never below 0. */
function remainder(quotient: Rule): Rule {
  return (w, operands) => {
    operands.push(0)
    w.keep('f64', (a) => {
      w.get(a)
      w.get(a)
      quotient(w, operands)
      w.op(OP.f64Sub, OP.f64Abs)
      w.get(a)
      w.op(OP.f64Copysign)
    })
  }
}

/** b < a ? b : a, or with `>`. */
function pick(compare: number): Rule {
  return (w, operands) => {
    operands.push(0)
    operands.push(1)
    w.keep('f64', (b) =>
      w.keep('f64', (a) => {
        w.get(a)
        w.get(b)
        w.get(a)
        w.get(b)
        w.op(compare, OP.select)
      }),
    )
  }
}

/** The low dword of an integer's bits, once 2^52 was added to it: its value modulo 2^32. */
const lowDword = [OP.i64ReinterpretF64, OP.i32WrapI64] as const

/** The operations for one item; a mask is 0 or 1. `rem` is a subroutine. */
export const SCALAR: Readonly<Record<Computed, Rule>> = {
  add: plain(OP.f64Add),
  sub: plain(OP.f64Sub),
  mul: plain(OP.f64Mul),
  div: plain(OP.f64Div),
  neg: plain(OP.f64Neg),
  abs: plain(OP.f64Abs),
  sqrt: plain(OP.f64Sqrt),
  floor: plain(OP.f64Floor),
  ceil: plain(OP.f64Ceil),
  trunc: plain(OP.f64Trunc),
  round(w, operands) {
    operands.push(0)
    w.keep('f64', (x) => {
      w.get(x)
      w.op(OP.f64Floor)
      w.keep('f64', (floor) => {
        w.get(floor)
        w.get(x)
        w.get(floor)
        w.op(OP.f64Sub)
        w.f64(0.5)
        w.op(OP.f64Ge, OP.f64ConvertI32S, OP.f64Add)
      })
      w.get(x)
      w.op(OP.f64Copysign)
    })
  },
  min: plain(OP.f64Min),
  max: plain(OP.f64Max),
  lesser: pick(OP.f64Lt),
  greater: pick(OP.f64Gt),
  remPow2: remainder((w, { value }) => {
    const b = value.args[1]?.imm as number
    w.f64(1 / b)
    w.op(OP.f64Mul, OP.f64Trunc)
    w.f64(b)
    w.op(OP.f64Mul)
  }),
  remInt: remainder((w, operands) => {
    operands.push(1)
    w.keep('f64', (b) => {
      w.get(b)
      w.op(OP.f64Div, OP.f64Trunc)
      w.get(b)
      w.op(OP.f64Mul)
    })
  }),
  fround: plain(OP.f32DemoteF64, OP.f64PromoteF32),
  pow2(w, operands) {
    operands.push(0)
    w.f64(MAGIC + 1023)
    w.op(OP.f64Add, OP.i64ReinterpretF64)
    w.i64(52n)
    w.op(OP.i64Shl, OP.f64ReinterpretI64)
  },
  scalb(w, operands) {
    const power = () => {
      w.op(OP.i64ReinterpretF64)
      w.i64(52n)
      w.op(OP.i64Shl, OP.f64ReinterpretI64)
    }
    operands.push(0)
    operands.push(1)
    w.keep('f64', (n) => {
      w.get(n)
      w.f64(0.5)
      w.op(OP.f64Mul)
      w.f64(MAGIC)
      w.op(OP.f64Add)
      w.keep('f64', (half) => {
        w.get(half)
        w.f64(1023)
        w.op(OP.f64Add)
        power()
        w.op(OP.f64Mul)
        w.get(n)
        w.get(half)
        w.f64(MAGIC)
        w.op(OP.f64Sub, OP.f64Sub)
        w.f64(MAGIC + 1023)
        w.op(OP.f64Add)
        power()
        w.op(OP.f64Mul)
      })
    })
  },
  exponent(w, operands) {
    operands.push(0)
    w.op(OP.i64ReinterpretF64)
    w.i64(exponentShift(operands.value.imm))
    w.op(OP.i64Add)
    w.i64(52n)
    w.op(OP.i64ShrU)
    w.i64(EXPONENT_52)
    w.op(OP.i64Or, OP.f64ReinterpretI64)
    w.f64(TWO_52 + 1023)
    w.op(OP.f64Sub)
  },
  mantissa(w, operands) {
    const c = operands.value.imm
    operands.push(0)
    w.op(OP.i64ReinterpretF64)
    w.i64(exponentShift(c))
    w.op(OP.i64Add)
    w.i64(MANTISSA_BITS)
    w.op(OP.i64And)
    w.i64(BigInt(c) << 32n)
    w.op(OP.i64Add, OP.f64ReinterpretI64)
  },
  signbit(w, operands) {
    operands.push(0)
    w.op(OP.i64ReinterpretF64)
    w.i64(0n)
    w.op(OP.i64LtS)
  },
  bit(w, operands) {
    operands.push(0)
    w.f64(MAGIC)
    w.op(OP.f64Add, ...lowDword)
    w.i32(operands.value.args[1]?.imm as number)
    w.op(OP.i32ShrU)
    w.i32(1)
    w.op(OP.i32And)
  },

  eq: plain(OP.f64Eq),
  ne: plain(OP.f64Ne),
  lt: plain(OP.f64Lt),
  le: plain(OP.f64Le),
  gt: plain(OP.f64Gt),
  ge: plain(OP.f64Ge),

  and: plain(OP.i32And),
  or: plain(OP.i32Or),
  xor: plain(OP.i32Xor),
  not: plain(OP.i32Eqz),
  select(w, operands) {
    operands.push(1)
    operands.push(2)
    operands.push(0)
    w.op(OP.select)
  },

  addI32: plain(OP.i32Add),
  subI32: plain(OP.i32Sub),
  mulI32: plain(OP.i32Mul),
  // WebAssembly's division traps; this one does not, and the quotient of two i32 as f64, cut off, is exact. So it is for NaN and infinities: their
  // low dword is 0.
  divI32(w, operands) {
    operands.push(0)
    w.op(OP.f64ConvertI32S)
    operands.push(1)
    w.op(OP.f64ConvertI32S, OP.f64Div, OP.f64Trunc)
    w.f64(MAGIC)
    w.op(OP.f64Add, ...lowDword)
  },
  remI32(w, operands) {
    operands.push(0)
    operands.push(1)
    w.keep('i32', (b) =>
      w.keep('i32', (a) => {
        w.get(a)
        w.get(a)
        w.op(OP.f64ConvertI32S)
        w.get(b)
        w.op(OP.f64ConvertI32S, OP.f64Div, OP.f64Trunc)
        w.f64(MAGIC)
        w.op(OP.f64Add, ...lowDword)
        w.get(b)
        w.op(OP.i32Mul, OP.i32Sub)
      }),
    )
  },
  andI32: plain(OP.i32And),
  orI32: plain(OP.i32Or),
  xorI32: plain(OP.i32Xor),
  notI32(w, operands) {
    operands.push(0)
    w.i32(-1)
    w.op(OP.i32Xor)
  },
  shl: plain(OP.i32Shl),
  sar: plain(OP.i32ShrS),
  shr: plain(OP.i32ShrU),
  clz32: plain(OP.i32Clz),
  eqI32: plain(OP.i32Eq),
  neI32: plain(OP.i32Ne),
  ltI32: plain(OP.i32LtS),
  leI32: plain(OP.i32LeS),
  gtI32: plain(OP.i32GtS),
  geI32: plain(OP.i32GeS),

  // A NaN keeps the low bits that it came with, so it is left out; an infinity becomes one.
  toI32(w, operands) {
    operands.push(0)
    w.op(OP.f64Trunc)
    w.keep('f64', (t) => {
      w.get(t)
      w.get(t)
      w.f64(1 / TWO_32)
      w.op(OP.f64Mul, OP.f64Floor)
      w.f64(TWO_32)
      w.op(OP.f64Mul, OP.f64Sub)
    })
    w.keep('f64', (r) => {
      w.get(r)
      w.f64(TWO_52)
      w.op(OP.f64Add, ...lowDword)
      w.i32(0)
      w.get(r)
      w.get(r)
      w.op(OP.f64Eq, OP.select)
    })
  },
  i32ToF64: plain(OP.f64ConvertI32S),
  u32ToF64: plain(OP.f64ConvertI32U),
  maskToF64: plain(OP.f64ConvertI32S),
  maskToI32: plain(),

  gather(w, operands) {
    const description = operands.table
    operands.push(0)
    w.keep('f64', (index) => {
      w.get(index)
      w.saturating(SAT.i32TruncF64S)
      w.keep('i32', (k) => {
        w.get(k)
        w.i32(NO_ENTRY)
        w.get(k)
        w.op(OP.f64ConvertI32U)
        w.get(index)
        w.op(OP.f64Eq)
        w.get(index)
        w.loadF64(description + TABLE.length)
        w.op(OP.f64Lt, OP.i32And, OP.select)
      })
      w.i32(3)
      w.op(OP.i32Shl)
      w.i32(0)
      w.access(OP.i32Load, description + TABLE.address)
      w.op(OP.i32Add)
      w.access(OP.f64Load, 0)
    })
  },
}
