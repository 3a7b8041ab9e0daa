//! A map whose results are added up: it keeps one number for each leaf of the tree that `src/engines/reduce.ts` draws.
//!
//! Row i of a leaf goes to number i mod 16 of it, in row order; then the 16 are combined 8 apart, 4, 2 and 1 apart. So
//! the additions are the same ones whoever runs a leaf, and sixteen of them at a time wait for nobody.

use std::ops::Range;

use crate::chunk_loop::{Body, Scratch};
use crate::columns::{Columns, Span, unsigned};
use crate::element::Kind;
use crate::strict_float::StrictFloat;

/// Rows of a leaf: `LEAF_ROWS` of reduce.ts.
pub const LEAF_ROWS: usize = 1 << LEAF_BITS;
const GRAIN: i64 = 1 << LEAF_BITS;
const LEAF_BITS: u32 = 10;

/// Sums of a leaf.
const SUMS: usize = 16;

/// What becomes of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Sum,
    Prod,
    Min,
    Max,
    /// How many are truthy: neither NaN nor a zero.
    Count,
}

impl Fold {
    /// By its number in `FOLDS` of `src/engines/reduce.ts`.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Sum,
            1 => Self::Prod,
            2 => Self::Min,
            3 => Self::Max,
            4 => Self::Count,
            _ => return None,
        })
    }

    /// What sums begin with. Those of the greatest are of the opposite sign: it is the least of the opposites.
    fn empty(self) -> f64 {
        match self {
            Self::Sum | Self::Count => 0.0,
            Self::Prod => 1.0,
            Self::Min | Self::Max => f64::INFINITY,
        }
    }

    /// Adds results to the sums of a leaf, the first of them to sum `first`.
    fn add(self, sums: &mut Sums, first: usize, results: &[f64]) {
        match self {
            Self::Sum => add_by(|a, b| a + b, sums, first, results),
            Self::Prod => add_by(|a, b| a * b, sums, first, results),
            Self::Min => add_by(lesser, sums, first, results),
            Self::Max => add_by(|a, b| lesser(a, -b), sums, first, results),
            Self::Count => add_by(|a, b| a + truth(b), sums, first, results),
        }
    }

    fn combine(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Sum | Self::Count => a + b,
            Self::Prod => a * b,
            Self::Min | Self::Max => lesser(a, b),
        }
    }

    fn total(self, mut sums: Sums) -> f64 {
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                sums[i] = self.combine(sums[i], sums[i + half]);
            }
        }
        if self == Self::Max { -sums[0] } else { sums[0] }
    }
}

pub(crate) type Sums = [f64; SUMS];

fn add_by(combine: impl Fn(f64, f64) -> f64, sums: &mut Sums, first: usize, results: &[f64]) {
    let round = (SUMS - first % SUMS) % SUMS;
    let (begun, results) = results.split_at(round.min(results.len()));
    for (sum, &result) in sums[first % SUMS..].iter_mut().zip(begun) {
        *sum = combine(*sum, result);
    }
    let (rounds, rest) = results.as_chunks::<SUMS>();
    let mut here = *sums; // in registers
    for round in rounds {
        for (sum, &result) in here.iter_mut().zip(round) {
            *sum = combine(*sum, result);
        }
    }
    *sums = here;
    for (sum, &result) in sums.iter_mut().zip(rest) {
        *sum = combine(*sum, result);
    }
}

/// `Math.min`: NaN if either is, and -0 is less than 0. An instruction of the processor gives its second operand where it
/// is asked for two zeros or a NaN. So of both orders together nothing is lost: their bits are the same, or both zeros
/// (the sign of either is that of the answer), or those of a NaN with more of them set, which is a NaN.
fn lesser(a: f64, b: f64) -> f64 {
    let here = if a < b { a } else { b };
    let there = if b < a { b } else { a };
    f64::from_bits(here.to_bits() | there.to_bits())
}

fn truth(result: f64) -> f64 {
    if result != 0.0 && !result.is_nan() { 1.0 } else { 0.0 }
}

pub struct Leaves {
    columns: Columns,
    fold: Fold,
    /// Of the map.
    rows: usize,
    /// A number for each leaf.
    totals: Span,
}

impl Leaves {
    /// A map of so many rows.
    ///
    /// # Panics
    ///
    /// Where `totals` are not doubles.
    pub fn new(columns: Columns, fold: Fold, rows: usize, totals: Span) -> Self {
        assert!(
            totals.kind() == Kind::Float64,
            "totals are doubles, not {:?}",
            totals.kind()
        );
        Self {
            columns,
            fold,
            rows,
            totals,
        }
    }

    /// Rows that every column has, and whose leaves have a place.
    pub fn length(&self) -> usize {
        self.columns.length().min(self.totals.len().saturating_mul(LEAF_ROWS))
    }
}

impl Body for Leaves {
    /// A leaf is added up row by row, so nobody else may have the rest of it.
    fn grain(&self) -> i64 {
        GRAIN
    }

    fn group(&self) -> i64 {
        self.columns.group()
    }

    fn run(&self, rows: Range<i64>, scratch: &mut Scratch) {
        let (start, end) = (unsigned(rows.start), unsigned(rows.end));
        let leaf = start / LEAF_ROWS;
        assert!(
            end <= self.rows.min((leaf + 1) * LEAF_ROWS) && leaf < self.totals.len(),
            "rows {start}..{end} of leaf {leaf} of {}, of {} rows",
            self.totals.len(),
            self.rows
        );
        let _strict = StrictFloat::enter();
        let Scratch { staging, results, sums } = scratch;
        results.resize(LEAF_ROWS.max(results.len()), 0.0);
        let results = &mut results[..end - start];
        // SAFETY: memory of this thread, with room for the rows.
        unsafe { self.columns.compute(start..end, staging, results.as_mut_ptr()) };
        if self.columns.is_stopped() {
            return; // what lies there may be of other rows
        }
        if start % LEAF_ROWS == 0 {
            *sums = [self.fold.empty(); SUMS]; // the leaf before may have been left unfinished
        }
        self.fold.add(sums, start % LEAF_ROWS, results);
        if end % LEAF_ROWS == 0 || end == self.rows {
            // SAFETY: inside the totals, by the check above; each leaf belongs to one worker.
            unsafe { self.totals.floats_at(leaf).write(self.fold.total(*sums)) };
        }
    }
}
