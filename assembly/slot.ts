/** A slot of the control block, by atomic accesses; src/memory/control.ts has the table of its words. `slot` is its byte address. */
import {
  NO_CHUNK,
  RANGE_BYTES,
  RANGE_FROM,
  RANGE_TO,
  RANGES_AT,
  SLOT_CHUNKSIZE,
  SLOT_DEADLINE,
  SLOT_DONE,
  SLOT_END,
  SLOT_GENERATION,
  SLOT_LEFT,
  SLOT_LOCK,
  SLOT_LONGEST,
  SLOT_MOVING,
  SLOT_NEXT,
  SLOT_RETURNED,
  SLOT_RETURNED_ROWS,
  SLOT_STOP,
  SLOT_WORKERS,
  STOP_NONE,
  WORKER_BUSY,
  WORKER_BYTES,
  WORKER_CHUNKS,
  WORKER_FINISHED,
  WORKER_GIVEN_BACK,
  WORKER_ITEMS,
  WORKER_START,
  WORKER_TIME,
  WORKERS_AT,
} from './generated/control'

/** Nanoseconds between two tries for the lock: its holder does a dozen accesses, unless it was interrupted. */
const LOCK_WAIT_NS: i64 = 20_000

/** The chunk of the last successful `claim`. */
export let claimedFrom: i64 = 0
export let claimedTo: i64 = 0

export function generation(slot: usize): i32 {
  return atomic.load<i32>(slot + SLOT_GENERATION)
}

export function isStopped(slot: usize): bool {
  return atomic.load<i32>(slot + SLOT_STOP) != STOP_NONE
}

/** Has the map stop; whoever came first is right. */
export function setStop(slot: usize, why: i32): void {
  atomic.cmpxchg<i32>(slot + SLOT_STOP, STOP_NONE, why)
}

export function workers(slot: usize): i32 {
  return atomic.load<i32>(slot + SLOT_WORKERS)
}

/** Rows of a chunk; 0 has chunks sized by time. */
export function chunksize(slot: usize): i64 {
  return atomic.load<i64>(slot + SLOT_CHUNKSIZE)
}

export function deadline(slot: usize): f64 {
  return loadReal(slot + SLOT_DEADLINE)
}

export function longest(slot: usize): f64 {
  return loadReal(slot + SLOT_LONGEST)
}

export function isMoving(slot: usize): bool {
  return atomic.load<i32>(slot + SLOT_MOVING) != 0
}

export function end(slot: usize): i64 {
  return atomic.load<i64>(slot + SLOT_END)
}

/** Rows that nobody holds. */
export function remaining(slot: usize): i64 {
  const untouched = max<i64>(end(slot) - atomic.load<i64>(slot + SLOT_NEXT), 0)
  return untouched + atomic.load<i64>(slot + SLOT_RETURNED_ROWS)
}

/** Mean running time of a row over all workers, in ms; 0 before the first chunk has ended. */
export function mean(slot: usize): f64 {
  let time: f64 = 0
  let items: f64 = 0
  for (let seat = 0, n = workers(slot); seat < n; seat++) {
    const words = worker(slot, seat)
    time += loadReal(words + WORKER_TIME)
    items += loadReal(words + WORKER_ITEMS)
  }
  return items > 0 ? time / items : 0
}

/**
 * Takes up to `most` rows for the worker of `seat`: from a returned range if there is one, else the next untouched ones. The
 * numbers are those of the rules in index.ts.
 */
export function claim(slot: usize, seat: i32, most: i64): bool {
  if (atomic.load<i32>(slot + SLOT_RETURNED) > 0 && claimReturned(slot, seat, most)) return true
  if (isStopped(slot)) return false
  const words = worker(slot, seat)
  const next = slot + SLOT_NEXT
  atomic.store<i64>(words + WORKER_FINISHED, 0) // 2
  let from = atomic.load<i64>(next)
  atomic.store<i64>(words + WORKER_START, from) // 2
  if (isMoving(slot)) {
    // Each try goes by one reading of `end`: rows that come after it are nobody's until `next` has moved past them.
    for (let till = end(slot); from < till; till = end(slot)) {
      const to = min<i64>(from + most, till)
      const seen = atomic.cmpxchg<i64>(next, from, to)
      if (seen == from) return begin(words, from, to)
      from = seen
    }
  } else {
    // One addition, clipped where it overshoots.
    const till = end(slot)
    if (from < till) from = atomic.add<i64>(next, most)
    if (from < till) return begin(words, from, min<i64>(from + most, till))
  }
  atomic.store<i64>(words + WORKER_START, NO_CHUNK)
  return false
}

