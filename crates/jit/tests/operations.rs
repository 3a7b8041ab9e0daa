//! Each operation, by each family of instructions, has the bits that the interpreter gives.

mod support;

use lanewise_jit::interpret::{Captured, interpret};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::{Captures, Kernel};
use lanewise_jit::op::{OPS, Op};
use lanewise_jit::program::{Code, Operand, Program, Statement, Type, Value};
use support::run;

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

/// Builds code, value by value.
#[derive(Default)]
struct Builder {
    values: Vec<Value>,
    body: Vec<Statement>,
}

impl Builder {
    fn op(&mut self, op: Op, ty: Type, args: &[Operand], imm: u32) -> Operand {
        self.values.push(Value {
            op,
            ty,
            args: args.to_vec(),
            imm,
        });
        self.body.push(Statement::Let(self.values.len() - 1));
        Operand::Value(self.values.len() - 1)
    }

    /// A number as a value of a type: its bits by `ToInt32`, whether it is above 0.
    fn typed(&mut self, number: Operand, ty: Type) -> Operand {
        match ty {
            Type::F64 => number,
            Type::I32 => self.op(Op::ToI32, Type::I32, &[number], 0),
            Type::Mask => self.op(Op::Gt, Type::Mask, &[number, Operand::Const(0.0)], 0),
        }
    }

    fn program(mut self, result: Operand, ty: Type, inputs: usize) -> Program {
        let result = match ty {
            Type::F64 => result,
            Type::I32 => self.op(Op::I32ToF64, Type::F64, &[result], 0),
            Type::Mask => self.op(Op::MaskToF64, Type::F64, &[result], 0),
        };
        self.body.push(Statement::Set {
            variable: 0,
            operand: result,
        });
        Program {
            inputs,
            uniforms: 0,
            tables: 0,
            subroutines: Vec::new(),
            code: Code {
                variables: vec![Type::F64],
                values: self.values,
                body: self.body,
            },
            result: 0,
        }
    }
}

/// The bits, those of one NaN for any.
fn bits(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

fn check(name: &str, program: &Program, captured: &Captured, inputs: &[Vec<f64>]) {
    let rows = inputs.first().map_or(5, Vec::len);
    let wanted = interpret(program, captured, inputs);
    for &isa in Isa::available() {
        let kernel = Kernel::of(program, isa).expect("it compiles");
        for count in [rows, rows - 1, rows - 3] {
            let got = run(&kernel, captured, inputs, count);
            for (i, (got, wanted)) in got.iter().zip(&wanted).enumerate() {
                let row: Vec<f64> = inputs.iter().map(|column| column[i]).collect();
                assert_eq!(
                    bits(*got),
                    bits(*wanted),
                    "{name} on {isa:?} of {row:?}: {got}, not {wanted}"
                );
            }
        }
    }
}

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
fn every_length_is_computed_and_nothing_behind_it() {
    let mut builder = Builder::default();
    let product = builder.op(Op::Mul, Type::F64, &[Operand::Input(0), Operand::Input(1)], 0);
    let result = builder.op(Op::Add, Type::F64, &[product, Operand::Const(0.1)], 0);
    let program = builder.program(result, Type::F64, 2);
    let inputs: Vec<Vec<f64>> = (1..3)
        .map(|k| (0..1000).map(|i| f64::from(i) / f64::from(k) - 7.0).collect())
        .collect();
    let wanted = interpret(&program, &Captured::default(), &inputs);
    for &isa in Isa::available() {
        let kernel = Kernel::of(&program, isa).expect("it compiles");
        for rows in (0..=70).chain([1000]) {
            assert_eq!(
                run(&kernel, &Captured::default(), &inputs, rows),
                wanted[..rows],
                "{rows} rows on {isa:?}"
            );
        }
    }
}

#[test]
fn a_program_of_many_inputs_finds_them_all() {
    let mut builder = Builder::default();
    let mut sum = Operand::Const(0.0);
    for i in 0..20 {
        let doubled = builder.op(Op::Mul, Type::F64, &[Operand::Input(i), Operand::Const(2.0)], 0);
        sum = builder.op(Op::Add, Type::F64, &[sum, doubled], 0);
        sum = builder.op(Op::Sub, Type::F64, &[sum, Operand::Input(i)], 0);
    }
    let program = builder.program(sum, Type::F64, 20);
    let inputs: Vec<Vec<f64>> = (0..20)
        .map(|k| (0..37).map(|i| f64::from(i) * 0.1 + f64::from(k)).collect())
        .collect();
    check("many", &program, &Captured::default(), &inputs);
}

#[test]
fn a_loop_without_end_is_left_when_the_map_is_to_stop() {
    let code = Code {
        variables: vec![Type::F64],
        values: Vec::new(),
        body: vec![
            Statement::Set {
                variable: 0,
                operand: Operand::Input(0),
            },
            Statement::Loop {
                rounds: None,
                body: Vec::new(),
            },
        ],
    };
    let program = Program {
        inputs: 1,
        uniforms: 0,
        tables: 0,
        subroutines: Vec::new(),
        code,
        result: 0,
    };
    for &isa in Isa::available() {
        let kernel = Kernel::of(&program, isa).expect("it compiles");
        let (input, mut out, stop) = ([1.0; 100], [0.0; 100], 1);
        let captures = Captures {
            uniforms: &[],
            tables: &[],
        };
        // SAFETY: a hundred rows each.
        unsafe { kernel.run(captures, &[input.as_ptr()], out.as_mut_ptr(), 100, &raw const stop) };
        assert!(out.iter().all(|&x| x == 0.0), "no row was finished");
    }
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
