//! Elements of typed arrays as numbers: every kind but the two of big integers, both ways, as JavaScript converts them.

#![allow(clippy::inline_always)] // `store` is made for two kinds of processor, with all that it calls

/// The kind of a typed array, by the number that Node-API gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int8,
    Uint8,
    Uint8Clamped,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Float16,
    Float32,
    Float64,
}

impl Kind {
    /// From `napi_typedarray_type`; `None` for big integers and for kinds that are not known yet.
    pub fn from_node_api(code: i32) -> Option<Self> {
        Some(match code {
            0 => Self::Int8,
            1 => Self::Uint8,
            2 => Self::Uint8Clamped,
            3 => Self::Int16,
            4 => Self::Uint16,
            5 => Self::Int32,
            6 => Self::Uint32,
            7 => Self::Float32,
            8 => Self::Float64,
            11 => Self::Float16,
            _ => return None,
        })
    }

    pub fn bytes(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 | Self::Uint8Clamped => 1,
            Self::Int16 | Self::Uint16 | Self::Float16 => 2,
            Self::Int32 | Self::Uint32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }
}

/// Reads elements from `from` on as numbers, one for each of `to`.
///
/// # Safety
///
/// `from` is aligned for the kind and begins as many elements as `to` has. Others may write them meanwhile: then any
/// value may be read.
#[allow(clippy::multiple_unsafe_ops_per_block, clippy::cast_ptr_alignment)] // one of them runs, on its own kind
pub unsafe fn load(kind: Kind, from: *const u8, to: &mut [f64]) {
    // SAFETY: the promise of this function is that of `read`, for the type of the kind.
    unsafe {
        match kind {
            Kind::Int8 => read(from.cast(), to, |x: i8| f64::from(x)),
            Kind::Uint8 | Kind::Uint8Clamped => read(from, to, |x: u8| f64::from(x)),
            Kind::Int16 => read(from.cast(), to, |x: i16| f64::from(x)),
            Kind::Uint16 => read(from.cast(), to, |x: u16| f64::from(x)),
            Kind::Int32 => read(from.cast(), to, |x: i32| f64::from(x)),
            Kind::Uint32 => read(from.cast(), to, |x: u32| f64::from(x)),
            Kind::Float16 => read(from.cast(), to, f64_from_half),
            Kind::Float32 => read(from.cast(), to, |x: f32| f64::from(x)),
            Kind::Float64 => read(from.cast(), to, |x: f64| x),
        }
    }
}

/// Stores numbers from `to` on, each converted as the kind's typed array converts it.
///
/// Cost: with AVX2 some 0.2 ns a number; integers of 2^51 and more in size, and NaN, cost 1 ns.
///
/// # Safety
///
/// As for `load`; and no other call may be storing to the same elements.
pub unsafe fn store(kind: Kind, from: &[f64], to: *mut u8) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2; else our caller's promise.
        return unsafe { store_by_avx2(kind, from, to) };
    }
    // SAFETY: our caller's promise.
    unsafe { store_as(kind, from, to) }
}

/// The same code for four numbers at a time.
///
/// # Safety
///
/// As for `store`; the processor has AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn store_by_avx2(kind: Kind, from: &[f64], to: *mut u8) {
    // SAFETY: our caller's promise.
    unsafe { store_as(kind, from, to) }
}

/// # Safety
///
/// As for `store`.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // wrapping and rounding is what is asked for
#[allow(clippy::multiple_unsafe_ops_per_block, clippy::cast_ptr_alignment)] // one of them runs, on its own kind
unsafe fn store_as(kind: Kind, from: &[f64], to: *mut u8) {
    // SAFETY: the promise of this function is that of `write`, for the type of the kind.
    unsafe {
        match kind {
            Kind::Int8 => write_integers(from, to.cast(), |x| x as i8),
            Kind::Uint8 => write_integers(from, to, |x| x as u8),
            Kind::Uint8Clamped => write(from, to, clamped),
            Kind::Int16 => write_integers(from, to.cast(), |x| x as i16),
            Kind::Uint16 => write_integers(from, to.cast(), |x| x as u16),
            Kind::Int32 => write_integers(from, to.cast(), |x| x),
            Kind::Uint32 => write_integers(from, to.cast(), |x| x as u32),
            Kind::Float16 => write(from, to.cast(), half_from_f64),
            Kind::Float32 => write(from, to.cast(), |x| x as f32),
            Kind::Float64 => write(from, to.cast(), |x| x),
        }
    }
}

