//! What holds of a call, whichever the operations: how many rows and inputs it has, and how it is left.

mod support;

use lanewise_jit::interpret::{Captured, interpret};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::{Captures, Kernel};
use lanewise_jit::op::Op;
use lanewise_jit::program::{Code, Operand, Program, Statement, Type};
use support::builder::{Builder, check};
use support::run;

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
