//! Takes moves and what nobody wants out of a function, before registers are allocated.

use crate::live::{Live, definitions, replace};
use crate::machine::{Do, Function, Operand, Reg};

pub fn tidy(function: &mut Function) {
    forward_copies(function);
    drop_unused(function);
    sink_results(function);
    function
        .code
        .retain(|instruction| !is_nothing(instruction.what, instruction.result, &instruction.operands));
}

/// A move of a register to itself.
fn is_nothing(what: Do, result: Option<Reg>, operands: &[Option<Operand>; 3]) -> bool {
    what == Do::Move && result.is_some() && operands[0] == result.map(Operand::Reg)
}

/// What is a copy of a register, for as long as that keeps its value, is that register.
fn forward_copies(function: &mut Function) {
    let counts = definitions(function);
    let mut given: Vec<Vec<usize>> = vec![Vec::new(); function.classes.len()];
    for (i, instruction) in function.code.iter().enumerate() {
        if let Some(reg) = instruction.result {
            given[reg].push(2 * i + 1);
        }
    }
    let mut live = Live::of(function);
    let mut names: Vec<Reg> = (0..function.classes.len()).collect();
    for i in 0..function.code.len() {
        let instruction = &mut function.code[i];
        for old in 0..3 {
            if let Some(Operand::Reg(reg)) = instruction.operands[old] {
                instruction.operands[old] = Some(Operand::Reg(names[reg]));
            }
        }
        let (Do::Move, Some(copy), Some(Operand::Reg(source))) =
            (instruction.what, instruction.result, instruction.operands[0])
        else {
            continue;
        };
        if counts[copy] != 1 || function.pinned[copy] || function.pinned[source] {
            continue;
        }
        let Some((from, to)) = live.interval(copy) else {
            continue;
        };
        if given[source].iter().any(|&time| from < time && time < to) {
            continue;
        }
        names[copy] = source;
        live.join(source, copy);
        instruction.operands = [Some(Operand::Reg(copy)), None, None]; // nothing any more
    }
}

/// What is computed only to be moved is computed where it goes.
fn sink_results(function: &mut Function) {
    let counts = definitions(function);
    let live = Live::of(function);
    for at in 0..function.code.len() {
        let (Do::Move, Some(home), Some(Operand::Reg(value))) = (
            function.code[at].what,
            function.code[at].result,
            function.code[at].operands[0],
        ) else {
            continue;
        };
        let is_last = live.interval(value).is_some_and(|(_, to)| to == 2 * at);
        if home == value || counts[value] != 1 || !is_last || function.pinned[value] || function.pinned[home] {
            continue;
        }
        let Some(made) = made_before(function, at, value, home) else {
            continue;
        };
        function.code[made].result = Some(home);
        for instruction in &mut function.code[made + 1..=at] {
            replace(&mut instruction.operands, value, home);
        }
    }
}

/// Where the value is made, if all between is straight and does not know its home.
fn made_before(function: &Function, at: usize, value: Reg, home: Reg) -> Option<usize> {
    for made in (0..at).rev() {
        let instruction = &function.code[made];
        if instruction.result == Some(value) {
            let is_call = matches!(instruction.what, Do::Call(_) | Do::Gather(_));
            return (!is_call).then_some(made);
        }
        let is_straight = !matches!(
            instruction.what,
            Do::Label(_) | Do::Jump(_) | Do::NextRows(_) | Do::JumpIfAny(_) | Do::JumpIfNone(_) | Do::Poll
        );
        if !is_straight || instruction.result == Some(home) || instruction.registers().any(|reg| reg == home) {
            return None;
        }
    }
    None
}

/// Drops what gives a register that nobody reads; from the last, so that what only that read goes too.
fn drop_unused(function: &mut Function) {
    let mut uses = vec![0_usize; function.classes.len()];
    for instruction in &function.code {
        for reg in instruction.registers() {
            uses[reg] += 1;
        }
    }
    for i in (0..function.code.len()).rev() {
        let instruction = &function.code[i];
        let nothing = is_nothing(instruction.what, instruction.result, &instruction.operands);
        let is_unused = instruction.result.is_some_and(|reg| uses[reg] == 0) && !instruction.has_effect();
        if nothing || is_unused {
            let registers: Vec<Reg> = instruction.registers().collect();
            for reg in registers {
                uses[reg] -= 1;
            }
            function.code[i].what = Do::Move;
            function.code[i].result = Some(0);
            function.code[i].operands = [Some(Operand::Reg(0)), None, None];
        }
    }
    function
        .code
        .retain(|instruction| !is_nothing(instruction.what, instruction.result, &instruction.operands));
}