/// # Safety
///
/// As for `load`.
unsafe fn read<T: Copy>(from: *const T, to: &mut [f64], convert: impl Fn(T) -> f64) {
    for (i, to) in to.iter_mut().enumerate() {
        // SAFETY: `from` begins `to.len()` elements. A raw pointer, never a reference: JavaScript may write here.
        *to = convert(unsafe { from.wrapping_add(i).read() });
    }
}

/// # Safety
///
/// As for `store`.
#[inline(always)]
unsafe fn write<T>(from: &[f64], to: *mut T, convert: impl Fn(f64) -> T) {
    for (i, &value) in from.iter().enumerate() {
        // SAFETY: `to` begins `from.len()` elements, and nobody else stores to them.
        unsafe { to.wrapping_add(i).write(convert(value)) };
    }
}

/// Numbers that are looked at together. More are seldom all small, fewer are looked at too often.
const GROUP: usize = 32;

/// Writes each number's `ToInt32`.
///
/// # Safety
///
/// As for `store`.
#[inline(always)]
unsafe fn write_integers<T>(from: &[f64], to: *mut T, convert: impl Fn(i32) -> T) {
    for (group, at) in from.chunks(GROUP).zip((0..).step_by(GROUP)) {
        let to = to.wrapping_add(at);
        // No short cut: a loop that may end early is done one by one.
        if group.iter().fold(true, |all, x| all & (x.abs() < TWO_51)) {
            // SAFETY: our caller's promise; a group is a part.
            unsafe { write(group, to, |x| convert(low_dword(x.trunc()))) };
        } else {
            // SAFETY: as above.
            unsafe { write(group, to, |x| convert(to_int32(x))) };
        }
    }
}

const TWO_51: f64 = 2_251_799_813_685_248.0;

/// The low 32 bits of an integer below 2^51 in size, in two's complement. Of another number there, of the integer nearest to it, ties to even.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // the low bits are what is asked for
fn low_dword(x: f64) -> i32 {
    (x + 3.0 * TWO_51).to_bits() as i32
}

/// As a `Uint8ClampedArray` converts: to the nearest integer, ties to even, from 0 to 255; 0 of NaN.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 255 by then
fn clamped(x: f64) -> u8 {
    let positive = if x > 0.0 { x } else { 0.0 };
    low_dword(if positive < 255.0 { positive } else { 255.0 }) as u8
}

/// ECMAScript's `ToInt32`: towards zero, then modulo 2^32; 0 for what is not finite.
#[allow(clippy::cast_possible_truncation)] // the low 32 bits are what is asked for
pub fn to_int32(x: f64) -> i32 {
    const TWO_63: f64 = 9_223_372_036_854_775_808.0;
    if x.abs() < TWO_63 {
        return x as i64 as i32;
    }
    // From 2^63 on a number is m * 2^e with an integer m of 53 bits and e > 10.
    let bits = x.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let shift = exponent.wrapping_sub(1075);
    if shift > 31 {
        return 0; // all 32 low bits are 0, or x is not finite
    }
    let low = ((bits & 0xf_ffff_ffff_ffff) << shift) as i32;
    if x < 0.0 { low.wrapping_neg() } else { low }
}

