//! What the interpreter gives for each operation, at the values where JavaScript and hardware part.
#![allow(clippy::float_cmp)] // bits are compared

use lanewise_jit::interpret::operation;
use lanewise_jit::op::Op;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const TINY: f64 = 5e-324;
const LEAST_NORMAL: f64 = f64::MIN_POSITIVE;
const MOST: f64 = f64::MAX;
/// 2^31, 2^32, 2^53.
const P31: f64 = 2_147_483_648.0;
const P32: f64 = 4_294_967_296.0;
const P53: f64 = 9_007_199_254_740_992.0;

const ONE: u32 = 0x3ff0_0000;
const ROOT: u32 = 0x3fe6_a09e;

/// f64 → f64.
fn number(op: Op, args: &[f64], imm: u32) -> f64 {
    f64::from_bits(operation(op, imm, bits(args)))
}

/// f64 → mask.
fn truth(op: Op, args: &[f64]) -> bool {
    match operation(op, 0, bits(args)) {
        0 => false,
        1 => true,
        bits => panic!("{op:?} gives {bits}"),
    }
}

/// i32 → i32; the upper half of each has to be 0.
fn integer(op: Op, args: &[i32]) -> i32 {
    let mut bits = [0; 3];
    for (to, from) in bits.iter_mut().zip(args) {
        *to = u64::from(from.cast_unsigned());
    }
    u32::try_from(operation(op, 0, bits)).unwrap().cast_signed()
}

fn bits(args: &[f64]) -> [u64; 3] {
    let mut bits = [0; 3];
    for (to, from) in bits.iter_mut().zip(args) {
        *to = from.to_bits();
    }
    bits
}

