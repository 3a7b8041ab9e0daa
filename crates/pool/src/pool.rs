//! The threads, and the maps that they share.
//!
//! One lock guards the queue and who is in which map (`state.rs`); it is taken when a thread enters or leaves a map,
//! never for a chunk. Life of a map in it:
//!
//! 1. `submit` puts it at the end of the queue and wakes, or starts, as many threads as it can use. `submit_for_caller`
//!    wakes none: the caller works in it at once, and `wait` wakes them when it lasts.
//!    A thread that has worked waits for the next map awake, one at a time and some microseconds long, before it sleeps: to
//!    wake it costs the caller more than all else that he does here.
//! 2. A thread enters the first map that has unclaimed rows and a free seat, and works until there is nothing to claim.
//! 3. The last thread to leave takes it out of the queue, if it has nothing to claim or is to stop, and only then, outside
//!    the lock, tells its end. So when the end is told no thread is in it, and nobody looks at its slot any more.
//! 4. A map that nobody is in, stopped while it waited, is taken out by the first thread that comes by, or by the timer.

mod calls;
mod deadlines;
mod state;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use calls::Calls;
use state::{Entry, Next, State};

use crate::chunk_loop::{Scratch, work};
use crate::claims::OwnClaims;
use crate::control::words::STOP_BROKEN;
use crate::job::Job;
use crate::seats::Seats;
use crate::sync::{Builder, Condvar, Instant, Mutex, MutexGuard};

/// Bytes of a thread's stack. Kernels are leaf loops; what is more than they need is never touched, so costs nothing.
const STACK_BYTES: usize = 1 << 20;

/// A caller who takes part works so long alone. Longer: the others come late; shorter: they are woken for what is over
/// before they are there, and that takes 50 us of the caller's time alone (a virtual machine of two cores).
const ALONE: Duration = Duration::from_micros(100);

pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// There may be something to enter: for threads that sleep.
    work: Condvar,
    /// The same for one that is awake still.
    calls: Calls,
    /// The nearest deadline may have changed.
    deadlines: Condvar,
    /// A map has ended.
    ended: Condvar,
}

/// What the pool does, for a look from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// Threads started so far.
    pub threads: usize,
    /// Threads that wait for work.
    pub idle: usize,
    /// Maps that have not ended.
    pub jobs: usize,
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl Pool {
    /// A pool without threads: they start with the first maps, and stay.
    pub fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                work: Condvar::new(),
                calls: Calls::new(),
                deadlines: Condvar::new(),
                ended: Condvar::new(),
            }),
        }
    }

    /// Has a map run. Errors: none of the pool's threads is there, and none could be started.
    ///
    /// # Errors
    ///
    /// What the system said when it refused the first thread.
    pub fn submit(&self, job: Arc<Job>) -> io::Result<()> {
        let mut state = self.shared.lock();
        let (wanted, has_deadline) = (job.threads, job.deadline.is_some());
        self.shared.start_threads(&mut state, wanted)?;
        self.shared.push(&mut state, job);
        let sleepers = state.sleepers(wanted);
        drop(state);
        self.shared.call(sleepers);
        if has_deadline {
            self.shared.deadlines.notify_one();
        }
        Ok(())
    }

    /// Has a map run that the caller works in himself, by `wait`, which is to follow: threads are woken if it lasts.
    pub fn submit_for_caller(&self, job: Arc<Job>) {
        let has_deadline = job.deadline.is_some();
        self.shared.push(&mut self.shared.lock(), job);
        if has_deadline {
            self.shared.deadlines.notify_one();
        }
    }

    /// Waits until the map has ended or `limit` has passed; true if it has ended. With `take_part` the calling thread
    /// works in it too, as one of its workers, if a seat is free: at first alone, then with all that the map can use.
    pub fn wait(&self, job: &Arc<Job>, limit: Duration, take_part: bool, scratch: &mut Scratch) -> bool {
        let until = Instant::now().checked_add(limit);
        if take_part {
            let alone = Instant::now() + ALONE;
            let first = until.map_or(alone, |until| until.min(alone));
            self.shared.take_part(job, scratch, Some(first));
            if job.outcome().is_none() && until.is_none_or(|until| Instant::now() < until) {
                // What cannot be started is done without: this thread is in it.
                let mut state = self.shared.lock();
                let _ = self.shared.start_threads(&mut state, job.threads);
                let sleepers = state.sleepers(job.threads);
                drop(state);
                self.shared.call(sleepers);
                self.shared.take_part(job, scratch, until);
            }
        }
        let mut state = self.shared.lock();
        while job.outcome().is_none() {
            let left = until.map_or(limit, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            state.watchers += 1;
            state = wait_for(&self.shared.ended, state, left);
            state.watchers -= 1;
        }
        true
    }

    /// Stops all maps of `owner` and returns when no thread is in any of them: then their memory may go away. Those
    /// that nobody is in never tell their end. `on_delay` is called once if that takes longer than `patience`.
    pub fn abandon(&self, owner: u64, patience: Duration, on_delay: impl FnOnce()) {
        let mut state = self.shared.lock();
        for entry in state.queue.iter().filter(|entry| entry.job.owner == owner) {
            entry.job.slot.set_stop(STOP_BROKEN);
        }
        // Those that nobody is in go now; the others when their last thread leaves.
        state
            .queue
            .retain(|entry| entry.job.owner != owner || entry.seats.count > 0);
        let is_in_use = |state: &State| state.queue.iter().any(|entry| entry.job.owner == owner);
        let late = Instant::now() + patience;
        let mut on_delay = Some(on_delay);
        state.watchers += 1;
        while is_in_use(&state) {
            let left = late.saturating_duration_since(Instant::now());
            if left.is_zero() {
                if let Some(on_delay) = on_delay.take() {
                    on_delay();
                }
                state = self.shared.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
            } else {
                state = wait_for(&self.shared.ended, state, left);
            }
        }
        state.watchers -= 1;
    }

    pub fn info(&self) -> Info {
        let state = self.shared.lock();
        Info {
            threads: state.threads,
            idle: state.idle,
            jobs: state.queue.len(),
        }
    }
}

