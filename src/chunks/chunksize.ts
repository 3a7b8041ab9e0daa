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

function named(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
