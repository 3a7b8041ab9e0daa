import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * How calls and the runner hear of each other: which calls have begun, and which gates are open. What travels to a worker is plain data: `words` for threads
 * and inline, `folder` for processes.
 *
 * @typedef {{ readonly words: Int32Array } | { readonly folder: string }} Place
 */

/**
 * A worker process may run on for 5 ms before it looks whether it is to leave its chunk. A call that waited at a gate has run longer than that, so that it looks.
 */
const LOOK_MS = 10

// Of `words`: how many calls have begun and ended, a word for each gate, then the indexes of the calls that have begun, two words each.
const BEGUN = 0
const ENDED = 1
const GATES = 2
const MOST_GATES = 64
const MOST_CALLS = 1 << 14

/** A nap for a thread that may block. */
const nap = new Int32Array(new SharedArrayBuffer(4))

/** @param {number} ms */
export function blockFor(ms) {
  Atomics.wait(nap, 0, 0, ms)
}

/**
 * @param {'memory' | 'files'} kind
 * @returns {Place}
 */
export function makePlace(kind) {
  if (kind === 'files') return { folder: mkdtempSync(join(tmpdir(), 'lanewise-oracle-')) }
  const length = GATES + MOST_GATES + 2 * MOST_CALLS
  return { words: new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT)) }
}

/** @param {Place} place */
export function removePlace(place) {
  if ('folder' in place) rmSync(place.folder, { recursive: true, force: true })
}

export class Channel {
  #place
  #gates

  /**
   * @param {Place} place
   * @param {readonly string[]} gates
   */
  constructor(place, gates) {
    if (gates.length > MOST_GATES)
      throw new RangeError(`a scenario has ${MOST_GATES} gates at most, got ${gates.length}`)
    this.#place = place
    this.#gates = gates
  }

  /**
   * The call of `index` has begun.
   *
   * @param {number} index
   */
  begin(index) {
    const place = this.#place
    if ('folder' in place) {
      appendFileSync(join(place.folder, 'calls'), `${index}\n`)
      return
    }
    const at = GATES + MOST_GATES + 2 * Atomics.add(place.words, BEGUN, 1)
    if (at + 1 >= place.words.length) throw new RangeError(`a scenario makes ${MOST_CALLS} calls at most`)
    Atomics.store(place.words, at + 1, index)
    Atomics.store(place.words, at, 1)
  }

  /** A call is about to return, or to throw, or to end its worker. */
  end() {
    const place = this.#place
    if ('folder' in place) appendFileSync(join(place.folder, 'ends'), '.')
    else Atomics.add(place.words, ENDED, 1)
  }

  /** How many calls have ended. */
  ended() {
    const place = this.#place
    if ('words' in place) return Atomics.load(place.words, ENDED)
    return statSync(join(place.folder, 'ends'), { throwIfNoEntry: false })?.size ?? 0
  }

  /** Indexes of the calls that have begun, in their order. */
  begun() {
    const place = this.#place
    if ('folder' in place) {
      const file = join(place.folder, 'calls')
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
      return lines.slice(0, -1).map(Number)
    }
    const indexes = []
    for (let at = GATES + MOST_GATES; Atomics.load(place.words, at) === 1; at += 2) {
      indexes.push(Atomics.load(place.words, at + 1))
    }
    return indexes
  }

  /** @param {string} gate */
  open(gate) {
    const place = this.#place
    if ('folder' in place) {
      writeFileSync(join(place.folder, this.#fileOf(gate)), '')
      return
    }
    const word = this.#wordOf(gate)
    Atomics.store(place.words, word, 1)
    Atomics.notify(place.words, word)
  }

  /**
   * Blocks the calling thread until the gate is open, or the place is gone.
   *
   * @param {string} gate
   */
  block(gate) {
    const place = this.#place
    if ('words' in place) Atomics.wait(place.words, this.#wordOf(gate), 0)
    else while (!existsSync(join(place.folder, this.#fileOf(gate))) && existsSync(place.folder)) blockFor(LOOK_MS)
  }

  /**
   * Waits until the gate is open, and leaves the thread to others meanwhile.
   *
   * @param {string} gate
   */
  async pass(gate) {
    const place = this.#place
    if (!('words' in place)) throw new TypeError('a worker process blocks at a gate')
    await Atomics.waitAsync(place.words, this.#wordOf(gate), 0).value
  }

  /** @param {string} gate */
  #wordOf(gate) {
    return GATES + this.#numberOf(gate)
  }

  /** @param {string} gate */
  #fileOf(gate) {
    return `gate-${this.#numberOf(gate)}`
  }

  /** @param {string} gate */
  #numberOf(gate) {
    const at = this.#gates.indexOf(gate)
    if (at === -1) throw new ReferenceError(`no call of this scenario waits at gate ${gate}`)
    return at
  }
}
