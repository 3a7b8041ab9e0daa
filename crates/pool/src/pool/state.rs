//! What the pool's lock guards: the queue, who is in which map, and what its threads are at.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::job::Job;
use crate::seats::Seats;

#[derive(Default)]
pub struct State {
    pub queue: VecDeque<Entry>,
    pub threads: usize,
    pub idle: usize,
    /// Threads that wait on `Shared::work`, or have been woken and did not have the lock yet.
    pub asleep: usize,
    /// A thread waits for a call, and nobody has called it yet.
    pub is_awaiting: bool,
    /// Who waits on `Shared::ended`.
    pub watchers: usize,
    pub timer: bool,
    /// Nobody will submit any more. Never so in Node, whose pool is for all environments and stays.
    pub is_closed: bool,
}

pub struct Entry {
    pub job: Arc<Job>,
    pub seats: Seats,
}

/// What a thread finds to do.
pub enum Next {
    /// It has this seat in the map.
    Enter(Arc<Job>, usize),
    /// The map is out of the queue; its end is to be told.
    End(Arc<Job>),
}

impl State {
    /// How many threads to wake so that `wanted` look at the queue: one that awaits a call comes by itself, and who is
    /// neither there nor asleep looks before it sleeps.
    pub fn sleepers(&mut self, wanted: usize) -> usize {
        let awake = usize::from(std::mem::take(&mut self.is_awaiting));
        wanted.saturating_sub(awake).min(self.asleep)
    }

    /// Goes through the queue. The words of a map are read once for both answers: a map that is stopped between two
    /// readings would be neither entered nor ended, and nobody would come by again.
    pub fn next_for_a_thread(&mut self) -> Option<Next> {
        for at in 0..self.queue.len() {
            let Entry { job, seats } = &mut self.queue[at];
            let goes_on = !job.slot.is_stopped() && job.slot.has_work();
            if !goes_on && seats.count == 0 {
                return self.take_out(at).map(Next::End);
            }
            if goes_on
                && seats.count < job.threads
                && let Some(seat) = seats.take(job.slot.workers())
            {
                return Some(Next::Enter(Arc::clone(job), seat));
            }
        }
        None
    }

    /// Ends a map that nobody is in.
    pub fn take_out(&mut self, at: usize) -> Option<Arc<Job>> {
        let job = self.queue.remove(at)?.job;
        let is_first = job.outcome.set(job.end_state()).is_ok();
        debug_assert!(
            is_first,
            "a map ends once: it is in the queue once, and out of it for good"
        );
        Some(job)
    }

    /// A seat for one more worker in a map, if the map is in the queue and has one.
    pub fn enter(&mut self, job: &Arc<Job>) -> Option<usize> {
        let entry = self.queue.iter_mut().find(|entry| Arc::ptr_eq(&entry.job, job))?;
        entry.seats.take(job.slot.workers())
    }

    /// True: it was the last one in a map that will not go on, which is out of the queue now.
    pub fn leave(&mut self, job: &Arc<Job>, seat: usize) -> bool {
        let Some(at) = self.queue.iter().position(|entry| Arc::ptr_eq(&entry.job, job)) else {
            return false;
        };
        let seats = &mut self.queue[at].seats;
        seats.give_back(seat);
        if seats.count > 0 || (!job.slot.is_stopped() && job.slot.has_work()) {
            return false;
        }
        self.take_out(at).is_some()
    }
}
