//! One slot of the control block, by atomic accesses; `src/memory/control.ts` has the table of its words.
//!
//! All accesses are sequentially consistent, as those of JavaScript and WASM on the same words are.

use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::SeqCst;

use crate::memory::{Base, Memory};
use crate::sync::{AtomicI32, AtomicI64, yield_now};

pub use crate::generated::control as words;
use words::{
    NO_CHUNK, RANGE_BYTES, RANGE_FROM, RANGE_TO, RANGES_AT, SLOT_CHUNKSIZE, SLOT_DONE, SLOT_END, SLOT_LOCK,
    SLOT_LONGEST, SLOT_MOVING, SLOT_NEXT, SLOT_RETURNED, SLOT_RETURNED_ROWS, SLOT_STOP, SLOT_WORKERS, STOP_NONE,
    WORKER_BUSY, WORKER_BYTES, WORKER_CHUNKS, WORKER_FINISHED, WORKER_GIVEN_BACK, WORKER_ITEMS, WORKER_START,
    WORKER_TIME, WORKERS, WORKERS_AT,
};

/// A slot, wherever it lies. Copies are the same slot.
#[derive(Clone, Copy)]
pub struct Slot {
    memory: Memory,
}

impl Slot {
    /// # Safety
    ///
    /// `base` is 8-byte aligned and begins `SLOT_BYTES` bytes that live as long as any copy of this slot is used, and
    /// that everyone accesses atomically.
    pub unsafe fn new(base: NonNull<Base>) -> Self {
        // SAFETY: the same promise.
        let memory = unsafe { Memory::new(base) };
        Self { memory }
    }

    fn word(&self, at: usize) -> &AtomicI32 {
        self.memory.word(at)
    }

    fn wide(&self, at: usize) -> &AtomicI64 {
        self.memory.wide(at)
    }

    fn real(self, at: usize) -> f64 {
        f64::from_bits(self.wide(at).load(SeqCst).cast_unsigned())
    }

    fn set_real(self, at: usize, value: f64) {
        self.wide(at).store(value.to_bits().cast_signed(), SeqCst);
    }

    fn worker(self, seat: usize) -> usize {
        debug_assert!(seat < self.workers());
        WORKERS_AT + seat * WORKER_BYTES
    }

    /// Why the map is to stop; `STOP_NONE` while it may go on.
    pub fn stop(self) -> i32 {
        self.word(SLOT_STOP).load(SeqCst)
    }

    /// The word of `stop`, for code that polls it by itself; it lives as long as the slot.
    #[cfg(not(loom))]
    pub fn stop_word(self) -> *const i32 {
        self.word(SLOT_STOP).as_ptr()
    }

    pub fn is_stopped(self) -> bool {
        self.stop() != STOP_NONE
    }

    /// Has the map stop; whoever came first is right.
    pub fn set_stop(self, why: i32) {
        let _ = self.word(SLOT_STOP).compare_exchange(STOP_NONE, why, SeqCst, SeqCst);
    }

    /// How many workers may share the map, between 1 and `WORKERS`.
    pub fn workers(self) -> usize {
        usize::try_from(self.word(SLOT_WORKERS).load(SeqCst))
            .unwrap_or(1)
            .clamp(1, WORKERS)
    }

    /// Rows of a chunk; `None` has them sized by time.
    pub fn chunksize(self) -> Option<i64> {
        Some(self.wide(SLOT_CHUNKSIZE).load(SeqCst)).filter(|&rows| rows > 0)
    }

    /// No chunk sized by time shall last longer, in ms.
    pub fn longest(self) -> f64 {
        self.real(SLOT_LONGEST)
    }

    /// Rows that nobody has claimed, those of returned ranges not counted.
    pub fn untouched(self) -> i64 {
        (self.wide(SLOT_END).load(SeqCst) - self.wide(SLOT_NEXT).load(SeqCst)).max(0)
    }

    /// Rows that nobody holds.
    pub fn remaining(self) -> i64 {
        self.untouched() + self.wide(SLOT_RETURNED_ROWS).load(SeqCst)
    }

    /// All rows of the map; `None` while more may come.
    pub fn length(self) -> Option<i64> {
        (self.word(SLOT_MOVING).load(SeqCst) == 0).then(|| self.wide(SLOT_END).load(SeqCst))
    }

    pub fn has_work(self) -> bool {
        self.untouched() > 0 || self.word(SLOT_RETURNED).load(SeqCst) > 0
    }

    /// Mean running time of a row over all workers, in ms; `None` before the first chunk has ended.
    pub fn mean(self) -> Option<f64> {
        let (mut time, mut items) = (0.0, 0.0);
        for seat in 0..self.workers() {
            let words = self.worker(seat);
            time += self.real(words + WORKER_TIME);
            items += self.real(words + WORKER_ITEMS);
        }
        (items > 0.0).then(|| time / items)
    }

    /// Takes up to `most` rows for the worker of `seat`: from a returned range if there is one, else the next untouched
    /// ones. `None`: nothing to take, or the map stops.
    ///
    /// What the caller's reading of the ready prefix needs of this (it reads `next`, then takes the lock, then reads
    /// each `start` before its `finished`):
    ///
    /// 1. `finished` is 0 before `start` moves, so that `start + finished` never lies beyond a row that is not finished.
    /// 2. `start` holds a row at or below what the claim will give before `next` moves past it.
    /// 3. `start` moves down only under the lock, together with the returned range that it takes over.
    pub fn claim(self, seat: usize, most: i64) -> Option<Range<i64>> {
        let words = self.worker(seat);
        let start = self.wide(words + WORKER_START);
        if self.word(SLOT_RETURNED).load(SeqCst) > 0
            && let Some(rows) = self.claim_returned(seat, most)
        {
            return Some(rows);
        }
        if self.is_stopped() {
            return None;
        }
        self.wide(words + WORKER_FINISHED).store(0, SeqCst); // 1
        let from = self.wide(SLOT_NEXT).load(SeqCst);
        start.store(from, SeqCst); // 2
        if let Some(rows) = self.take_untouched(from, most) {
            return Some(self.begin(seat, rows));
        }
        start.store(NO_CHUNK, SeqCst);
        None
    }