fn assert_numbers(op: Op, cases: &[(&[f64], f64)]) {
    for (args, wanted) in cases {
        let got = number(op, args, 0);
        assert!(same(got, *wanted), "{op:?} of {args:?} is {wanted:?}, not {got:?}");
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

#[test]
fn arithmetic_rounds_to_nearest_and_flushes_nothing() {
    assert_numbers(
        Op::Add,
        &[
            (&[-0.0, -0.0], -0.0),
            (&[0.0, -0.0], 0.0),
            (&[P53, 1.0], P53),
            (&[INF, -INF], NAN),
        ],
    );
    assert_numbers(
        Op::Sub,
        &[
            (&[1.0, 1.0], 0.0),
            (&[-0.0, 0.0], -0.0),
            (&[LEAST_NORMAL, TINY], LEAST_NORMAL - TINY),
        ],
    );
    assert_numbers(
        Op::Mul,
        &[
            (&[-0.0, 1.0], -0.0),
            (&[0.0, INF], NAN),
            (&[1e308, 10.0], INF),
            (&[TINY, 0.5], 0.0),
        ],
    );
    assert_numbers(
        Op::Div,
        &[
            (&[1.0, -0.0], -INF),
            (&[0.0, 0.0], NAN),
            (&[LEAST_NORMAL, 2.0], LEAST_NORMAL / 2.0),
        ],
    );
    assert_numbers(
        Op::Neg,
        &[(&[0.0], -0.0), (&[-0.0], 0.0), (&[INF], -INF), (&[NAN], NAN)],
    );
    assert_numbers(Op::Abs, &[(&[-0.0], 0.0), (&[-INF], INF), (&[-TINY], TINY)]);
    assert_numbers(
        Op::Sqrt,
        &[
            (&[-0.0], -0.0),
            (&[-1.0], NAN),
            (&[2.0], std::f64::consts::SQRT_2),
            (&[INF], INF),
        ],
    );
}

#[test]
fn numbers_are_rounded_to_integers_with_their_sign() {
    assert_numbers(
        Op::Floor,
        &[
            (&[-0.5], -1.0),
            (&[-0.0], -0.0),
            (&[0.5], 0.0),
            (&[-P53], -P53),
            (&[NAN], NAN),
        ],
    );
    assert_numbers(
        Op::Ceil,
        &[(&[-0.5], -0.0), (&[TINY], 1.0), (&[1e308], 1e308), (&[-INF], -INF)],
    );
    assert_numbers(Op::Trunc, &[(&[-0.9], -0.0), (&[2.9], 2.0), (&[-P31 - 0.5], -P31)]);
    assert_numbers(
        Op::Round,
        &[
            (&[0.5], 1.0),
            (&[-0.5], -0.0),
            (&[-0.2], -0.0),
            (&[-0.0], -0.0),
            (&[2.5], 3.0),
            (&[-2.5], -2.0),
            (&[-2.6], -3.0),
            (&[0.499_999_999_999_999_94], 0.0),
            (&[4_503_599_627_370_495.5], 4_503_599_627_370_496.0),
            (&[P53 - 1.0], P53 - 1.0),
            (&[-INF], -INF),
            (&[NAN], NAN),
        ],
    );
    assert_numbers(
        Op::Fround,
        &[
            (&[0.1], f64::from(0.1_f32)),
            (&[1e308], INF),
            (&[1e-46], 0.0),
            (&[-1e-46], -0.0),
        ],
    );
}

#[test]
fn the_lesser_is_that_of_javascript() {
    assert_numbers(
        Op::Min,
        &[
            (&[0.0, -0.0], -0.0),
            (&[-0.0, 0.0], -0.0),
            (&[NAN, 1.0], NAN),
            (&[1.0, NAN], NAN),
        ],
    );
    assert_numbers(
        Op::Max,
        &[
            (&[0.0, -0.0], 0.0),
            (&[-0.0, 0.0], 0.0),
            (&[-0.0, -0.0], -0.0),
            (&[NAN, INF], NAN),
        ],
    );
    assert_numbers(Op::Min, &[(&[-INF, INF], -INF), (&[2.0, 1.0], 1.0), (&[1.0, 2.0], 1.0)]);
    assert_numbers(
        Op::Max,
        &[
            (&[-INF, INF], INF),
            (&[2.0, 1.0], 2.0),
            (&[1.0, 2.0], 2.0),
            (&[1.0, NAN], NAN),
        ],
    );
    // The second where neither is less.
    assert_numbers(
        Op::Lesser,
        &[
            (&[0.0, -0.0], -0.0),
            (&[-0.0, 0.0], 0.0),
            (&[NAN, 1.0], 1.0),
            (&[1.0, NAN], NAN),
        ],
    );
    assert_numbers(
        Op::Greater,
        &[
            (&[0.0, -0.0], -0.0),
            (&[-0.0, 0.0], 0.0),
            (&[NAN, 1.0], 1.0),
            (&[1.0, NAN], NAN),
        ],
    );
}

#[test]
fn remainders_are_exact_and_have_the_sign_of_the_first() {
    assert_numbers(
        Op::RemPow2,
        &[
            (&[-4.0, 2.0], -0.0),
            (&[-5.5, 4.0], -1.5),
            (&[-0.0, 1.0], -0.0),
            (&[INF, 2.0], NAN),
        ],
    );
    assert_numbers(
        Op::RemPow2,
        &[(&[1e308, 8.0], 0.0), (&[TINY, 1.0], TINY), (&[NAN, 1.0], NAN)],
    );
    assert_numbers(
        Op::RemInt,
        &[
            (&[-7.0, 7.0], -0.0),
            (&[4_503_599_627_370_495.0, 3.0], 0.0),
            (&[-8.0, -3.0], -2.0),
        ],
    );
}

#[test]
fn powers_of_two_are_taken_apart_and_put_together() {
    assert_numbers(
        Op::Pow2,
        &[
            (&[0.0], 1.0),
            (&[-1022.0], LEAST_NORMAL),
            (&[1023.0], 2.0_f64.powi(1023)),
            (&[-0.0], 1.0),
        ],
    );
    assert_numbers(
        Op::Scalb,
        &[
            (&[1.0, -1074.0], TINY),
            (&[1.0, -1075.0], 0.0), // half of the least, to even
            (&[1.5, -1075.0], TINY),
            (&[-1.0, -1080.0], -0.0),
            (&[1.5, -1074.0], 2.0 * TINY),
            (&[1.999_999_999_999_999_8, 1023.0], MOST),
            (&[1.0, 1024.0], INF),
            (&[0.5, 1024.0], 2.0_f64.powi(1023)),
            (&[-3.5, 1.0], -7.0),
            (&[NAN, 3.0], NAN),
        ],
    );
    for (x, split, k, m) in [
        (1.0, ONE, 0.0, 1.0),
        (LEAST_NORMAL, ONE, -1022.0, 1.0),
        (MOST, ONE, 1023.0, 1.999_999_999_999_999_8),
        (MOST, ROOT, 1024.0, 0.999_999_999_999_999_9),
        (1.5, ROOT, 1.0, 0.75),
        (1.25, ROOT, 0.0, 1.25),
        (0.75, ONE, -1.0, 1.5),
    ] {
        assert_eq!(
            (number(Op::Exponent, &[x], split), number(Op::Mantissa, &[x], split)),
            (k, m),
            "of {x:?}"
        );
    }
}

#[test]
fn comparisons_are_false_with_nan_but_for_one() {
    for op in [Op::Eq, Op::Lt, Op::Le, Op::Gt, Op::Ge] {
        assert!(
            !truth(op, &[NAN, NAN]) && !truth(op, &[NAN, 1.0]) && !truth(op, &[1.0, NAN]),
            "{op:?}"
        );
    }
    assert!(truth(Op::Ne, &[NAN, NAN]) && truth(Op::Ne, &[1.0, NAN]) && !truth(Op::Ne, &[-0.0, 0.0]));
    assert!(truth(Op::Eq, &[0.0, -0.0]) && truth(Op::Le, &[0.0, -0.0]) && truth(Op::Ge, &[-0.0, 0.0]));
    assert!(!truth(Op::Lt, &[-0.0, 0.0]) && !truth(Op::Gt, &[0.0, -0.0]));
    assert!(truth(Op::Lt, &[-INF, INF]) && truth(Op::Gt, &[TINY, 0.0]) && !truth(Op::Gt, &[INF, INF]));
    assert!(truth(Op::Signbit, &[-0.0]) && truth(Op::Signbit, &[-INF]) && !truth(Op::Signbit, &[0.0]));
    for (n, k, wanted) in [
        (5.0, 0.0, true),
        (5.0, 1.0, false),
        (-2.0, 1.0, true),
        (1.0 - P31, 0.0, true),
        (-0.0, 0.0, false),
    ] {
        assert_eq!(truth(Op::Bit, &[n, k]), wanted, "bit {k} of {n}");
    }
}

#[test]
fn masks_are_truth_values() {
    let gives = |op, p, q| operation(op, 0, [p, q, 0]);
    for (p, q) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(
            (gives(Op::And, p, q), gives(Op::Or, p, q), gives(Op::Xor, p, q)),
            (p & q, p | q, p ^ q)
        );
    }
    assert_eq!((gives(Op::Not, 0, 0), gives(Op::Not, 1, 0)), (1, 0));
    assert_eq!(
        (operation(Op::Select, 0, [1, 7, 9]), operation(Op::Select, 0, [0, 7, 9])),
        (7, 9)
    );
    assert_eq!((gives(Op::MaskToI32, 1, 0), gives(Op::MaskToI32, 0, 0)), (1, 0));
    assert_eq!(
        (gives(Op::MaskToF64, 1, 0), gives(Op::MaskToF64, 0, 0)),
        (1.0_f64.to_bits(), 0)
    );
}

#[test]
fn integers_wrap() {
    let cases: [(Op, &[i32], i32); 27] = [
        (Op::AddI32, &[i32::MAX, 1], i32::MIN),
        (Op::SubI32, &[i32::MIN, 1], i32::MAX),
        (Op::MulI32, &[65_536, 65_537], 65_536),
        (Op::MulI32, &[i32::MIN, -1], i32::MIN),
        (Op::DivI32, &[i32::MIN, -1], i32::MIN),
        (Op::DivI32, &[7, 0], 0),
        (Op::DivI32, &[-7, 2], -3),
        (Op::RemI32, &[7, -3], 1),
        (Op::RemI32, &[i32::MAX, i32::MIN], i32::MAX),
        (Op::RemI32, &[i32::MAX, -1], 0),
        (Op::AndI32, &[-1, 0x5555], 0x5555),
        (Op::OrI32, &[i32::MIN, 1], i32::MIN + 1),
        (Op::XorI32, &[-1, i32::MAX], i32::MIN),
        (Op::NotI32, &[0], -1),
        (Op::Shl, &[1, 31], i32::MIN),
        (Op::Shl, &[1, 32], 1),
        (Op::Shl, &[1, -1], i32::MIN),
        (Op::Sar, &[i32::MIN, 31], -1),
        (Op::Sar, &[-5, 33], -3),
        (Op::Shr, &[-1, 31], 1),
        (Op::Shr, &[-1, 0], -1),
        (Op::Shr, &[i32::MIN, 33], 1 << 30),
        (Op::Clz32, &[0], 32),
        (Op::Clz32, &[-1], 0),
        (Op::Clz32, &[1], 31),
        (Op::LtI32, &[i32::MIN, i32::MAX], 1),
        (Op::GeI32, &[-1, 0], 0),
    ];
    for (op, args, wanted) in cases {
        assert_eq!(integer(op, args), wanted, "{op:?} of {args:?}");
    }
    for (a, b) in [(-1, 1), (1, -1), (5, 5)] {
        let compared =
            [Op::EqI32, Op::NeI32, Op::LtI32, Op::LeI32, Op::GtI32, Op::GeI32].map(|op| integer(op, &[a, b]) == 1);
        assert_eq!(compared, [a == b, a != b, a < b, a <= b, a > b, a >= b], "{a} and {b}");
    }
}

#[test]
fn doubles_become_integers_modulo_2_to_the_32() {
    for (x, wanted) in [
        (NAN, 0),
        (INF, 0),
        (-INF, 0),
        (-0.0, 0),
        (-0.9, 0),
        (P31, i32::MIN),
        (P31 - 0.5, i32::MAX),
        (-P31, i32::MIN),
        (-P31 - 1.0, i32::MAX),
        (P32, 0),
        (P32 + 3.5, 3),
        (-P32 - 3.0, -3),
        (P53 + 2.0, 2),
        (-P53 - 2.0, -2),
        (9_223_372_036_854_775_808.0, 0),
        (1e22, -1_304_428_544),
        (1e308, 0),
        (TINY, 0),
    ] {
        let got = u32::try_from(operation(Op::ToI32, 0, bits(&[x])))
            .unwrap()
            .cast_signed();
        assert_eq!(got, wanted, "of {x:?}");
    }
    let widened = |op, x: i32| f64::from_bits(operation(op, 0, [u64::from(x.cast_unsigned()), 0, 0]));
    assert_eq!(
        (widened(Op::I32ToF64, i32::MIN), widened(Op::I32ToF64, -1)),
        (-P31, -1.0)
    );
    assert_eq!(
        (widened(Op::U32ToF64, i32::MIN), widened(Op::U32ToF64, -1)),
        (P31, P32 - 1.0)
    );
}
