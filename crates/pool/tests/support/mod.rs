//! A slot of the control block in memory of its own, as JavaScript sets one up.

#![allow(dead_code)] // each test uses a part of it

pub mod mail;
pub mod maps;
mod ready;

use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::SeqCst};

use lanewise_pool::control::{Slot, words};
use ready::ready_prefix;

/// Leaked, so that a thread that is still about to look at it never meets freed memory.
pub struct TestSlot {
    words: &'static [AtomicI64],
}

impl TestSlot {
    /// A slot for `rows` rows and up to `workers` workers; `chunksize` 0 has chunks sized by time.
    pub fn new(rows: i64, workers: i32, chunksize: i64) -> Self {
        let words: Vec<AtomicI64> = (0..words::SLOT_BYTES / 8).map(|_| AtomicI64::new(0)).collect();
        let slot = Self { words: words.leak() };
        slot.int(words::SLOT_WORKERS).store(workers, SeqCst);
        slot.wide(words::SLOT_CHUNKSIZE).store(chunksize, SeqCst);
        slot.wide(words::SLOT_END).store(rows, SeqCst);
        slot.wide(words::SLOT_LONGEST)
            .store(100.0_f64.to_bits().cast_signed(), SeqCst);
        for worker in 0..words::WORKERS {
            slot.wide(words::WORKERS_AT + worker * words::WORKER_BYTES)
                .store(words::NO_CHUNK, SeqCst);
        }
        slot
    }

    pub fn slot(&self) -> Slot {
        // SAFETY: leaked, of atomics, and as long as a slot.
        unsafe { Slot::new(NonNull::from(self.words).cast()) }
    }

    pub fn wide(&self, at: usize) -> &AtomicI64 {
        &self.words[at / 8]
    }

    #[allow(clippy::cast_ptr_alignment)] // `at` is a multiple of 4
    pub fn int(&self, at: usize) -> &AtomicI32 {
        let word = self.words.as_ptr().cast::<u8>().wrapping_add(at).cast_mut().cast();
        // SAFETY: inside the leaked words, which are atomics too.
        unsafe { AtomicI32::from_ptr(word) }
    }

    pub fn done(&self) -> i64 {
        self.wide(words::SLOT_DONE).load(SeqCst)
    }

    /// The ready prefix, as the caller reads it.
    pub fn ready(&self) -> i64 {
        let next = self.wide(words::SLOT_NEXT).load(SeqCst);
        let wide = |at| self.wide(at).load(SeqCst);
        ready_prefix(next, self.slot().workers(), wide, |at| self.int(at).load(SeqCst))
    }
}
