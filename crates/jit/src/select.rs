//! From the IR to vector instructions: `select/table.rs` has a row for each operation, this file the statements around them.

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

/// Nests of loops whose rounds and statements multiply to no more go unasked whether the map is to stop: some 10 us.
const UNASKED: u64 = 10_000;

/// Straight statements of a copy before it is the next one's turn. One by one, 1,000: Black-Scholes took 14.7, 19.0 ns with AVX2, with 8 13.1.
const GROUP: usize = 8;

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
        registers.get(copy).or(registers.first()).copied().unwrap_or_default()
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
            } else if let Some(mirrored) = mirrored(what) {
                instruction.operands.swap(0, 1);
                instruction.what = mirrored;
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

    /// Computes what is the same for all rows, once.
    fn hoist(&mut self) {
        for statement in &self.code.body {
            let Statement::Let(at) = statement else { continue };
            let value = &self.code.values[*at];
            let is_known = |arg: &program::Operand| match arg {
                program::Operand::Value(value) => !self.values[*value].is_empty(),
                program::Operand::Input(_) => false,
                _ => true,
            };
            if value.op != Op::Get && value.args.iter().all(is_known) {
                self.compute(*at, 0);
            }
        }
    }

    /// Straight statements go copy by copy, a few at a time: what they need meanwhile is then in registers for one copy only, and a processor looks ahead
    /// far enough to run several copies at once.
    fn statements(&mut self, body: &[Statement]) {
        let mut rest = body;
        while let Some(first) = rest.first() {
            let straight = rest
                .iter()
                .take(GROUP)
                .take_while(|statement| is_straight(statement))
                .count();
            if straight == 0 {
                self.statement(first);
            }
            for copy in 0..self.copies {
                for statement in &rest[..straight] {
                    self.straight(statement, copy);
                }
            }
            rest = &rest[straight.max(1)..];
        }
    }

    fn straight(&mut self, statement: &Statement, copy: usize) {
        match statement {
            Statement::Let(value) => self.compute(*value, copy),
            Statement::Set { variable, operand } if copy < self.copies_of(self.varies.variable(*variable)) => {
                let operand = self.operand(*operand, copy);
                let reg = self.variable(*variable, copy);
                self.function.push(Do::Move, Some(reg), [Some(operand), None, None]);
            }
            _ => {}
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let(_) | Statement::Set { .. } => unreachable!("they are straight"),
            Statement::If { condition, yes, no } => self.branch(*condition, yes, no),
            Statement::Block { body } => {
                let end = self.function.label();
                self.ends.push(end);
                self.statements(body);
                self.ends.pop();
                self.plain(Do::Label(end));
            }
            Statement::Loop { body, .. } => {
                let (start, end) = (self.function.label(), self.function.label());
                self.ends.push(end);
                self.plain(Do::Label(start));
                self.statements(body);
                self.ends.pop();
                if cost(std::slice::from_ref(statement)).is_none_or(|cost| cost > UNASKED) {
                    self.plain(Do::Poll);
                }
                self.plain(Do::Jump(start));
                self.plain(Do::Label(end));
            }
            Statement::Leave { label } => self.plain(Do::Jump(self.ends[*label])),
            Statement::Call {
                subroutine,
                args,
                results,
            } => self.call(*subroutine, args, results),
        }
    }

    fn plain(&mut self, what: Do) {
        self.function.push(what, None, [None; 3]);
    }

    fn branch(&mut self, condition: program::Operand, yes: &[Statement], no: &[Statement]) {
        let condition = self.any(condition);
        let jump = |selector: &mut Self, what| selector.function.push(what, None, [Some(condition), None, None]);
        match (yes, no) {
            ([Statement::Leave { label }], []) => jump(self, Do::JumpIfAny(self.ends[*label])),
            ([], [Statement::Leave { label }]) => jump(self, Do::JumpIfNone(self.ends[*label])),
            ([], _) => {
                let end = self.function.label();
                jump(self, Do::JumpIfAny(end));
                self.statements(no);
                self.plain(Do::Label(end));
            }
            _ => {
                let other = self.function.label();
                jump(self, Do::JumpIfNone(other));
                self.statements(yes);
                if no.is_empty() {
                    self.plain(Do::Label(other));
                    return;
                }
                let end = self.function.label();
                self.plain(Do::Jump(end));
                self.plain(Do::Label(other));
                self.statements(no);
                self.plain(Do::Label(end));
            }
        }
    }

    /// A register with the lanes of a mask, those of all copies joined.
    fn any(&mut self, condition: program::Operand) -> Operand {
        let mut joined = self.operand(condition, 0);
        for copy in 1..self.copies_of(self.varies.operand(condition)) {
            let other = self.operand(condition, copy);
            joined = self.mask_op(Do::Or, Do::MaskOr, &[joined, other]);
        }
        self.in_register(joined)
    }

    /// An operation on masks: in vectors, or in registers of their own.
    fn mask_op(&mut self, vector: Do, mask: Do, operands: &[Operand]) -> Operand {
        match self.isa {
            Isa::Avx2 => self.emit(vector, Class::Vector, operands),
            Isa::Avx512 => self.emit(mask, Class::Mask, operands),
        }
    }

    fn call(&mut self, subroutine: usize, args: &[program::Operand], results: &[usize]) {
        let types = &self.subroutines[subroutine].inputs;
        for copy in 0..self.copies {
            let skip = self.function.label();
            if let (Some(&mask @ program::Operand::Value(_)), true) = (args.last(), self.copies > 1) {
                // None of this copy's lanes may ask, and with none a loop would not end.
                let mask = self.operand(mask, copy);
                let mask = self.in_register(mask);
                self.function.push(Do::JumpIfNone(skip), None, [Some(mask), None, None]);
            }
            for (i, &arg) in args.iter().enumerate() {
                let class = self.class_of(types[i]);
                let mut operand = self.operand(arg, copy);
                if let Operand::Place(_) = operand {
                    operand = self.emit(Do::Move, class, &[operand]);
                }
                self.function
                    .push(Do::Store(Place::Frame(i)), None, [Some(operand), None, None]);
            }
            self.plain(Do::Call(subroutine));
            for (i, &variable) in results.iter().enumerate() {
                let reg = self.variable(variable, copy);
                let place = Operand::Place(Place::Frame(i));
                self.function.push(Do::Move, Some(reg), [Some(place), None, None]);
            }
            self.plain(Do::Label(skip));
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

fn is_straight(statement: &Statement) -> bool {
    matches!(statement, Statement::Let(_) | Statement::Set { .. })
}

/// The comparison with its sides changed.
fn mirrored(what: Do) -> Option<Do> {
    let Do::Compare(predicate) = what else { return None };
    let mirrored = match predicate {
        17 => 30,
        30 => 17,
        18 => 29,
        29 => 18,
        21 => 26,
        26 => 21,
        22 => 25,
        25 => 22,
        _ => return None,
    };
    Some(Do::Compare(mirrored))
}

/// Statements that a body runs at most; `None`: there is no bound.
fn cost(body: &[Statement]) -> Option<u64> {
    body.iter().try_fold(0_u64, |sum, statement| {
        let cost = match statement {
            Statement::If { yes, no, .. } => 1 + cost(yes)? + cost(no)?,
            Statement::Block { body } => cost(body)?,
            Statement::Loop { rounds, body } => (*rounds)?.saturating_mul(cost(body)?),
            Statement::Call { .. } => 100,
            _ => 1,
        };
        Some(sum.saturating_add(cost))
    })
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
