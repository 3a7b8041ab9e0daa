import { nearest } from '../nearest.ts'
import { show } from '../show.ts'
import { seededRandom } from './statistics.ts'

/**
 * Work of known shapes, for the experiments on chunks: how the cost of an item changes along the input is what makes one chunksize better than another.
 *
 * Each is a function that needs nothing from outside, so that every executor takes it; those over numbers are kernels too. All inputs are seeded: the same each time.
 */

/** How costs run along the input. */
export type Shape =
  | 'uniform'
  | 'bimodal'
  | 'noisy'
  | 'trend'
  | 'rising'
  | 'falling'
  | 'heavy tail'
  | 'clustered'
  | 'late'

export interface Workload {
  readonly name: string
  readonly about: string
  readonly shape: Shape
  /** Whether it is a function over numbers that `kernel` compiles. */
  readonly isKernel: boolean
  readonly fn: (...args: never[]) => unknown
  /** One input a parameter, of so many items. */
  readonly inputs: (items: number) => readonly (Float64Array | readonly string[])[]
}

/** A column by the place of its items, from 0 to below 1. */
function column(items: number, at: (place: number, index: number, random: () => number) => number): Float64Array {
  const random = seededRandom(1)
  return Float64Array.from({ length: items }, (_, i) => at(i / items, i, random))
}

/** So many rounds, two multiplications and an addition each, some 3 ns. */
const spin = (rounds: number): number => {
  let x = 0.5
  for (let i = 0; i < rounds; i++) x = 3.7 * x * (1 - x)
  return x
}

/** Rounds of a synthetic item on average: some 3 us, far above what a clock tells apart and far below a chunk. */
const ROUNDS = 1000

/** A synthetic shape: rounds by place, with a mean of about ROUNDS. */
function synthetic(
  name: string,
  shape: Shape,
  about: string,
  at: (place: number, random: () => number) => number,
): Workload {
  return {
    name,
    about,
    shape,
    isKernel: true,
    fn: spin,
    inputs: (items) => [column(items, (place, _, random) => Math.round(ROUNDS * at(place, random)))],
  }
}