    /// Moves `next`, which was `from` a moment ago, by up to `most` rows: those.
    fn take_untouched(self, mut from: i64, most: i64) -> Option<Range<i64>> {
        let next = self.wide(SLOT_NEXT);
        let end = self.wide(SLOT_END);
        if self.word(SLOT_MOVING).load(SeqCst) == 0 {
            // One addition, clipped where it overshoots.
            let end = end.load(SeqCst);
            if from < end {
                from = next.fetch_add(most, SeqCst);
            }
            return (from < end).then(|| from..(from + most).min(end));
        }
        // Each try goes by one reading of `end`: rows that come after it are nobody's until `next` has moved past them.
        loop {
            let end = end.load(SeqCst);
            if from >= end {
                return None;
            }
            let to = (from + most).min(end);
            match next.compare_exchange(from, to, SeqCst, SeqCst) {
                Ok(_) => return Some(from..to),
                Err(moved) => from = moved,
            }
        }
    }

    fn begin(self, seat: usize, rows: Range<i64>) -> Range<i64> {
        let words = self.worker(seat);
        self.wide(words + WORKER_START).store(rows.start, SeqCst);
        self.word(words + WORKER_CHUNKS).fetch_add(1, SeqCst);
        rows
    }

    fn claim_returned(self, seat: usize, most: i64) -> Option<Range<i64>> {
        if !self.lock(seat) {
            return None;
        }
        let count = self.word(SLOT_RETURNED).load(SeqCst);
        let rows = usize::try_from(count - 1).ok().map(|last| {
            let entry = RANGES_AT + last * RANGE_BYTES;
            let from = self.wide(entry + RANGE_FROM).load(SeqCst);
            let to = self.wide(entry + RANGE_TO).load(SeqCst);
            let rows = from..(from + most).min(to);
            self.wide(self.worker(seat) + WORKER_FINISHED).store(0, SeqCst);
            self.begin(seat, rows.clone()); // 3
            if rows.end < to {
                self.wide(entry + RANGE_FROM).store(rows.end, SeqCst);
            } else {
                self.word(SLOT_RETURNED).store(count - 1, SeqCst);
            }
            self.wide(SLOT_RETURNED_ROWS).fetch_sub(rows.end - from, SeqCst);
            rows
        });
        self.unlock();
        rows
    }

    /// Gives the rest of a chunk back; false if there is no room for it: then the worker keeps it.
    pub fn give_back(self, seat: usize, rows: &Range<i64>) -> bool {
        if !self.lock(seat) {
            return false;
        }
        let count = self.word(SLOT_RETURNED).load(SeqCst);
        let room = usize::try_from(count).is_ok_and(|count| count < self.workers());
        if room {
            let entry = RANGES_AT + usize::try_from(count).unwrap_or(0) * RANGE_BYTES;
            self.wide(entry + RANGE_FROM).store(rows.start, SeqCst);
            self.wide(entry + RANGE_TO).store(rows.end, SeqCst);
            self.word(SLOT_RETURNED).store(count + 1, SeqCst);
            self.wide(SLOT_RETURNED_ROWS).fetch_add(rows.end - rows.start, SeqCst);
            let words = self.worker(seat);
            self.wide(words + WORKER_START).store(NO_CHUNK, SeqCst);
            self.word(words + WORKER_GIVEN_BACK).fetch_add(1, SeqCst);
        }
        self.unlock();
        room
    }

    /// The worker of `seat` goes, its chunk whole: the ready prefix does not stop at that any more.
    pub fn leave(self, seat: usize) {
        self.wide(self.worker(seat) + WORKER_START).store(NO_CHUNK, SeqCst);
    }

    /// Rows of the chunk of `seat` are finished: whoever reads the count sees their results.
    pub fn publish(self, seat: usize, rows: i64) {
        self.wide(self.worker(seat) + WORKER_FINISHED).fetch_add(rows, SeqCst);
        self.wide(SLOT_DONE).fetch_add(rows, SeqCst);
    }

    /// The chunk of `seat` has ended after `rows` rows and `ms` ms; older measurements count `keep` times as much.
    pub fn measure(self, seat: usize, rows: i64, ms: f64, keep: f64) {
        let words = self.worker(seat);
        self.set_real(words + WORKER_TIME, self.real(words + WORKER_TIME) * keep + ms);
        self.set_real(
            words + WORKER_ITEMS,
            self.real(words + WORKER_ITEMS) * keep + rows_as_f64(rows),
        );
        self.set_real(words + WORKER_BUSY, self.real(words + WORKER_BUSY) + ms);
    }

    /// Takes the lock; false if the map stops, whose lock may be held by a thread that is no more.
    fn lock(self, seat: usize) -> bool {
        let holder = i32::try_from(seat + 1).unwrap_or(i32::MAX);
        while self
            .word(SLOT_LOCK)
            .compare_exchange_weak(0, holder, SeqCst, SeqCst)
            .is_err()
        {
            if self.is_stopped() {
                return false;
            }
            yield_now(); // its holder may have been interrupted, on this very core
        }
        true
    }

    fn unlock(self) {
        self.word(SLOT_LOCK).store(0, SeqCst);
    }
}

/// Exact: a map has at most 2^53 rows.
#[allow(clippy::cast_precision_loss)]
pub fn rows_as_f64(rows: i64) -> f64 {
    rows as f64
}
