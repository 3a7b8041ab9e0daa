//! Programs that a test in Rust writes, and how they are held to the interpreter.

use lanewise_jit::interpret::{Captured, interpret};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::op::Op;
use lanewise_jit::program::{Code, Operand, Program, Statement, Type, Value};

use super::run;

/// Builds code, value by value.
#[derive(Default)]
pub struct Builder {
    values: Vec<Value>,
    body: Vec<Statement>,
}

impl Builder {
    /// Adds an operation: its value.
    pub fn op(&mut self, op: Op, ty: Type, args: &[Operand], imm: u32) -> Operand {
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
    pub fn typed(&mut self, number: Operand, ty: Type) -> Operand {
        match ty {
            Type::F64 => number,
            Type::I32 => self.op(Op::ToI32, Type::I32, &[number], 0),
            Type::Mask => self.op(Op::Gt, Type::Mask, &[number, Operand::Const(0.0)], 0),
        }
    }

    /// The program whose result is this value.
    pub fn program(mut self, result: Operand, ty: Type, inputs: usize) -> Program {
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

/// On each family of instructions a program gives the bits of the interpreter, with rows left over too.
pub fn check(name: &str, program: &Program, captured: &Captured, inputs: &[Vec<f64>]) {
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
