//! The statements of the IR, walked: straight ones copy by copy, and the jumps around them.

use super::Selector;
use crate::machine::{Do, Operand, Place};
use crate::op::Op;
use crate::program::{self, Statement};

/// Nests of loops whose rounds and statements multiply to no more go unasked whether the map is to stop: some 10 us.
const UNASKED: u64 = 10_000;

/// Straight statements of a copy before it is the next one's turn. One by one, 1,000: Black-Scholes took 14.7, 19.0 ns with AVX2, with 8 13.1.
const GROUP: usize = 8;

impl Selector<'_> {
    /// Computes what is the same for all rows, once.
    pub(super) fn hoist(&mut self) {
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
    pub(super) fn statements(&mut self, body: &[Statement]) {
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
}

fn is_straight(statement: &Statement) -> bool {
    matches!(statement, Statement::Let(_) | Statement::Set { .. })
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
