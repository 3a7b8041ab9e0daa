//! Maps of closures.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lanewise_pool::chunk_loop::{Body, Scratch};
use lanewise_pool::job::{Job, Outcome};
use lanewise_pool::pool::Pool;

use super::TestSlot;
use super::mail::{Receiver, channel};

/// A body made of a closure.
pub struct Run<F>(pub F);

impl<F: Fn(Range<i64>) + Send + Sync> Body for Run<F> {
    fn run(&self, rows: Range<i64>, _: &mut Scratch) {
        (self.0)(rows);
    }
}

/// Long enough for any machine: nothing waits for it that works.
pub const EVER: Duration = Duration::from_secs(60);

pub const OWNER: u64 = 1;

/// A map that was submitted.
pub struct Started {
    pub job: Arc<Job>,
    end: Receiver<Outcome>,
}

impl Started {
    /// Waits for its end.
    pub fn outcome(&self) -> Outcome {
        self.end.recv_timeout(EVER).expect("the map ends")
    }
}

/// Has `run` run over the rows of the slot.
pub fn start(
    pool: &Pool,
    slot: &TestSlot,
    threads: usize,
    deadline: Option<Instant>,
    run: impl Fn(Range<i64>) + Send + Sync + 'static,
) -> Started {
    let (tell, end) = channel();
    let on_end = Box::new(move |outcome: &Outcome| tell.send(outcome.clone()));
    let job = Arc::new(Job::new(
        OWNER,
        slot.slot(),
        Box::new(Run(run)),
        threads,
        deadline,
        on_end,
    ));
    pool.submit(Arc::clone(&job)).expect("threads can be started");
    Started { job, end }
}

/// The same for a caller who takes part in it; two threads at most.
pub fn start_for_caller(pool: &Pool, slot: &TestSlot, run: impl Fn(Range<i64>) + Send + Sync + 'static) -> Started {
    let (tell, end) = channel();
    let on_end = Box::new(move |outcome: &Outcome| tell.send(outcome.clone()));
    let job = Arc::new(Job::new(OWNER, slot.slot(), Box::new(Run(run)), 2, None, on_end));
    pool.submit_for_caller(Arc::clone(&job));
    Started { job, end }
}
