//! The rows of a map as its kernel sees them: f64 values, block by block, whatever the columns are made of.

use std::ops::Range;

use crate::chunk_loop::{Body, Scratch};
use crate::control::{Slot, rows_as_f64};
use crate::element::{Kind, load, store};
use crate::strict_float::StrictFloat;

/// Elements in memory that JavaScript owns. Raw, since JavaScript may read and write them at any time: no reference to
/// them is ever formed.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    data: *mut u8,
    len: usize,
    kind: Kind,
}

// SAFETY: whoever makes a span promises that the memory lives while a map uses it; elements are plain numbers, of which
// each thread stores only those of its own rows.
unsafe impl Send for Span {}
// SAFETY: as above.
unsafe impl Sync for Span {}

impl Span {
    /// # Safety
    ///
    /// `data` is aligned for `kind` and begins `len` elements that live as long as the span is used.
    pub unsafe fn new(data: *mut u8, len: usize, kind: Kind) -> Self {
        Self { data, len, kind }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn byte_length(&self) -> usize {
        self.len * self.kind.bytes()
    }

    pub fn data(&self) -> *mut u8 {
        self.data
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where the elements from `row` on lie. Of a span of f64 that is `floats_at`.
    fn at(&self, row: usize) -> *mut u8 {
        debug_assert!(row <= self.len);
        self.data.wrapping_add(row * self.kind.bytes())
    }

    #[allow(clippy::cast_ptr_alignment)] // aligned for its kind
    fn floats_at(&self, row: usize) -> *mut f64 {
        debug_assert!(self.kind == Kind::Float64);
        self.at(row).cast()
    }
}

/// One input of a map.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    Array(Span),
    /// Row i is `start + i * step`, rounded twice, as everywhere.
    Range {
        start: f64,
        step: f64,
    },
    Repeat(f64),
}

/// A kernel's inner loop, with all that it captured.
pub trait Inner: Send + Sync {
    /// Computes `out[i] = f(inputs[0][i], …)` for `0 <= i < rows`. May return early, with rows unwritten, once `stop` is
    /// not 0.
    ///
    /// # Safety
    ///
    /// `inputs` are as many arrays of `rows` values as the kernel has inputs, and `out` has room for as many; `out` may be
    /// an input, whole. No other call may be filling the same part of `out`. `stop` is a word that is accessed atomically.
    unsafe fn run(&self, inputs: &[*const f64], out: *mut f64, rows: usize, stop: *const i32);
}

/// A kernel over columns: what a map of the native engine runs.
pub struct Rows {
    inner: Box<dyn Inner>,
    columns: Vec<Column>,
    out: Span,
    /// Of the map: its stop word is polled inside of blocks.
    slot: Slot,
    /// Whether some column, or the output, must go through scratch memory.
    staged: bool,
}

/// Rows that are staged together. Two inputs and the output of so many take 12 KB of the 32 KB of an L1 cache; more
/// would leave it with kernels of many inputs, fewer would show in the cost of the calls.
const STAGED_ROWS: usize = 512;

impl Rows {
    /// `inner` must read no more inputs than there are columns.
    pub fn new(inner: Box<dyn Inner>, columns: Vec<Column>, out: Span, slot: Slot) -> Self {
        let direct = |column: &Column| matches!(column, Column::Array(span) if span.kind == Kind::Float64);
        let staged = out.kind != Kind::Float64 || !columns.iter().all(direct);
        Self {
            inner,
            columns,
            out,
            slot,
            staged,
        }
    }

    /// Rows that every column and the output have.
    pub fn length(&self) -> usize {
        let of = |column: &Column| match column {
            Column::Array(span) => span.len,
            _ => usize::MAX,
        };
        self.columns.iter().map(of).fold(self.out.len, usize::min)
    }

    /// Runs up to `STAGED_ROWS` rows by way of `scratch`.
    fn run_staged(&self, rows: Range<usize>, scratch: &mut Scratch) {
        let count = rows.len();
        let Scratch { values, inputs } = scratch;
        values.resize((self.columns.len() + 1) * STAGED_ROWS, 0.0);
        let (results, blocks) = values.split_at_mut(STAGED_ROWS);
        inputs.clear();
        for (column, block) in self.columns.iter().zip(blocks.chunks_mut(STAGED_ROWS)) {
            let block = &mut block[..count];
            match *column {
                Column::Array(span) if span.kind == Kind::Float64 => {
                    inputs.push(span.floats_at(rows.start).cast_const());
                    continue;
                }
                // SAFETY: `run` keeps rows inside every column.
                Column::Array(span) => unsafe { load(span.kind, span.at(rows.start), block) },
                Column::Range { start, step } => {
                    for (i, value) in block.iter_mut().enumerate() {
                        *value = start + rows_as_f64(signed(rows.start + i)) * step;
                    }
                }
                Column::Repeat(value) => block.fill(value),
            }
            inputs.push(block.as_ptr());
        }
        let stop = self.slot.stop_word();
        if self.out.kind == Kind::Float64 {
            // SAFETY: every input begins `count` values, in the scratch or in its array; so does the output.
            unsafe { self.inner.run(inputs, self.out.floats_at(rows.start), count, stop) };
        } else {
            // SAFETY: as above, with the results in the scratch.
            unsafe { self.inner.run(inputs, results.as_mut_ptr(), count, stop) };
            if self.slot.is_stopped() {
                return; // what lies in the scratch may be of another block
            }
            // SAFETY: `run` keeps rows inside the output, and each row belongs to one worker.
            unsafe { store(self.out.kind, &results[..count], self.out.at(rows.start)) };
        }
    }
}

impl Body for Rows {
    fn run(&self, rows: Range<i64>, scratch: &mut Scratch) {
        let (start, end) = (unsigned(rows.start), unsigned(rows.end));
        assert!(
            start <= end && end <= self.length(),
            "rows {start}..{end} of {}",
            self.length()
        );
        let _strict = StrictFloat::enter();
        if self.staged {
            for block in (start..end).step_by(STAGED_ROWS) {
                if self.slot.is_stopped() {
                    return;
                }
                self.run_staged(block..end.min(block + STAGED_ROWS), scratch);
            }
            return;
        }
        scratch.inputs.clear();
        for column in &self.columns {
            if let Column::Array(span) = column {
                scratch.inputs.push(span.floats_at(start).cast_const());
            }
        }
        let (out, stop) = (self.out.floats_at(start), self.slot.stop_word());
        // SAFETY: all columns and the output are f64 arrays that hold the rows, by the check above.
        unsafe { self.inner.run(&scratch.inputs, out, end - start, stop) };
    }
}

fn unsigned(row: i64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

fn signed(row: usize) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}
