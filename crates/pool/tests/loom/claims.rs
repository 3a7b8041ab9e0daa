//! The protocol of a slot: claims, returned ranges, and what the caller reads meanwhile.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use lanewise_pool::control::words;
use loom::cell::UnsafeCell;
use loom::thread;

use crate::support::{ModelSlot, check};

/// A map of two workers, and its results: memory of which loom knows who may see what.
struct Map {
    slot: ModelSlot,
    results: Vec<UnsafeCell<i64>>,
}

const WORKERS: usize = 2;

impl Map {
    fn new(rows: i64, end: i64) -> Arc<Self> {
        let slot = ModelSlot::new(end, 2, 1);
        let results = (0..rows).map(|_| UnsafeCell::new(0)).collect();
        #[allow(clippy::arc_with_non_send_sync)] // loom's threads are all on one of the system's
        Arc::new(Self { slot, results })
    }

    fn result(&self, row: i64) -> &UnsafeCell<i64> {
        &self.results[usize::try_from(row).unwrap()]
    }

    /// Computes rows, each for the first time.
    fn run(&self, seat: usize, rows: Range<i64>) {
        let count = rows.end - rows.start;
        for row in rows {
            self.result(row).with_mut(|result| {
                // SAFETY: one worker holds the row; loom looks whether that is so.
                let before = unsafe { result.replace(row + 1) };
                assert_eq!(before, 0, "row {row} is run once");
            });
        }
        self.slot.slot().publish(seat, count);
    }

    /// A worker that claims up to `most` rows at a time until there are none.
    fn run_all(&self, seat: usize, most: i64) {
        while let Some(rows) = self.slot.slot().claim(seat, most) {
            self.run(seat, rows);
        }
    }

    /// A worker that gives back what follows on the first row of its first chunk.
    fn run_one_and_return(&self, seat: usize, most: i64) {
        let slot = self.slot.slot();
        if let Some(rows) = slot.claim(seat, most) {
            self.run(seat, rows.start..rows.start + 1);
            let rest = rows.start + 1..rows.end;
            if !rest.is_empty() && !slot.give_back(seat, &rest) {
                self.run(seat, rest);
            }
        }
        self.run_all(seat, 1);
    }

    /// Reads all that is ready.
    fn read(&self) {
        for row in 0..self.slot.ready(WORKERS).unwrap_or(0) {
            self.expect_result(row);
        }
    }

    fn expect_result(&self, row: i64) {
        // SAFETY: nobody writes a row that is ready; loom looks whether that is so.
        self.result(row)
            .with(|result| unsafe { assert_eq!(*result, row + 1, "row {row} is finished") });
    }

    /// When nobody is in the map any more.
    fn expect_all(&self) {
        let rows = i64::try_from(self.results.len()).unwrap();
        assert_eq!(self.slot.ready(WORKERS), Some(rows));
        assert_eq!(self.slot.done(), rows);
        (0..rows).for_each(|row| self.expect_result(row));
    }
}

fn spawn(map: &Arc<Map>, work: impl FnOnce(&Map) + 'static) -> thread::JoinHandle<()> {
    let map = Arc::clone(map);
    thread::spawn(move || work(&map))
}

fn join(workers: impl IntoIterator<Item = thread::JoinHandle<()>>) {
    for worker in workers {
        worker.join().unwrap();
    }
}

/// Two threads and three chunks each.
#[test]
fn each_row_is_claimed_once_and_what_is_ready_is_finished() {
    check(|| {
        let map = Map::new(6, 6);
        let workers = [0, 1].map(|seat| spawn(&map, move |map| map.run_all(seat, 1)));
        map.read();
        join(workers);
        map.expect_all();
    });
}

#[test]
fn no_claim_passes_an_end_that_moves() {
    check(|| {
        let map = Map::new(5, 2);
        map.slot.word(words::SLOT_MOVING).store(1, SeqCst);
        let workers = [0, 1].map(|seat| spawn(&map, move |map| map.run_all(seat, 2)));
        map.slot.wide(words::SLOT_END).store(5, SeqCst);
        map.read();
        join(workers);
        map.run_all(0, 2); // they may have left before it moved
        map.expect_all();
    });
}

#[test]
fn a_returned_range_is_taken_over_once_and_the_ready_prefix_waits_for_it() {
    check(|| {
        let map = Map::new(4, 4);
        let workers = [
            spawn(&map, |map| map.run_one_and_return(0, 3)),
            spawn(&map, |map| map.run_all(1, 2)),
        ];
        map.read();
        join(workers);
        map.expect_all();
    });
}

#[test]
fn two_workers_return_ranges_and_take_them_over() {
    check(|| {
        let map = Map::new(6, 6);
        let workers = [0, 1].map(|seat| spawn(&map, move |map| map.run_one_and_return(seat, 3)));
        join(workers);
        map.expect_all();
    });
}

#[test]
fn a_worker_leaves_a_map_that_stops_though_its_lock_was_never_given_back() {
    check(|| {
        let map = Map::new(4, 4);
        // As a caller's thread that was terminated while it read.
        map.slot.word(words::SLOT_LOCK).store(-1, SeqCst);
        let worker = spawn(&map, |map| {
            let slot = map.slot.slot();
            let rows = slot.claim(0, 4);
            assert!(rows.is_none_or(|rows| !slot.give_back(0, &rows)));
        });
        map.slot.cancel();
        worker.join().unwrap();
    });
}
