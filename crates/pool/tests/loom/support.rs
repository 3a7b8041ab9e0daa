//! What the models share.

#[path = "../support/ready.rs"]
mod ready;

use std::cell::RefCell;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::SeqCst;

use lanewise_pool::control::{Slot, words};
use lanewise_pool::memory::model::Words;
use lanewise_pool::sync::Instant;
use ready::ready_prefix;

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

    /// The ready prefix, as the caller reads it; `None`: the lock is taken.
    pub fn ready(&self, workers: usize) -> Option<i64> {
        let next = self.wide(words::SLOT_NEXT).load(SeqCst);
        let lock = self.word(words::SLOT_LOCK);
        lock.compare_exchange(0, -1, SeqCst, SeqCst).ok()?;
        let wide = |at| self.wide(at).load(SeqCst);
        let ready = ready_prefix(next, workers, wide, |at| self.word(at).load(SeqCst));
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