function begin(words: usize, from: i64, to: i64): bool {
  atomic.store<i64>(words + WORKER_START, from)
  atomic.add<i32>(words + WORKER_CHUNKS, 1)
  claimedFrom = from
  claimedTo = to
  return true
}

function claimReturned(slot: usize, seat: i32, most: i64): bool {
  if (!lock(slot, seat)) return false
  const count = atomic.load<i32>(slot + SLOT_RETURNED)
  if (count > 0) {
    const words = worker(slot, seat)
    const entry = slot + RANGES_AT + <usize>(count - 1) * RANGE_BYTES
    const from = atomic.load<i64>(entry + RANGE_FROM)
    const to = atomic.load<i64>(entry + RANGE_TO)
    const cut = min<i64>(from + most, to)
    atomic.store<i64>(words + WORKER_FINISHED, 0) // 2
    begin(words, from, cut) // 3
    if (cut < to) atomic.store<i64>(entry + RANGE_FROM, cut)
    else atomic.store<i32>(slot + SLOT_RETURNED, count - 1)
    atomic.sub<i64>(slot + SLOT_RETURNED_ROWS, cut - from)
  }
  unlock(slot)
  return count > 0
}

/** Gives rows of a chunk back; false if there is no room for them: then the worker keeps them. */
export function giveBack(slot: usize, seat: i32, from: i64, to: i64): bool {
  if (!lock(slot, seat)) return false
  const count = atomic.load<i32>(slot + SLOT_RETURNED)
  const room = count < workers(slot)
  if (room) {
    const words = worker(slot, seat)
    const entry = slot + RANGES_AT + <usize>count * RANGE_BYTES
    atomic.store<i64>(entry + RANGE_FROM, from)
    atomic.store<i64>(entry + RANGE_TO, to)
    atomic.store<i32>(slot + SLOT_RETURNED, count + 1)
    atomic.add<i64>(slot + SLOT_RETURNED_ROWS, to - from)
    atomic.store<i64>(words + WORKER_START, NO_CHUNK) // 3
    atomic.add<i32>(words + WORKER_GIVEN_BACK, 1)
  }
  unlock(slot)
  return room
}

/** Rows of the chunk of `seat` are finished: whoever reads the count sees their results. */
export function publish(slot: usize, seat: i32, rows: i64): void {
  atomic.add<i64>(worker(slot, seat) + WORKER_FINISHED, rows)
  atomic.add<i64>(slot + SLOT_DONE, rows)
}

/** The chunk of `seat` has ended after `rows` rows and `ms` ms; older measurements count `keep` times as much. */
export function measure(slot: usize, seat: i32, rows: i64, ms: f64, keep: f64): void {
  const words = worker(slot, seat)
  storeReal(words + WORKER_TIME, loadReal(words + WORKER_TIME) * keep + ms)
  storeReal(words + WORKER_ITEMS, loadReal(words + WORKER_ITEMS) * keep + <f64>rows)
  storeReal(words + WORKER_BUSY, loadReal(words + WORKER_BUSY) + ms)
}

/** Whether some worker has left the map: rows that come back may be for it. */
export function haveSomeLeft(slot: usize): bool {
  return atomic.load<i32>(slot + SLOT_LEFT) > 0
}

/** The worker is out of the map. */
export function leave(slot: usize): void {
  atomic.add<i32>(slot + SLOT_LEFT, 1)
  atomic.notify(slot + SLOT_LEFT)
}

/** Takes the lock; false if the map stops, whose lock may be held by a worker that was terminated. */
function lock(slot: usize, seat: i32): bool {
  const word = slot + SLOT_LOCK
  let holder = atomic.cmpxchg<i32>(word, 0, seat + 1)
  while (holder != 0) {
    if (isStopped(slot)) return false
    atomic.wait<i32>(word, holder, LOCK_WAIT_NS)
    holder = atomic.cmpxchg<i32>(word, 0, seat + 1)
  }
  return true
}

function unlock(slot: usize): void {
  atomic.store<i32>(slot + SLOT_LOCK, 0)
}

function worker(slot: usize, seat: i32): usize {
  return slot + WORKERS_AT + <usize>seat * WORKER_BYTES
}

function loadReal(word: usize): f64 {
  return reinterpret<f64>(atomic.load<i64>(word))
}

function storeReal(word: usize, value: f64): void {
  atomic.store<i64>(word, reinterpret<i64>(value))
}
