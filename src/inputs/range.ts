import { show } from '../show.ts'

/** By brand: nothing else has the private method. */
export let isRange: (value: unknown) => value is Range

/**
 * Lazy numbers, as `range` makes them: item `i` is `start + i * step`, rounded twice, for every `i` below `length`.
 *
 * May be iterated any number of times. Engines count instead of reading memory.
 */
export class Range implements Iterable<number> {
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly length: number

  constructor(start: number, stop: number, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
    this.length = countItems(start, stop, step)
    Object.freeze(this)
  }

  /** The item at `index`; a negative one counts from the end, as in `Array.prototype.at`. Undefined outside. */
  at(index: number): number | undefined {
    const whole = Math.trunc(index) || 0
    const i = whole < 0 ? whole + this.length : whole
    return i >= 0 && i < this.length ? this.#item(i) : undefined
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.#item(i)
  }

  #item(i: number): number {
    return this.start + i * this.step
  }

  static {
    isRange = (value): value is Range => typeof value === 'object' && value !== null && #item in value
  }
}

/**
 * Numbers from `start` (0 if left out) in steps of `step` (1 if left out), as far as they lie before `stop`.
 *
 * Python's `range`, lazy, for floats too: item `i` is `start + i * step`, rounded twice, everywhere. A negative step counts down.
 * Errors: TypeError for what is no number; RangeError for NaN, an infinity, a step of 0, and for more than 2^53 items.
 *
 *     [...range(5)] // → [ 0, 1, 2, 3, 4 ]
 *     [...range(10, 0, -4)] // → [ 10, 6, 2 ]
 *     [...range(0, 1, 0.25)] // → [ 0, 0.25, 0.5, 0.75 ]
 */
export function range(stop: number): Range
export function range(start: number, stop: number, step?: number): Range
export function range(first: number, second?: number, step?: number): Range {
  const [start, stop] = second === undefined && step === undefined ? [0, first] : [first, second]
  checkFinite('start', start)
  checkFinite('stop', stop)
  if (step === undefined) return new Range(start, stop, 1)
  checkFinite('step', step)
  if (step === 0) {
    throw new RangeError(`range() arg 3 must not be zero, got ${show(step)}; use a positive step, or a negative one`)
  }
  return new Range(start, stop, step)
}

function checkFinite(name: string, value: unknown): asserts value is number {
  const next = 'give finite numbers, as in range(10) or range(0, 1, 0.25)'
  if (typeof value !== 'number') throw new TypeError(`range's ${name} must be a number, got ${show(value)}; ${next}`)
  if (!Number.isFinite(value)) throw new RangeError(`range's ${name} must be finite, got ${value}; ${next}`)
}

/**
 * The least n whose item is not before `stop`.
 *
 * Found by halving, not by `ceil((stop - start) / step)`: that rounds otherwise than the items do, so that the last item could be `stop` itself.
 * Items never turn back, since both roundings are monotone, hence halving finds it.
 */
function countItems(start: number, stop: number, step: number): number {
  const isBefore = (i: number): boolean => (step > 0 ? start + i * step < stop : start + i * step > stop)
  if (!isBefore(0)) return 0
  const most = 2 ** 53
  if (isBefore(most)) {
    throw new RangeError(`a range has at most 2^53 items, got range(${start}, ${stop}, ${step}); use a larger step`)
  }
  let before = 0
  let after = most
  while (after - before > 1) {
    const middle = before + Math.floor((after - before) / 2)
    if (isBefore(middle)) before = middle
    else after = middle
  }
  return after
}
