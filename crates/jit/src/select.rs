//! From the IR to vector instructions: `select/statements.rs` walks the statements, `select/table.rs` has a row for each operation, `select/integers.rs` the longer ones of integers; here are the operands that both work on.

mod integers;
mod predicate;
mod statements;
mod table;

use crate::isa::Isa;
use crate::machine::{Class, Constants, Do, Function, Instruction, Label, Operand, Place, Reg};
use crate::op::Op;
use crate::program::{self, Code, Program, Statement, Subroutine, Type};
use crate::varies::Varies;

/// A captured number, or the length of a captured array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Captured {
    Uniform(usize),
    Length(usize),
}

/// A program as vector instructions.
pub struct Selected {
    pub main: Function,
    /// Of those that are called.
    pub subroutines: Vec<Function>,
    pub constants: Constants,
    /// What the frame of `main` holds in every lane, and where.
    pub captured: Vec<(Captured, usize)>,
}

/// Selects instructions for a program, with `copies` vectors in flight: what varies is computed for each of them.
pub fn select(program: &Program, isa: Isa, copies: usize) -> Selected {
    let mut constants = Constants::default();
    let mut captured = Vec::new();
    let mut main = Selector::new(isa, &program.code, copies, &mut constants, &mut captured);
    main.subroutines = &program.subroutines;
    main.function.frame = call_area(&program.code.body);
    main.hoist();
    let rows = main.function.label();
    main.plain(Do::Label(rows));
    main.inputs(program.inputs, |index, copy| Place::Input { index, copy });
    main.statements(&program.code.body);
    for copy in 0..copies {
        let result = main.variable(program.result, copy);
        main.function
            .push(Do::StoreOut { copy }, None, [Some(Operand::Reg(result)), None, None]);
    }
    main.plain(Do::NextRows(rows));
    let main = main.function;
    let subroutines = program
        .subroutines
        .iter()
        .map(|subroutine| {
            let mut selector = Selector::new(isa, &subroutine.code, 1, &mut constants, &mut captured);
            selector.input_types.clone_from(&subroutine.inputs);
            selector.inputs(subroutine.inputs.len(), |index, _| Place::Argument(index));
            selector.statements(&subroutine.code.body);
            for (i, &result) in subroutine.results.iter().enumerate() {
                let result = Operand::Reg(selector.variable(result, 0));
                selector
                    .function
                    .push(Do::Store(Place::Argument(i)), None, [Some(result), None, None]);
            }
            selector.function
        })
        .collect();
    Selected {
        main,
        subroutines,
        constants,
        captured,
    }
}

