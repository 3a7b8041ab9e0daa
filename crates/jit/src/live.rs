//! From where to where each register is in use.

use crate::machine::{Function, Operand, Reg, Span};

/// A time in a function: what instruction `i` reads it reads at 2 i, what it gives it gives at 2 i + 1.
pub type Time = usize;

/// One interval a register, from the first to the last mention, without holes. What is mentioned inside a loop and outside of it is
/// in use in all of it: a later round may read it.
pub struct Live {
    intervals: Vec<Option<(Time, Time)>>,
    loops: Vec<Span>,
}

impl Live {
    pub fn of(function: &Function) -> Self {
        let mut live = Self {
            intervals: vec![None; function.classes.len()],
            loops: function.loops(),
        };
        for (i, instruction) in function.code.iter().enumerate() {
            for reg in instruction.registers() {
                live.mention(reg, 2 * i);
            }
            if let Some(reg) = instruction.result {
                live.mention(reg, 2 * i + 1);
            }
        }
        live
    }

    fn mention(&mut self, reg: Reg, time: Time) {
        let (from, to) = self.intervals[reg].unwrap_or((time, time));
        self.intervals[reg] = Some((from.min(time), to.max(time)));
    }

    /// First and last time; `None` for a register that nobody mentions.
    pub fn interval(&self, reg: Reg) -> Option<(Time, Time)> {
        let (mut from, mut to) = self.intervals[reg]?;
        for &(start, end) in &self.loops {
            let (start, end) = (2 * start, 2 * end + 1);
            let overlaps = from <= end && to >= start;
            let is_inside = from >= start && to <= end;
            if overlaps && !is_inside {
                from = from.min(start);
                to = to.max(end);
            }
        }
        Some((from, to))
    }

    /// `one` is mentioned wherever `other` is.
    pub fn join(&mut self, one: Reg, other: Reg) {
        if let Some((from, to)) = self.intervals[other] {
            self.mention(one, from);
            self.mention(one, to);
        }
    }

    pub fn loops(&self) -> &[Span] {
        &self.loops
    }
}

/// How many times each register is given a value.
pub fn definitions(function: &Function) -> Vec<usize> {
    let mut counts = vec![0; function.classes.len()];
    for reg in function.code.iter().filter_map(|instruction| instruction.result) {
        counts[reg] += 1;
    }
    counts
}

/// Puts one register in the place of another among operands.
pub fn replace(operands: &mut [Option<Operand>; 3], old: Reg, new: Reg) {
    for operand in operands.iter_mut().flatten() {
        if *operand == Operand::Reg(old) {
            *operand = Operand::Reg(new);
        }
    }
}
