//! Each operation, by each family of instructions, has the bits that the interpreter gives.

mod support;

use lanewise_jit::interpret::{Captured, interpret};
use lanewise_jit::op::{OPS, Op};
use lanewise_jit::program::{Operand, Type};
use support::builder::{Builder, check};

/// Numbers at which doubles and 32-bit integers change their ways.
const EDGES: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    -2.5,
    0.499_999_999_999_999_94,
    7.0,
    -7.25,
    31.0,
    33.0,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    5e-324,
    -2.225_073_858_507_201_4e-308,
    2_147_483_647.0,
    2_147_483_648.0,
    -2_147_483_648.0,
    -2_147_483_649.0,
    4_294_967_295.0,
    4_294_967_301.0,
    4_503_599_627_370_495.5,
    9_007_199_254_740_992.0,
    -9_007_199_254_740_994.0,
    9_223_372_036_854_775_808.0,
    -18_446_744_073_709_555_712.0,
    1e308,
    -1e308,
];

/// Each number with each.
fn pairs(numbers: &[f64]) -> Vec<Vec<f64>> {
    let all = || numbers.iter().flat_map(|&a| numbers.iter().map(move |&b| (a, b)));
    vec![all().map(|(a, _)| a).collect(), all().map(|(_, b)| b).collect()]
}

/// What an operation is defined for.
fn numbers_of(op: Op) -> Vec<f64> {
    match op {
        Op::Pow2 => (-1022..=1023).map(f64::from).collect(),
        Op::Bit => (-9..9)
            .map(f64::from)
            .chain([2_147_483_647.0, -2_147_483_647.0])
            .collect(),
        Op::Exponent | Op::Mantissa => EDGES.iter().copied().filter(|x| x.is_normal() && *x > 0.0).collect(),
        Op::Signbit => EDGES.iter().copied().filter(|x| !x.is_nan()).collect(),
        Op::RemInt => vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            7.0,
            -9.0,
            1e15,
            4_503_599_627_370_495.0,
            -4_503_599_627_370_494.0,
            3e9,
        ],
        _ => EDGES.to_vec(),
    }
}

#[test]
fn each_operation_has_the_bits_of_the_interpreter() {
    for &op in OPS {
        if matches!(op, Op::Get | Op::Rem | Op::Gather | Op::Select | Op::Scalb) {
            continue; // no row, or a test of its own
        }
        let constants: Vec<Option<Operand>> = match op {
            Op::RemPow2 => [1.0, 2.0, 1024.0, 2_f64.powi(1000)]
                .map(|b| Some(Operand::Const(b)))
                .to_vec(),
            Op::Bit => [0.0, 1.0].map(|b| Some(Operand::Const(b))).to_vec(),
            Op::Shl | Op::Sar | Op::Shr => [None, Some(0), Some(1), Some(31), Some(33), Some(-1)]
                .map(|b| b.map(Operand::ConstI32))
                .to_vec(),
            _ => vec![None],
        };
        let words: &[u32] = if matches!(op, Op::Exponent | Op::Mantissa) {
            &[0x3ff0_0000, 0x3fe6_a09e]
        } else {
            &[0]
        };
        for constant in constants {
            for &word in words {
                let mut builder = Builder::default();
                let types = op.args();
                let args: Vec<Operand> = types
                    .iter()
                    .enumerate()
                    .map(|(i, &ty)| match constant {
                        Some(constant) if i == 1 => constant,
                        _ => builder.typed(Operand::Input(i), ty),
                    })
                    .collect();
                let result = builder.op(op, op.result(), &args, word);
                let numbers = numbers_of(op);
                let mut inputs = if types.len() == 1 {
                    vec![numbers]
                } else {
                    pairs(&numbers)
                };
                if matches!(op, Op::RemInt | Op::RemI32) {
                    // The divisor is not 0; a dividend of RemI32 is not below it.
                    let keep: Vec<bool> = inputs[0]
                        .iter()
                        .zip(&inputs[1])
                        .map(|(&a, &b)| {
                            let of = |x: f64| if op == Op::RemI32 { low_dword(x) } else { x };
                            of(b) != 0.0 && (op == Op::RemInt || of(a) >= 0.0)
                        })
                        .collect();
                    for column in &mut inputs {
                        let mut keep = keep.iter();
                        column.retain(|_| *keep.next().expect("as many"));
                    }
                }
                let program = builder.program(result, op.result(), types.len());
                check(&format!("{op:?}"), &program, &Captured::default(), &inputs);
            }
        }
    }
}

fn low_dword(x: f64) -> f64 {
    let mut builder = Builder::default();
    let value = builder.typed(Operand::Input(0), Type::I32);
    let program = builder.program(value, Type::I32, 1);
    interpret(&program, &Captured::default(), &[vec![x]])[0]
}

