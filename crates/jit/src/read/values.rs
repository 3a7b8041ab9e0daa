//! Values that code computes, and what they are computed of.
#![allow(clippy::float_cmp)] // constants are what they are, or not

use super::code::CodeReader;
use crate::kernel::Refusal;
use crate::op::Op;
use crate::program::{Operand, Type, Value};

/// The words that `exponent` and `mantissa` may have: where their m begins, 1 or √½.
const SPLITS: [u32; 2] = [0x3ff0_0000, 0x3fe6_a09e];

impl CodeReader<'_, '_> {
    pub(super) fn read_value(&mut self, op: Op) -> Result<Value, Refusal> {
        match op {
            Op::Get => {
                let variable = self.read_known_variable()?;
                #[allow(clippy::cast_possible_truncation)] // it was read from a word
                let imm = variable as u32;
                Ok(Value {
                    op,
                    ty: self.variables[variable],
                    args: Vec::new(),
                    imm,
                })
            }
            Op::Select => {
                let condition = self.read_operand(Type::Mask)?;
                let (yes, ty) = self.read_any_operand()?;
                let no = self.read_operand(ty)?;
                Ok(Value {
                    op,
                    ty,
                    args: vec![condition, yes, no],
                    imm: 0,
                })
            }
            Op::Rem => Err(self
                .words
                .refuse("rem is a subroutine in the form for lanes, no operation")),
            _ => {
                let imm = self.read_imm(op)?;
                let args = op
                    .args()
                    .iter()
                    .map(|ty| self.read_operand(*ty))
                    .collect::<Result<Vec<_>, _>>()?;
                if let Some(rule) = flaw(op, &args) {
                    return Err(self.words.refuse(rule));
                }
                Ok(Value {
                    op,
                    ty: op.result(),
                    args,
                    imm,
                })
            }
        }
    }

    fn read_imm(&mut self, op: Op) -> Result<u32, Refusal> {
        match op {
            Op::Exponent | Op::Mantissa => {
                let word = self.words.word()?;
                if SPLITS.contains(&word) {
                    return Ok(word);
                }
                Err(self
                    .words
                    .refuse(&format!("{op:?} splits at 0x3ff00000 or 0x3fe6a09e, not {word:#x}")))
            }
            Op::Gather => {
                let table = self.words.word()?;
                self.check_index("table", table as usize, self.around.tables)?;
                Ok(table)
            }
            _ => Ok(0),
        }
    }

    /// An operand of a type.
    pub(super) fn read_operand(&mut self, wanted: Type) -> Result<Operand, Refusal> {
        let (operand, ty) = self.read_any_operand()?;
        if ty == wanted {
            return Ok(operand);
        }
        Err(self.words.refuse(&format!("an operand is {wanted:?}, not {ty:?}")))
    }

    fn read_any_operand(&mut self) -> Result<(Operand, Type), Refusal> {
        let word = self.words.word()?;
        let index = word >> 3;
        let at = index as usize;
        Ok(match word & 7 {
            0 => {
                let Some(&value) = self.scope.get(at) else {
                    let count = self.scope.len();
                    return Err(self
                        .words
                        .refuse(&format!("value {at} is not one of the {count} in scope")));
                };
                (Operand::Value(value), self.values[value].ty)
            }
            1 => (Operand::Const(self.words.constant(index)?), Type::F64),
            2 => {
                let x = self.words.constant(index)?;
                #[allow(clippy::cast_possible_truncation)] // looked at in the next line
                let integer = x as i32;
                if f64::from(integer).to_bits() != x.to_bits() {
                    return Err(self.words.refuse(&format!("{x} is no i32")));
                }
                (Operand::ConstI32(integer), Type::I32)
            }
            3 => {
                self.check_index("truth value", at, 2)?;
                (Operand::ConstMask(at == 1), Type::Mask)
            }
            4 => {
                self.check_index("input", at, self.around.inputs.len())?;
                (Operand::Input(at), self.around.inputs[at])
            }
            5 => {
                self.check_index("uniform", at, self.around.uniforms)?;
                (Operand::Uniform(at), Type::F64)
            }
            6 => {
                self.check_index("table", at, self.around.tables)?;
                (Operand::Length(at), Type::F64)
            }
            _ => return Err(self.words.refuse(&format!("{word} is no operand"))),
        })
    }

    pub(super) fn check_index(&self, what: &str, index: usize, count: usize) -> Result<(), Refusal> {
        if index < count {
            return Ok(());
        }
        Err(self.words.refuse(&format!("{what} {index} is of {count}")))
    }
}

/// What an operation asks of its operands beyond types, where it has not got that.
fn flaw(op: Op, args: &[Operand]) -> Option<&'static str> {
    match (op, args.last()) {
        (Op::Bit, Some(Operand::Const(x))) if *x == 1.0 || x.to_bits() == 0 => None,
        (Op::Bit, _) => Some("bit takes the constant 0 or 1"),
        (Op::RemPow2, Some(Operand::Const(x))) if is_power_of_2(*x) => None,
        (Op::RemPow2, _) => Some("remPow2 takes a constant 2^k, 0 ≤ k ≤ 1000"),
        _ => None,
    }
}

/// Whether it is 2^k, 0 ≤ k ≤ 1000.
fn is_power_of_2(x: f64) -> bool {
    const FRACTION_BITS: u64 = (1 << 52) - 1;
    const ONE: u64 = 1023;
    x.to_bits() & FRACTION_BITS == 0 && (ONE..=ONE + 1000).contains(&(x.to_bits() >> 52))
}
