//! What differs between lanes: the least that inputs make differ.
//!
//! In the form for lanes all lanes run the same statements, so that a variable differs where it is ever set to what does.

use crate::program::{Code, Operand, Statement};

pub struct Varies {
    values: Vec<bool>,
    variables: Vec<bool>,
}

impl Varies {
    pub fn of(code: &Code) -> Self {
        let mut varies = Self {
            values: vec![false; code.values.len()],
            variables: vec![false; code.variables.len()],
        };
        // Each round but the last finds one at least.
        while varies.visit(code, &code.body) {}
        varies
    }

    pub fn operand(&self, operand: Operand) -> bool {
        match operand {
            Operand::Value(value) => self.values[value],
            Operand::Input(_) => true,
            _ => false,
        }
    }

    pub fn value(&self, value: usize) -> bool {
        self.values[value]
    }

    pub fn variable(&self, variable: usize) -> bool {
        self.variables[variable]
    }

    /// Whether something was found that was not known.
    fn visit(&mut self, code: &Code, body: &[Statement]) -> bool {
        let mut found = false;
        for statement in body {
            match statement {
                Statement::Let(at) => {
                    let value = &code.values[*at];
                    let varies = value.args.iter().any(|&arg| self.operand(arg))
                        || (value.op == crate::op::Op::Get && self.variables[value.imm as usize]);
                    found |= set(&mut self.values[*at], varies);
                }
                Statement::Set { variable, operand } => {
                    let varies = self.operand(*operand);
                    found |= set(&mut self.variables[*variable], varies);
                }
                Statement::Call { results, .. } => {
                    for &variable in results {
                        found |= set(&mut self.variables[variable], true);
                    }
                }
                Statement::If { yes, no, .. } => {
                    found |= self.visit(code, yes);
                    found |= self.visit(code, no);
                }
                Statement::Block { body } | Statement::Loop { body, .. } => found |= self.visit(code, body),
                Statement::Leave { .. } => {}
            }
        }
        found
    }
}

fn set(flag: &mut bool, value: bool) -> bool {
    let is_new = value && !*flag;
    *flag |= value;
    is_new
}
