//! The ready prefix of a slot, by the steps of `Slot.ready` in `src/memory/slots.ts`.

use lanewise_pool::control::words;

/// `next` was read before this is called; `wide` and `word` read words of the slot, in the order of the calls.
pub fn ready_prefix(next: i64, workers: usize, wide: impl Fn(usize) -> i64, word: impl Fn(usize) -> i32) -> i64 {
    let mut ready = next.min(wide(words::SLOT_END));
    for seat in 0..workers {
        let worker = words::WORKERS_AT + seat * words::WORKER_BYTES;
        let start = wide(worker + words::WORKER_START);
        if start != words::NO_CHUNK {
            ready = ready.min(start + wide(worker + words::WORKER_FINISHED));
        }
    }
    for entry in 0..usize::try_from(word(words::SLOT_RETURNED)).unwrap() {
        ready = ready.min(wide(words::RANGES_AT + entry * words::RANGE_BYTES + words::RANGE_FROM));
    }
    ready
}
