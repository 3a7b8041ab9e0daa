//! Maps on the pool's threads.

mod support;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use lanewise_pool::chunk_loop::{Body, Scratch, work};
use lanewise_pool::control::{Slot, words};
use lanewise_pool::job::{Job, Outcome};
use lanewise_pool::pool::Pool;
use lanewise_pool::sync::Mutex;
use proptest::prelude::*;
use support::TestSlot;
use support::mail::channel;
use support::maps::{EVER, OWNER, Run, start, start_for_caller};

/// Waits until the map of the slot is to stop, as a kernel that never ends does.
fn run_until_stopped(slot: Slot) {
    while !slot.is_stopped() {
        std::thread::yield_now();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn each_row_is_run_once_whatever_the_chunksize(
        rows in 0..3000_i64,
        chunksize in prop_oneof![Just(0), 1..50_i64, Just(1000)],
        threads in 1..4_usize,
    ) {
        let pool = Pool::new();
        let slot = TestSlot::new(rows, 4, chunksize);
        let ran = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&ran);
        let map = start(&pool, &slot, threads, None, move |rows| note.lock().unwrap().extend(rows));
        prop_assert_eq!(map.outcome(), Outcome::Dry);
        let mut ran = ran.lock().unwrap().clone();
        ran.sort_unstable();
        prop_assert_eq!(ran, (0..rows).collect::<Vec<_>>());
        prop_assert_eq!(slot.done(), rows);
    }
}

/// Computes eight rows together, and takes down which blocks it was given.
#[derive(Default)]
struct Groups(Mutex<Vec<i64>>);

impl Body for Groups {
    fn run(&self, rows: std::ops::Range<i64>, _scratch: &mut Scratch) {
        self.0.lock().unwrap().push(rows.end - rows.start);
        std::thread::yield_now(); // so that rows cost something
    }

    fn group(&self) -> i64 {
        8
    }
}

#[test]
fn blocks_and_chunks_are_whole_groups_but_where_the_chunksize_is_given() {
    for (chunksize, rows) in [(0, 1001), (3, 10)] {
        let slot = TestSlot::new(rows, 2, chunksize);
        let body = Groups::default();
        work(slot.slot(), 0, &body, &mut Scratch::default(), None, &|| {}, None);
        let blocks = body.0.lock().unwrap().clone();
        let (_, others) = blocks.split_last().unwrap();
        assert_eq!(blocks.iter().sum::<i64>(), rows);
        let is_whole = |&rows: &i64| {
            if chunksize == 0 {
                rows % 8 == 0
            } else {
                rows == chunksize
            }
        };
        assert!(others.iter().all(is_whole), "{blocks:?}");
    }
}

#[test]
fn two_threads_are_in_one_map_at_a_time() {
    let pool = Pool::new();
    let slot = TestSlot::new(2, 2, 1);
    let both = Barrier::new(2);
    // Ends only if the two rows run side by side.
    let map = start(&pool, &slot, 2, None, move |_| {
        both.wait();
    });
    assert_eq!(map.outcome(), Outcome::Dry);
}

#[test]
fn a_cancelled_map_ends_without_its_other_rows() {
    let pool = Pool::new();
    let slot = TestSlot::new(1_000_000, 2, 1);
    let view = slot.slot();
    let (tell, begun) = channel();
    let map = start(&pool, &slot, 2, None, move |_| {
        tell.send(());
        run_until_stopped(view);
    });
    begun.recv_timeout(EVER).unwrap();
    view.set_stop(words::STOP_CANCELLED);
    assert_eq!(map.outcome(), Outcome::Stopped(words::STOP_CANCELLED));
    // What ran when it stopped may be half done, so it does not count.
    assert_eq!(slot.done(), 0);
}

#[test]
fn a_map_cancelled_in_the_queue_never_runs() {
    let pool = Pool::new();
    let (slot, waiting) = (TestSlot::new(1, 1, 1), TestSlot::new(1, 1, 1));
    let view = slot.slot();
    let first = start(&pool, &slot, 1, None, move |_| run_until_stopped(view));
    let second = start(&pool, &waiting, 1, None, |_| panic!("it was cancelled"));
    waiting.slot().set_stop(words::STOP_CANCELLED);
    view.set_stop(words::STOP_CANCELLED);
    assert_eq!(first.outcome(), Outcome::Stopped(words::STOP_CANCELLED));
    assert_eq!(second.outcome(), Outcome::Stopped(words::STOP_CANCELLED));
}

