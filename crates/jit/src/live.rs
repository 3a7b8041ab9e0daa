//! From where to where each register is in use.

use crate::machine::{Function, Operand, Reg, Span};

/// A time in a function: what instruction `i` reads it reads at 2 i, what it gives it gives at 2 i + 1.
pub type Time = usize;

/// One interval a register, from the first to the last mention, without holes. What is mentioned inside a loop and outside of it is
/// in use in all of it: a later round may read it.
pub struct Live {
    intervals: Vec<Option<(Time, Time)>>,
    loops: Vec<Span>,
    /// Of each instruction: the innermost loop around it.
    innermost: Vec<Option<usize>>,
    /// Of each loop: the next one around it.
    outer: Vec<Option<usize>>,
}

impl Live {
    pub fn of(function: &Function) -> Self {
        let loops = function.loops();
        let (innermost, outer) = nests(&loops, function.code.len());
        let mut live = Self {
            intervals: vec![None; function.classes.len()],
            loops,
            innermost,
            outer,
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
        // What is used in part of a loop is in use in all of it: loops around one end and not around the other.
        for time in [from, to] {
            let mut around = self.innermost[time / 2];
            while let Some(index) = around {
                let (start, end) = (2 * self.loops[index].0, 2 * self.loops[index].1 + 1);
                if from < start || to > end {
                    from = from.min(start);
                    to = to.max(end);
                }
                around = self.outer[index];
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

    /// The last instruction of the innermost loop around one.
    pub fn end_of_loop(&self, at: usize) -> Option<usize> {
        self.innermost[at].map(|index| self.loops[index].1)
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

/// The innermost loop around each instruction, and the next one around each loop. Inner ones come before outer ones.
fn nests(loops: &[Span], length: usize) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut begins = vec![Vec::new(); length];
    for (index, &(start, _)) in loops.iter().enumerate() {
        begins[start].push(index);
    }
    let (mut innermost, mut outer) = (vec![None; length], vec![None; loops.len()]);
    let mut open: Vec<usize> = Vec::new();
    for at in 0..length {
        while open.last().is_some_and(|&index| loops[index].1 < at) {
            open.pop();
        }
        for &index in begins[at].iter().rev() {
            outer[index] = open.last().copied();
            open.push(index);
        }
        innermost[at] = open.last().copied();
    }
    (innermost, outer)
}
