import { describe, expect, it } from 'vitest'
import { fullNameOf, intervalOfMedian, nameOf, samplesOf } from '../../../src/tune/chart/samples.ts'
import { fixture, randomOf } from '../fixture.ts'

describe('intervalOfMedian', () => {
  it.each([
    [[5], { median: 5, low: 5, high: 5 }],
    [[1, 2], { median: 1.5, low: 1, high: 2 }],
    [[6, 1, 2, 3, 4, 5], { median: 3.5, low: 1, high: 6 }],
    // Binomial(9): P(<= 1) = 1.95 %, P(<= 2) = 9 %.
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], { median: 5, low: 2, high: 8 }],
    // Binomial(15): P(<= 3) = 1.76 %, P(<= 4) = 5.9 %.
    [Array.from({ length: 15 }, (_, i) => i + 1), { median: 8, low: 4, high: 12 }],
  ])('is of %j the known one', (values, interval) => {
    expect(intervalOfMedian(values)).toEqual(interval)
  })

  it.each([6, 15, 40, 501])('covers the true median in 95 % of samples of %i or more', (n) => {
    const random = randomOf(n)
    let covered = 0
    for (let i = 0; i < 1000; i++) {
      const { low, high } = intervalOfMedian(Array.from({ length: n }, random))
      if (low <= 0.5 && 0.5 <= high) covered++
    }
    expect(covered).toBeGreaterThan(930) // 950 less three deviations
  })
})

describe('samplesOf', () => {
  it('has the mean size of the chunks, and leaves out what was not run', () => {
    const result = fixture({ items: 100, workers: 2, rounds: 2 })
    const runs = result.runs.filter(({ configuration }) => configuration !== 0)
    const samples = samplesOf({ ...result, runs })
    expect(samples.map(({ index }) => index)).toEqual(result.configurations.map((_, i) => i).slice(1))
    expect(samples.find(({ configuration }) => configuration.label === 'N/P')!.meanChunksize).toBe(50)
  })
})

describe('names', () => {
  const shared = { engine: 'threads', workers: 4, items: 100 } as const
  it('say the size once, and the default behind it', () => {
    expect(nameOf({ ...shared, chunksize: 8, label: '8' })).toBe('8')
    expect(nameOf({ ...shared, chunksize: 7, label: 'N/4P' })).toBe('7 (N/4P)')
    expect(fullNameOf({ ...shared, chunksize: 'auto', label: 'auto' })).toBe('threads × 4, auto')
  })
})
