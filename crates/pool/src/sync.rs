//! What threads share and wait by: std's, or those of loom in a model (`cfg(loom)`), where it tries one order of events
//! after the other. `tests/loom.rs` has the models.
//!
//! What a model leaves out: a wait with a limit waits for ever, and time passes only when a body says so. Loom takes
//! `SeqCst` for `AcqRel`: it shows orders that no processor would, and a model that holds in them needs no more than
//! `AcqRel`. `Arc` and `OnceLock` are std's in models too: nobody waits by them, and no protocol of ours rests on them.

#[cfg(not(loom))]
mod chosen {
    pub use std::sync::atomic::{AtomicI32, AtomicI64};
    pub use std::thread::{Builder, yield_now};
    pub use std::time::Instant;

    #[cfg(tsan)]
    pub use super::told::{Condvar, Mutex, MutexGuard};
    #[cfg(not(tsan))]
    pub use std::sync::{Condvar, Mutex, MutexGuard};
}

#[cfg(tsan)]
mod told;

#[cfg(loom)]
mod chosen {
    use std::cell::Cell;
    use std::ops::{Add, Sub};
    use std::time::Duration;

    pub use loom::sync::atomic::{AtomicI32, AtomicI64};
    pub use loom::sync::{Condvar, Mutex, MutexGuard};
    pub use loom::thread::{Builder, yield_now};

    thread_local! {
        /// All threads of a model run on one thread of the system.
        static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    /// A time of the model: the same in each run of it, since loom repeats what led to a choice.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Instant(Duration);

    impl Instant {
        pub fn now() -> Self {
            Self(NOW.get())
        }

        /// Lets time pass, for all threads of the model.
        pub fn pass(time: Duration) {
            NOW.set(NOW.get() + time);
        }

        /// To be called at the begin of each run.
        pub fn reset() {
            NOW.set(Duration::ZERO);
        }

        pub fn elapsed(&self) -> Duration {
            NOW.get().saturating_sub(self.0)
        }

        pub fn checked_add(&self, time: Duration) -> Option<Self> {
            self.0.checked_add(time).map(Self)
        }

        pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
            self.0.saturating_sub(earlier.0)
        }
    }

    impl Add<Duration> for Instant {
        type Output = Self;
        fn add(self, time: Duration) -> Self {
            Self(self.0 + time)
        }
    }

    impl Sub for Instant {
        type Output = Duration;
        fn sub(self, earlier: Self) -> Duration {
            self.saturating_duration_since(earlier)
        }
    }
}

pub use chosen::*;
