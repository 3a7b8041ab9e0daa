import { describe, expect, it } from 'vitest'
import { OPS, type OpName } from '../../src/kernel/ir/ops.ts'
import { pow2 } from '../../src/math/operations.ts'
import { randomNumbers } from './support/draws.ts'

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
const positive = times(300, () => (1 + random()) * 2 ** integer(-1022, 1023))
const normal = [...EDGES.filter((x) => x > 2 ** -1023 && x < Infinity), ...positive]
const integers = [...times(500, () => integer(-(2 ** 31) + 1, 2 ** 31 - 1)), 0, -0, -1, 1, 2]
const words = [0x3ff00000, 0x3fe6a09e]

const lowest = (word: number) => (word === 0x3ff00000 ? 1 : new Float64Array(Uint32Array.of(0, word).buffer)[0]!)
/** Steps of powers of 2 are exact. */
function exponentBySteps(x: number, word: number): number {
  let k = 0
  for (let m = x; m >= 2 * lowest(word); m /= 2) k++
  for (let m = x; m < lowest(word); m *= 2) k--
  return k
}

const cases: [name: OpName, meaning: (a: number, b: number) => number | boolean, rows: number[][]][] = [
  ['pow2', (n) => 2 ** n, times(500, () => [integer(-1022, 1023)])],
  [
    'scalb',
    (p, n) => (n < 0 ? (p / 64) * 2 ** (n + 6) : p * 64 * 2 ** (n - 6)),
    times(2000, () => [(0.5 + 3.5 * random()) * (random() < 0.5 ? -1 : 1), integer(-1080, 1030)]),
  ],
  ['scalb', () => NaN, [3, NaN, 1e9].map((n) => [NaN, n])],
  ['exponent', exponentBySteps, words.flatMap((c) => normal.map((x) => [x, c]))],
  [
    'mantissa',
    (x, c) => {
      const k = exponentBySteps(x, c)
      const half = Math.trunc(k / 2) // 2^-k may be no double
      return x / 2 ** half / 2 ** (k - half)
    },
    words.flatMap((c) => normal.map((x) => [x, c])),
  ],
  ['signbit', (x) => x < 0 || Object.is(x, -0), EDGES.filter((x) => !Number.isNaN(x)).map((x) => [x])],
  ['bit', (n, k) => Math.abs(Math.floor(n / 2 ** k)) % 2, [0, 1].flatMap((k) => integers.map((n) => [n, k]))],
  ['lesser', (a, b) => [b, a][Number(a < b)]!, pairs],
  ['greater', (a, b) => [b, a][Number(a > b)]!, pairs],
]

describe.each(cases)('%s', (name, meaning, rows) => {
  it('means what the table of operations says', () => {
    const evaluate = OPS[name].evaluate!
    for (const [a, b = NaN] of rows) expect(evaluate(a!, b, NaN), `${name}(${a}, ${b})`).toBe(Number(meaning(a!, b)))
  })
})

it('knows no power of two beyond its table', () => {
  for (const n of [-1075, 1024, 1e9]) expect(pow2(n)).toBeNaN()
})
