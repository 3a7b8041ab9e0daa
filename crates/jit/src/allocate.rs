//! Gives each register of a function one of the processor, or a place in the frame.
//!
//! Linear scan over intervals without holes. Where registers run out, the one whose mentions weigh least for its length goes to memory, whole: most
//! operations read memory as quickly as a register.
//! Source: M. Poletto, V. Sarkar, "Linear scan register allocation" (1999), section 4; weights by the depth of loops as in G. Chaitin (1982).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::isa::Isa;
use crate::live::{Live, Time};
use crate::machine::{Class, Do, Function, Operand, Reg};

/// Where a register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// Of the processor, by its number in its class.
    Register(u32),
    /// In the frame.
    Frame(usize),
}

pub struct Allocation {
    /// Of each register; `None` of one that nobody mentions.
    pub homes: Vec<Option<Home>>,
    pub spills: usize,
    /// Vectors of the frame that they take.
    pub slots: usize,
    /// Of all that runs, the part that is a mention of what is in memory.
    pub in_memory: f64,
    intervals: Vec<Option<(Time, Time)>>,
}

/// Registers kept free for what is in memory.
pub const SCRATCH: u32 = 2;
/// Mentions inside a loop weigh so much more than outside.
const LOOP_WEIGHT: f64 = 10.0;
/// What lanes are asked about first mostly nobody wants: ways out of a loop, rare paths.
const BRANCH_WEIGHT: f64 = 0.2;

/// Numbers that a class has: from the first on, so many.
fn numbers(class: Class, isa: Isa) -> std::ops::Range<u32> {
    match (class, isa) {
        (Class::Vector, Isa::Avx2) => 0..16,
        (Class::Vector, Isa::Avx512) => 0..32,
        (Class::Mask, _) => 1..8, // k0 stands for no mask
    }
}

/// The scratch registers of a class.
pub fn scratch(class: Class, isa: Isa, index: u32) -> u32 {
    numbers(class, isa).end - SCRATCH + index
}

pub fn allocate(function: &mut Function, isa: Isa) -> Allocation {
    let in_use = Use::of(function);
    let whole = scan(function, isa, &in_use, 0);
    if whole.spills == 0 {
        return whole;
    }
    let mut allocation = scan(function, isa, &in_use, SCRATCH);
    for home in allocation.homes.iter_mut().flatten() {
        if let Home::Frame(slot) = home {
            *slot += function.frame;
        }
    }
    function.frame += allocation.slots;
    allocation
}

/// When and how much each register is in use.
struct Use {
    intervals: Vec<Option<(Time, Time)>>,
    /// What it costs to have it in memory, for each instruction that it is in use.
    weights: Vec<f64>,
    /// How often each instruction runs, about.
    frequencies: Vec<f64>,
}

impl Use {
    fn of(function: &Function) -> Self {
        let live = Live::of(function);
        let intervals: Vec<_> = (0..function.classes.len()).map(|reg| live.interval(reg)).collect();
        let frequencies = frequencies(function, &live);
        let weights = weights(function, &frequencies, &intervals);
        Self {
            intervals,
            weights,
            frequencies,
        }
    }
}

impl Allocation {
    /// Registers of the processor that hold something across an instruction: class and number.
    pub fn across(&self, function: &Function, at: usize) -> Vec<(Class, u32)> {
        let mut found = Vec::new();
        for (reg, home) in self.homes.iter().enumerate() {
            let (Some(Home::Register(number)), Some((from, to))) = (home, self.intervals[reg]) else {
                continue;
            };
            if from < 2 * at && to > 2 * at + 1 {
                found.push((function.classes[reg], *number));
            }
        }
        found
    }
}

struct Active {
    reg: Reg,
    to: Time,
    number: u32,
}

