//! A map that keeps a result of each row.

use std::ops::Range;

use crate::chunk_loop::{Body, Scratch};
use crate::columns::{Columns, STAGED_ROWS, Span, unsigned};
use crate::element::{Kind, store};
use crate::strict_float::StrictFloat;

pub struct Rows {
    columns: Columns,
    out: Span,
}

impl Rows {
    pub fn new(columns: Columns, out: Span) -> Self {
        Self { columns, out }
    }

    /// Rows that every column and the output have.
    pub fn length(&self) -> usize {
        self.columns.length().min(self.out.len())
    }
}

impl Body for Rows {
    fn group(&self) -> i64 {
        self.columns.group()
    }

    fn run(&self, rows: Range<i64>, scratch: &mut Scratch) {
        let (start, end) = (unsigned(rows.start), unsigned(rows.end));
        assert!(
            end <= self.out.len(),
            "rows {start}..{end} into an output of {}",
            self.out.len()
        );
        let _strict = StrictFloat::enter();
        let Scratch { staging, results, .. } = scratch;
        if self.out.kind() == Kind::Float64 {
            // SAFETY: the output is of f64 and has the rows, each of which belongs to one worker.
            unsafe { self.columns.compute(start..end, staging, self.out.floats_at(start)) };
            return;
        }
        results.resize(STAGED_ROWS.max(results.len()), 0.0);
        for block in (start..end).step_by(STAGED_ROWS) {
            let rows = block..end.min(block + STAGED_ROWS);
            let results = &mut results[..rows.len()];
            // SAFETY: memory of this thread, with room for the rows.
            unsafe { self.columns.compute(rows, staging, results.as_mut_ptr()) };
            if self.columns.is_stopped() {
                return; // what lies there may be of another block
            }
            // SAFETY: the output has the rows, each of which belongs to one worker.
            unsafe { store(self.out.kind(), results, self.out.at(block)) };
        }
    }
}
