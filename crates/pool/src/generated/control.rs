// Made by: node scripts/generate-control.mjs

/// Slots of the control block.
pub const SLOTS: usize = 64;
/// Workers of one map, at most.
pub const WORKERS: usize = 256;
/// In bytes.
pub const WORKERS_AT: usize = 256;
/// In bytes.
pub const WORKER_BYTES: usize = 64;
/// In bytes.
pub const RANGES_AT: usize = 16_640;
/// In bytes.
pub const RANGE_BYTES: usize = 16;
/// In bytes.
pub const SLOT_BYTES: usize = 20_736;
/// i32: counts the maps that had this slot: a worker sent to an earlier one leaves.
pub const SLOT_GENERATION: usize = 0;
/// i32: why the map is to stop (the STOP codes); workers look after every block.
pub const SLOT_STOP: usize = 4;
/// i32: how many workers may share the map: P of the chunk rule.
pub const SLOT_WORKERS: usize = 8;
/// i32: 1 while `end` may still move: then a claim never passes it.
pub const SLOT_MOVING: usize = 12;
/// i64: rows of a chunk; 0 has chunks sized by time.
pub const SLOT_CHUNKSIZE: usize = 16;
/// i64: rows from here on are not handed out (yet).
pub const SLOT_END: usize = 24;
/// f64: when the map stops, in ms of the monotonic clock; Infinity for never.
pub const SLOT_DEADLINE: usize = 32;
/// f64: no chunk that is sized by time shall last longer, in ms.
pub const SLOT_LONGEST: usize = 40;
/// i64: the first row that nobody has claimed; may pass `end` while that stands still.
pub const SLOT_NEXT: usize = 64;
/// i64: rows finished, by all.
pub const SLOT_DONE: usize = 128;
/// i32: how often a worker has left; woken at each, for a caller that blocks.
pub const SLOT_LEFT: usize = 136;
/// i32: 0, or who may change the returned ranges, and the start of a worker with them.
pub const SLOT_LOCK: usize = 192;
/// i32: how many returned ranges there are.
pub const SLOT_RETURNED: usize = 196;
/// i64: how many rows they have.
pub const SLOT_RETURNED_ROWS: usize = 200;
/// i64: first row of its chunk; -1 without one.
pub const WORKER_START: usize = 0;
/// i64: rows of that chunk that are finished.
pub const WORKER_FINISHED: usize = 8;
/// f64: discounted sum of its running times, in ms.
pub const WORKER_TIME: usize = 16;
/// f64: discounted sum of its finished rows.
pub const WORKER_ITEMS: usize = 24;
/// f64: time spent on chunks, in ms.
pub const WORKER_BUSY: usize = 32;
/// i32: chunks claimed.
pub const WORKER_CHUNKS: usize = 40;
/// i32: chunks whose rest it returned.
pub const WORKER_GIVEN_BACK: usize = 44;
/// i64: its first row.
pub const RANGE_FROM: usize = 0;
/// i64: the row after its last.
pub const RANGE_TO: usize = 8;
/// A value of `SLOT_STOP`.
pub const STOP_NONE: i32 = 0;
/// A value of `SLOT_STOP`.
pub const STOP_CANCELLED: i32 = 1;
/// A value of `SLOT_STOP`.
pub const STOP_DEADLINE: i32 = 2;
/// A value of `SLOT_STOP`.
pub const STOP_BROKEN: i32 = 3;
/// `WORKER_START` of a worker without a chunk.
pub const NO_CHUNK: i64 = -1;