/// The value of a half-precision float.
pub fn f64_from_half(half: u16) -> f64 {
    let exponent = i32::from(half >> 10 & 0x1f);
    let fraction = f64::from(half & 0x3ff);
    let magnitude = match exponent {
        0 => fraction * power_of_two(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * power_of_two(exponent - 25),
    };
    if half & 0x8000 == 0 { magnitude } else { -magnitude }
}

/// The half-precision float nearest to `x`, ties to even; rounded once, not by way of single precision.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small non-negative integers by then
pub fn half_from_f64(x: f64) -> u16 {
    const SMALLEST_NORMAL: f64 = 1.0 / 16_384.0;
    const FIRST_INFINITE: f64 = 65_520.0; // halfway from the largest half to the next power of two
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = x.abs();
    let bits = if x.is_nan() {
        0x7e00
    } else if magnitude >= FIRST_INFINITE {
        0x7c00
    } else if magnitude < SMALLEST_NORMAL {
        // In units of 2^-24; 1024 of them are the smallest normal, whose bits are 1024.
        (magnitude * power_of_two(24)).round_ties_even() as u16
    } else {
        let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
        let fraction = (magnitude * power_of_two(10 - exponent)).round_ties_even() as u16;
        // 1024 to 2048; a carry into the exponent is right as it is.
        (((exponent + 14) as u16) << 10) + fraction
    };
    sign | bits
}

/// 2^n for a normal result.
#[allow(clippy::cast_sign_loss)] // positive by the callers' ranges
fn power_of_two(n: i32) -> f64 {
    debug_assert!((-1022..=1023).contains(&n));
    f64::from_bits(((n + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_int32_wraps_as_javascript_does() {
        let cases = [
            (0.0, 0),
            (-0.9, 0),
            (2_147_483_648.0, i32::MIN),
            (-2_147_483_649.0, i32::MAX),
            (4_294_967_297.5, 1),
            (f64::NAN, 0),
            (f64::INFINITY, 0),
            (9_007_199_254_740_991.0, -1),
            (9_223_372_036_854_775_808.0, 0),
            (9_223_372_036_854_777_856.0, 2048),
            (-9_223_372_036_854_777_856.0, -2048),
            (1e300, 0),
        ];
        for (x, expected) in cases {
            assert_eq!(to_int32(x), expected, "{x}");
        }
    }

    #[test]
    fn integers_are_stored_as_to_int32_says_whatever_stands_beside_them() {
        let edges = [
            0.0,
            -0.0,
            0.5,
            -0.5,
            -0.9,
            1.5,
            2.5,
            254.5,
            255.5,
            1e9,
            -1.0,
            -128.5,
            2_147_483_647.5,
            2_147_483_648.0,
            -2_147_483_649.0,
            4_294_967_295.9,
            TWO_51 - 0.5,
            TWO_51,
            1.5 - TWO_51,
            -TWO_51,
            9_007_199_254_740_991.0,
            9_223_372_036_854_777_856.0,
            1e300,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MIN_POSITIVE,
        ];
        // In every group a single one of them among small numbers, at each of several lengths.
        for len in [1, 3, 31, 32, 33, 64, 100] {
            for (n, &edge) in edges.iter().enumerate() {
                let mut values: Vec<f64> = (0..len).map(|i| f64::from(i) * -3.7).collect();
                let at = n % values.len();
                values[at] = edge;
                let mut wide = vec![7_i32; values.len()];
                let mut narrow = vec![7_u8; values.len()];
                // SAFETY: as many elements as values.
                unsafe { store(Kind::Int32, &values, wide.as_mut_ptr().cast()) };
                // SAFETY: as above.
                unsafe { store(Kind::Uint8, &values, narrow.as_mut_ptr()) };
                let expected: Vec<i32> = values.iter().map(|&x| to_int32(x)).collect();
                assert_eq!(wide, expected, "{edge} at {at} of {len}");
                assert!(
                    narrow
                        .iter()
                        .zip(&expected)
                        .all(|(&byte, &int)| i32::from(byte) == int & 0xff)
                );
            }
        }
    }

    #[test]
    fn every_half_survives_the_way_to_f64_and_back() {
        for half in 0..=u16::MAX {
            let back = half_from_f64(f64_from_half(half));
            let is_nan = half & 0x7c00 == 0x7c00 && half & 0x3ff != 0;
            assert!(
                if is_nan { back & 0x7fff == 0x7e00 } else { back == half },
                "{half:#06x} came back as {back:#06x}"
            );
        }
    }

    #[test]
    fn a_number_becomes_the_nearest_half_and_ties_go_to_even() {
        for half in 0..0x7bff_u16 {
            let (low, high) = (f64_from_half(half), f64_from_half(half + 1));
            let middle = f64::midpoint(low, high); // exact: halves have 11 bits
            assert_eq!(
                half_from_f64(middle),
                half + (half & 1),
                "between {half:#06x} and the next"
            );
            assert_eq!(half_from_f64(middle.next_down()), half);
            assert_eq!(half_from_f64(-middle.next_up()), (half + 1) | 0x8000);
        }
        assert_eq!(half_from_f64(65_519.999), 0x7bff);
        assert_eq!(half_from_f64(65_520.0), 0x7c00);
        assert_eq!(half_from_f64(5e-324), 0);
        assert_eq!(half_from_f64(-0.0), 0x8000);
    }

    #[test]
    fn clamped_bytes_round_half_to_even() {
        let values = [-1.0, 0.5, 1.5, 2.5, 254.5, 255.5, 1e9, f64::NAN, f64::NEG_INFINITY];
        let mut bytes = [9_u8; 9];
        // SAFETY: nine values, nine bytes.
        unsafe { store(Kind::Uint8Clamped, &values, bytes.as_mut_ptr()) };
        assert_eq!(bytes, [0, 0, 2, 2, 254, 255, 255, 0, 0]);
    }
}
