//! One map, from what JavaScript says of it to what the pool runs.

use std::sync::Arc;

use lanewise_jit::kernel::{Captures, Kernel, Table};
use lanewise_pool::chunk_loop::Body;
use lanewise_pool::columns::{Column, Columns, Inner, Span};
use lanewise_pool::control::{Slot, rows_as_f64};
use lanewise_pool::element::Kind;
use lanewise_pool::leaves::{Fold, Leaves};
use lanewise_pool::rows::Rows;
use napi::Env;
use napi::bindgen_prelude::Unknown;

use crate::refusal::{Result, invalid};
use crate::view::{first_numbers, span_of};

/// What a map runs and where, as numbers: `describe` of `src/engines/native.ts` writes them. One array crosses in the time
/// of one property of an object. Its rows and its chunk rule stand in the slot.
pub struct Description {
    /// Chosen by JavaScript, never twice.
    pub id: u32,
    pub slot: u32,
    /// Pool threads that may work in it at a time.
    pub threads: usize,
    /// From now.
    pub deadline_ms: f64,
    /// The calling thread will work in it by `wait`, which follows at once.
    pub caller_takes_part: bool,
    /// What becomes of results, so that the output has a number a leaf: the place in `FOLDS` of src/engines/reduce.ts. -1: it
    /// has a result a row.
    fold: f64,
    /// What the clock of JavaScript says now, where somebody looks on: the threads take down what they claim. Else NaN.
    pub clock_ms: Option<f64>,
    /// The numbers that the kernel captured.
    uniforms: Vec<f64>,
    /// Three numbers for each input: 0 for the next array of the views; 1, start and step of a range; 2 and the value of
    /// a repeat.
    columns: Vec<f64>,
}

impl Description {
    /// Reads what describes a map of `kernel`: the first numbers of a `Float64Array`.
    pub fn read(env: Env, numbers: &Unknown, kernel: &Kernel) -> Result<Self> {
        const HEAD: usize = 7;
        let (inputs, uniforms) = (kernel.inputs(), kernel.uniforms());
        let numbers = first_numbers(env, numbers, HEAD + uniforms + 3 * inputs)?;
        let Some((head, rest)) = numbers.split_first_chunk::<HEAD>() else {
            return invalid("a map is described by more numbers");
        };
        let (uniforms, columns) = rest.split_at(uniforms);
        let [id, slot, threads, deadline_ms, caller_takes_part, fold, clock_ms] = *head;
        Ok(Self {
            id: whole_number(id)?,
            slot: whole_number(slot)?,
            threads: usize::try_from(whole_number(threads)?).unwrap_or(usize::MAX),
            deadline_ms,
            caller_takes_part: caller_takes_part != 0.0,
            fold,
            clock_ms: (!clock_ms.is_nan()).then_some(clock_ms),
            uniforms: uniforms.to_vec(),
            columns: columns.to_vec(),
        })
    }
}

fn whole_number(number: f64) -> Result<u32> {
    if number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // exact, by the line above
        return Ok(number as u32);
    }
    invalid(format!("{number} is no whole number of 32 bits"))
}

/// Machine code with what the kernel captured, for one map.
struct Captured {
    kernel: Arc<Kernel>,
    uniforms: Vec<f64>,
    tables: Vec<Table>,
}

// SAFETY: tables point to memory that the session keeps for the map, of numbers that this side only reads.
unsafe impl Send for Captured {}
// SAFETY: as above.
unsafe impl Sync for Captured {}

impl Inner for Captured {
    unsafe fn run(&self, inputs: &[*const f64], out: *mut f64, rows: usize, stop: *const i32) {
        let captures = Captures {
            uniforms: &self.uniforms,
            tables: &self.tables,
        };
        // SAFETY: our caller promises the arrays and the stop word; `rows_of` has counted inputs and captures, and looked
        // at the length of each table.
        unsafe { self.kernel.run(captures, inputs, out, rows, stop) };
    }

    fn group(&self) -> i64 {
        self.kernel.shape().group()
    }
}

/// What a map runs. `views` are the arrays of its inputs, in order, then its output, then what the kernel captured.
pub fn body_of(
    env: Env,
    map: Description,
    kernel: &Arc<Kernel>,
    views: &[Unknown],
    slot: Slot,
) -> Result<Box<dyn Body>> {
    let Some((views, tables)) = views
        .len()
        .checked_sub(kernel.tables())
        .and_then(|at| views.split_at_checked(at))
    else {
        return invalid(format!("the kernel captures {} arrays", kernel.tables()));
    };
    let Some((out, views)) = views.split_last() else {
        return invalid("a map needs an output");
    };
    let captured = Captured {
        kernel: Arc::clone(kernel),
        uniforms: map.uniforms,
        tables: tables.iter().map(|view| table_of(env, view)).collect::<Result<_>>()?,
    };
    let columns = Columns::new(Box::new(captured), columns_of(env, &map.columns, views)?, slot);
    let out = span_of(env, out)?;
    if map.fold < 0.0 {
        let rows = Rows::new(columns, out);
        return whole(rows.length(), slot).map(|()| Box::new(rows) as _);
    }
    let Some(fold) = Fold::from_number(whole_number(map.fold)?) else {
        return invalid(format!("there is no fold {}", map.fold));
    };
    if out.kind() != Kind::Float64 {
        return invalid("numbers of leaves are doubles");
    }
    let rows = slot.length().and_then(|rows| usize::try_from(rows).ok()).unwrap_or(0);
    let leaves = Leaves::new(columns, fold, rows, out);
    whole(leaves.length(), slot).map(|()| Box::new(leaves) as _)
}

/// Whether arrays that are so long have all rows of the map.
fn whole(length: usize, slot: Slot) -> Result<()> {
    let is_short = |end: i64| usize::try_from(end).map_or(true, |end| end > length);
    if slot.length().is_some_and(is_short) {
        return invalid("an array is shorter than the map");
    }
    Ok(())
}

fn columns_of(env: Env, columns: &[f64], views: &[Unknown]) -> Result<Vec<Column>> {
    let mut views = views.iter();
    let mut found = Vec::with_capacity(columns.len() / 3);
    for column in columns.chunks_exact(3) {
        found.push(match column {
            [1.0, start, step] => Column::Range {
                start: *start,
                step: *step,
            },
            [2.0, value, _] => Column::Repeat(*value),
            _ => match views.next() {
                Some(view) => Column::Array(span_of(env, view)?),
                None => return invalid("there are fewer arrays than columns for them"),
            },
        });
    }
    if views.next().is_some() {
        return invalid("there are more arrays than columns for them");
    }
    Ok(found)
}

fn table_of(env: Env, view: &Unknown) -> Result<Table> {
    /// Where the entries of an array begin that has none: code may look there, whatever it does with what it finds.
    static NOTHING: f64 = f64::NAN;
    let span: Span = span_of(env, view)?;
    if span.kind() != Kind::Float64 {
        return invalid("captured arrays are of doubles");
    }
    let length = rows_as_f64(i64::try_from(span.len()).unwrap_or(i64::MAX));
    let entries = if span.is_empty() {
        &raw const NOTHING
    } else {
        span.data().cast_const().cast()
    };
    Ok(Table { entries, length })
}
