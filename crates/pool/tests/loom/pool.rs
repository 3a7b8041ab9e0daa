//! Maps on the pool: each settles once, when no thread is in it, and no thread sleeps while there is work.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use lanewise_pool::chunk_loop::{Body, Scratch};
use lanewise_pool::control::words;
use lanewise_pool::job::{Job, Outcome};
use lanewise_pool::pool::Pool;
use lanewise_pool::sync::{Condvar, Instant, Mutex};
use loom::thread::{self, ThreadId};

use crate::support::{ModelSlot, check, check_with};

struct Run<F>(F);

impl<F: Fn(Range<i64>) + Send + Sync> Body for Run<F> {
    fn run(&self, rows: Range<i64>, _: &mut Scratch) {
        (self.0)(rows);
    }
}

/// What JavaScript hears of a map.
#[derive(Default)]
struct Told {
    outcome: Mutex<Option<Outcome>>,
    heard: Condvar,
}

impl Told {
    fn tell(&self, outcome: &Outcome) {
        let mut told = self.outcome.lock().unwrap();
        assert!(told.is_none(), "a map settles once");
        *told = Some(outcome.clone());
        self.heard.notify_one();
    }

    fn wait(&self) -> Outcome {
        let mut told = self.outcome.lock().unwrap();
        loop {
            if let Some(outcome) = told.take() {
                *told = Some(outcome.clone());
                return outcome;
            }
            told = self.heard.wait(told).unwrap();
        }
    }
}

/// A thread that runs rows, until that ends or panics.
struct Inside<'a>(&'a AtomicUsize);

impl<'a> Inside<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, SeqCst);
        thread::yield_now();
        Self(count)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

struct Map {
    slot: Arc<ModelSlot>,
    job: Arc<Job>,
    told: Arc<Told>,
    /// How many threads run rows of it.
    inside: Arc<AtomicUsize>,
}

impl Map {
    fn new(slot: ModelSlot, threads: usize, body: impl Fn(Range<i64>) + Send + Sync + 'static) -> Self {
        let (slot, told, inside) = (Arc::new(slot), Arc::new(Told::default()), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&inside);
        let body = Run(move |rows| {
            let _inside = Inside::enter(&count);
            body(rows);
        });
        let (tell, closes, count) = (Arc::clone(&told), Arc::clone(&slot), Arc::clone(&inside));
        let on_end = Box::new(move |outcome: &Outcome| {
            closes.close();
            assert_eq!(count.load(SeqCst), 0, "no thread is in a map that has ended");
            tell.tell(outcome);
        });
        let job = Arc::new(Job::new(OWNER, slot.slot(), Box::new(body), threads, None, on_end));
        Self {
            slot,
            job,
            told,
            inside,
        }
    }

    fn submit(&self, pool: &Pool) {
        pool.submit(Arc::clone(&self.job)).unwrap();
    }
}

const OWNER: u64 = 1;
const EVER: Duration = Duration::from_secs(60);

/// A map of so many rows, each a chunk.
fn rows(rows: i64, threads: usize) -> Map {
    Map::new(ModelSlot::new(rows, 2, 1), threads, |_| {})
}

#[test]
fn a_map_that_is_cancelled_right_after_it_was_submitted_settles_once() {
    check(|| {
        let pool = Pool::new();
        let map = rows(2, 1);
        map.submit(&pool);
        map.slot.cancel();
        match map.told.wait() {
            Outcome::Dry => assert_eq!(map.slot.done(), 2),
            outcome => assert_eq!(outcome, Outcome::Stopped(words::STOP_CANCELLED)),
        }
    });
}

#[test]
fn the_last_of_two_threads_to_leave_tells_the_end() {
    check(|| {
        let pool = Pool::new();
        let map = rows(2, 2);
        map.submit(&pool);
        assert_eq!(map.told.wait(), Outcome::Dry);
        assert_eq!(map.slot.done(), 2);
    });
}

#[test]
fn a_map_that_two_threads_are_in_settles_once_when_it_is_cancelled() {
    check(|| {
        let pool = Pool::new();
        let map = rows(2, 2);
        map.submit(&pool);
        map.slot.cancel();
        map.told.wait();
    });
}

#[test]
fn an_environment_that_ends_waits_for_those_that_are_in_its_maps() {
    check(|| {
        let pool = Pool::new();
        let map = rows(2, 2);
        map.submit(&pool);
        pool.abandon(OWNER, EVER, || panic!("time does not pass"));
        map.slot.close();
        assert_eq!(map.inside.load(SeqCst), 0);
        // Its end may have been told, once, or never; nobody listens.
    });
}

