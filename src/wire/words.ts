/**
 * The words that a caller and one of its worker threads share. One block a worker; the caller makes it.
 *
 * A work has a number and with it a slot, the number's low bits: a state word and a value word.
 *
 *   1. The caller sets the state to PENDING, then posts the work.
 *   2. The worker claims it, PENDING → RUNNING, by compare-exchange. The caller takes it back, PENDING → TAKEN_BACK, the same way.
 *      Whoever comes second sees so: cancel() and running() are exact, and no call runs twice.
 *   3. The worker stores a number in the value word and then NUMBER in the state; UNDEFINED needs no value. Anything else: POSTED, and a message with
 *      it at once, before the next call begins.
 *   4. After 3 the worker looks at WAKE. 0: it sets 1 and posts an empty message. The caller sets 0 first and reads the states after that, so an
 *      outcome stored in between is either seen now or posts another message.
 *   5. The caller uses a slot again only when it has seen that the worker is past its number.
 *
 * When the worker dies, what it had stored is still there to be read.
 */

/** Works out at one worker at most; a power of two. A larger ring costs 12 bytes a slot, a smaller one makes a burst of calls wait for the caller's next turn. */
export const SLOTS = 2048

export const PENDING = 0
export const RUNNING = 1
export const TAKEN_BACK = 2
export const NUMBER = 3
export const UNDEFINED = 4
export const POSTED = 5

// Words in front of the states.
/** The caller will look at the states: 1 while a message that says so is under way. Both write. */
export const WAKE = 0
/** 1 + the number of the chunk to leave at its next row. The caller writes. */
export const LEAVE = 1
/** 1 + the worker's exit code, once it ends by itself. The worker writes. */
export const EXIT = 2
/** Rows of the running chunk that have begun. The worker writes. */
export const BEGUN = 3
/** Rows of the running chunk whose numbers stand in its block. The worker writes. */
export const NUMBERS = 4
/** Times that the running call threw and was tried again. The worker writes. */
export const RETRIED = 5
const HEADER = 8

const VALUES_AT = (HEADER + SLOTS) * Int32Array.BYTES_PER_ELEMENT
/** When the running call began, in ms of the monotonic clock; NaN: its function is being loaded. For calls with a limit. */
const STARTED = SLOTS

export interface Words {
  readonly memory: SharedArrayBuffer
  /** The header, then a state a slot. */
  readonly ints: Int32Array
  /** A value a slot, then STARTED. */
  readonly values: Float64Array
}

export function wordsOn(
  memory: SharedArrayBuffer = new SharedArrayBuffer(VALUES_AT + (SLOTS + 1) * Float64Array.BYTES_PER_ELEMENT),
): Words {
  return {
    memory,
    ints: new Int32Array(memory, 0, HEADER + SLOTS),
    values: new Float64Array(memory, VALUES_AT, SLOTS + 1),
  }
}

/** The slot of a work's number. */
export function slotOf(n: number): number {
  return n & (SLOTS - 1)
}

/** Where the state of a slot stands in `ints`. */
export function stateAt(slot: number): number {
  return HEADER + slot
}

export function setStarted(words: Words, ms: number): void {
  words.values[STARTED] = ms
}

export function startedAt(words: Words): number {
  return words.values[STARTED] ?? 0
}

/** Milliseconds of a clock that all threads of the process share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

// The bell of a pool: a caller that blocks waits on it.
/** Rung this often. */
export const RINGS = 0
/** 1 while a caller blocks: workers ring after each outcome. */
export const LISTENING = 1

export function newBell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8))
}

/** Wakes a caller that blocks, if one does. */
export function ring(bell: Int32Array): void {
  if (Atomics.load(bell, LISTENING) === 0) return
  Atomics.add(bell, RINGS, 1)
  Atomics.notify(bell, RINGS)
}
