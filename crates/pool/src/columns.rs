//! The inputs of a map as its kernel sees them: f64 values, block by block, whatever the columns are made of.

use std::ops::Range;

use crate::control::{Slot, rows_as_f64};
use crate::element::{Kind, load};

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
    pub(crate) fn at(&self, row: usize) -> *mut u8 {
        debug_assert!(row <= self.len);
        self.data.wrapping_add(row * self.kind.bytes())
    }

    #[allow(clippy::cast_ptr_alignment)] // aligned for its kind
    pub(crate) fn floats_at(&self, row: usize) -> *mut f64 {
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

    /// Rows that are computed together: fewer cost as much. A power of two, far below the rows of a leaf.
    fn group(&self) -> i64 {
        1
    }
}

/// Memory of one thread that inputs go through. It stays from call to call, so nothing is allocated a block.
#[derive(Default)]
pub struct Staging {
    values: Vec<f64>,
    inputs: Vec<*const f64>,
}

/// A kernel over its inputs; where its results go is said at each call.
pub struct Columns {
    inner: Box<dyn Inner>,
    each: Vec<Column>,
    /// Of the map: its stop word is polled inside of blocks.
    slot: Slot,
    /// Whether some column must go through memory of the thread.
    staged: bool,
}

/// Rows that are staged together. Two inputs and the output of so many take 12 KB of the 32 KB of an L1 cache; more
/// would leave it with kernels of many inputs, fewer would show in the cost of the calls.
pub(crate) const STAGED_ROWS: usize = 512;

impl Columns {
    /// `inner` must read no more inputs than there are columns.
    pub fn new(inner: Box<dyn Inner>, each: Vec<Column>, slot: Slot) -> Self {
        let direct = |column: &Column| matches!(column, Column::Array(span) if span.kind == Kind::Float64);
        let staged = !each.iter().all(direct);
        Self {
            inner,
            each,
            slot,
            staged,
        }
    }

    /// Rows that every column has.
    pub fn length(&self) -> usize {
        let of = |column: &Column| match column {
            Column::Array(span) => span.len,
            _ => usize::MAX,
        };
        self.each.iter().map(of).fold(usize::MAX, usize::min)
    }

    pub(crate) fn group(&self) -> i64 {
        self.inner.group()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.slot.is_stopped()
    }

    /// Computes the results of `rows`, from `out` on; some are left out, whichever, where the map is to stop.
    ///
    /// # Panics
    ///
    /// Where a column has no such rows.
    ///
    /// # Safety
    ///
    /// `out` has room for the results; it may be an input's place of these rows. Nobody else writes there.
    pub(crate) unsafe fn compute(&self, rows: Range<usize>, staging: &mut Staging, out: *mut f64) {
        assert!(
            rows.start <= rows.end && rows.end <= self.length(),
            "rows {}..{} of {}",
            rows.start,
            rows.end,
            self.length()
        );
        if !self.staged {
            staging.inputs.clear();
            for column in &self.each {
                if let Column::Array(span) = column {
                    staging.inputs.push(span.floats_at(rows.start).cast_const());
                }
            }
            // SAFETY: all columns are f64 arrays that hold the rows, by the check above; `out` is our caller's promise.
            unsafe { self.inner.run(&staging.inputs, out, rows.len(), self.slot.stop_word()) };
            return;
        }
        for block in rows.clone().step_by(STAGED_ROWS) {
            if self.slot.is_stopped() {
                return;
            }
            let out = out.wrapping_add(block - rows.start);
            // SAFETY: a part of the rows, with its part of `out`.
            unsafe { self.run_staged(block..rows.end.min(block + STAGED_ROWS), staging, out) };
        }
    }

    /// Runs up to `STAGED_ROWS` rows by way of `staging`.
    ///
    /// # Safety
    ///
    /// As for `compute`, with rows that every column has.
    unsafe fn run_staged(&self, rows: Range<usize>, staging: &mut Staging, out: *mut f64) {
        let count = rows.len();
        let Staging { values, inputs } = staging;
        values.resize(self.each.len() * STAGED_ROWS, 0.0);
        inputs.clear();
        for (column, block) in self.each.iter().zip(values.chunks_mut(STAGED_ROWS)) {
            let block = &mut block[..count];
            match *column {
                Column::Array(span) if span.kind == Kind::Float64 => {
                    inputs.push(span.floats_at(rows.start).cast_const());
                    continue;
                }
                // SAFETY: the rows are inside every column.
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
        // SAFETY: every input begins `count` values, in the staging or in its array; so does `out`.
        unsafe { self.inner.run(inputs, out, count, self.slot.stop_word()) };
    }
}

pub(crate) fn unsigned(row: i64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

fn signed(row: usize) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}
