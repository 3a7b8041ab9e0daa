import type { Json } from '../scenario.ts'
import { Raised } from './future.ts'

/**
 * Python's zip: pulls left to right, and again from the start each time it is asked, so that an input before the shortest loses one more element at each
 * question behind the end.
 */
export class Rows {
  readonly #iterators: Iterator<number>[]

  constructor(inputs: readonly unknown[]) {
    this.#iterators = inputs.map((input) => {
      if (typeof input === 'number') throw new Raised('TypeError', "'int' object is not iterable")
      return (input as Iterable<number>)[Symbol.iterator]()
    })
  }

  next(): number[] | undefined {
    if (this.#iterators.length === 0) return undefined
    const row: number[] = []
    for (const iterator of this.#iterators) {
      const next = iterator.next()
      if (next.done === true) return undefined
      row.push(next.value)
    }
    return row
  }
}

export function checkBuffersize(buffersize: Json | undefined): number | undefined {
  if (buffersize === undefined || buffersize === null) return undefined
  if (typeof buffersize !== 'number' || !Number.isInteger(buffersize)) {
    throw new Raised('TypeError', 'buffersize must be an integer or None')
  }
  if (buffersize < 1) throw new Raised('ValueError', 'buffersize must be None or > 0')
  return buffersize
}

export function checkTimeout(timeout: Json | undefined): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY
  if (typeof timeout !== 'number') throw new Raised('TypeError', 'can only concatenate str (not "float") to str')
  return timeout
}

/** `fraction` is what 2.5 raises: CPython up to 3.12, and lanewise, hold it for a wrong value; later ones for a wrong type. */
export function checkChunksize(chunksize: Json | undefined, fraction: 'TypeError' | 'ValueError'): number {
  if (chunksize === undefined) return 1
  if (typeof chunksize === 'string') {
    throw new Raised('TypeError', "'<' not supported between instances of 'str' and 'int'")
  }
  if (typeof chunksize !== 'number') {
    throw new Raised('TypeError', "'<' not supported between instances of 'NoneType' and 'int'")
  }
  if (chunksize < 1) throw new Raised('ValueError', 'chunksize must be >= 1.')
  if (!Number.isInteger(chunksize)) throw new Raised(fraction, "'float' object cannot be interpreted as an integer")
  return chunksize
}
