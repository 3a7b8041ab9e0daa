import { types } from 'node:util'

/** Numbers of the first message. It grows; smaller: it grows more often in the first messages. */
const FIRST = 4096
/** Memory of up to so many numbers, half a megabyte, waits for the next message; more would be held for chunks that may never come again. */
const KEPT = 65_536

/**
 * Where the numbers of several lists go, one list behind the other: in a message each typed array costs as much as fifty numbers.
 *
 * Given a memory it fills that, which must have room; else it grows.
 */
export class NumberStore {
  #memory: Float64Array
  #used: number
  readonly #grows: boolean

  /** Fills `memory` from its number `used` on. */
  constructor(memory?: Float64Array, used = 0) {
    this.#memory = memory ?? new Float64Array(FIRST)
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

  /** All that was added, to be sent at once: the next list is written over it. Undefined: nothing was. */
  take(): Float64Array | undefined {
    if (this.#used === 0) return undefined
    const numbers = this.#memory.subarray(0, this.#used)
    if (this.#memory.length > KEPT) this.#memory = new Float64Array(FIRST)
    this.#used = 0
    return numbers
  }

  #makeRoom(length: number): void {
    if (length <= this.#memory.length) return
    const larger = new Float64Array(Math.max(length, 2 * this.#memory.length))
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
  if (types.isTypedArray(values)) {
    if (types.isBigInt64Array(values) || types.isBigUint64Array(values)) return false
    memory.set(values.subarray(start, end), at)
    return true
  }
  for (let i = start; i < end; i++) {
    const value = values[i]
    if (typeof value !== 'number') return false
    memory[at + i - start] = value
  }
  return true
}
