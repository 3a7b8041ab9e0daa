import { types } from 'node:util'

/** Numbers that there is room for at first. Smaller: the memory grows more often; larger: a worker that gets a few numbers holds more than 32 KB. */
const FIRST = 4096
/** Memory of up to so many numbers, half a megabyte, is kept to be used again; more would be held for chunks of a size that may never come again. */
export const KEPT_NUMBERS = 65_536

/**
 * Where the numbers of several lists go, one list behind the other: on a pipe a typed array costs 0.8 µs, as much as 400 numbers.
 *
 * Given a memory it fills that, which must have room; else it grows.
 */
export class NumberStore {
  #memory: Float64Array
  #used: number
  readonly #grows: boolean

  /** Fills `memory` from its number `used` on. */
  constructor(memory?: Float64Array, used = 0) {
    this.#memory = memory ?? new Float64Array(0)
    this.#used = used
    this.#grows = memory === undefined
  }

  /** Where the next list will stand. */
  get used(): number {
    return this.#used
  }

  /** Adds `values[start]` to `values[end - 1]`; false, and nothing is added: one of them is no number. */
  add(values: ArrayLike<unknown>, start: number, end: number): boolean {
    if (this.#grows) this.#makeRoom(this.#used + end - start)
    if (!copyNumbers(values, start, end, this.#memory, this.#used)) return false
    this.#used += end - start
    return true
  }

  /** All that was added, to be sent now: the next list is written over it. Undefined: nothing was. */
  take(): Float64Array | undefined {
    if (this.#used === 0) return undefined
    const numbers = this.#memory.subarray(0, this.#used)
    if (this.#memory.length > KEPT_NUMBERS) this.#memory = new Float64Array(0)
    this.#used = 0
    return numbers
  }

  #makeRoom(length: number): void {
    if (length <= this.#memory.length) return
    const larger = new Float64Array(Math.max(FIRST, length, 2 * this.#memory.length))
    larger.set(this.#memory.subarray(0, this.#used))
    this.#memory = larger
  }
}

/** Copies `values[start]` to `values[end - 1]` into `memory`, from its number `at` on; false: one of them is no number. */
export function copyNumbers(
  values: ArrayLike<unknown>,
  start: number,
  end: number,
  memory: Float64Array,
  at: number,
): boolean {
  if (ArrayBuffer.isView(values)) {
    if (types.isBigInt64Array(values) || types.isBigUint64Array(values)) return false
    const numbers = values as unknown as Float64Array // or of other numbers
    memory.set(numbers.length === end - start ? numbers : numbers.subarray(start, end), at)
    return true
  }
  for (let i = start; i < end; i++) {
    const value = values[i]
    if (typeof value !== 'number') return false
    memory[at + i - start] = value
  }
  return true
}