/** A standard normal deviate. Source: G. Box, M. Muller, "A note on the generation of random normal deviates" (1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'polynomial',
    about: 'a polynomial of degree 40, some 60 ns an item, all alike',
    shape: 'uniform',
    isKernel: true,
    fn: (x: number) => {
      let sum = 0.5
      for (let i = 0; i < 40; i++) sum = sum * x + 0.25
      return sum
    },
    inputs: (items) => [column(items, (place) => place)],
  },
  {
    name: 'primes',
    about:
      'whether integers from 10,000,001 on are prime, by trial division: most are told at once, some take 1,600 divisions',
    shape: 'bimodal',
    isKernel: true,
    fn: (n: number) => {
      if (n % 2 === 0) return 0
      for (let d = 3; d * d <= n; d += 2) if (n % d === 0) return 0
      return 1
    },
    inputs: (items) => [column(items, (_, i) => 10_000_001 + i)],
  },
  {
    name: 'collatz',
    about: 'steps of Collatz from each integer down to 1: noisy, slowly rising',
    shape: 'noisy',
    isKernel: true,
    fn: (start: number) => {
      let n = start
      let steps = 0
      while (n !== 1) {
        n = n % 2 === 0 ? n / 2 : 3 * n + 1
        steps++
      }
      return steps
    },
    inputs: (items) => [column(items, (_, i) => 1 + i)],
  },
  {
    name: 'mandelbrot',
    about: 'rows of a picture of the set, 64 points each: dear in the middle, cheap above and below',
    shape: 'trend',
    isKernel: true,
    fn: (cy: number) => {
      let inside = 0
      for (let point = 0; point < 64; point++) {
        const cx = -2 + (2.6 * point) / 64
        let x = 0
        let y = 0
        let n = 0
        while (n < 100 && x * x + y * y <= 4) {
          const next = x * x - y * y + cx
          y = 2 * x * y + cy
          x = next
          n++
        }
        inside += n
      }
      return inside
    },
    inputs: (items) => [column(items, (place) => -1.3 + 2.6 * place)],
  },
  synthetic('triangle', 'rising', 'item i costs i: a triangular loop', (place) => 2 * place),
  synthetic(
    'triangle-reversed',
    'falling',
    'the same from its end: the dearest items come first',
    (place) => 2 * (1 - place),
  ),
  {
    name: 'sparse',
    about: 'rows of a sparse matrix whose lengths follow a power law: few of them hold most of the work',
    shape: 'heavy tail',
    isKernel: true,
    fn: (entries: number, x: number) => {
      let sum = 0
      for (let i = 0; i < entries; i++) sum += x / (i + 1)
      return sum
    },
    // Pareto, alpha 1.2: a mean of 6 times the least, cut off at 10,000 times.
    inputs: (items) => [
      column(items, (_, __, random) => Math.round(100 * Math.min(1e4, (1 - random()) ** (-1 / 1.2)))),
      column(items, (place) => 1 + place),
    ],
  },
  {
    name: 'black-scholes',
    about: 'prices of call options: some 60 ns an item, all alike',
    shape: 'uniform',
    isKernel: true,
    fn: (spot: number, strike: number, years: number) => {
      const deviation = 0.3 * Math.sqrt(years)
      const d1 = (Math.log(spot / strike) + 0.065 * years) / deviation
      const d2 = d1 - deviation
      const k1 = 1 / (1 + 0.2316419 * Math.abs(d1))
      const k2 = 1 / (1 + 0.2316419 * Math.abs(d2))
      const tail1 =
        0.3989422804014327 *
        Math.exp(-0.5 * d1 * d1) *
        (k1 * (0.31938153 + k1 * (-0.356563782 + k1 * (1.781477937 + k1 * (-1.821255978 + k1 * 1.330274429)))))
      const tail2 =
        0.3989422804014327 *
        Math.exp(-0.5 * d2 * d2) *
        (k2 * (0.31938153 + k2 * (-0.356563782 + k2 * (1.781477937 + k2 * (-1.821255978 + k2 * 1.330274429)))))
      return spot * (d1 > 0 ? 1 - tail1 : tail1) - strike * Math.exp(-0.02 * years) * (d2 > 0 ? 1 - tail2 : tail2)
    },
    inputs: (items) => [
      column(items, (place) => 50 + 100 * place),
      column(items, () => 100),
      column(items, (_, i) => 0.1 + (i % 37) / 18),
    ],
  },
  {
    name: 'monte-carlo',
    about: 'pi by 200 darts a seed: some microseconds an item, all alike',
    shape: 'uniform',
    isKernel: true,
    fn: (seed: number) => {
      let state = seed | 0
      let inside = 0
      for (let i = 0; i < 200; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        const x = (state >>> 8) / 16777216
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        const y = (state >>> 8) / 16777216
        if (x * x + y * y < 1) inside++
      }
      return inside / 50
    },
    inputs: (items) => [column(items, (_, i) => i)],
  },
  synthetic(
    'lognormal',
    'heavy tail',
    'independent costs, lognormal with a deviation of 1.3 of the mean',
    (_, random) => Math.exp(normal(random) - 0.5),
  ),
  synthetic(
    'clustered',
    'clustered',
    'a tenth of the items, side by side, costs nine times as much as the others',
    (place) => (place >= 0.6 && place < 0.7 ? 5 : 5 / 9),
  ),
  synthetic('periodic', 'noisy', 'each eighth item costs eight times as much as the others', (place) =>
    // By place, so that the period divides no chunksize for ever.
    Math.floor(place * 4096) % 8 === 0 ? 4.3 : 0.53,
  ),
  synthetic('late-spike', 'late', 'the last hundredth of the items costs half of all', (place) =>
    place >= 0.99 ? 50 : 0.5,
  ),
  {
    name: 'json',
    about: 'parses texts of a kilobyte: what travels costs as much as what is done with it',
    shape: 'uniform',
    isKernel: false,
    fn: (text: string) => (JSON.parse(text) as unknown[]).length,
    inputs: (items) => [
      Array.from({ length: items }, (_, i) =>
        JSON.stringify(Array.from({ length: 40 }, (__, j) => ({ id: i + j, name: `item ${j}` }))),
      ),
    ],
  },
  {
    name: 'empty',
    about: 'gives back what it gets: all that is measured is the map',
    shape: 'uniform',
    isKernel: true,
    fn: (x: number) => x,
    inputs: (items) => [column(items, (place) => place)],
  },
]

/** The workload of that name. Errors: RangeError where there is none. */
export function workloadOf(name: string): Workload {
  const found = WORKLOADS.find((each) => each.name === name)
  if (found !== undefined) return found
  const names = WORKLOADS.map((each) => each.name)
  const near = nearest(name, names)
  throw new RangeError(
    `a workload must be one of those that are there, got ${show(name)}; ${near === undefined ? `use ${names.join(', ')}` : `did you mean ${near}?`}`,
  )
}
