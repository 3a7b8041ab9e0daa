import { seededRandom } from '../harness/statistics.mjs'

/**
 * How the cost of an item depends on its place, in units of its own; `count` items of it.
 *
 * @typedef {{ name: string, count: number, cost: (place: number, random: () => number) => number }} Shape
 */

/** @type {Shape[]} from fine and even to coarse and rough */
export const SHAPES = [
  { name: 'constant', count: 50_000, cost: () => 1 },
  { name: 'lognormal', count: 10_000, cost: (_, random) => Math.exp(1.5 * normal(random)) },
  { name: 'increasing', count: 5000, cost: (place) => 0.02 + 2 * place },
  { name: 'clustered', count: 10_000, cost: (place) => (isIn(place, 0.25) || isIn(place, 0.7) ? 50 : 1) },
  { name: 'late spike', count: 10_000, cost: (place) => (isIn(place, 0.95) ? 50 : 1) },
  { name: 'image rows', count: 400, cost: escapeSteps },
]

/**
 * Steps for `spin`, an item each, that add up to `total`; the same ones at every call.
 *
 * @param {Shape} shape
 * @param {number} total
 */
export function costsOf({ count, cost }, total) {
  const random = seededRandom(7)
  const costs = Array.from({ length: count }, (_, i) => cost(i / count, random))
  const scale = total / costs.reduce((sum, cost) => sum + cost, 0)
  return costs.map((cost) => Math.max(1, Math.round(cost * scale)))
}

/**
 * Work that takes as long as it is told to, and whose result shows that it was done (Marsaglia's xorshift, 2003).
 *
 * @param {number} steps
 */
export function spin(steps) {
  let x = steps | 1
  for (let i = 0; i < steps; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x
}

/** Steps of `spin` a millisecond, here and now: the best of some tries, since only disturbance makes one slower. */
export function stepsAMillisecond() {
  const steps = 5_000_000
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now()
    spin(steps)
    return performance.now() - start
  })
  return steps / Math.min(...times)
}

/**
 * A twentieth of all items lies in the piece that begins at `start`.
 *
 * @param {number} place
 * @param {number} start
 */
function isIn(place, start) {
  return place >= start && place < start + 0.05
}

/**
 * A normal number, by Box and Muller.
 *
 * @param {() => number} random
 */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * What a row of the Mandelbrot set's picture costs: cheap at the edges, dear in the middle.
 *
 * @param {number} place
 */
function escapeSteps(place) {
  const y = -1.25 + 2.5 * place
  let steps = 0
  for (let column = 0; column < 48; column++) {
    const x = -2.1 + (2.8 * column) / 48
    let [a, b, n] = [0, 0, 0]
    for (; n < 200 && a * a + b * b <= 4; n++) [a, b] = [a * a - b * b + x, 2 * a * b + y]
    steps += n
  }
  return steps
}
