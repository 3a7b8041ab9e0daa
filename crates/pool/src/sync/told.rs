//! Std's locks, told to ThreadSanitizer (`npm run test:tsan`).
//!
//! It sees what is compiled for it, and std is not: of a lock that had to be waited for it does not see that it was taken,
//! and takes what the lock guards for a race. So each lock says the same once more by an atomic that is seen.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{self, LockResult, PoisonError, WaitTimeoutResult};
use std::time::Duration;

#[derive(Default)]
pub struct Mutex<T> {
    inner: sync::Mutex<T>,
    released: AtomicU32,
}

pub struct MutexGuard<'a, T> {
    /// `None` while it waits on a condition variable.
    inner: Option<sync::MutexGuard<'a, T>>,
    released: &'a AtomicU32,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self {
            inner: sync::Mutex::new(value),
            released: AtomicU32::new(0),
        }
    }

    /// # Errors
    ///
    /// Never: a guard that a panic drops is as good as any other here.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(MutexGuard::taken(
            self.inner.lock().unwrap_or_else(PoisonError::into_inner),
            &self.released,
        ))
    }
}

impl<'a, T> MutexGuard<'a, T> {
    fn taken(inner: sync::MutexGuard<'a, T>, released: &'a AtomicU32) -> Self {
        released.load(Ordering::Acquire);
        let inner = Some(inner);
        Self { inner, released }
    }

    fn release(&mut self) -> sync::MutexGuard<'a, T> {
        self.released.fetch_add(1, Ordering::Release);
        self.inner.take().expect("it is held")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.inner.is_some() {
            drop(self.release());
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect("it is held")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("it is held")
    }
}

#[derive(Default)]
pub struct Condvar(sync::Condvar);

impl Condvar {
    pub fn new() -> Self {
        Self::default()
    }

    /// # Errors
    ///
    /// Never, as `Mutex::lock`.
    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let released = guard.released;
        let inner = self.0.wait(guard.release()).unwrap_or_else(PoisonError::into_inner);
        Ok(MutexGuard::taken(inner, released))
    }

    /// # Errors
    ///
    /// Never, as `Mutex::lock`.
    pub fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let released = guard.released;
        let waited = self.0.wait_timeout(guard.release(), limit);
        let (inner, result) = waited.unwrap_or_else(PoisonError::into_inner);
        Ok((MutexGuard::taken(inner, released), result))
    }

    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}
