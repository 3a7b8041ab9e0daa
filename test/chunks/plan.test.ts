import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkChunksize, planChunks } from '../../src/chunks/plan.ts'

describe('planChunks', () => {
  it('holds each index once, in order, and only the last chunk is shorter', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 600 }), (length, chunksize) => {
        const chunks = planChunks(length, chunksize)
        const indices = chunks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))
        expect(indices).toEqual(Array.from({ length }, (_, i) => i))
        expect(chunks.slice(0, -1).every(({ start, end }) => end - start === chunksize)).toBe(true)
      }),
    )
  })

  it('makes no chunks of no items, and one of all when the chunksize exceeds them', () => {
    expect(planChunks(0, 4)).toEqual([])
    expect(planChunks(3, Number.MAX_VALUE)).toEqual([{ start: 0, end: 3 }])
    expect(planChunks(2 ** 53 - 1, 2 ** 52)).toEqual([
      { start: 0, end: 2 ** 52 },
      { start: 2 ** 52, end: 2 ** 53 - 1 },
    ])
  })

  it.each([0, -1, -0, Number.NaN, 1.5, Number.POSITIVE_INFINITY])('refuses a chunksize of %s', (chunksize) => {
    expect(() => planChunks(10, chunksize)).toThrow(RangeError)
  })
})

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
