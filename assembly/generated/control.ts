// Made by: node scripts/generate-control.mjs

/** Slots of the control block. */
export const SLOTS: usize = 64
/** Workers of one map, at most. */
export const WORKERS: usize = 256
/** In bytes. */
export const WORKERS_AT: usize = 256
/** In bytes. */
export const WORKER_BYTES: usize = 64
/** In bytes. */
export const RANGES_AT: usize = 16640
/** In bytes. */
export const RANGE_BYTES: usize = 16
/** In bytes. */
export const SLOT_BYTES: usize = 20736
/** i32: counts the maps that had this slot: a worker sent to an earlier one leaves. */
export const SLOT_GENERATION: usize = 0
/** i32: why the map is to stop (the STOP codes); workers look after every block. */
export const SLOT_STOP: usize = 4
/** i32: how many workers may share the map: P of the chunk rule. */
export const SLOT_WORKERS: usize = 8
/** i32: 1 while `end` may still move: then a claim never passes it. */
export const SLOT_MOVING: usize = 12
/** i64: rows of a chunk; 0 has chunks sized by time. */
export const SLOT_CHUNKSIZE: usize = 16
/** i64: rows from here on are not handed out (yet). */
export const SLOT_END: usize = 24
/** f64: when the map stops, in ms of the monotonic clock; Infinity for never. */
export const SLOT_DEADLINE: usize = 32
/** f64: no chunk that is sized by time shall last longer, in ms. */
export const SLOT_LONGEST: usize = 40
/** i64: the first row that nobody has claimed; may pass `end` while that stands still. */
export const SLOT_NEXT: usize = 64
/** i64: rows finished, by all. */
export const SLOT_DONE: usize = 128
/** i32: how often a worker has left; woken at each, for a caller that blocks. */
export const SLOT_LEFT: usize = 136
/** i32: 0, or who may change the returned ranges, and the start of a worker with them. */
export const SLOT_LOCK: usize = 192
/** i32: how many returned ranges there are. */
export const SLOT_RETURNED: usize = 196
/** i64: how many rows they have. */
export const SLOT_RETURNED_ROWS: usize = 200
/** i64: first row of its chunk; -1 without one. */
export const WORKER_START: usize = 0
/** i64: rows of that chunk that are finished. */
export const WORKER_FINISHED: usize = 8
/** f64: discounted sum of its running times, in ms. */
export const WORKER_TIME: usize = 16
/** f64: discounted sum of its finished rows. */
export const WORKER_ITEMS: usize = 24
/** f64: time spent on chunks, in ms. */
export const WORKER_BUSY: usize = 32
/** i32: chunks claimed. */
export const WORKER_CHUNKS: usize = 40
/** i32: chunks whose rest it returned. */
export const WORKER_GIVEN_BACK: usize = 44
/** i64: its first row. */
export const RANGE_FROM: usize = 0
/** i64: the row after its last. */
export const RANGE_TO: usize = 8
/** A value of `SLOT_STOP`. */
export const STOP_NONE: i32 = 0
/** A value of `SLOT_STOP`. */
export const STOP_CANCELLED: i32 = 1
/** A value of `SLOT_STOP`. */
export const STOP_DEADLINE: i32 = 2
/** A value of `SLOT_STOP`. */
export const STOP_BROKEN: i32 = 3
/** `WORKER_START` of a worker without a chunk. */
export const NO_CHUNK: i64 = -1
