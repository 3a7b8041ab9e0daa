//! What a thread does inside a map: claim a chunk, run it in blocks, publish what is done, until there is none to claim.
//!
//! `assembly/index.ts` is the same loop for WASM; what the two must keep is written there.

use std::ops::Range;

use crate::claims::{Claim, OwnClaims};
use crate::control::{Slot, rows_as_f64};
use crate::rule::{Rule, block_rows};
use crate::sync::Instant;

/// What a map runs.
pub trait Body: Send + Sync {
    /// Computes the results of `rows`.
    fn run(&self, rows: Range<i64>, scratch: &mut Scratch);

    /// So many rows, from a multiple of them on, are run by one thread, in order, and by no call together with others.
    /// 1 has rows parted anywhere.
    fn grain(&self) -> i64 {
        1
    }

    /// Rows that are computed together: fewer cost as much.
    fn group(&self) -> i64 {
        1
    }
}

/// Memory of one thread that a body may use during a call. It stays from call to call, so nothing is allocated a block.
#[derive(Default)]
pub struct Scratch {
    #[cfg(not(loom))]
    pub(crate) staging: crate::columns::Staging,
    #[cfg(not(loom))]
    pub(crate) results: Vec<f64>,
    #[cfg(not(loom))]
    pub(crate) sums: crate::leaves::Sums,
}

/// Works on the map of `slot` as the worker of `seat`, until nothing is left to claim, the map stops, or `until` has
/// passed and a chunk has ended. Calls `on_return` after each range given back: another worker could take it over.
/// `claims`: where to take down each chunk, if somebody looks on.
pub fn work(
    slot: Slot,
    seat: usize,
    body: &dyn Body,
    scratch: &mut Scratch,
    until: Option<Instant>,
    on_return: &dyn Fn(),
    mut claims: Option<&mut OwnClaims>,
) {
    let mut rule = Rule::of(slot);
    let unit = match (body.grain(), slot.chunksize()) {
        (1, None) => body.group(),
        (grain, _) => grain,
    };
    loop {
        let mean = slot.mean();
        let plan = rule.next(mean, slot.remaining(), slot.length());
        let Some(rows) = slot.claim(seat, in_whole(plan.rows, unit)) else {
            return;
        };
        let begun = Instant::now();
        let (done, ms) = run_chunk(
            slot,
            seat,
            body,
            scratch,
            rows.clone(),
            mean,
            plan.stop_ms,
            begun,
            on_return,
        );
        if let Some(claims) = &mut claims {
            let (start, end, stop_ms) = (rows.start, rows.end, plan.stop_ms);
            claims.add(Claim {
                seat,
                start,
                end,
                done,
                begun,
                ms,
                stop_ms,
            });
        }
        if done > 0 {
            rule.follow(slot.mean(), done, ms); // others have measured meanwhile
            slot.measure(seat, done, ms, rule.keep());
        }
        if slot.is_stopped() {
            return; // the chunk may be cut short: how far it went is read by its seat
        }
        if until.is_some_and(|until| Instant::now() >= until) {
            slot.leave(seat);
            return;
        }
    }
}

/// So many rows, or a few more: whole units.
fn in_whole(rows: i64, unit: i64) -> i64 {
    match rows % unit {
        0 => rows,
        begun => rows - begun + unit,
    }
}

/// Runs a chunk up to its end, to a stop, or to `stop_ms`, when its rest is given back: rows done, and ms taken.
#[allow(clippy::too_many_arguments)] // all of them are of this chunk, and nobody else calls it
fn run_chunk(
    slot: Slot,
    seat: usize,
    body: &dyn Body,
    scratch: &mut Scratch,
    rows: Range<i64>,
    mean: Option<f64>,
    stop_ms: f64,
    begin: Instant,
    on_return: &dyn Fn(),
) -> (i64, f64) {
    let (grain, group) = (body.grain(), body.group());
    let mut row = rows.start;
    let mut ms = 0.0;
    let mut pace = mean; // of the block to come: rows may suddenly be dearer than the mean
    while row < rows.end && !slot.is_stopped() {
        let in_grain = row % grain;
        if ms > stop_ms && in_grain == 0 && slot.give_back(seat, &(row..rows.end)) {
            on_return();
            break;
        }
        let most = if grain == 1 { i64::MAX } else { grain - in_grain };
        let wanted = block_rows(pace);
        let block = row..(row + (wanted - wanted % group).max(group).min(most)).min(rows.end);
        body.run(block.clone(), scratch);
        // Stopped meanwhile: the body may have returned before its end, so nothing of the block counts.
        if slot.is_stopped() {
            break;
        }
        let count = block.end - block.start;
        slot.publish(seat, count);
        row = block.end;
        let now = begin.elapsed().as_secs_f64() * 1000.0;
        pace = Some(((now - ms) / rows_as_f64(count)).max(mean.unwrap_or(0.0)));
        ms = now;
    }
    (row - rows.start, ms)
}
