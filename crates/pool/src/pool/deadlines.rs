//! The timer: one thread that stops maps at their deadlines.

use std::io;
use std::sync::{Arc, PoisonError};

use super::state::Entry;
use super::{STACK_BYTES, Shared, wait_for};
use crate::control::words::STOP_DEADLINE;
use crate::sync::{Builder, Instant};

impl Shared {
    pub(super) fn start_timer(self: &Arc<Self>) -> io::Result<()> {
        let shared = Arc::clone(self);
        let name = "lanewise-timer".to_string();
        Builder::new()
            .name(name)
            .stack_size(STACK_BYTES)
            .spawn(move || shared.keep_deadlines())
            .map(drop)
    }

    /// Stops maps at their deadlines, and ends those that nobody is in: all threads may be busy with others.
    fn keep_deadlines(&self) {
        let mut state = self.lock();
        while !state.is_closed {
            let now = Instant::now();
            let mut nearest: Option<Instant> = None;
            let mut idle_and_late = None;
            for (at, Entry { job, seats }) in state.queue.iter().enumerate() {
                match job.deadline {
                    Some(deadline) if deadline <= now => {
                        job.slot.set_stop(STOP_DEADLINE);
                        if seats.count == 0 {
                            idle_and_late = Some(at);
                        }
                    }
                    Some(deadline) => nearest = Some(nearest.map_or(deadline, |other| other.min(deadline))),
                    None => {}
                }
            }
            if let Some(job) = idle_and_late.and_then(|at| state.take_out(at)) {
                let is_watched = state.watchers > 0;
                drop(state);
                self.end(&job, is_watched);
                state = self.lock();
                continue;
            }
            state = match nearest {
                Some(deadline) => wait_for(&self.deadlines, state, deadline - now),
                None => self.deadlines.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
