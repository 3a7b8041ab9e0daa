import { threadId } from 'node:worker_threads'
import { block, count, mark, until } from './board.mjs'

/** @import { Place } from './board.mjs' */

// What the pools of the tests run. A file of its own, since a worker imports it.

/**
 * Says by count `begun` that it has begun, blocks its worker until count `gate` has come to 1, and returns `value`.
 *
 * @template T
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 * @param {T} value
 * @returns {T}
 */
export function blockAt(place, begun, gate, value) {
  mark(place, begun)
  block(place, gate)
  return value
}

/**
 * As `blockAt`, but the worker's event loop goes on.
 *
 * @template T
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 * @param {T} value
 * @returns {Promise<T>}
 */
export async function waitAt(place, begun, gate, value) {
  mark(place, begun)
  await until(place, gate)
  return value
}

/**
 * Waits in here until `count` calls are in here together, each on a worker of its own, and says which worker this one is on.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} count
 * @returns {string}
 */
export function meet(place, n, count) {
  mark(place, n)
  block(place, n, count)
  return workerId()
}

/**
 * Adds 1 to count `n` and returns `value`.
 *
 * @template T
 * @param {Place} place
 * @param {number} n
 * @param {T} value
 * @returns {T}
 */
export function markAnd(place, n, value) {
  mark(place, n)
  return value
}

/**
 * Blocks the first `many` workers that come here until count `gate` has come to 1; count `n` tells how many came.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} gate
 * @param {number} many
 */
export function holdFirst(place, n, gate, many) {
  mark(place, n)
  if (count(place, n) <= many) block(place, gate)
}

/**
 * Returns, and blocks its worker after that: says so by count `begun`, and goes on when count `gate` has come to 1.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export function blockAfterwards(place, begun, gate) {
  setImmediate(() => {
    mark(place, begun)
    block(place, gate)
  })
}

/** A name for the worker that this runs on, different for each. */
export function workerId() {
  return `${process.pid}.${threadId}`
}

/**
 * Ends its worker, as a call of `process.exit` does.
 *
 * @param {number} code
 * @returns {never}
 */
export function exit(code) {
  process.exit(code)
}

/**
 * Throws after it has told of each try by count `n`, but for the last of `tries`, which returns `value`.
 *
 * @template T
 * @param {Place} place
 * @param {number} n
 * @param {number} tries
 * @param {T} value
 * @returns {T}
 */
export function failUntil(place, n, tries, value) {
  mark(place, n)
  if (count(place, n) < tries) throw new RangeError(`try ${count(place, n)}`)
  return value
}

/**
 * Ends its worker after it has told of each try by count `n`, but for the last of `tries`, which returns `value`.
 *
 * @template T
 * @param {Place} place
 * @param {number} n
 * @param {number} tries
 * @param {T} value
 * @returns {T}
 */
export function exitUntil(place, n, tries, value) {
  mark(place, n)
  if (count(place, n) < tries) process.exit(3)
  return value
}

/**
 * Loops until count `n` has come to `least`, and returns `value`.
 *
 * @template T
 * @param {Place} place
 * @param {number} n
 * @param {number} least
 * @param {T} value
 * @returns {T}
 */
export function loopUntil(place, n, least, value) {
  while (count(place, n) < least);
  return value
}

/** @returns {never} */
export function loop() {
  for (;;);
}

/** @returns {Promise<never>} */
export function hang() {
  return new Promise(() => {})
}

/**
 * Says by count `i` that it has begun, loops for ever if `i` is `at`, and returns `i`.
 *
 * @param {Place} place
 * @param {number} at
 * @param {number} i
 */
export function loopAt(place, at, i) {
  mark(place, i)
  while (i === at);
  return i
}

/**
 * Says by count `i` that it has begun, never settles if `i` is `at`, and returns `i`.
 *
 * @param {Place} place
 * @param {number} at
 * @param {number} i
 * @returns {number | Promise<never>}
 */
export function hangAt(place, at, i) {
  mark(place, i)
  return i === at ? hang() : i
}

/**
 * Throws at each odd try, which it tells of by count `n`, and ends its worker at each even one.
 *
 * @param {Place} place
 * @param {number} n
 * @returns {never}
 */
export function throwThenExit(place, n) {
  mark(place, n)
  if (count(place, n) % 2 === 1) throw new RangeError(`try ${count(place, n)}`)
  process.exit(3)
}

/**
 * Throws if `i` is 2, waits behind that until count `gate` has come to 1, and returns `i`.
 *
 * @param {Place} place
 * @param {number} gate
 * @param {number} i
 */
export async function failThenWait(place, gate, i) {
  if (i === 2) throw new RangeError(`item ${i}`)
  if (i > 2) await until(place, gate)
  return i
}

/**
 * Adds 1 to count `n`, and throws once that has come to `first`.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} first
 */
export function failFrom(place, n, first) {
  mark(place, n)
  if (count(place, n) >= first) throw new RangeError(`call ${count(place, n)}`)
}

/**
 * As `blockAt`, but ends its worker then.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 * @param {number} code
 * @returns {never}
 */
export function blockThenExit(place, begun, gate, code) {
  mark(place, begun)
  block(place, gate)
  process.exit(code)
}

/**
 * Ends its worker if `i` is `at`, and returns `i`.
 *
 * @param {number} at
 * @param {number} i
 */
export function exitAt(at, i) {
  if (i === at) process.exit(3)
  return i
}

/**
 * As `meet`, and says which process this is.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} count
 */
export function meetAndTellPid(place, n, count) {
  meet(place, n, count)
  return process.pid
}

/**
 * Loops for ever, and does not end by SIGTERM.
 *
 * @param {Place} place
 * @param {number} begun
 * @returns {never}
 */
export function loopDeafly(place, begun) {
  process.on('SIGTERM', () => {})
  mark(place, begun)
  for (;;);
}

/**
 * Adds 1 to count `n` when its worker exits.
 *
 * @param {Place} place
 * @param {number} n
 */
export function markAtExit(place, n) {
  process.on('exit', () => mark(place, n))
}

/**
 * Uses up all the memory that its worker may have.
 *
 * @returns {never}
 */
export function exhaust() {
  const kept = []
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })))
}

/**
 * Returns `i`. From 20 items before `at` on it says by count 2 that each has begun; at `at` it says so by count 3 and waits until count 1 has come to 1;
 * those behind take a millisecond each.
 *
 * @param {Place} place
 * @param {number} at
 * @param {number} i
 */
export function passUntil(place, at, i) {
  if (i < at - 20) return i
  mark(place, 2)
  if (i < at) return i
  if (i > at) {
    takeAMillisecond()
    return i
  }
  mark(place, 3)
  return until(place, 1).then(() => i)
}

function takeAMillisecond() {
  const end = performance.now() + 1
  while (performance.now() < end);
}

/**
 * Ends its worker if `buffer` has `length` bytes, and returns how many it has.
 *
 * @param {ArrayBuffer} buffer
 * @param {number} length
 */
export function exitIfLong(buffer, length) {
  return exitAt(length, buffer.byteLength)
}

/**
 * Throws where nobody catches it, in a turn of its own: while this call runs, or once it is over.
 *
 * @param {boolean} isRunning
 */
export function throwStray(isRunning) {
  setTimeout(() => {
    throw new RangeError('stray')
  }, 1)
  return isRunning ? hang() : workerId()
}

/**
 * Sends a message that is not ours to whoever started this process, and returns `value`.
 *
 * @template T
 * @param {unknown} message
 * @param {T} value
 * @returns {T}
 */
export function sendAnd(message, value) {
  process.send?.(message)
  return value
}
