import { show } from '../show.ts'
import { isTransfer } from '../wire/transfer.ts'

/** By brand: nothing else has the private field. */
export let isRepeat: (value: unknown) => value is Repeat<unknown>

/** One value for every row, as `repeat` makes it. May be iterated any number of times. */
export class Repeat<T> implements Iterable<T> {
  readonly value: T
  /** How many rows it has; undefined: as many as the other inputs. */
  readonly times: number | undefined
  readonly #count: number

  constructor(value: T, times: number | undefined) {
    this.value = value
    this.times = times
    this.#count = times ?? Number.POSITIVE_INFINITY
    Object.freeze(this)
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let i = 0; i < this.#count; i++) yield this.value
  }

  static {
    isRepeat = (value): value is Repeat<unknown> => typeof value === 'object' && value !== null && #count in value
  }
}

/**
 * One value for every row of a map; it is sent to each worker once. With `times` it has so many rows, without it as many as the other inputs.
 *
 * Python's `itertools.repeat`. Calls leave it unchanged: those of one worker are given the same object. A map over nothing but endless ones is a RangeError.
 * Errors: TypeError if `times` is no number, or for a `transfer()`; RangeError if `times` is no integer or below 0.
 *
 *     await pool.map((n, factor) => n * factor, [1, 2, 3], repeat(10)) // → [ 10, 20, 30 ]
 */
export function repeat<T>(value: T, times?: number): Repeat<T> {
  if (isTransfer(value)) {
    throw new TypeError(
      'repeat() cannot hold a transfer(), whose buffers move once; share the memory or let it be copied',
    )
  }
  if (times === undefined) return new Repeat(value, times)
  const next = 'leave it out for one value a row'
  if (typeof times !== 'number') throw new TypeError(`repeat's times must be a number, got ${show(times)}; ${next}`)
  if (!Number.isInteger(times) || times < 0) {
    throw new RangeError(`repeat's times must be an integer >= 0, got ${show(times)}; ${next}`)
  }
  return new Repeat(value, times)
}
