import { describe, expect, it } from 'vitest'
import { checkChunksize } from '../../src/chunks/chunksize.ts'

describe('checkChunksize', () => {
  it('answers what it was given, and auto for what was left out', () => {
    expect(checkChunksize(undefined)).toBe('auto')
    expect(checkChunksize('auto')).toBe('auto')
    expect(checkChunksize(1)).toBe(1)
    expect(checkChunksize(2 ** 53)).toBe(2 ** 53)
  })

  it.each([
    [0, RangeError, 'chunksize must be >= 1, got 0; leave it out to have one chosen'],
    [-1, RangeError, 'chunksize must be >= 1, got -1; leave it out to have one chosen'],
    [0.5, RangeError, 'chunksize must be >= 1, got 0.5; leave it out to have one chosen'],
    [Number.NaN, RangeError, 'chunksize must be >= 1, got NaN; leave it out to have one chosen'],
    [2.5, RangeError, 'chunksize must be an integer, got 2.5; leave it out to have one chosen'],
    [
      Number.POSITIVE_INFINITY,
      RangeError,
      'chunksize must be an integer, got Infinity; leave it out to have one chosen',
    ],
    ['8', TypeError, 'chunksize must be an integer or \'auto\', got "8"; leave it out to have one chosen'],
    [null, TypeError, "chunksize must be an integer or 'auto', got null; leave it out to have one chosen"],
    [8n, TypeError, "chunksize must be an integer or 'auto', got a bigint; leave it out to have one chosen"],
    [[8], TypeError, "chunksize must be an integer or 'auto', got an object; leave it out to have one chosen"],
    [Symbol('8'), TypeError, "chunksize must be an integer or 'auto', got a symbol; leave it out to have one chosen"],
  ])('refuses %o with the rule, the value and the next step', (chunksize, kind, message) => {
    expect(() => checkChunksize(chunksize)).toThrow(kind)
    expect(() => checkChunksize(chunksize)).toThrow(message)
  })
})