#[test]
fn the_timer_stops_a_map_at_its_deadline() {
    let pool = Pool::new();
    let slot = TestSlot::new(10, 2, 0);
    let view = slot.slot();
    let deadline = Instant::now() + Duration::from_millis(2);
    let map = start(&pool, &slot, 2, Some(deadline), move |_| run_until_stopped(view));
    assert_eq!(map.outcome(), Outcome::Stopped(words::STOP_DEADLINE));
    assert!(Instant::now() >= deadline);
}

#[test]
fn a_nearer_deadline_that_comes_later_is_kept_though_all_threads_are_busy() {
    let pool = Pool::new();
    let (far, near) = (TestSlot::new(1, 1, 0), TestSlot::new(1, 1, 0));
    let view = far.slot();
    let (tell, begun) = channel();
    let first = start(&pool, &far, 1, Some(Instant::now() + EVER * 60), move |_| {
        tell.send(());
        run_until_stopped(view);
    });
    begun.recv_timeout(EVER).unwrap();
    let second = start(&pool, &near, 1, Some(Instant::now()), |_| {
        panic!("it was late before a thread was free")
    });
    assert_eq!(second.outcome(), Outcome::Stopped(words::STOP_DEADLINE));
    view.set_stop(words::STOP_CANCELLED);
    assert_eq!(first.outcome(), Outcome::Stopped(words::STOP_CANCELLED));
}

#[test]
fn a_panic_ends_its_map_and_nothing_else() {
    let pool = Pool::new();
    let slot = TestSlot::new(100, 2, 1);
    let map = start(&pool, &slot, 2, None, |rows| {
        assert!(rows.start != 7, "row {}", rows.start);
    });
    assert_eq!(map.outcome(), Outcome::Panicked("row 7".to_string()));
    let next = TestSlot::new(100, 2, 1);
    assert_eq!(start(&pool, &next, 2, None, |_| {}).outcome(), Outcome::Dry);
    assert_eq!(next.done(), 100);
}

#[test]
fn rows_that_come_later_are_run_by_a_second_submission() {
    let pool = Pool::new();
    let slot = TestSlot::new(10, 2, 0);
    slot.int(words::SLOT_MOVING).store(1, SeqCst);
    assert_eq!(start(&pool, &slot, 2, None, |_| {}).outcome(), Outcome::Dry);
    assert_eq!(slot.done(), 10);
    slot.wide(words::SLOT_END).store(25, SeqCst);
    assert_eq!(start(&pool, &slot, 2, None, |_| {}).outcome(), Outcome::Dry);
    assert_eq!(slot.done(), 25);
}

#[test]
fn a_caller_who_waits_takes_part_if_it_wants() {
    let pool = Pool::new();
    let busy = TestSlot::new(1, 1, 1);
    let busy_view = busy.slot();
    let (tell, begun) = channel();
    let first = start(&pool, &busy, 1, None, move |_| {
        tell.send(());
        run_until_stopped(busy_view);
    });
    begun.recv_timeout(EVER).unwrap();

    // The pool's only thread is busy, so all rows of this map are the caller's.
    let slot = TestSlot::new(50, 2, 1);
    let me = std::thread::current().id();
    let map = start(&pool, &slot, 1, None, move |_| {
        assert_eq!(std::thread::current().id(), me);
    });
    let mut scratch = Scratch::default();
    assert!(!pool.wait(&map.job, Duration::ZERO, false, &mut scratch));
    assert_eq!(slot.done(), 0);
    assert!(pool.wait(&map.job, EVER, true, &mut scratch));
    assert_eq!(map.job.outcome(), Some(&Outcome::Dry));
    assert_eq!(slot.done(), 50);
    busy_view.set_stop(words::STOP_CANCELLED);
    first.outcome();
}

