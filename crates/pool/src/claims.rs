//! What the threads of a map claimed, for somebody who looks on.

use std::sync::PoisonError;

use crate::sync::{Instant, Mutex};

/// A chunk that is over.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub seat: usize,
    /// Rows `[start, end)` were claimed, and the first `done` of them are finished.
    pub start: i64,
    pub end: i64,
    pub done: i64,
    pub begun: Instant,
    pub ms: f64,
    /// After so many ms its rest was to be given back.
    pub stop_ms: f64,
}

/// Claims of one stay of a thread in a map, at most. More: 64 bytes each; fewer: a map of many chunks is not told of to
/// its end.
const MOST: usize = 1 << 20;

/// Claims of one thread, until it leaves the map: nobody waits for another to take one down.
#[derive(Debug, Default)]
pub struct OwnClaims(Vec<Claim>);

impl OwnClaims {
    pub fn add(&mut self, claim: Claim) {
        if self.0.len() < MOST {
            self.0.push(claim);
        }
    }
}

/// Claims of all threads that have left the map.
#[derive(Default)]
pub struct Claims(Mutex<Vec<Claim>>);

impl Claims {
    pub fn add(&self, own: OwnClaims) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(own.0);
    }

    pub fn take(&self) -> Vec<Claim> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
