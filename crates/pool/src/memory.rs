//! The memory of a slot, word by word.
//!
//! It is raw memory that JavaScript made, read as atomics by address. Loom sees no raw memory, only atomics of its own: in
//! a model each word that is in use is one of those, found by the same address. What stands above is the same code.

use std::ptr::NonNull;

use crate::sync::{AtomicI32, AtomicI64};

/// What a slot begins with.
#[cfg(not(loom))]
pub type Base = u8;
#[cfg(loom)]
pub type Base = model::Words;

/// Copies are the same memory.
#[derive(Clone, Copy)]
pub struct Memory {
    base: NonNull<Base>,
}

// SAFETY: every access is atomic, and `Memory::new` promises that it outlives all copies.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// # Safety
    ///
    /// `base` is 8-byte aligned and begins `SLOT_BYTES` bytes that live as long as any copy is used, and that everyone
    /// accesses atomically.
    pub unsafe fn new(base: NonNull<Base>) -> Self {
        Self { base }
    }
}

#[cfg(not(loom))]
#[allow(clippy::cast_ptr_alignment)] // words are aligned to their width in an aligned slot
impl Memory {
    /// The i32 that begins at byte `at`.
    pub fn word(&self, at: usize) -> &AtomicI32 {
        debug_assert!(at + 4 <= crate::control::words::SLOT_BYTES);
        let word = self.base.as_ptr().wrapping_add(at).cast();
        // SAFETY: inside the slot, which lives and is accessed atomically by the promise of `new`.
        unsafe { AtomicI32::from_ptr(word) }
    }

    /// The i64 that begins at byte `at`.
    pub fn wide(&self, at: usize) -> &AtomicI64 {
        debug_assert!(at + 8 <= crate::control::words::SLOT_BYTES);
        let word = self.base.as_ptr().wrapping_add(at).cast();
        // SAFETY: as in `word`.
        unsafe { AtomicI64::from_ptr(word) }
    }
}

#[cfg(loom)]
impl Memory {
    pub fn word(&self, at: usize) -> &AtomicI32 {
        self.words().word(at)
    }

    pub fn wide(&self, at: usize) -> &AtomicI64 {
        self.words().wide(at)
    }

    fn words(&self) -> &model::Words {
        // SAFETY: it lives by the promise of `new`.
        let words = unsafe { self.base.as_ref() };
        assert!(!words.is_closed(), "a thread looks at a slot whose map has ended");
        words
    }
}

#[cfg(loom)]
pub mod model {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    use super::{AtomicI32, AtomicI64};
    use crate::control::words::{
        NO_CHUNK, RANGE_BYTES, RANGE_FROM, RANGE_TO, RANGES_AT, SLOT_CHUNKSIZE, SLOT_DONE, SLOT_END, SLOT_LOCK,
        SLOT_LONGEST, SLOT_MOVING, SLOT_NEXT, SLOT_RETURNED, SLOT_RETURNED_ROWS, SLOT_STOP, SLOT_WORKERS, WORKER_BUSY,
        WORKER_BYTES, WORKER_CHUNKS, WORKER_FINISHED, WORKER_GIVEN_BACK, WORKER_ITEMS, WORKER_START, WORKER_TIME,
        WORKERS_AT,
    };

    /// A slot in loom's atomics, set up as JavaScript does it.
    pub struct Words {
        ints: Vec<(usize, AtomicI32)>,
        longs: Vec<(usize, AtomicI64)>,
        is_closed: AtomicBool,
    }

    impl Words {
        /// For `rows` rows and `workers` workers; `chunksize` 0 has chunks sized by time.
        pub fn new(rows: i64, workers: u8, chunksize: i64) -> Self {
            let plain = [SLOT_STOP, SLOT_MOVING, SLOT_LOCK, SLOT_RETURNED];
            let mut ints: Vec<_> = plain.map(|at| (at, 0)).into();
            ints.push((SLOT_WORKERS, i32::from(workers)));
            let mut longs = vec![
                (SLOT_NEXT, 0),
                (SLOT_END, rows),
                (SLOT_DONE, 0),
                (SLOT_RETURNED_ROWS, 0),
                (SLOT_CHUNKSIZE, chunksize),
                (SLOT_LONGEST, 100.0_f64.to_bits().cast_signed()),
            ];
            for seat in 0..usize::from(workers) {
                let worker = WORKERS_AT + seat * WORKER_BYTES;
                longs.push((worker + WORKER_START, NO_CHUNK));
                longs.extend([WORKER_FINISHED, WORKER_TIME, WORKER_ITEMS, WORKER_BUSY].map(|at| (worker + at, 0)));
                ints.extend([WORKER_CHUNKS, WORKER_GIVEN_BACK].map(|at| (worker + at, 0)));
                longs.extend([RANGE_FROM, RANGE_TO].map(|at| (RANGES_AT + seat * RANGE_BYTES + at, 0)));
            }
            Self {
                ints: ints
                    .into_iter()
                    .map(|(at, value)| (at, AtomicI32::new(value)))
                    .collect(),
                longs: longs
                    .into_iter()
                    .map(|(at, value)| (at, AtomicI64::new(value)))
                    .collect(),
                is_closed: AtomicBool::new(false),
            }
        }

        /// From now on no thread of the pool may look at it: it may serve another map.
        pub fn close(&self) {
            self.is_closed.store(true, Relaxed);
        }

        pub fn is_closed(&self) -> bool {
            self.is_closed.load(Relaxed)
        }

        pub fn word(&self, at: usize) -> &AtomicI32 {
            found(&self.ints, at)
        }

        pub fn wide(&self, at: usize) -> &AtomicI64 {
            found(&self.longs, at)
        }
    }

    fn found<T>(words: &[(usize, T)], at: usize) -> &T {
        let word = words.iter().find(|(byte, _)| *byte == at);
        &word.unwrap_or_else(|| panic!("no word at byte {at}")).1
    }
}
