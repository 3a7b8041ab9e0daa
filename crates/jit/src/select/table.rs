//! The operations of the IR as vector instructions, a row each. What they mean stands in `src/kernel/ir/ops.ts` and `docs/ir.md`; here stands how.
//!
//! An i32 is the low dword of its lane, the upper one is anything. A mask is all ones or all zeros (AVX2), or a bit a lane (AVX-512).
//! Sources: `docs/ir.md` for the meaning; for the sequences, those of the printer of WASM (`src/kernel/print/wasm/vector.ts`).

use super::Selector;
use super::predicate::{self, comparison, of_integers};
use crate::isa::Isa;
use crate::machine::{Class, Do, Operand};
use crate::op::Op;
use crate::program::{self, Type, Value};

const SIGN: u64 = 1 << 63;
/// Added to an integer below 2^51 in size, its low bits are the integer in two's complement.
pub(super) const MAGIC: f64 = 6_755_399_441_055_744.0;
pub(super) const TWO_52: f64 = 4_503_599_627_370_496.0;
pub(super) const EXPONENT_52: u64 = 0x433 << 52;
const MANTISSA_BITS: u64 = (1 << 52) - 1;
const NAN_BITS: u64 = 0x7ff8 << 48;

/// Modes of rounding, without exceptions.
pub(super) mod mode {
    pub const FLOOR: u8 = 9;
    pub const CEIL: u8 = 10;
    pub const TRUNC: u8 = 11;
}