/// Its threads end once they find nothing to do; nobody waits for them.
impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.work.notify_all();
        self.shared.deadlines.notify_all();
    }
}

impl Shared {
    /// Nothing in the lock's care is left half-changed by a panic: kernels panic outside of it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a map at the end of the queue, with somebody to keep its deadline.
    fn push(self: &Arc<Self>, state: &mut State, job: Arc<Job>) {
        if job.deadline.is_some() && !state.timer {
            // Without a timer the deadline is still kept by whoever waits for the map in JavaScript.
            state.timer = self.start_timer().is_ok();
        }
        state.queue.push_back(Entry {
            job,
            seats: Seats::default(),
        });
    }

    /// Sees to it that `wanted` threads are there, or idle. Errors: there is none, and none could be started.
    fn start_threads(self: &Arc<Self>, state: &mut State, wanted: usize) -> io::Result<()> {
        while state.threads < wanted && state.idle < wanted {
            match self.start(state.threads) {
                // Counted as idle at once, so that one map does not start threads for the one before.
                Ok(()) => {
                    state.threads += 1;
                    state.idle += 1;
                }
                Err(error) if state.threads == 0 => return Err(error),
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Has threads look at the queue: one that is awake still, and so many that sleep. Outside the lock, for which they
    /// would wait.
    fn call(&self, sleepers: usize) {
        self.calls.call();
        for _ in 0..sleepers {
            self.work.notify_one();
        }
    }

    /// Works in a map as one more of its workers, if a seat is free.
    fn take_part(&self, job: &Arc<Job>, scratch: &mut Scratch, until: Option<Instant>) {
        let seat = self.lock().enter(job);
        if let Some(seat) = seat {
            self.run(job, seat, scratch, until);
        }
    }

    fn start(self: &Arc<Self>, number: usize) -> io::Result<()> {
        let shared = Arc::clone(self);
        let name = format!("lanewise-{number}");
        Builder::new()
            .name(name)
            .stack_size(STACK_BYTES)
            .spawn(move || shared.serve())
            .map(drop)
    }

    /// The life of a thread, as long as the pool's: idle, it costs a wait on a condition variable.
    fn serve(&self) {
        let mut scratch = Scratch::default();
        let mut has_worked = false;
        let mut state = self.lock();
        loop {
            match state.next_for_a_thread() {
                Some(Next::Enter(job, seat)) => {
                    state.idle -= 1;
                    drop(state);
                    self.run(&job, seat, &mut scratch, None);
                    has_worked = true;
                    state = self.lock();
                    state.idle += 1;
                }
                Some(Next::End(job)) => {
                    let is_watched = state.watchers > 0;
                    drop(state);
                    self.end(&job, is_watched);
                    state = self.lock();
                }
                None if state.is_closed => return,
                None if std::mem::take(&mut has_worked) && !state.is_awaiting => state = self.await_call(state),
                None => {
                    state.asleep += 1;
                    state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.asleep -= 1;
                }
            }
        }
    }

    /// Waits for a call without going to sleep, a moment long. Whoever calls clears `is_awaiting`, and counts on this
    /// thread to look at the queue, which it does whatever it has seen. It is never set while no thread waits: there may be
    /// a second one by the time that the first clears it, which then is not counted on.
    fn await_call<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.is_awaiting = true;
        let heard = self.calls.heard();
        drop(state);
        self.calls.wait(heard);
        let mut state = self.lock();
        state.is_awaiting = false;
        state
    }

    /// Works in a map that the thread has entered, and leaves it.
    fn run(&self, job: &Arc<Job>, seat: usize, scratch: &mut Scratch, until: Option<Instant>) {
        // Under the lock: a thread that has just looked at the slot, and found nothing, then waits already and is called.
        let on_return = || {
            let sleepers = self.lock().sleepers(1);
            self.call(sleepers);
        };
        let mut claims = job.claims.as_ref().map(|_| OwnClaims::default());
        let worked = catch_unwind(AssertUnwindSafe(|| {
            work(
                job.slot,
                seat,
                job.body.as_ref(),
                scratch,
                until,
                &on_return,
                claims.as_mut(),
            );
        }));
        if let (Some(all), Some(own)) = (&job.claims, claims) {
            all.add(own);
        }
        if let Err(payload) = worked {
            job.panicked(payload.as_ref());
        }
        let mut state = self.lock();
        let ended = state.leave(job, seat);
        let is_watched = state.watchers > 0;
        let sleepers = if ended { 0 } else { state.sleepers(1) };
        drop(state);
        if ended {
            self.end(job, is_watched);
        } else {
            self.call(sleepers); // the seat is free, and there may be rows for it
        }
    }

    /// Tells the end of a map that is out of the queue; `is_watched`: somebody waited on `ended` when it was taken out.
    fn end(&self, job: &Job, is_watched: bool) {
        job.tell_end();
        if is_watched {
            self.ended.notify_all();
        }
    }
}

fn wait_for<'a>(condvar: &Condvar, state: MutexGuard<'a, State>, limit: Duration) -> MutexGuard<'a, State> {
    condvar
        .wait_timeout(state, limit)
        .unwrap_or_else(PoisonError::into_inner)
        .0
}
