//! What each operation gives, for one lane.
#![allow(clippy::float_cmp)] // that is what is asked for

use crate::op::Op;

/// The operation on the bits of its arguments (f64; i32 with zeros above; 0 or 1 for a mask), `imm` that of its `let`: JavaScript's result, bit
/// for bit but for those of a NaN.
///
/// # Panics
///
/// For `get`, `gather` and `rem`, which are no operations by themselves.
#[allow(clippy::many_single_char_names)] // a and b as numbers, i and j as integers, p and q as masks
pub fn operation(op: Op, imm: u32, bits: [u64; 3]) -> u64 {
    let [a, b, _] = bits.map(f64::from_bits);
    let [i, j, _] = bits.map(integer);
    let [p, q, _] = bits.map(|mask| mask == 1);
    match op {
        Op::Get | Op::Gather | Op::Rem => unreachable!("{op:?} is no operation by itself"),
        Op::Select => bits[if p { 1 } else { 2 }],

        Op::Add => f64(a + b),
        Op::Sub => f64(a - b),
        Op::Mul => f64(a * b),
        Op::Div => f64(a / b),
        Op::Neg => f64(-a),
        Op::Abs => f64(a.abs()),
        Op::Sqrt => f64(a.sqrt()),
        Op::Floor => f64(a.floor()),
        Op::Ceil => f64(a.ceil()),
        Op::Trunc => f64(a.trunc()),
        Op::Round => f64(round(a)),
        Op::Min => f64(min(a, b)),
        Op::Max => f64(-min(-a, -b)),
        Op::Lesser => f64(if a < b { a } else { b }),
        Op::Greater => f64(if a > b { a } else { b }),
        Op::RemPow2 | Op::RemInt => f64(a % b),
        #[allow(clippy::cast_possible_truncation)] // to nearest, as asked
        Op::Fround => f64(f64::from(a as f32)),

        Op::Pow2 => f64(pow2(to_i32(a))),
        Op::Scalb => f64(scalb(a, to_i32(b))),
        Op::Exponent => f64(f64::from(exponent(a, imm))),
        Op::Mantissa => f64::from_bits(bits[0].wrapping_sub(shifted(exponent(a, imm)))).to_bits(),
        Op::Signbit => mask(a.is_sign_negative()),
        Op::Bit => mask(to_i32(a) >> (to_i32(b) & 31) & 1 == 1),

        Op::Eq => mask(a == b),
        Op::Ne => mask(a != b),
        Op::Lt => mask(a < b),
        Op::Le => mask(a <= b),
        Op::Gt => mask(a > b),
        Op::Ge => mask(a >= b),

        Op::And => mask(p && q),
        Op::Or => mask(p || q),
        Op::Xor => mask(p != q),
        Op::Not => mask(!p),

        Op::AddI32 => i32(i.wrapping_add(j)),
        Op::SubI32 => i32(i.wrapping_sub(j)),
        Op::MulI32 => i32(i.wrapping_mul(j)),
        Op::DivI32 => i32(if j == 0 { 0 } else { i.wrapping_div(j) }),
        Op::RemI32 => i32(if j == 0 { 0 } else { i.wrapping_rem(j) }),
        Op::AndI32 => i32(i & j),
        Op::OrI32 => i32(i | j),
        Op::XorI32 => i32(i ^ j),
        Op::NotI32 => i32(!i),
        Op::Shl => i32(i.wrapping_shl(j.cast_unsigned())),
        Op::Sar => i32(i.wrapping_shr(j.cast_unsigned())),
        Op::Shr => i32(i.cast_unsigned().wrapping_shr(j.cast_unsigned()).cast_signed()),
        Op::Clz32 => u64::from(i.leading_zeros()),
        Op::EqI32 => mask(i == j),
        Op::NeI32 => mask(i != j),
        Op::LtI32 => mask(i < j),
        Op::LeI32 => mask(i <= j),
        Op::GtI32 => mask(i > j),
        Op::GeI32 => mask(i >= j),

        Op::ToI32 => i32(to_i32(a)),
        Op::I32ToF64 => f64(f64::from(i)),
        Op::U32ToF64 => f64(f64::from(i.cast_unsigned())),
        Op::MaskToF64 => f64(f64::from(u8::from(p))),
        Op::MaskToI32 => u64::from(p),
    }
}

fn f64(x: f64) -> u64 {
    x.to_bits()
}

fn i32(x: i32) -> u64 {
    u64::from(x.cast_unsigned())
}

fn mask(truth: bool) -> u64 {
    u64::from(truth)
}

#[allow(clippy::cast_possible_truncation)] // the low half is what it is in
fn integer(bits: u64) -> i32 {
    bits as i32
}

/// Halves go up, and the sign stays, also that of a zero.
fn round(x: f64) -> f64 {
    let below = x.floor();
    let rounded = if x - below >= 0.5 { below + 1.0 } else { below };
    if x.is_nan() { x } else { rounded.copysign(x) }
}

/// NaN wins, and -0 is below 0.
fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        if a.is_sign_negative() { a } else { b }
    } else if a < b {
        a
    } else {
        b
    }
}

/// The integer part modulo 2^32; 0 for NaN and infinities.
fn to_i32(x: f64) -> i32 {
    let within = x.trunc() % 4_294_967_296.0;
    #[allow(clippy::cast_possible_truncation)] // below 2^32 in size; NaN is 0
    integer((within as i64).cast_unsigned())
}

/// `n << 52`, what is added to the bits of a number to multiply it by 2^n.
fn shifted(n: i32) -> u64 {
    (i64::from(n) << 52).cast_unsigned()
}

/// 2^n for an n of [-1022, 1023].
fn pow2(n: i32) -> f64 {
    f64::from_bits(1.0_f64.to_bits().wrapping_add(shifted(n)))
}

/// p · 2^n by two factors, of which only the last can round.
fn scalb(p: f64, n: i32) -> f64 {
    let half = n / 2;
    p * pow2(half) * pow2(n - half)
}

/// The k of a = m · 2^k; m begins at `split`, the upper word of a number.
fn exponent(a: f64, split: u32) -> i32 {
    const ONE: u32 = 0x3ff0_0000;
    let upper = integer(a.to_bits() >> 32);
    let moved = upper.wrapping_add(ONE.wrapping_sub(split).cast_signed());
    ((moved.cast_unsigned() >> 20) & 2047).cast_signed() - 1023
}