impl Selector<'_> {
    /// The instructions of an operation, for one copy.
    #[allow(clippy::too_many_lines)] // a table
    pub(super) fn row(&mut self, value: &Value, copy: usize) -> Operand {
        let args: Vec<Operand> = value.args.iter().map(|&arg| self.operand(arg, copy)).collect();
        let arg = |i: usize| args[i];
        match value.op {
            Op::Get | Op::Rem => unreachable!(
                "{:?} has no row: variables are registers, remainders are calls",
                value.op
            ),
            Op::Gather => self.gather(arg(0), value.imm as usize),
            Op::Select => self.select(value, copy, &args),

            Op::Add => self.vector(Do::Add, &args),
            Op::Sub => self.vector(Do::Sub, &args),
            Op::Mul => self.vector(Do::Mul, &args),
            Op::Div => self.vector(Do::Div, &args),
            Op::Neg => self.with_bits(Do::Xor, arg(0), SIGN),
            Op::Abs => self.with_bits(Do::And, arg(0), !SIGN),
            Op::Sqrt => self.vector(Do::Sqrt, &args),
            Op::Floor => self.vector(Do::Round(mode::FLOOR), &args),
            Op::Ceil => self.vector(Do::Round(mode::CEIL), &args),
            Op::Trunc => self.vector(Do::Round(mode::TRUNC), &args),
            Op::Round => self.round(arg(0)),
            Op::Min => self.extreme(Do::Min, Do::Or, 4, arg(0), arg(1)),
            Op::Max => self.extreme(Do::Max, Do::And, 5, arg(0), arg(1)),
            Op::Lesser => self.vector(Do::Min, &args),
            Op::Greater => self.vector(Do::Max, &args),
            Op::RemPow2 => {
                let program::Operand::Const(divisor) = value.args[1] else {
                    unreachable!("the verifier lets no other divisor through")
                };
                let by = self.float(divisor.recip());
                let quotient = self.vector(Do::Mul, &[arg(0), by]);
                self.remainder(arg(0), arg(1), quotient)
            }
            Op::RemInt => {
                let quotient = self.vector(Do::Div, &args);
                self.remainder(arg(0), arg(1), quotient)
            }
            Op::Fround => self.vector(Do::Fround, &args),

            Op::Pow2 => self.power(arg(0)),
            Op::Scalb => self.scalb(arg(0), arg(1)),
            Op::Exponent => {
                let shifted = self.above(arg(0), value.imm);
                let field = self.vector(Do::ShrQ(52), &[shifted]);
                let number = self.with_bits(Do::Or, field, EXPONENT_52);
                let less = self.float(TWO_52 + 1023.0);
                self.vector(Do::Sub, &[number, less])
            }
            Op::Mantissa => {
                let shifted = self.above(arg(0), value.imm);
                let bits = self.with_bits(Do::And, shifted, MANTISSA_BITS);
                self.with_bits(Do::AddQ, bits, u64::from(value.imm) << 32)
            }
            Op::Signbit | Op::Bit => {
                let signed = self.signed(value, copy);
                self.negative(signed)
            }

            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                let (predicate, _) = comparison(value.op).unwrap_or_default();
                self.compare(predicate, &args)
            }
            Op::And => self.and(value, copy, &args),
            Op::Or => self.mask_op(Do::Or, Do::MaskOr, &args),
            Op::Xor => self.mask_op(Do::Xor, Do::MaskXor, &args),
            Op::Not => self.not(value, copy, arg(0)),

            Op::AddI32 => self.vector(Do::AddD, &args),
            Op::SubI32 => self.vector(Do::SubD, &args),
            Op::MulI32 => self.vector(Do::MulD, &args),
            Op::DivI32 => self.quotient(arg(0), arg(1)),
            Op::RemI32 => {
                let quotient = self.quotient(arg(0), arg(1));
                let product = self.vector(Do::MulD, &[quotient, arg(1)]);
                self.vector(Do::SubD, &[arg(0), product])
            }
            Op::AndI32 => self.vector(Do::And, &args),
            Op::OrI32 => self.vector(Do::Or, &args),
            Op::XorI32 => self.vector(Do::Xor, &args),
            Op::NotI32 => self.with_bits(Do::Xor, arg(0), u64::MAX),
            Op::Shl => self.shift(value, Do::ShlD, Do::ShlVD, &args),
            Op::Sar => self.shift(value, Do::SarD, Do::SarVD, &args),
            Op::Shr => self.shift(value, Do::ShrD, Do::ShrVD, &args),
            Op::Clz32 => self.leading_zeros(arg(0)),
            Op::EqI32 => self.compare_i32(of_integers::EQ, arg(0), arg(1)),
            Op::NeI32 => self.compare_i32(of_integers::NE, arg(0), arg(1)),
            Op::LtI32 => self.compare_i32(of_integers::LT, arg(0), arg(1)),
            Op::LeI32 => self.compare_i32(of_integers::LE, arg(0), arg(1)),
            Op::GtI32 => self.compare_i32(of_integers::GT, arg(0), arg(1)),
            Op::GeI32 => self.compare_i32(of_integers::GE, arg(0), arg(1)),

            Op::ToI32 => self.low_dword(arg(0)),
            Op::I32ToF64 => self.i32_to_f64(arg(0)),
            Op::U32ToF64 => self.u32_to_f64(arg(0), TWO_52),
            Op::MaskToF64 => {
                let one = self.float(1.0);
                self.keep(arg(0), one)
            }
            Op::MaskToI32 => {
                let one = self.bits(1);
                self.keep(arg(0), one)
            }
        }
    }

    pub(super) fn vector(&mut self, what: Do, operands: &[Operand]) -> Operand {
        self.emit(what, Class::Vector, operands)
    }

    pub(super) fn with_bits(&mut self, what: Do, operand: Operand, bits: u64) -> Operand {
        let bits = self.bits(bits);
        self.vector(what, &[operand, bits])
    }

    pub(super) fn compare(&mut self, predicate: u8, operands: &[Operand]) -> Operand {
        let class = self.class_of(Type::Mask);
        self.emit(Do::Compare(predicate), class, operands)
    }

    /// What is there where the mask is set, else 0.
    pub(super) fn keep(&mut self, mask: Operand, operand: Operand) -> Operand {
        match self.isa {
            Isa::Avx2 => self.vector(Do::And, &[mask, operand]),
            Isa::Avx512 => self.vector(Do::Keep, &[mask, operand]),
        }
    }

    /// The magnitude of one number with the sign of another.
    fn take_sign(&mut self, magnitude: Operand, from: Operand) -> Operand {
        let sign = self.with_bits(Do::And, from, SIGN);
        self.vector(Do::Or, &[magnitude, sign])
    }

    fn round(&mut self, x: Operand) -> Operand {
        let floor = self.vector(Do::Round(mode::FLOOR), &[x]);
        let left = self.vector(Do::Sub, &[x, floor]);
        let half = self.float(0.5);
        let is_up = self.compare(predicate::GE, &[left, half]);
        let one = self.float(1.0);
        let up = self.keep(is_up, one);
        let rounded = self.vector(Do::Add, &[floor, up]);
        self.take_sign(rounded, x)
    }

    /// `Math.min` and `Math.max`: those of SSE give their second operand for NaN, and for zeros of either sign.
    fn extreme(&mut self, what: Do, join: Do, range: u8, a: Operand, b: Operand) -> Operand {
        let found = match self.isa {
            Isa::Avx2 => {
                let (a, b) = (self.in_register(a), self.in_register(b));
                let one = self.vector(what, &[a, b]);
                let other = self.vector(what, &[b, a]);
                self.vector(join, &[one, other])
            }
            Isa::Avx512 => self.vector(Do::Range(range), &[a, b]),
        };
        let is_nan = self.compare(predicate::UNORDERED, &[a, b]);
        let nan = self.vector(Do::Add, &[a, b]);
        self.vector(Do::Blend, &[is_nan, found, nan])
    }

    /// a - b * trunc(quotient), with the sign of a.
    fn remainder(&mut self, a: Operand, b: Operand, quotient: Operand) -> Operand {
        let whole = self.vector(Do::Round(mode::TRUNC), &[quotient]);
        let product = self.vector(Do::Mul, &[whole, b]);
        let left = self.vector(Do::Sub, &[a, product]);
        let magnitude = self.with_bits(Do::And, left, !SIGN);
        self.take_sign(magnitude, a)
    }

    /// 2^n.
    fn power(&mut self, n: Operand) -> Operand {
        let biased = self.float(MAGIC + 1023.0);
        let sum = self.vector(Do::Add, &[n, biased]);
        self.vector(Do::ShlQ(52), &[sum])
    }

    fn scalb(&mut self, p: Operand, n: Operand) -> Operand {
        if self.isa == Isa::Avx512 {
            return self.vector(Do::Scale, &[p, n]);
        }
        let (half, magic, bias) = (self.float(0.5), self.float(MAGIC), self.float(1023.0));
        let halved = self.vector(Do::Mul, &[n, half]);
        let rounded = self.vector(Do::Add, &[halved, magic]);
        let biased = self.vector(Do::Add, &[rounded, bias]);
        let first = self.vector(Do::ShlQ(52), &[biased]);
        let scaled = self.vector(Do::Mul, &[p, first]);
        let done = self.vector(Do::Sub, &[rounded, magic]);
        let left = self.vector(Do::Sub, &[n, done]);
        let second = self.power(left);
        self.vector(Do::Mul, &[scaled, second])
    }

    /// The bits of a number such that its exponent's field, and the rest, are those of `exponent` and `mantissa` for the word.
    fn above(&mut self, x: Operand, word: u32) -> Operand {
        match u64::from(0x3ff0_0000 - word) << 32 {
            0 => x,
            shift => self.with_bits(Do::AddQ, x, shift),
        }
    }

    /// What has the mask that is asked for as its sign bit.
    fn signed(&mut self, value: &Value, copy: usize) -> Operand {
        let x = self.operand(value.args[0], copy);
        match (value.op, value.args.get(1)) {
            (Op::Bit, Some(program::Operand::Const(bit))) => {
                let magic = self.float(MAGIC);
                let sum = self.vector(Do::Add, &[x, magic]);
                self.vector(Do::ShlQ(if *bit == 0.0 { 63 } else { 62 }), &[sum])
            }
            _ => x,
        }
    }

    fn negative(&mut self, signed: Operand) -> Operand {
        match self.isa {
            Isa::Avx2 => {
                let zero = self.bits(0);
                self.vector(Do::GreaterQ, &[zero, signed])
            }
            Isa::Avx512 => self.emit(Do::Signs, Class::Mask, &[signed]),
        }
    }

    /// A mask for choices, of which only the sign bits count with AVX2.
    fn chooser(&mut self, mask: program::Operand, copy: usize) -> Operand {
        if let (program::Operand::Value(value), Isa::Avx2) = (mask, self.isa) {
            let value = &self.code.values[value];
            if matches!(value.op, Op::Signbit | Op::Bit) {
                return self.signed(value, copy);
            }
        }
        self.operand(mask, copy)
    }

    fn select(&mut self, value: &Value, copy: usize, args: &[Operand]) -> Operand {
        if self.class_of(value.ty) == Class::Mask {
            let yes = self.emit(Do::MaskAnd, Class::Mask, &args[..2]);
            let no = self.emit(Do::MaskAndNot, Class::Mask, &[args[0], args[2]]);
            return self.emit(Do::MaskOr, Class::Mask, &[yes, no]);
        }
        let mask = self.chooser(value.args[0], copy);
        self.vector(Do::Blend, &[mask, args[2], args[1]])
    }

    fn and(&mut self, value: &Value, copy: usize, args: &[Operand]) -> Operand {
        for (i, arg) in value.args.iter().enumerate() {
            let program::Operand::Value(at) = arg else { continue };
            let negated = &self.code.values[*at];
            if negated.op == Op::Not {
                let inner = negated.args[0];
                if let program::Operand::Value(inner) = inner
                    && comparison(self.code.values[inner].op).is_some()
                {
                    continue;
                }
                let inner = self.operand(inner, copy);
                return self.mask_op(Do::AndNot, Do::MaskAndNot, &[inner, args[1 - i]]);
            }
        }
        self.mask_op(Do::And, Do::MaskAnd, args)
    }

    fn not(&mut self, value: &Value, copy: usize, arg: Operand) -> Operand {
        if let program::Operand::Value(at) = value.args[0] {
            let negated = &self.code.values[at];
            if let Some((_, opposite)) = comparison(negated.op) {
                let args: Vec<Operand> = negated.args.iter().map(|&arg| self.operand(arg, copy)).collect();
                return self.compare(opposite, &args);
            }
        }
        match self.isa {
            Isa::Avx2 => self.with_bits(Do::Xor, arg, u64::MAX),
            Isa::Avx512 => self.emit(Do::MaskNot, Class::Mask, &[arg]),
        }
    }

    /// Entry a of a table; NaN unless a is an integer of [0, length).
    fn gather(&mut self, a: Operand, table: usize) -> Operand {
        let a = self.in_register(a);
        let whole = self.vector(Do::Round(mode::TRUNC), &[a]);
        let is_whole = self.compare(predicate::EQ, &[whole, a]);
        let zero = self.float(0.0);
        let is_not_below = self.compare(predicate::GE, &[a, zero]);
        let length = self.captured(super::Captured::Length(table));
        let is_below = self.compare(predicate::LT, &[a, length]);
        let is_in = self.mask_op(Do::And, Do::MaskAnd, &[is_whole, is_not_below]);
        let mask = self.mask_op(Do::And, Do::MaskAnd, &[is_in, is_below]);
        let two_52 = self.float(TWO_52);
        let shifted = self.vector(Do::Add, &[a, two_52]);
        let index = self.with_bits(Do::SubQ, shifted, EXPONENT_52);
        let nan = self.bits(NAN_BITS);
        let found = self.vector(Do::Move, &[nan]);
        let (Operand::Reg(found), Operand::Reg(of_mask), Operand::Reg(of_index)) = (found, mask, index) else {
            unreachable!("what was computed is in registers")
        };
        for reg in [found, of_mask, of_index] {
            self.function.pinned[reg] = true;
        }
        self.emit_to(found, Do::Gather(table), &[Operand::Reg(found), index, mask]);
        self.vector(Do::Move, &[Operand::Reg(found)])
    }
}
