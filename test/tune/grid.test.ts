import { describe, expect, it } from 'vitest'
import { checkChunks, configurationsOf, geometric, perWorker, ranksOf } from '../../src/tune/grid.ts'

const labels = (items: number, workers: number, specs: readonly (number | string)[]): string[] =>
  configurationsOf({ engine: 'threads', workers }, items, specs).map(({ label }) => label)

describe('a sweep', () => {
  it('goes from 1 to N/P in steps of √2, with auto, and has the N/(jP)', () => {
    const own = configurationsOf({ engine: 'threads', workers: 2 }, 1600, ['sweep'])
    const sizes = own.flatMap(({ chunksize }) => (chunksize === 'auto' ? [] : [chunksize]))
    expect(own[0]?.chunksize).toBe('auto')
    expect(sizes[0]).toBe(1)
    expect(sizes.at(-1)).toBe(800)
    for (let j = 1; j <= 16; j++) expect(sizes).toContain(Math.ceil(1600 / (2 * j)))
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b))
    for (const [i, size] of sizes.slice(1).entries()) expect(size / (sizes[i] as number)).toBeLessThanOrEqual(2)
  })

  it('names what libraries have as a default', () => {
    const own = configurationsOf({ engine: 'threads', workers: 2 }, 1600, ['sweep'])
    expect(own.find(({ label }) => label === 'N/4P')?.chunksize).toBe(200)
    expect(own.find(({ label }) => label === 'N/P')?.chunksize).toBe(800)
  })

  it('of few rows has few sizes, of one row one', () => {
    expect(labels(1, 4, ['sweep'])).toEqual(['auto', '1'])
    expect(labels(3, 2, ['sweep'])).toEqual(['auto', '1', 'N/P'])
  })
})

describe('the order in which sizes are tried', () => {
  it('begins at N/4P, and then goes where none was tried, by ratio', () => {
    const own = configurationsOf({ engine: 'threads', workers: 2 }, 1 << 14, ['sweep'])
    const ranks = ranksOf(own, perWorker(1 << 14, 2, 4))
    const sorted = own
      .map(({ chunksize }, i) => ({ chunksize, rank: ranks[i] as number }))
      .sort((a, b) => a.rank - b.rank)
    expect(sorted.slice(0, 4).map(({ chunksize }) => chunksize)).toEqual(['auto', 2048, 1, 45])
    expect(sorted.map(({ rank }) => rank)).toEqual(sorted.map((_, i) => i))
  })
})

describe('chunk sizes', () => {
  it('are numbers, shares and spans, each size once, small ones first', () => {
    expect(labels(1000, 2, [64, 'auto', 'N/4P', '16..32', 125])).toEqual(['auto', '16', '23', '32', '64', 'N/4P'])
    expect(labels(1000, 2, ['N/P'])).toEqual(['N/P'])
    expect(geometric(1, 8)).toEqual([1, 2, 3, 4, 6, 8])
    expect(geometric(5, 5)).toEqual([5])
    expect(perWorker(10, 4, 1)).toBe(3)
    expect(perWorker(1, 64, 4)).toBe(1)
  })

  it('are never more than there are rows', () => {
    expect(labels(10, 2, [5000, '8..4000'])).toEqual(['8', '10'])
  })

  it.each([
    [[0], RangeError, "each of chunks must be a chunk size, got 0; use 'sweep', 'auto', 962, 'N/4P' or '16..1024'"],
    [[1.5], RangeError, 'got 1.5'],
    [[Number.NaN], RangeError, 'got NaN'],
    [[-1], RangeError, 'got -1'],
    [['atuo'], RangeError, "got 'atuo'; did you mean 'auto'?"],
    [['9..3'], RangeError, "got '9..3'"],
    [['N/0P'], RangeError, "got 'N/0P'"],
    [[null], TypeError, 'got null'],
    [[], RangeError, 'chunks must have an element'],
    ['sweep', TypeError, "chunks must be an array, got 'sweep'; use ['sweep']"],
  ])('refuse %j', (given, error, text) => {
    expect(() => checkChunks(given, 'chunks')).toThrow(error)
    expect(() => checkChunks(given, 'chunks')).toThrow(text)
  })
})
