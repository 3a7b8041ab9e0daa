import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/**
 * Where a test and its calls tell each other "call 3 has begun" and "now go on": counts, numbered from 0, that only grow.
 *
 * Threads and the inline executor share words; a process, which shares none, gets a folder with a file a count, a byte each time.
 * Plain data: a place travels as an argument.
 *
 * @typedef {{ words: Int32Array } | { folder: string }} Place
 */

// A look costs a microsecond on words and ten on a file: once a millisecond is for nothing, and nobody waits long.
const LOOK_MS = 1
const COUNTS = 1024
const CLOSED = 2 ** 30 // more than any test waits for
const own = new Int32Array(new SharedArrayBuffer(4))

/** A test's end of a place. */
export class Board {
  /** @type {Place} */
  place

  /** @param {'inline' | 'thread' | 'process'} kind what runs the calls that share it */
  constructor(kind) {
    this.place =
      kind === 'process'
        ? { folder: mkdtempSync(join(tmpdir(), 'lanewise-board-')) }
        : { words: new Int32Array(new SharedArrayBuffer(COUNTS * 4)) }
  }

  /** @param {number} n */
  mark(n) {
    mark(this.place, n)
  }

  /** @param {number} n */
  count(n) {
    return count(this.place, n)
  }

  /**
   * Resolves when count `n` has come to `least`.
   *
   * @param {number} n
   * @param {number} [least]
   */
  until(n, least) {
    return until(this.place, n, least)
  }

  /** Lets go of all that block here, so that a test which failed half-way can end its pool: made after the pool, it goes before it. */
  [Symbol.dispose]() {
    if ('folder' in this.place) rmSync(this.place.folder, { recursive: true, force: true })
    else {
      for (let n = 0; n < COUNTS; n++) {
        Atomics.store(this.place.words, n, CLOSED)
        Atomics.notify(this.place.words, n)
      }
    }
  }
}

/**
 * Adds 1 to count `n`.
 *
 * @param {Place} place
 * @param {number} n
 */
export function mark(place, n) {
  if ('words' in place) {
    Atomics.add(place.words, n, 1)
    Atomics.notify(place.words, n)
  } else appendFileSync(join(place.folder, String(n)), '.')
}

/**
 * @param {Place} place
 * @param {number} n
 */
export function count(place, n) {
  if ('words' in place) return Atomics.load(place.words, n)
  const size = statSync(join(place.folder, String(n)), { throwIfNoEntry: false })?.size
  return size ?? (existsSync(place.folder) ? 0 : CLOSED)
}

/**
 * Blocks this thread until count `n` has come to `least`.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} [least]
 */
export function block(place, n, least = 1) {
  for (let now = count(place, n); now < least; now = count(place, n)) {
    if ('words' in place) Atomics.wait(place.words, n, now)
    else Atomics.wait(own, 0, 0, LOOK_MS)
  }
}

/**
 * Resolves when count `n` has come to `least`, and leaves the thread to others until then.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} [least]
 */
export async function until(place, n, least = 1) {
  while (count(place, n) < least) await setTimeout(LOOK_MS)
}
