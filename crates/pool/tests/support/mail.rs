//! A channel by the pool's own locks: what std's does inside is hidden from `ThreadSanitizer`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lanewise_pool::sync::{Condvar, Mutex};

struct Mail<T> {
    values: Mutex<VecDeque<T>>,
    came: Condvar,
}

pub struct Sender<T>(Arc<Mail<T>>);
pub struct Receiver<T>(Arc<Mail<T>>);

pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let mail = Arc::new(Mail {
        values: Mutex::new(VecDeque::new()),
        came: Condvar::new(),
    });
    (Sender(Arc::clone(&mail)), Receiver(mail))
}

impl<T> Sender<T> {
    pub fn send(&self, value: T) {
        self.0.values.lock().unwrap().push_back(value);
        self.0.came.notify_one();
    }
}

impl<T> Receiver<T> {
    /// Waits for a value; `None` after `limit`.
    pub fn recv_timeout(&self, limit: Duration) -> Option<T> {
        let end = Instant::now() + limit;
        let mut values = self.0.values.lock().unwrap();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if !values.is_empty() || left.is_zero() {
                return values.pop_front();
            }
            values = self.0.came.wait_timeout(values, left).unwrap().0;
        }
    }
}
