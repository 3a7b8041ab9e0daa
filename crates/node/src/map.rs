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
use napi_derive::napi;

use crate::refusal::{Result, invalid};
use crate::view::span_of;

/// What a map runs and where. Its rows and its chunk rule stand in the slot.
#[napi(object)]
pub struct MapDescription {
    /// Chosen by JavaScript, never twice.
    pub id: u32,
    pub slot: u32,
    /// The numbers that the kernel captured.
    pub uniforms: Vec<f64>,
    /// Three numbers for each input: 0 for the next array of the views; 1, start and step of a range; 2 and the value of
    /// a repeat.
    pub columns: Vec<f64>,
    /// What becomes of results, so that the output has a number a leaf: the place in `FOLDS` of src/engines/reduce.ts. Left
    /// out: it has a result a row.
    pub fold: Option<u32>,
    /// Pool threads that may work in it at a time.
    pub threads: u32,
    /// From now.
    pub deadline_ms: f64,
    /// The calling thread will work in it by `wait`, which follows at once.
    pub caller_takes_part: bool,
    /// What the clock of JavaScript says now, where somebody looks on: the threads take down what they claim.
    pub clock_ms: Option<f64>,
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
}

/// What a map runs. `views` are the arrays of its inputs, in order, then its output, then what the kernel captured.
pub fn body_of(
    env: Env,
    map: &MapDescription,
    kernel: &Arc<Kernel>,
    views: &[Unknown],
    slot: Slot,
) -> Result<Box<dyn Body>> {
    let (inputs, uniforms) = (kernel.inputs(), kernel.uniforms());
    if map.columns.len() != inputs * 3 || map.uniforms.len() != uniforms {
        return invalid(format!("the kernel takes {inputs} inputs and {uniforms} uniforms"));
    }
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
        uniforms: map.uniforms.clone(),
        tables: tables.iter().map(|view| table_of(env, view)).collect::<Result<_>>()?,
    };
    let columns = Columns::new(Box::new(captured), columns_of(env, map, views)?, slot);
    let out = span_of(env, out)?;
    let Some(fold) = map.fold else {
        let rows = Rows::new(columns, out);
        return whole(rows.length(), slot).map(|()| Box::new(rows) as _);
    };
    let Some(fold) = Fold::from_number(fold) else {
        return invalid(format!("there is no fold {fold}"));
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

fn columns_of(env: Env, map: &MapDescription, views: &[Unknown]) -> Result<Vec<Column>> {
    let mut views = views.iter();
    let mut columns = Vec::with_capacity(map.columns.len() / 3);
    for column in map.columns.chunks_exact(3) {
        columns.push(match column {
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
    Ok(columns)
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