#[test]
fn a_short_map_of_a_caller_wakes_no_thread() {
    let pool = Pool::new();
    let slot = TestSlot::new(3, 2, 1);
    let me = std::thread::current().id();
    let map = start_for_caller(&pool, &slot, move |_| assert_eq!(std::thread::current().id(), me));
    // However slow this machine is: a wait that takes no time has no thread woken either.
    while !pool.wait(&map.job, Duration::from_nanos(1), true, &mut Scratch::default()) {}
    assert_eq!(map.outcome(), Outcome::Dry);
    assert_eq!(slot.done(), 3);
    assert_eq!(pool.info().threads, 0);
}

#[test]
fn threads_join_a_caller_whose_map_lasts() {
    let pool = Pool::new();
    let slot = TestSlot::new(100, 2, 1);
    let me = std::thread::current().id();
    let joined = AtomicBool::new(false);
    let map = start_for_caller(&pool, &slot, move |rows| {
        if std::thread::current().id() != me {
            joined.store(true, SeqCst);
        } else if rows.start == 0 {
            // Longer than a caller works alone.
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_millis(2) {
                std::thread::yield_now();
            }
        } else {
            while !joined.load(SeqCst) {
                std::thread::yield_now();
            }
        }
    });
    assert!(pool.wait(&map.job, EVER, true, &mut Scratch::default()));
    assert_eq!(map.outcome(), Outcome::Dry);
    assert_eq!(slot.done(), 100);
}

#[test]
fn a_caller_comes_back_between_two_chunks_once_its_time_is_up() {
    let pool = Pool::new();
    let slot = TestSlot::new(1_000_000, 1, 1);
    let view = slot.slot();
    // The seat of the one worker goes to whoever comes first; either way the wait comes back before the map has ended.
    let map = start(&pool, &slot, 1, None, move |_| std::thread::yield_now());
    assert!(!pool.wait(&map.job, Duration::from_millis(1), true, &mut Scratch::default()));
    view.set_stop(words::STOP_CANCELLED);
    assert_eq!(map.outcome(), Outcome::Stopped(words::STOP_CANCELLED));
}

#[test]
fn a_worker_that_leaves_between_two_chunks_holds_nothing_back() {
    let slot = TestSlot::new(100, 2, 10);
    let body = Run(|_: std::ops::Range<i64>| {});
    for (seat, until) in [(0, Some(Instant::now())), (1, None)] {
        work(slot.slot(), seat, &body, &mut Scratch::default(), until, &|| {}, None);
    }
    assert_eq!(slot.done(), 100);
    assert_eq!(slot.ready(), 100);
}

#[test]
fn when_an_owner_is_abandoned_no_thread_is_left_in_its_maps() {
    let pool = Pool::new();
    let (slot, waiting, other) = (TestSlot::new(4, 2, 1), TestSlot::new(4, 2, 1), TestSlot::new(4, 2, 1));
    let inside = Arc::new(AtomicUsize::new(0));
    let (count, view) = (Arc::clone(&inside), slot.slot());
    let (tell, begun) = channel();
    let _running = start(&pool, &slot, 2, None, move |_| {
        count.fetch_add(1, SeqCst);
        tell.send(());
        run_until_stopped(view);
        std::thread::yield_now();
        count.fetch_sub(1, SeqCst);
    });
    begun.recv_timeout(EVER).unwrap();
    let ran = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&ran);
    let queued = start(&pool, &waiting, 2, None, move |_| note.store(true, SeqCst));
    let (tell, end) = channel();
    let on_end = Box::new(move |outcome: &Outcome| tell.send(outcome.clone()));
    let kept = Job::new(OWNER + 1, other.slot(), Box::new(Run(|_| {})), 2, None, on_end);
    pool.submit(Arc::new(kept)).unwrap();

    pool.abandon(OWNER, EVER, || panic!("threads leave within a block"));
    assert_eq!(inside.load(SeqCst), 0);
    assert!(waiting.slot().is_stopped() || ran.load(SeqCst));
    assert_eq!(end.recv_timeout(EVER), Some(Outcome::Dry));
    assert_eq!(other.done(), 4);
    drop(queued);
}
