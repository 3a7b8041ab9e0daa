/** A half-open run `[start, end)` of a map's rows. */
export interface Range {
  start: number
  end: number
}

/**
 * Answers the `chunksize` that a caller gave: a positive integer, or `'auto'` when it is left out.
 *
 * Errors: TypeError if it is neither a number nor `'auto'`; RangeError if the number is no integer or is below 1.
 */
export function checkChunksize(chunksize: unknown): number | 'auto' {
  if (chunksize === undefined || chunksize === 'auto') return 'auto'
  if (typeof chunksize !== 'number') {
    throw new TypeError(
      `chunksize must be an integer or 'auto', got ${named(chunksize)}; leave it out to have one chosen`,
    )
  }
  if (!(chunksize >= 1)) {
    throw new RangeError(`chunksize must be >= 1, got ${chunksize}; leave it out to have one chosen`)
  }
  if (!Number.isInteger(chunksize)) {
    throw new RangeError(`chunksize must be an integer, got ${chunksize}; leave it out to have one chosen`)
  }
  return chunksize
}

/**
 * Cuts `length` items into chunks of `chunksize`, in order.
 *
 * Together the chunks hold each index from 0 to `length - 1` once; only the last may be shorter. No items, no chunks.
 * Errors: as `checkChunksize`, and RangeError for `'auto'`, whose chunks depend on measured times.
 * Cost:   O(length / chunksize) time and space.
 */
export function planChunks(length: number, chunksize: number): Range[] {
  const size = checkChunksize(chunksize)
  if (size === 'auto') throw new RangeError("chunksize must be a number to be planned, got 'auto'; see AutoChunks")
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => ({
    start: i * size,
    end: Math.min((i + 1) * size, length),
  }))
}

function named(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
