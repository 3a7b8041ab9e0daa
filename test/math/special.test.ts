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

/** Where it is finite, V8 itself is some places off. */
function isNear(got: number, wanted: number): boolean {
  if (wanted === 0 || !Number.isFinite(wanted)) return Object.is(got, wanted)
  return Math.abs(got - wanted) <= Math.max(2 ** -50 * Math.abs(wanted), 5e-324)
}

describe.each(Object.entries(FUNCTIONS).filter(([name]) => name in Math))('%s', (name, fn) => {
  it('is what Math has, at zeros, infinities, NaN and edges', () => {
    const rows = TWO.includes(name) ? POINTS.flatMap((x) => POINTS.map((y) => [x, y])) : POINTS.map((x) => [x, 0])
    const wrong = (rows as [number, number][]).filter(([x, y]) => !isNear(fn(x, y), known[name]!(x, y)))
    expect(wrong).toEqual([])
  })
})

const TINY = 5e-324

describe.each<[name: string, points: readonly (readonly [x: number, wanted: number])[]]>([
  [
    'erf',
    [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [NaN, NaN],
      [TINY, TINY],
      [-TINY, -TINY],
      [6, 1],
      [-1e308, -1],
    ],
  ],
  [
    'erfc',
    [
      [0, 1],
      [-0, 1],
      [Infinity, 0],
      [-Infinity, 2],
      [NaN, NaN],
      [TINY, 1],
      [-6, 2],
      [27.3, 0],
      [1e308, 0],
    ],
  ],
  [
    'normcdf',
    [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [NaN, NaN],
      [TINY, 0.5],
      [9, 1],
      [-38.6, 0],
      [-1e308, 0],
    ],
  ],
  [
    'lgamma',
    [
      ...([0, -0, -1, -2, -171, -(2 ** 52), -1e308, Infinity, -Infinity, 2.6e305, 1.7e308] as const).map(
        (x) => [x, Infinity] as const,
      ),
      ...([1, 2] as const).map((x) => [x, 0] as const),
      ...([
        [NaN, NaN],
        [TINY, 744.4400719213812],
        [-TINY, 744.4400719213812],
        [3, Math.LN2],
        [171, 706.5730622457874],
      ] as const),
    ],
  ],
])('%s', (name, points) => {
  it.each(points)('of %d is %d', (x, wanted) => {
    expect(FUNCTIONS[name]!(x, 0)).toBe(wanted)
  })
})

describe('subnormal results', () => {
  it.each([
    ['erfc', 26.8, 5029619400],
    ['erfc', 27.2, 2],
    ['normcdf', -38, 58401720],
    ['normcdf', -38.45, 2],
  ])('%s(%d) is near %d of the smallest number', (name, x, times) => {
    expect(Math.abs(FUNCTIONS[name]!(x, 0) - times * TINY)).toBeLessThan(3 * TINY)
  })
})
