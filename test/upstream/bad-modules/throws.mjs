/** A module that a worker cannot import. */
throw new RangeError('no import')

export function never() {}
