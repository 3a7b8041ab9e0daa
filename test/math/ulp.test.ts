import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../src/math/functions.ts'
import { BOUNDS } from './support/bounds.ts'
import { measure } from './support/measure.ts'
import { allRanges, RANGES } from './support/ranges.ts'
import { REFERENCES } from './support/reference-special.ts'

const POINTS = 500

describe.each(allRanges())('$name, $range', (range) => {
  it('is within its bound', () => {
    const [measured] = measure([FUNCTIONS[range.name]!], REFERENCES[range.name]!, range, POINTS)
    const { max, worst } = measured!
    expect(max, `${range.name}(${worst})`).toBeLessThan(BOUNDS[range.name]!)
  })
})

it('has ranges for every function that has a bound', () => {
  expect(new Set(RANGES.map(({ name }) => name))).toEqual(new Set(Object.keys(FUNCTIONS)))
  expect(new Set(Object.keys(BOUNDS))).toEqual(new Set(Object.keys(FUNCTIONS)))
})
