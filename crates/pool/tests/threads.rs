//! The pool's threads: how many, by which names, and what they cost when there is nothing to do.

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};

use lanewise_pool::job::Outcome;
use lanewise_pool::pool::Pool;
use lanewise_pool::sync::Mutex;
use support::TestSlot;
use support::mail::channel;
use support::maps::{EVER, start};

#[test]
fn threads_start_with_the_first_map_and_are_used_again() {
    let pool = Pool::new();
    assert_eq!(pool.info().threads, 0);
    for _ in 0..5 {
        let slot = TestSlot::new(100, 2, 1);
        assert_eq!(start(&pool, &slot, 2, None, |_| {}).outcome(), Outcome::Dry);
    }
    assert_eq!(pool.info().threads, 2);
    assert_eq!(pool.info().jobs, 0);
}

/// Has so many threads of the pool say something at the same time.
fn ask<T: Ord + Send + 'static>(
    pool: &Pool,
    threads: usize,
    answer: impl Fn() -> T + Send + Sync + 'static,
) -> BTreeSet<T> {
    let count = i32::try_from(threads).unwrap();
    let slot = TestSlot::new(i64::from(count), count, 1);
    let (all, answers) = (Barrier::new(threads), Arc::new(Mutex::new(BTreeSet::new())));
    let note = Arc::clone(&answers);
    let map = start(pool, &slot, threads, None, move |_| {
        note.lock().unwrap().insert(answer());
        all.wait();
    });
    assert_eq!(map.outcome(), Outcome::Dry);
    let mut answers = answers.lock().unwrap();
    std::mem::take(&mut *answers)
}

#[test]
fn there_are_as_many_as_the_map_that_asks_for_most() {
    let pool = Pool::new();
    for (asked, threads) in [(1, 1), (3, 3), (2, 3), (4, 4), (1, 4)] {
        ask(&pool, asked, || ());
        assert_eq!(pool.info().threads, threads, "after a map of {asked}");
    }
}

#[test]
fn a_map_that_asks_for_more_runs_beside_those_that_keep_the_others() {
    let pool = Pool::new();
    let slot = TestSlot::new(2, 2, 1);
    let (both, on) = (Arc::new(Barrier::new(3)), Arc::new(Barrier::new(3)));
    let waits = (Arc::clone(&both), Arc::clone(&on));
    let first = start(&pool, &slot, 2, None, move |_| {
        waits.0.wait();
        waits.1.wait();
    });
    both.wait(); // its two threads are in it
    let more = TestSlot::new(10, 3, 1);
    assert_eq!(start(&pool, &more, 3, None, |_| {}).outcome(), Outcome::Dry);
    assert_eq!(pool.info().threads, 3, "no more than the larger map asks for");
    on.wait();
    first.outcome();
}

#[test]
fn they_are_named_and_numbered() {
    let names = ask(&Pool::new(), 3, || {
        std::thread::current().name().unwrap_or("none").to_string()
    });
    assert!(
        names
            .iter()
            .map(String::as_str)
            .eq(["lanewise-0", "lanewise-1", "lanewise-2"])
    );
}

/// Three quarters of what they are given; the rest is for whoever calls.
#[test]
fn they_have_a_stack_of_a_megabyte() {
    let last = ask(&Pool::new(), 1, || {
        #[allow(clippy::large_stack_arrays)] // that is the point
        let mut large = [0_u8; 768 << 10];
        std::hint::black_box(&mut large).fill(7);
        large[large.len() - 1]
    });
    assert!(last.contains(&7));
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::fs::{read_link, read_to_string};
    use std::path::{Path, PathBuf};

    use super::{EVER, Pool, ask, channel};

    /// The folder in which the system tells of the calling thread.
    fn folder() -> PathBuf {
        PathBuf::from("/proc").join(read_link("/proc/thread-self").expect("the system tells of threads"))
    }

    fn is_asleep(folder: &Path) -> bool {
        read_to_string(folder.join("stat")).is_ok_and(|stat| stat.contains(") S "))
    }

    /// Waits until something is so.
    fn until(what: &str, is_so: impl Fn() -> bool) {
        let end = std::time::Instant::now() + EVER;
        while !is_so() {
            assert!(std::time::Instant::now() < end, "{what}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn idle_they_sleep_and_use_no_processor() {
        let pool = Pool::new();
        let folders = ask(&pool, 2, folder);
        let used = || {
            let times = folders
                .iter()
                .map(|folder| read_to_string(folder.join("schedstat")).ok());
            times.collect::<Option<Vec<_>>>()
        };
        let sleep = || folders.iter().all(|folder| is_asleep(folder));
        // Twice: the last one to go to sleep may have woken another one before.
        until("they go to sleep", || sleep() && pool.info().idle == 2 && sleep());
        let before = used();
        // Some milliseconds, in which one that looks for work would use some.
        for _ in 0..1000 {
            assert!(sleep());
        }
        assert_eq!(used(), before);
    }

    #[test]
    fn they_end_with_their_pool() {
        let pool = Pool::new();
        let folders = ask(&pool, 2, folder);
        drop(pool);
        until("they end", || !folders.iter().any(|folder| folder.exists()));
    }

    #[test]
    fn they_go_on_when_a_map_has_panicked() {
        let pool = Pool::new();
        let before = ask(&pool, 2, folder);
        let (tell, told) = channel();
        let slot = super::TestSlot::new(1, 1, 1);
        let map = super::start(&pool, &slot, 1, None, move |_| {
            tell.send(());
            panic!("on purpose");
        });
        told.recv_timeout(EVER).unwrap();
        assert_eq!(map.outcome(), super::Outcome::Panicked("on purpose".to_string()));
        assert_eq!(ask(&pool, 2, folder), before);
    }
}
