import type { MessagePort } from 'node:worker_threads'
import { encodeValue } from '../wire/codec.ts'
import type { FromWorker } from '../wire/protocol.ts'
import type { Transferable } from '../wire/transfer.ts'
import {
  BEGUN,
  LEAVE,
  monotonicMs,
  NUMBER,
  NUMBERS,
  PENDING,
  POSTED,
  RETRIED,
  RUNNING,
  ring,
  setStarted,
  slotOf,
  stateAt,
  UNDEFINED,
  WAKE,
  type Words,
} from '../wire/words.ts'
import type { Line } from './line.ts'

/** The worker's end of words.ts. */
export class ThreadLine implements Line {
  readonly carrier = 'thread'
  readonly store = undefined
  readonly #words: Words
  readonly #ints: Int32Array // #words.ints; read once a row
  readonly #bell: Int32Array
  readonly #port: MessagePort

  constructor(words: Words, bell: Int32Array, port: MessagePort) {
    this.#words = words
    this.#ints = words.ints
    this.#bell = bell
    this.#port = port
  }

  claim(n: number): boolean {
    const state = stateAt(slotOf(n))
    if (Atomics.compareExchange(this.#ints, state, PENDING, RUNNING) !== PENDING) return false
    this.#ints[BEGUN] = 0
    this.#ints[NUMBERS] = 0
    this.#ints[RETRIED] = 0
    return true
  }

  // Plain loads and stores from here to `retried`: one word each, read by the other side when the worker is dead or at leisure.
  mustLeave(n: number): boolean {
    return this.#ints[LEAVE] === ((n + 1) | 0)
  }

  loading(): void {
    setStarted(this.#words, Number.NaN)
  }

  started(): void {
    setStarted(this.#words, monotonicMs())
  }

  begun(row: number): void {
    this.#ints[BEGUN] = row
  }

  numbers(count: number): void {
    this.#ints[NUMBERS] = count
  }

  retried(times: number): void {
    this.#ints[RETRIED] = times
  }

  returned(n: number, value: unknown): void {
    const slot = slotOf(n)
    if (typeof value === 'number') {
      this.#words.values[slot] = value
      this.#store(slot, NUMBER)
    } else if (value === undefined) {
      this.#store(slot, UNDEFINED)
    } else {
      const transferList: Transferable[] = []
      this.post(n, { n, value: encodeValue(value, this.carrier, transferList) }, transferList, false)
    }
  }

  post(n: number, message: FromWorker, transferList: Transferable[], goesOn: boolean): void {
    // POSTED first: once the caller has the message it may use the slot for another call.
    if (!goesOn) Atomics.store(this.#ints, stateAt(slotOf(n)), POSTED)
    this.#port.postMessage(message, transferList)
    ring(this.#bell)
  }

  flush(): void {}

  pause(): undefined {}

  #store(slot: number, state: number): void {
    Atomics.store(this.#ints, stateAt(slot), state)
    if (Atomics.load(this.#ints, WAKE) === 0) {
      Atomics.store(this.#ints, WAKE, 1)
      this.#port.postMessage(null)
    }
    ring(this.#bell)
  }
}