fn scan(function: &Function, isa: Isa, in_use: &Use, kept_free: u32) -> Allocation {
    let Use {
        intervals,
        weights,
        frequencies,
    } = in_use;
    let count = function.classes.len();
    let mut order: Vec<Reg> = (0..count).filter(|&reg| intervals[reg].is_some()).collect();
    order.sort_by_key(|&reg| intervals[reg]);
    let mut homes: Vec<Option<Home>> = vec![None; count];
    let mut active: Vec<Active> = Vec::new();
    let mut spilled: Vec<Reg> = Vec::new();
    // Of each class, a bit for each number that is free.
    let mut free = [Class::Vector, Class::Mask].map(|class| {
        let numbers = numbers(class, isa);
        (numbers.start..numbers.end - kept_free).fold(0_u32, |bits, number| bits | 1 << number)
    });
    for reg in order {
        let Some((from, to)) = intervals[reg] else { continue };
        active.retain(|active| {
            let is_over = active.to < from;
            if is_over {
                free[function.classes[active.reg] as usize] |= 1 << active.number;
            }
            !is_over
        });
        let class = function.classes[reg];
        let bits = &mut free[class as usize];
        let hint = hint(function, reg, from, &homes).filter(|&number| *bits >> number & 1 == 1);
        let first = (*bits != 0).then(|| bits.trailing_zeros());
        if let Some(number) = hint.or(first) {
            *bits &= !(1 << number);
            homes[reg] = Some(Home::Register(number));
            active.push(Active { reg, to, number });
            continue;
        }
        let lightest = active
            .iter()
            .enumerate()
            .filter(|(_, active)| function.classes[active.reg] == class)
            .min_by(|(_, a), (_, b)| weights[a.reg].total_cmp(&weights[b.reg]));
        match lightest {
            Some((i, other)) if weights[other.reg] < weights[reg] => {
                let number = other.number;
                spilled.push(other.reg);
                homes[reg] = Some(Home::Register(number));
                active[i] = Active { reg, to, number };
            }
            _ => spilled.push(reg),
        }
    }
    let slots = place_in_frame(&spilled, intervals, &mut homes);
    let (mut mentions, mut all) = (0.0, 0.0);
    for (instruction, frequency) in function.code.iter().zip(frequencies) {
        let is_spilled = |reg: Reg| matches!(homes[reg], Some(Home::Frame(_)));
        let count = instruction
            .registers()
            .chain(instruction.result)
            .filter(|&reg| is_spilled(reg))
            .count();
        mentions += frequency * as_f64(count);
        all += frequency;
    }
    Allocation {
        homes,
        spills: spilled.len(),
        slots,
        in_memory: mentions / all,
        intervals: intervals.clone(),
    }
}

/// Gives what found no register places in the frame, each to one after the other: how many it takes.
fn place_in_frame(spilled: &[Reg], intervals: &[Option<(Time, Time)>], homes: &mut [Option<Home>]) -> usize {
    let mut order: Vec<(Time, Time, Reg)> = spilled
        .iter()
        .filter_map(|&reg| intervals[reg].map(|(from, to)| (from, to, reg)))
        .collect();
    order.sort_unstable();
    // The end of what is there, and where: the earliest on top.
    let mut taken: BinaryHeap<Reverse<(Time, usize)>> = BinaryHeap::new();
    for (from, to, reg) in order {
        let slot = match taken.peek() {
            Some(&Reverse((end, slot))) if end < from => {
                taken.pop();
                slot
            }
            _ => taken.len(),
        };
        taken.push(Reverse((to, slot)));
        homes[reg] = Some(Home::Frame(slot));
    }
    taken.len()
}

/// The register that a move at the begin of an interval comes from: then it may be no move at all.
fn hint(function: &Function, reg: Reg, from: Time, homes: &[Option<Home>]) -> Option<u32> {
    let instruction = &function.code[from / 2];
    if instruction.what != Do::Move || instruction.result != Some(reg) {
        return None;
    }
    match instruction.operands[0] {
        Some(Operand::Reg(source)) => match homes[source] {
            Some(Home::Register(number)) => Some(number),
            _ => None,
        },
        _ => None,
    }
}

fn weights(function: &Function, frequencies: &[f64], intervals: &[Option<(Time, Time)>]) -> Vec<f64> {
    let mut weights = vec![0.0; function.classes.len()];
    for (instruction, weight) in function.code.iter().zip(frequencies) {
        for reg in instruction.registers() {
            weights[reg] += weight;
        }
        if let Some(reg) = instruction.result {
            weights[reg] += weight;
        }
    }
    for (reg, weight) in weights.iter_mut().enumerate() {
        if function.pinned[reg] {
            *weight = f64::INFINITY;
        } else if let Some((from, to)) = intervals[reg] {
            *weight /= as_f64(to - from + 1);
        }
    }
    weights
}

/// A count of instructions, which are fewer than 2^32.
fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn frequencies(function: &Function, live: &Live) -> Vec<f64> {
    let mut frequencies = vec![1.0; function.code.len()];
    for &(start, end) in live.loops() {
        for frequency in &mut frequencies[start..=end] {
            *frequency *= LOOP_WEIGHT;
        }
    }
    let mut places = vec![usize::MAX; function.labels];
    for (i, instruction) in function.code.iter().enumerate() {
        if let Do::Label(label) = instruction.what {
            places[label] = i;
        }
    }
    for (i, instruction) in function.code.iter().enumerate() {
        let (Do::JumpIfNone(label) | Do::JumpIfAny(label)) = instruction.what else {
            continue;
        };
        let ends = live.end_of_loop(i).unwrap_or(usize::MAX);
        // The end of a loop is no way around something.
        if places[label] <= ends {
            for frequency in &mut frequencies[i..places[label]] {
                *frequency *= BRANCH_WEIGHT;
            }
        }
    }
    frequencies
}
