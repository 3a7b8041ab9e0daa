import { describe, expect, it } from 'vitest'
import { OPS, type OpName } from '../../src/kernel/ops.ts'
import { bit, exponent, greater, lesser, mantissa, pow2, scalb, signbit } from '../../src/math/operations.ts'
import { randomNumbers } from './support/ranges.ts'

const random = randomNumbers(7)
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make)
const integer = (low: number, high: number) => low + Math.floor(random() * (high - low + 1))

const EDGES = [
  0,
  -0,
  1,
  -1,
  5e-324,
  2 ** -1022,
  0.5,
  Math.SQRT1_2,
  Math.SQRT2,
  2 ** 53,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
]
const pairs = EDGES.flatMap((a) => EDGES.map((b) => [a, b]))
const positive = times(2000, () => (1 + random()) * 2 ** integer(-1022, 1023))
const normal = [...EDGES.filter((x) => x > 2 ** -1023 && x < Infinity), ...positive]
const integers = [...times(500, () => integer(-(2 ** 31) + 1, 2 ** 31 - 1)), 0, -0, -1, 1, 2]
const words = [0x3ff00000, 0x3fe6a09e]

const cases: [OpName, (a: number, b: number) => number | boolean, number[][]][] = [
  ['pow2', pow2, times(500, () => [integer(-1022, 1023)])],
  ['scalb', scalb, times(2000, () => [(0.5 + 3.5 * random()) * (random() < 0.5 ? -1 : 1), integer(-1080, 1030)])],
  ['scalb', scalb, [3, NaN, 1e9].map((n) => [NaN, n])],
  ['exponent', exponent, words.flatMap((c) => normal.map((x) => [x, c]))],
  ['mantissa', mantissa, words.flatMap((c) => normal.map((x) => [x, c]))],
  ['signbit', signbit, EDGES.filter((x) => !Number.isNaN(x)).map((x) => [x])],
  ['bit', bit, [0, 1].flatMap((k) => integers.map((n) => [n, k]))],
  ['lesser', lesser, pairs],
  ['greater', greater, pairs],
]

describe.each(cases)('%s', (name, mine, rows) => {
  it('means what the table of operations says', () => {
    const evaluate = OPS[name].evaluate!
    for (const [a, b = NaN] of rows) expect(Number(mine(a!, b)), `${name}(${a}, ${b})`).toBe(evaluate(a!, b, NaN))
  })
})
