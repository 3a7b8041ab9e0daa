import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, logScale } from '../../../src/tune/chart/axis.ts'

describe('logScale', () => {
  it.each([
    [
      [1, 10_000],
      [1, 10, 100, 1000, 10_000],
    ],
    [
      [20, 150],
      [20, 50, 100],
    ],
    [
      [3, 5],
      [3, 3.5, 4, 4.5, 5],
    ],
    [[7], [5, 6, 7, 8, 9]],
  ])('has ticks at round numbers over %j', (values, ticks) => {
    expect(logScale(values, [0, 100]).ticks).toEqual(ticks)
  })

  it('keeps every value in its range, in order, and has ticks inside', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(values, (list) => {
        const scale = logScale(list, [10, 500])
        const places = list.toSorted((a, b) => a - b).map(scale)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        for (const place of [...places, ...scale.ticks.map(scale)]) {
          expect(place).toBeGreaterThanOrEqual(10)
          expect(place).toBeLessThanOrEqual(500)
        }
        expect(scale.ticks.length).toBeGreaterThan(0)
      }),
    )
  })

  it('sets what has no logarithm at the least value', () => {
    const scale = logScale([0, -5, Number.NaN, 1, 100], [0, 100])
    expect([scale(0), scale(-5), scale(1), scale(100)]).toEqual([0, 0, 0, 100])
  })
})

describe('linearScale', () => {
  it('begins at 0, and has room even where all is 0', () => {
    expect(linearScale([5, 10], [0, 100])(5)).toBe(50)
    expect(linearScale([0], [0, 100])(0)).toBe(0)
    expect(linearScale([], [0, 100]).ticks).not.toEqual([])
  })
})
