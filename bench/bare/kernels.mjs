import { runInThisContext } from 'node:vm'
import { sharedArray } from 'lanewise'
import { seededRandom } from '../harness/statistics.mjs'

/**
 * Numeric functions as people write them, with what they are run over.
 *
 * @typedef {(...numbers: number[]) => number} Numeric
 *
 * @typedef {object} Work
 * @property {Numeric} fn
 * @property {((place: number, random: () => number) => number)[]} inputs one a parameter: its item at a place from 0 to 1
 */

/** Rows of each. */
export const COUNT = 1_000_000

/** @type {Record<string, Work>} */
export const WORKS = {
  // The normal distribution by Abramowitz and Stegun, equation 26.2.17.
  'Black-Scholes': {
    fn: (s, k, t) => {
      const deviation = 0.3 * Math.sqrt(t)
      const d1 = (Math.log(s / k) + (0.02 + 0.045) * t) / deviation
      const d2 = d1 - deviation
      const k1 = 1 / (1 + 0.2316419 * Math.abs(d1))
      const k2 = 1 / (1 + 0.2316419 * Math.abs(d2))
      const series1 =
        k1 * (0.31938153 + k1 * (-0.356563782 + k1 * (1.781477937 + k1 * (-1.821255978 + k1 * 1.330274429))))
      const series2 =
        k2 * (0.31938153 + k2 * (-0.356563782 + k2 * (1.781477937 + k2 * (-1.821255978 + k2 * 1.330274429))))
      const tail1 = 0.3989422804014327 * Math.exp(-0.5 * d1 * d1) * series1
      const tail2 = 0.3989422804014327 * Math.exp(-0.5 * d2 * d2) * series2
      const n1 = d1 > 0 ? 1 - tail1 : tail1
      const n2 = d2 > 0 ? 1 - tail2 : tail2
      return s * n1 - k * Math.exp(-0.02 * t) * n2
    },
    inputs: [(_, random) => 50 + 100 * random(), (_, random) => 50 + 100 * random(), (_, random) => 0.1 + 2 * random()],
  },

  // Kilometres between two places, in radians.
  haversine: {
    fn: (latitude1, longitude1, latitude2, longitude2) => {
      const a = Math.sin((latitude2 - latitude1) / 2)
      const b = Math.sin((longitude2 - longitude1) / 2)
      const h = a * a + Math.cos(latitude1) * Math.cos(latitude2) * b * b
      return 12742 * Math.asin(Math.sqrt(h))
    },
    inputs: [
      (_, random) => Math.PI * (random() - 0.5),
      (_, random) => 2 * Math.PI * (random() - 0.5),
      (_, random) => Math.PI * (random() - 0.5),
      (_, random) => 2 * Math.PI * (random() - 0.5),
    ],
  },

  // Rows of a picture of the set, 1,000 points each.
  'mandelbrot 500': {
    fn: (cx, cy) => {
      let x = 0
      let y = 0
      let n = 0
      while (n < 500 && x * x + y * y <= 4) {
        const next = x * x - y * y + cx
        y = 2 * x * y + cy
        x = next
        n++
      }
      return n
    },
    inputs: [(place) => -2 + 2.5 * ((place * 1000) % 1), (place) => -1.25 + 2.5 * (Math.floor(place * 1000) / 1000)],
  },

  'logistic map × 100': {
    fn: (x) => {
      for (let i = 0; i < 100; i++) x = 3.7 * x * (1 - x)
      return x
    },
    inputs: [(_, random) => random()],
  },

  collatz: {
    fn: (n) => {
      let steps = 0
      while (n !== 1) {
        n = n % 2 === 0 ? n / 2 : 3 * n + 1
        steps++
      }
      return steps
    },
    inputs: [(place) => 1 + Math.round(place * 1e6)],
  },

  'polynomial of degree 10': {
    fn: (x) =>
      1 +
      x *
        (0.9 +
          x * (0.8 + x * (0.7 + x * (0.6 + x * (0.5 + x * (0.4 + x * (0.3 + x * (0.2 + x * (0.1 + x * 0.05))))))))),
    inputs: [(_, random) => 2 * random() - 1],
  },

  saxpy: {
    fn: (x, y) => 2.5 * x + y,
    inputs: [(_, random) => random(), (_, random) => random()],
  },
}

/**
 * A plain loop around a function: `(inputs, out) => out`. Each has a text of its own, since code for all would be optimised for none.
 *
 * @param {Work} work
 * @param {string} name
 * @returns {(inputs: readonly Float64Array[], out: Float64Array) => Float64Array}
 */
export function plainLoop({ fn, inputs }, name) {
  const columns = inputs.map((_, i) => `column${i}`)
  const made = runInThisContext(`(fn) => ([${columns.join(', ')}], out) => { // ${name}
    for (let i = 0; i < out.length; i++) out[i] = fn(${columns.map((column) => `${column}[i]`).join(', ')})
    return out
  }`)
  return made(fn)
}

/**
 * A work with its inputs, on shared memory, and what it gives.
 *
 * @param {string} name
 * @param {number} count rows
 */
export function prepared(name, count = COUNT) {
  const work = WORKS[name]
  if (work === undefined) throw new RangeError(`no work ${name}`)
  const random = seededRandom(7)
  const inputs = work.inputs.map((item) => {
    const column = sharedArray(Float64Array, count)
    for (let i = 0; i < count; i++) column[i] = item(i / count, random)
    return column
  })
  const expected = plainLoop(work, `${name}, once`)(inputs, new Float64Array(count))
  return { work, inputs, out: sharedArray(Float64Array, count), expected }
}

/**
 * Functions of Math are ours in kernels and V8's in plain loops: they differ in the last bits.
 *
 * @param {Float64Array} expected
 * @param {number} [accuracy] largest error, relative to 1 or to the result
 */
export function expectClose(expected, accuracy = 1e-9) {
  return (/** @type {ArrayLike<number>} */ actual) => {
    if (actual.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${actual.length}`)
    for (let i = 0; i < expected.length; i++) {
      const [wanted, got] = [expected[i] ?? Number.NaN, actual[i] ?? Number.NaN]
      if (Math.abs(got - wanted) <= accuracy * Math.max(1, Math.abs(wanted))) continue
      throw new Error(`result ${i} must be ${wanted}, got ${got}`)
    }
  }
}
