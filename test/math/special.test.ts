import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../src/math/functions.ts'

/** ECMAScript says what all of them are at these, up to the last places of what is finite. */
const SIZES = [
  ...[0, 5e-324, 2 ** -1023, 2 ** -1022, 2 ** -600, 2 ** -54, 2 ** -28, 2 ** -27, 0.25, 0.4375, 0.5, Math.SQRT1_2],
  ...[1 - 2 ** -53, 1, 1 + 2 ** -52, Math.SQRT2, 1.5, 2, 2.5, 3, 20, 22.5, 700, 709.7, 709.8, 710.4, 710.5, 745, 746],
  ...[2 ** 20, 2 ** 28, 2 ** 28 + 1, 2 ** 52, 2 ** 53 - 1, 2 ** 53, 2 ** 600, 2 ** 1023, Number.MAX_VALUE, Infinity],
]
const POINTS = [...SIZES, ...SIZES.map((x) => -x), NaN]
const TWO = ['atan2', 'pow', 'hypot']

type Function = (x: number, y: number) => number
const known = Math as unknown as Readonly<Record<string, Function>>

describe.each(Object.entries(FUNCTIONS).filter(([name]) => name in Math))('%s', (name, fn) => {
  it('is what Math has, at zeros, infinities, NaN and edges', () => {
    const rows = TWO.includes(name) ? POINTS.flatMap((x) => POINTS.map((y) => [x, y])) : POINTS.map((x) => [x, 0])
    for (const [x, y] of rows as [number, number][]) {
      const [got, wanted] = [fn(x, y), known[name]!(x, y)]
      const isNear = Math.abs(got - wanted) <= Math.max(2 ** -50 * Math.abs(wanted), 5e-324) && got !== 0
      if (!isNear) expect({ x, y, result: got }).toEqual({ x, y, result: wanted })
    }
  })
})