#[test]
fn no_thread_sleeps_while_a_map_comes() {
    check(|| {
        let pool = Arc::new(Pool::new());
        let (first, second) = (rows(1, 1), rows(1, 1));
        first.submit(&pool);
        let told = Arc::clone(&second.told);
        let other = Arc::clone(&pool);
        // Two environments submit; the pool's one thread may be starting, in the first map, or about to wait.
        let thread = thread::spawn(move || second.submit(&other));
        assert_eq!(first.told.wait(), Outcome::Dry);
        assert_eq!(told.wait(), Outcome::Dry);
        thread.join().unwrap();
    });
}

#[test]
fn a_caller_who_takes_part_sees_the_end() {
    check(|| {
        let pool = Pool::new();
        let map = rows(2, 1);
        map.submit(&pool);
        assert!(pool.wait(&map.job, EVER, true, &mut Scratch::default()));
        assert_eq!(map.job.outcome(), Some(&Outcome::Dry));
        assert_eq!(map.slot.done(), 2);
        map.told.wait();
    });
}

#[test]
fn threads_join_a_caller_whose_map_lasts_and_its_end_is_told_once() {
    check(|| {
        let pool = Pool::new();
        let map = Map::new(ModelSlot::new(2, 2, 1), 1, |_| Instant::pass(Duration::from_millis(1)));
        pool.submit_for_caller(Arc::clone(&map.job));
        assert!(pool.wait(&map.job, EVER, true, &mut Scratch::default()));
        assert_eq!(map.slot.done(), 2);
        assert_eq!(map.told.wait(), Outcome::Dry);
    });
}

#[test]
fn a_caller_who_leaves_between_two_chunks_holds_nothing_back() {
    check(|| {
        let pool = Pool::new();
        // Each row outlasts the time that a caller works alone, so he leaves behind his first; the thread may be there by then.
        let map = Map::new(ModelSlot::new(2, 2, 1), 1, |_| Instant::pass(Duration::from_millis(1)));
        map.submit(&pool);
        assert!(pool.wait(&map.job, EVER, true, &mut Scratch::default()));
        assert_eq!(map.told.wait(), Outcome::Dry);
        assert_eq!(map.slot.ready(2), Some(2));
    });
}

#[test]
fn a_panic_in_one_thread_ends_the_map_of_two() {
    check(|| {
        let pool = Pool::new();
        let slot = ModelSlot::new(2, 2, 1);
        let map = Map::new(slot, 2, |rows| {
            if rows.start == 1 {
                std::panic::resume_unwind(Box::new("row 1"));
            }
        });
        map.submit(&pool);
        assert_eq!(map.told.wait(), Outcome::Panicked("row 1".to_string()));
    });
}

/// How many rows of a map have begun, and whose the first was.
#[derive(Default)]
struct Begun {
    rows: Mutex<(usize, Option<ThreadId>)>,
    changed: Condvar,
}

impl Begun {
    /// One row more: whether the thread is that of the first.
    fn add(&self) -> bool {
        let me = thread::current().id();
        let mut rows = self.rows.lock().unwrap();
        rows.0 += 1;
        let first = *rows.1.get_or_insert(me);
        drop(rows);
        self.changed.notify_all();
        first == me
    }

    fn wait_for(&self, count: usize) {
        let mut rows = self.rows.lock().unwrap();
        while rows.0 < count {
            rows = self.changed.wait(rows).unwrap();
        }
    }
}

/// Nine rows for two threads, in blocks of one row. The first thread's rows are quick, so that its third chunk has three.
/// With the first of those it waits until the other thread has found no more, and takes long: it gives two rows back. With
/// one of those it waits again, until somebody has come for the other.
#[test]
fn no_thread_sleeps_while_a_range_is_returned() {
    check_with(1, || {
        let slot = ModelSlot::new(9, 2, 0);
        slot.word(words::SLOT_MOVING).store(1, SeqCst);
        // What rows cost in an earlier map: more than half a block.
        let set = |at, value: f64| {
            slot.wide(words::WORKERS_AT + at)
                .store(value.to_bits().cast_signed(), SeqCst);
        };
        set(words::WORKER_TIME, 60.0);
        set(words::WORKER_ITEMS, 1000.0);
        let (begun, dear) = (Begun::default(), Begun::default());
        let own = AtomicUsize::new(0);
        let map = Map::new(slot, 2, move |_| {
            if !begun.add() {
                dear.wait_for(1);
                return;
            }
            let before = own.fetch_add(1, SeqCst);
            if before == 4 {
                dear.add();
                begun.wait_for(7);
                Instant::pass(Duration::from_millis(50));
            } else if before > 4 {
                begun.wait_for(9);
            }
        });
        let pool = Pool::new();
        map.submit(&pool);
        assert_eq!(map.told.wait(), Outcome::Dry);
        assert_eq!(map.slot.done(), 9);
    });
}
