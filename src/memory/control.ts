/**
 * The control block: what a kernel map and the threads that run it say to one another, in shared memory.
 *
 * It is a small WASM memory, fixed in size, of 64 slots; a map in flight holds one. Workers claim chunks from the slot
 * by themselves, so nothing is sent while a map runs. The chunk loop in assembly/ and the pool in crates/pool read the
 * same words: `node scripts/generate-control.mjs` writes their tables from the one below.
 *
 *   slot    ┌ set by the caller ─┬ next ─┬ done, left ─┬ lock, returned ┬ worker 0 … 255 ┬ returned ranges 0 … 255 ┐
 *   bytes   0                    64      128           192              256              16,640             20,736
 *
 * Each part begins a cache line of its own, since different threads write it.
 */

/** How a word is read: every one of them by an atomic access of that width, an f64 by the bits of an i64. */
export type WordType = 'i32' | 'i64' | 'f64'

export interface Word {
  /** Bytes from the start of its part. */
  readonly at: number
  readonly type: WordType
  readonly says: string
}

/** Maps in flight in one thread of JavaScript; the 65th waits for a slot. More cost 20 KB each and were never needed. */
export const SLOTS = 64

/** Workers in one map. The largest machine sold has fewer cores; each costs 80 bytes a slot. */
export const WORKERS = 256

/** The words of a slot. */
export const SLOT = {
  generation: {
    at: 0,
    type: 'i32',
    says: 'counts the maps that had this slot: a worker sent to an earlier one leaves',
  },
  stop: { at: 4, type: 'i32', says: 'why the map is to stop (the STOP codes); workers look after every block' },
  workers: { at: 8, type: 'i32', says: 'how many workers may share the map: P of the chunk rule' },
  moving: { at: 12, type: 'i32', says: '1 while `end` may still move: then a claim never passes it' },
  chunksize: { at: 16, type: 'i64', says: 'rows of a chunk; 0 has chunks sized by time' },
  end: { at: 24, type: 'i64', says: 'rows from here on are not handed out (yet)' },
  deadline: { at: 32, type: 'f64', says: 'when the map stops, in ms of the monotonic clock; Infinity for never' },
  longest: { at: 40, type: 'f64', says: 'no chunk that is sized by time shall last longer, in ms' },
  next: { at: 64, type: 'i64', says: 'the first row that nobody has claimed; may pass `end` while that stands still' },
  done: { at: 128, type: 'i64', says: 'rows finished, by all' },
  left: { at: 136, type: 'i32', says: 'how often a worker has left; woken at each, for a caller that blocks' },
  lock: { at: 192, type: 'i32', says: '0, or who may change the returned ranges, and the start of a worker with them' },
  returned: { at: 196, type: 'i32', says: 'how many returned ranges there are' },
  returnedRows: { at: 200, type: 'i64', says: 'how many rows they have' },
} as const

/** The words of one worker in a map. */
export const WORKER = {
  start: { at: 0, type: 'i64', says: 'first row of its chunk; -1 without one' },
  finished: { at: 8, type: 'i64', says: 'rows of that chunk that are finished' },
  time: { at: 16, type: 'f64', says: 'discounted sum of its running times, in ms' },
  items: { at: 24, type: 'f64', says: 'discounted sum of its finished rows' },
  busy: { at: 32, type: 'f64', says: 'time spent on chunks, in ms' },
  chunks: { at: 40, type: 'i32', says: 'chunks claimed' },
  givenBack: { at: 44, type: 'i32', says: 'chunks whose rest it returned' },
} as const

/** The words of one returned range. */
export const RANGE = {
  from: { at: 0, type: 'i64', says: 'its first row' },
  to: { at: 8, type: 'i64', says: 'the row after its last' },
} as const

export const WORKERS_AT = 256
export const WORKER_BYTES = 64
export const RANGES_AT: number = WORKERS_AT + WORKERS * WORKER_BYTES
export const RANGE_BYTES = 16
export const SLOT_BYTES: number = RANGES_AT + WORKERS * RANGE_BYTES

/** Size of the memory, in WASM pages of 64 KiB. */
export const PAGES: number = Math.ceil((SLOTS * SLOT_BYTES) / 65_536)

/** Why a map stops. The first to set the word is right; the others find it set. */
export const STOP = {
  /** Go on. */
  none: 0,
  /** The caller does not want it any more. */
  cancelled: 1,
  /** The deadline has passed. */
  deadline: 2,
  /** A worker died or failed, or the caller's thread ends. */
  broken: 3,
} as const

export type Stop = (typeof STOP)[keyof typeof STOP]

/** `start` of a worker that holds no chunk. */
export const NO_CHUNK = -1

/**
 * Rows that a chunk loop runs between two looks at the stop word: as many as take this long, in ms. Larger: a cancelled
 * map holds its workers for longer; smaller: the look (two atomic accesses and the clock, 0.1 µs) begins to count.
 */
export const BLOCK_MS = 0.1

/**
 * But no more than this. Larger: three arrays of a block no longer fit a first-level cache of 48 KB; smaller: the calls
 * show (staging takes 0.4 to 0.8 ns a number and array at 512 to 2,048 rows, Node 20).
 */
export const LARGEST_BLOCK = 2048