/// Vectors that arguments and results of the calls in a body take at most.
fn call_area(body: &[Statement]) -> usize {
    body.iter()
        .map(|statement| match statement {
            Statement::Call { args, results, .. } => args.len().max(results.len()),
            Statement::If { yes, no, .. } => call_area(yes).max(call_area(no)),
            Statement::Block { body } | Statement::Loop { body, .. } => call_area(body),
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

struct Selector<'a> {
    isa: Isa,
    code: &'a Code,
    varies: Varies,
    copies: usize,
    constants: &'a mut Constants,
    captured: &'a mut Vec<(Captured, usize)>,
    function: Function,
    /// Of each value that has been computed: one operand, or one a copy.
    values: Vec<Vec<Operand>>,
    /// Of each variable that has been named: one register, or one a copy.
    variables: Vec<Vec<Reg>>,
    /// Of each input: one operand a copy.
    inputs: Vec<Vec<Operand>>,
    /// Of a subroutine; a program has f64 only.
    input_types: Vec<Type>,
    /// The ends of the blocks and loops around, from the outside.
    ends: Vec<Label>,
    subroutines: &'a [Subroutine],
}

impl<'a> Selector<'a> {
    fn new(
        isa: Isa,
        code: &'a Code,
        copies: usize,
        constants: &'a mut Constants,
        captured: &'a mut Vec<(Captured, usize)>,
    ) -> Self {
        Self {
            isa,
            code,
            varies: Varies::of(code),
            copies,
            constants,
            captured,
            function: Function::default(),
            values: vec![Vec::new(); code.values.len()],
            variables: vec![Vec::new(); code.variables.len()],
            inputs: Vec::new(),
            input_types: Vec::new(),
            ends: Vec::new(),
            subroutines: &[],
        }
    }

    fn class_of(&self, ty: Type) -> Class {
        match (ty, self.isa) {
            (Type::Mask, Isa::Avx512) => Class::Mask,
            _ => Class::Vector,
        }
    }

    /// Has inputs that are used more than once in a register, others where they lie.
    fn inputs(&mut self, count: usize, place: impl Fn(usize, usize) -> Place) {
        let mut uses = vec![0_usize; count];
        count_inputs(self.code, &self.code.body, &mut uses);
        for (index, &uses) in uses.iter().enumerate() {
            let class = self.class_of(self.input_types.get(index).copied().unwrap_or(Type::F64));
            let operands = (0..self.copies).map(|copy| {
                let place = Operand::Place(place(index, copy));
                if uses == 0 || (uses == 1 && class == Class::Vector) {
                    place
                } else {
                    let reg = self.function.reg(class);
                    self.function.push(Do::Move, Some(reg), [Some(place), None, None]);
                    Operand::Reg(reg)
                }
            });
            let operands = operands.collect();
            self.inputs.push(operands);
        }
    }

    fn copies_of(&self, varies: bool) -> usize {
        if varies { self.copies } else { 1 }
    }

    /// The register of a variable, of one copy where it varies.
    fn variable(&mut self, variable: usize, copy: usize) -> Reg {
        if self.variables[variable].is_empty() {
            let class = self.class_of(self.code.variables[variable]);
            let count = self.copies_of(self.varies.variable(variable));
            self.variables[variable] = (0..count).map(|_| self.function.reg(class)).collect();
        }
        let registers = &self.variables[variable];
        registers.get(copy).copied().unwrap_or_else(|| registers[0])
    }

    fn operand(&mut self, operand: program::Operand, copy: usize) -> Operand {
        match operand {
            program::Operand::Value(value) => {
                let operands = &self.values[value];
                operands.get(copy).copied().unwrap_or_else(|| operands[0])
            }
            program::Operand::Const(x) => self.float(x),
            program::Operand::ConstI32(x) => self.bits(u64::from(x.cast_unsigned())),
            program::Operand::ConstMask(is_set) => self.mask(is_set),
            program::Operand::Input(input) => self.inputs[input][copy],
            program::Operand::Uniform(uniform) => self.captured(Captured::Uniform(uniform)),
            program::Operand::Length(table) => self.captured(Captured::Length(table)),
        }
    }

    fn float(&mut self, x: f64) -> Operand {
        self.bits(x.to_bits())
    }

    fn bits(&mut self, bits: u64) -> Operand {
        Operand::Place(Place::Constant(self.constants.index(bits)))
    }

    fn mask(&mut self, is_set: bool) -> Operand {
        match self.isa {
            Isa::Avx2 => self.bits(if is_set { u64::MAX } else { 0 }),
            Isa::Avx512 => self.emit(Do::MaskConstant(is_set), Class::Mask, &[]),
        }
    }

    fn captured(&mut self, what: Captured) -> Operand {
        let known = self
            .captured
            .iter()
            .find(|(known, _)| *known == what)
            .map(|(_, slot)| *slot);
        let slot = known.unwrap_or_else(|| {
            self.captured.push((what, self.function.frame));
            self.function.frame += 1;
            self.function.frame - 1
        });
        Operand::Place(Place::Frame(slot))
    }

    /// Computes something into a register of its own.
    fn emit(&mut self, what: Do, class: Class, operands: &[Operand]) -> Operand {
        let result = self.function.reg(class);
        self.emit_to(result, what, operands);
        Operand::Reg(result)
    }

    fn emit_to(&mut self, result: Reg, what: Do, operands: &[Operand]) {
        let mut all = [None; 3];
        for (slot, operand) in all.iter_mut().zip(operands) {
            *slot = Some(*operand);
        }
        let mut instruction = Instruction {
            what,
            result: Some(result),
            operands: all,
        };
        if operands.len() == 2 && matches!(operands, [Operand::Place(_), Operand::Reg(_)]) {
            if instruction.commutes() {
                instruction.operands.swap(0, 1);
            } else if let Do::Compare(predicate) = what
                && let Some(mirrored) = predicate::mirrored(predicate)
            {
                instruction.operands.swap(0, 1);
                instruction.what = Do::Compare(mirrored);
            }
        }
        let last = operands.len().saturating_sub(1);
        for i in 0..operands.len() {
            let may_be_place = i == last && instruction.takes_place();
            if let (Some(operand @ Operand::Place(_)), false) = (instruction.operands[i], may_be_place) {
                instruction.operands[i] = Some(self.in_register(operand));
            }
        }
        self.function.code.push(instruction);
    }

    fn in_register(&mut self, operand: Operand) -> Operand {
        match operand {
            Operand::Reg(_) => operand,
            Operand::Place(_) => self.emit(Do::Move, Class::Vector, &[operand]),
        }
    }

    fn plain(&mut self, what: Do) {
        self.function.push(what, None, [None; 3]);
    }

    /// An operation on masks: in vectors, or in registers of their own.
    fn mask_op(&mut self, vector: Do, mask: Do, operands: &[Operand]) -> Operand {
        match self.isa {
            Isa::Avx2 => self.emit(vector, Class::Vector, operands),
            Isa::Avx512 => self.emit(mask, Class::Mask, operands),
        }
    }

    /// Computes a value for a copy, or for all where it is the same in all; not again what was hoisted.
    fn compute(&mut self, at: usize, copy: usize) {
        if copy >= self.copies_of(self.varies.value(at)) || self.values[at].len() > copy {
            return;
        }
        let value = &self.code.values[at];
        let operand = if value.op == Op::Get {
            let variable = value.imm as usize;
            let class = self.class_of(value.ty);
            let from = Operand::Reg(self.variable(variable, copy));
            self.emit(Do::Move, class, &[from])
        } else {
            self.row(value, copy)
        };
        self.values[at].push(operand);
    }
}

fn count_inputs(code: &Code, body: &[Statement], uses: &mut [usize]) {
    for statement in body {
        match statement {
            Statement::Let(value) => count(&code.values[*value].args, uses),
            Statement::Set { operand, .. } => count(&[*operand], uses),
            Statement::If { condition, yes, no } => {
                count(&[*condition], uses);
                count_inputs(code, yes, uses);
                count_inputs(code, no, uses);
            }
            Statement::Block { body } | Statement::Loop { body, .. } => count_inputs(code, body, uses),
            Statement::Call { args, .. } => count(args, uses),
            Statement::Leave { .. } => {}
        }
    }
}

fn count(operands: &[program::Operand], uses: &mut [usize]) {
    for operand in operands {
        if let program::Operand::Input(input) = operand {
            uses[*input] += 1;
        }
    }
}
