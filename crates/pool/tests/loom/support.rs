//! What the models share.

use std::cell::RefCell;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::SeqCst;

use lanewise_pool::control::{Slot, words};
use lanewise_pool::memory::model::Words;
use lanewise_pool::sync::Instant;

/// Runs a model in every order in which a thread is interrupted at most twice where it need not wait: most faults need one
/// such moment, or two, and each one more takes some ten times as long. `LOOM_MAX_PREEMPTIONS` says otherwise.
pub fn check(model: impl Fn() + Send + Sync + 'static) {
    check_with(2, model);
}

/// As `check`, for a model that is long: with so many interruptions.
pub fn check_with(interruptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(interruptions));
    builder.max_branches = 100_000;
    builder.check(move || {
        Instant::reset();
        FORMER.with_borrow_mut(Vec::clear);
        model();
    });
}

thread_local! {
    /// Boxed: slots point into them.
    #[allow(clippy::vec_box)]
    static FORMER: RefCell<Vec<Box<Words>>> = const { RefCell::new(Vec::new()) };
}

/// A slot, as JavaScript sees it. It lives to the end of the model's run: threads may outlive the model's own function.
pub struct ModelSlot {
    words: NonNull<Words>,
}

impl ModelSlot {
    pub fn new(rows: i64, workers: u8, chunksize: i64) -> Self {
        let words = Box::new(Words::new(rows, workers, chunksize));
        let pointer = NonNull::from(&*words);
        FORMER.with_borrow_mut(|former| former.push(words));
        Self { words: pointer }
    }

    pub fn slot(&self) -> Slot {
        // SAFETY: `FORMER` keeps it until the next run, when the threads of this one are no more.
        unsafe { Slot::new(self.words) }
    }

    pub fn done(&self) -> i64 {
        self.wide(words::SLOT_DONE).load(SeqCst)
    }

    pub fn cancel(&self) {
        let stop = self.word(words::SLOT_STOP);
        let _ = stop.compare_exchange(words::STOP_NONE, words::STOP_CANCELLED, SeqCst, SeqCst);
    }

    /// The ready prefix, by the steps of `Slot.ready` in `src/memory/slots.ts`; `None`: the lock is taken.
    pub fn ready(&self, workers: usize) -> Option<i64> {
        let next = self.wide(words::SLOT_NEXT).load(SeqCst);
        let lock = self.word(words::SLOT_LOCK);
        lock.compare_exchange(0, -1, SeqCst, SeqCst).ok()?;
        let mut ready = next.min(self.wide(words::SLOT_END).load(SeqCst));
        for seat in 0..workers {
            let worker = words::WORKERS_AT + seat * words::WORKER_BYTES;
            let start = self.wide(worker + words::WORKER_START).load(SeqCst);
            if start != words::NO_CHUNK {
                ready = ready.min(start + self.wide(worker + words::WORKER_FINISHED).load(SeqCst));
            }
        }
        for entry in 0..usize::try_from(self.word(words::SLOT_RETURNED).load(SeqCst)).unwrap() {
            let from = words::RANGES_AT + entry * words::RANGE_BYTES + words::RANGE_FROM;
            ready = ready.min(self.wide(from).load(SeqCst));
        }
        lock.store(0, SeqCst);
        Some(ready)
    }
}

impl Deref for ModelSlot {
    type Target = Words;

    fn deref(&self) -> &Words {
        // SAFETY: as in `slot`.
        unsafe { self.words.as_ref() }
    }
}

// SAFETY: its words are atomic, and live as `slot` says.
unsafe impl Send for ModelSlot {}
// SAFETY: as above.
unsafe impl Sync for ModelSlot {}
