//! 32-bit integers, each the low dword of its lane: rows of the table that take more than an instruction.

use super::Selector;
use super::predicate::{self, of_integers};
use super::table::{EXPONENT_52, MAGIC, TWO_52, mode};
use crate::isa::Isa;
use crate::machine::{Class, Do, Operand};
use crate::program::{self, Value};

const LOW_DWORD: u64 = 0xffff_ffff;
const TWO_32: f64 = 4_294_967_296.0;
const TWO_31: f64 = 2_147_483_648.0;

impl Selector<'_> {
    pub(super) fn shift(&mut self, value: &Value, fixed: fn(u8) -> Do, variable: Do, args: &[Operand]) -> Operand {
        if let program::Operand::ConstI32(count) = value.args[1] {
            let count = count & 31;
            return self.vector(fixed(u8::try_from(count).unwrap_or(0)), &args[..1]);
        }
        let count = self.with_bits(Do::And, args[1], 31);
        self.vector(variable, &[args[0], count])
    }

    pub(super) fn leading_zeros(&mut self, x: Operand) -> Operand {
        if self.isa == Isa::Avx512 {
            return self.vector(Do::LeadingZerosD, &[x]);
        }
        // 31 less the exponent of its number; of 0 the exponent's field is 0, which the lesser of it and 32 catches.
        let number = self.u32_to_f64(x, TWO_52);
        let field = self.vector(Do::ShrQ(52), &[number]);
        let top = self.bits(1023 + 31);
        let zeros = self.vector(Do::SubD, &[top, field]);
        self.with_bits(Do::LesserD, zeros, 32)
    }

    pub(super) fn compare_i32(&mut self, predicate: u8, a: Operand, b: Operand) -> Operand {
        if self.isa == Isa::Avx512 {
            let high = |selector: &mut Self, operand| selector.vector(Do::ShlQ(32), &[operand]);
            let (a, b) = (high(self, a), high(self, b));
            return self.emit(Do::CompareQ(predicate), Class::Mask, &[a, b]);
        }
        let (what, a, b, is_negated) = match predicate {
            of_integers::EQ => (Do::EqualD, a, b, false),
            of_integers::NE => (Do::EqualD, a, b, true),
            of_integers::LT => (Do::GreaterD, b, a, false),
            of_integers::GE => (Do::GreaterD, b, a, true),
            of_integers::GT => (Do::GreaterD, a, b, false),
            _ => (Do::GreaterD, a, b, true),
        };
        let found = self.vector(what, &[a, b]);
        let even = self.vector(Do::EvenD, &[found]);
        if is_negated {
            self.with_bits(Do::Xor, even, u64::MAX)
        } else {
            even
        }
    }

    /// trunc(a / b) of two i32; 0 for b = 0: the low dword of an infinity, and of the NaN of 0 / 0, is 0.
    pub(super) fn quotient(&mut self, a: Operand, b: Operand) -> Operand {
        let (a, b) = (self.i32_to_f64(a), self.i32_to_f64(b));
        let quotient = self.vector(Do::Div, &[a, b]);
        let whole = self.vector(Do::Round(mode::TRUNC), &[quotient]);
        let magic = self.float(MAGIC);
        self.vector(Do::Add, &[whole, magic])
    }

    /// The whole part modulo 2^32, as the low dword of that number and 2^52; 0 for what is not finite, of which it is NaN.
    pub(super) fn low_dword(&mut self, x: Operand) -> Operand {
        let whole = self.vector(Do::Round(mode::TRUNC), &[x]);
        let by = self.float(TWO_32.recip());
        let parts = self.vector(Do::Mul, &[whole, by]);
        let above = self.vector(Do::Round(mode::FLOOR), &[parts]);
        let two_32 = self.float(TWO_32);
        let product = self.vector(Do::Mul, &[above, two_32]);
        let low = self.vector(Do::Sub, &[whole, product]);
        let two_52 = self.float(TWO_52);
        let bits = self.vector(Do::Add, &[low, two_52]);
        let is_number = self.compare(predicate::ORDERED, &[low, low]);
        self.keep(is_number, bits)
    }

    pub(super) fn i32_to_f64(&mut self, x: Operand) -> Operand {
        let from_least = self.with_bits(Do::Xor, x, 1 << 31);
        self.u32_to_f64(from_least, TWO_52 + TWO_31)
    }

    /// The low dword as the mantissa of 2^52, less a number.
    pub(super) fn u32_to_f64(&mut self, x: Operand, less: f64) -> Operand {
        let number = match self.isa {
            Isa::Avx2 => self.with_bits(Do::BlendD, x, EXPONENT_52),
            Isa::Avx512 => {
                let low = self.with_bits(Do::And, x, LOW_DWORD);
                self.with_bits(Do::Or, low, EXPONENT_52)
            }
        };
        let less = self.float(less);
        self.vector(Do::Sub, &[number, less])
    }
}
