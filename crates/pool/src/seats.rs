//! Which workers of a map are taken: one bit each.

use crate::control::words::WORKERS;

/// The seats of one map.
#[derive(Default)]
pub struct Seats {
    taken: [u64; WORKERS / 64],
    /// How many of them.
    pub count: usize,
}

impl Seats {
    /// The lowest free seat below `limit`.
    pub fn take(&mut self, limit: usize) -> Option<usize> {
        let (word, bits) = self.taken.iter_mut().enumerate().find(|(_, bits)| **bits != u64::MAX)?;
        let bit = bits.trailing_ones() as usize;
        let seat = word * 64 + bit;
        if seat >= limit {
            return None;
        }
        *bits |= 1 << bit;
        self.count += 1;
        Some(seat)
    }

    pub fn give_back(&mut self, seat: usize) {
        self.taken[seat / 64] &= !(1 << (seat % 64));
        self.count -= 1;
    }
}
