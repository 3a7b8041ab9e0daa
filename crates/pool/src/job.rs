//! One map of the native engine, from its submission to its end.

use std::any::Any;
use std::sync::OnceLock;

use crate::chunk_loop::Body;
use crate::claims::{Claim, Claims};
use crate::control::Slot;
use crate::sync::Instant;

/// How a map ended, when its last thread has left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is left to claim: the map is done, unless its `end` moves on.
    Dry,
    /// The stop word was set; with this code.
    Stopped(i32),
    /// The kernel panicked.
    Panicked(String),
}

/// A map to be run.
pub struct Job {
    pub(crate) slot: Slot,
    pub(crate) body: Box<dyn Body>,
    /// Pool threads that may be in it at a time.
    pub(crate) threads: usize,
    pub(crate) deadline: Option<Instant>,
    /// Whose memory it works on. See `Pool::abandon`.
    pub(crate) owner: u64,
    pub(crate) panic: OnceLock<String>,
    pub(crate) outcome: OnceLock<Outcome>,
    /// Where threads say what they claimed, if somebody looks on.
    pub(crate) claims: Option<Claims>,
    on_end: Box<dyn Fn(&Outcome) + Send + Sync>,
}

impl Job {
    /// `on_end` is called once, by a thread of the pool, unless the owner is abandoned first.
    pub fn new(
        owner: u64,
        slot: Slot,
        body: Box<dyn Body>,
        threads: usize,
        deadline: Option<Instant>,
        on_end: Box<dyn Fn(&Outcome) + Send + Sync>,
    ) -> Self {
        Self {
            slot,
            body,
            threads: threads.clamp(1, slot.workers()),
            deadline,
            owner,
            panic: OnceLock::new(),
            outcome: OnceLock::new(),
            claims: None,
            on_end,
        }
    }

    /// Has the threads take down what they claim.
    #[must_use]
    pub fn observed(mut self) -> Self {
        self.claims = Some(Claims::default());
        self
    }

    /// What the threads claimed that have left it, since the last time; nothing unless it is observed.
    pub fn take_claims(&self) -> Vec<Claim> {
        self.claims.as_ref().map(Claims::take).unwrap_or_default()
    }

    /// How it ended; `None` while it has not.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    pub(crate) fn panicked(&self, payload: &(dyn Any + Send)) {
        let text = payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a text".to_string());
        let _ = self.panic.set(text);
        self.slot.set_stop(crate::control::words::STOP_BROKEN);
    }

    /// What its end would be now. Not to be asked after it has ended, since the slot may serve another map by then.
    pub(crate) fn end_state(&self) -> Outcome {
        match self.panic.get() {
            Some(text) => Outcome::Panicked(text.clone()),
            None if self.slot.is_stopped() => Outcome::Stopped(self.slot.stop()),
            None => Outcome::Dry,
        }
    }

    pub(crate) fn tell_end(&self) {
        if let Some(outcome) = self.outcome.get() {
            (self.on_end)(outcome);
        }
    }
}
