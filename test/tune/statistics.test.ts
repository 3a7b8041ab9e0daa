import { describe, expect, it } from 'vitest'
import {
  bootstrap,
  estimateMedian,
  geometricMean,
  median,
  medianInterval,
  noiseFloor,
  pairedRatios,
  quantile,
  seededRandom,
  shuffled,
} from '../../src/tune/statistics.ts'

/** Numbers with a normal distribution, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

describe('the median', () => {
  it('is the middle value, or the mean of the middle two, in any order', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
    expect(median([])).toBeNaN()
  })

  it('leaves its values as they are', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('a quantile', () => {
  it('lies between two values by a straight line', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5)
    expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8, 12)
    expect(quantile([1, 2, 3], 0)).toBe(1)
    expect(quantile([1, 2, 3], 1)).toBe(3)
  })
})

describe('paired ratios', () => {
  it('divide round by round', () => {
    expect(pairedRatios([2, 9], [1, 3])).toEqual([2, 3])
  })

  it('refuse rounds that are not paired', () => {
    expect(() => pairedRatios([1], [])).toThrow(new RangeError('rounds must be paired, got 1 and 0'))
  })
})

describe('the geometric mean', () => {
  it('of a ratio and its inverse is 1', () => {
    expect(geometricMean([4, 0.25])).toBe(1)
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12)
  })
})

describe('the bootstrap', () => {
  it('gives the same interval for the same samples', () => {
    expect(estimateMedian([5, 1, 9, 2])).toEqual(estimateMedian([5, 1, 9, 2]))
  })

  it('gives a point of one value, and of equal ones', () => {
    expect(estimateMedian([3])).toEqual({ value: 3, low: 3, high: 3 })
    expect(medianInterval([1.5, 1.5, 1.5], 1)).toEqual({ median: 0.5, low: 0.5, high: 0.5 })
  })

  it('holds the true median in about 95 of 100 intervals', () => {
    const random = seededRandom(7)
    let held = 0
    for (let i = 0; i < 100; i++) {
      const { low, high } = estimateMedian(
        Array.from({ length: 15 }, () => 10 + normal(random)),
        { random },
      )
      if (low <= 10 && 10 <= high) held++
    }
    expect(held / 100).toBeGreaterThan(0.9)
    expect(held / 100).toBeLessThanOrEqual(1)
  })

  it('is wider for a larger coverage', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const [narrow, wide] = [estimateMedian(values, { coverage: 0.5 }), estimateMedian(values, { coverage: 0.99 })]
    expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low)
  })

  it('draws each sample for itself', () => {
    const { value } = bootstrap(
      [
        [1, 1],
        [2, 2],
      ],
      ([a = [], b = []]) => median(a) / median(b),
    )
    expect(value).toBe(0.5)
  })
})

describe('the noise floor', () => {
  it('is nothing where a configuration always takes the same', () => {
    expect(noiseFloor([2, 2, 2, 2])).toBe(0)
  })

  it('is near what a median of ratios scatters by', () => {
    const random = seededRandom(5)
    for (const scatter of [0.01, 0.05]) {
      const floors = Array.from({ length: 200 }, () =>
        noiseFloor(Array.from({ length: 30 }, () => 10 * (1 + scatter * normal(random)))),
      )
      // A ratio scatters by √2 of that, the median of 15 by √(π/2) / √15 of it, and 95 of 100 lie within 1.96 times that.
      const expected = (1.96 * Math.sqrt(Math.PI / 2) * Math.SQRT2 * scatter) / Math.sqrt(15)
      expect(median(floors) / expected).toBeGreaterThan(0.7)
      expect(median(floors) / expected).toBeLessThan(1.5)
    }
  })

  it('is not raised by a run that was disturbed, but by a machine that drifts', () => {
    const quiet = [1, 1.01, 1, 0.99, 1, 1.01, 1, 0.99, 1]
    expect(noiseFloor(quiet.with(4, 9))).toBeLessThan(0.03)
    expect(noiseFloor([1, 1.2, 1.44, 1.728, 2.0736])).toBeCloseTo(0.2, 9)
  })

  it('hides everything where there are fewer than three rounds', () => {
    expect(noiseFloor([1, 1])).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('an order', () => {
  it('holds each item once, and each order is drawn', () => {
    const random = seededRandom(3)
    const orders = new Set(Array.from({ length: 200 }, () => shuffled([1, 2, 3], random).join('')))
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
  })
})