#[test]
fn a_select_chooses_values_of_each_type() {
    for ty in [Type::F64, Type::I32, Type::Mask] {
        for mask in [Op::Gt, Op::Signbit] {
            let mut builder = Builder::default();
            let args = if mask == Op::Gt {
                vec![Operand::Input(0), Operand::Const(0.0)]
            } else {
                vec![Operand::Input(0)]
            };
            let mask = builder.op(mask, Type::Mask, &args, 0);
            let one = builder.typed(Operand::Input(1), ty);
            let other = builder.op(Op::Neg, Type::F64, &[Operand::Input(1)], 0);
            let other = builder.typed(other, ty);
            let result = builder.op(Op::Select, ty, &[mask, one, other], 0);
            let program = builder.program(result, ty, 2);
            let numbers: Vec<f64> = EDGES.iter().copied().filter(|x| !x.is_nan()).collect();
            check("Select", &program, &Captured::default(), &pairs(&numbers));
        }
    }
}

#[test]
fn a_scaled_number_is_rounded_once() {
    let mut builder = Builder::default();
    let result = builder.op(Op::Scalb, Type::F64, &[Operand::Input(0), Operand::Input(1)], 0);
    let program = builder.program(result, Type::F64, 2);
    let numbers = [
        0.5,
        1.0,
        -0.75,
        1.999_999_999_999_999_8,
        3.999_999_999_999_999_6,
        -1.5,
        f64::NAN,
    ];
    let powers: Vec<f64> = (-1080..=1030).map(f64::from).collect();
    let inputs = vec![
        numbers.iter().flat_map(|&p| powers.iter().map(move |_| p)).collect(),
        numbers.iter().flat_map(|_| powers.iter().copied()).collect(),
    ];
    check("Scalb", &program, &Captured::default(), &inputs);
}

#[test]
fn a_table_gives_its_entries_and_nan_elsewhere() {
    let table: Vec<f64> = (0..9).map(|i| f64::from(i) * 1.5 - 3.0).collect();
    for (index, tables) in [(Operand::Input(0), vec![table]), (Operand::Input(0), vec![Vec::new()])] {
        let mut builder = Builder::default();
        let result = builder.op(Op::Gather, Type::F64, &[index], 0);
        let mut program = builder.program(result, Type::F64, 1);
        program.tables = tables.len();
        let captured = Captured {
            uniforms: Vec::new(),
            tables,
        };
        let inputs = EDGES.iter().copied().chain((-3..12).map(f64::from)).collect();
        check("Gather", &program, &captured, &[inputs]);
    }
}

#[test]
fn what_is_the_same_in_all_lanes_is_computed_too() {
    let mut builder = Builder::default();
    let sum = builder.op(Op::Add, Type::F64, &[Operand::Uniform(0), Operand::Uniform(1)], 0);
    let entry = builder.op(Op::Gather, Type::F64, &[sum], 0);
    let product = builder.op(Op::Mul, Type::F64, &[entry, Operand::Length(0)], 0);
    let result = builder.op(Op::Sub, Type::F64, &[product, Operand::Input(0)], 0);
    let mut program = builder.program(result, Type::F64, 1);
    (program.uniforms, program.tables) = (2, 1);
    let captured = Captured {
        uniforms: vec![1.0, 2.0],
        tables: vec![vec![0.5, 1.5, 2.5, 3.5, 4.5]],
    };
    check("uniform", &program, &captured, &[(0..70).map(f64::from).collect()]);
}

#[test]
fn comparisons_with_a_constant_on_either_side_and_their_opposites_hold() {
    for op in [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge] {
        for constant in [1.5, -0.0, f64::NAN, f64::INFINITY] {
            for is_first in [false, true] {
                for is_negated in [false, true] {
                    let mut builder = Builder::default();
                    // In a register, so that the constant is what stands in memory.
                    let x = builder.op(Op::Abs, Type::F64, &[Operand::Input(0)], 0);
                    let mut args = [x, Operand::Const(constant)];
                    if is_first {
                        args.swap(0, 1);
                    }
                    let mut holds = builder.op(op, Type::Mask, &args, 0);
                    if is_negated {
                        holds = builder.op(Op::Not, Type::Mask, &[holds], 0);
                    }
                    let program = builder.program(holds, Type::Mask, 1);
                    let numbers = EDGES.iter().copied().chain([1.4, 1.6]).collect();
                    let name = format!("{op:?} of {constant}, first: {is_first}, negated: {is_negated}");
                    check(&name, &program, &Captured::default(), &[numbers]);
                }
            }
        }
    }
}
