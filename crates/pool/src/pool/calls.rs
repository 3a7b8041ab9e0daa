//! How a thread that is awake hears that there may be something to do: by a count that it looks at again and again.
//!
//! Of std in models too, unlike what `sync.rs` has: nobody's order rests on it. In a model no time passes: the wait is over
//! at once, and what follows is tried in every order.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// So long a thread waits awake. Longer: an idle pool takes a processor from others; shorter: maps that follow one
/// another by some JavaScript, 10 to 30 us of it, find a thread that has to be woken, which takes as long again.
const AWAKE: Duration = Duration::from_micros(50);

/// Looks at the count between two at the clock.
const LOOKS: u32 = 16;

pub struct Calls {
    count: AtomicUsize,
    /// A single processor is better left to who would call.
    is_worth_it: bool,
}

impl Calls {
    pub fn new() -> Self {
        Self {
            count: AtomicUsize::new(0),
            is_worth_it: !cfg!(loom) && available_parallelism().is_ok_and(|n| n.get() > 1),
        }
    }

    pub fn call(&self) {
        self.count.fetch_add(1, SeqCst);
    }

    /// Calls so far: ask under the lock under which the calls are decided.
    pub fn heard(&self) -> usize {
        self.count.load(SeqCst)
    }

    /// Returns at the next call, or when there was none for a moment.
    pub fn wait(&self, heard: usize) {
        if !self.is_worth_it {
            return;
        }
        let begin = Instant::now();
        while begin.elapsed() < AWAKE {
            for _ in 0..LOOKS {
                if self.count.load(SeqCst) != heard {
                    return;
                }
                spin_loop();
            }
        }
    }
}
