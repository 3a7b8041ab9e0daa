import { ThreadPoolExecutor } from 'lanewise'
import { costsOf, SHAPES, spin, stepsAMillisecond } from '../bare/shapes.mjs'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { fixedSizes } from '../harness/fixed-sizes.mjs'
import { bestOfOtherHalf } from '../harness/race.mjs'
import { bootstrap, estimateMedian, median, pairedRatios } from '../harness/statistics.mjs'

/** @import { Shape } from '../bare/shapes.mjs' */
/** @import { Case, Sample, Samples } from '../harness/case.mjs' */

// The bar is for 30 ms a worker or more.
const MS_A_WORKER = 45

// Chunks that last less are no candidates: the message that carries one costs a worker some 30 µs.
const LEAST_CHUNK_MS = 0.02

/** @type {Case} */
export default {
  about: `map with chunksize 'auto' against the best of fixed sizes, over costs of ${SHAPES.length} shapes, ${MS_A_WORKER} ms a worker. The best size is chosen on the even rounds and scored on the odd ones, and the other way about, or the luckiest of many would win. Its regret is how much longer auto takes.`,
  rounds: 20,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      const stepsAMs = stepsAMillisecond()
      /** @type {Record<string, () => Promise<Sample>>} */
      const configurations = {}
      for (const shape of SHAPES) {
        const costs = costsOf(shape, MS_A_WORKER * WORKERS * stepsAMs)
        const expected = costs.map(spin)
        /** @param {number | 'auto'} chunksize */
        const run = (chunksize) =>
          timed(
            () => pool.map(spin, costs, { chunksize }),
            (results) => expectArray(results, expected),
          )
        configurations[autoOf(shape)] = run('auto')
        configurations[autoAgainOf(shape)] = run('auto')
        for (const size of candidates(shape)) configurations[fixedOf(shape, size)] = run(size)
      }
      return { configurations, close: () => pool.shutdown() }
    },
  },

  measures(samples) {
    const regrets = SHAPES.map((shape) =>
      regretsOf(
        samples,
        autoOf(shape),
        candidates(shape).map((size) => fixedOf(shape, size)),
      ),
    )
    const floor = SHAPES.map((shape) => regretsOf(samples, autoAgainOf(shape), [autoOf(shape)]))
    return [
      {
        measure: "chunksize 'auto' against the best fixed one: median regret of all shapes",
        figure: bootstrap(regrets, (drawn) => median(drawn.map(median))),
        unit: '%',
        bar: { atMost: 5 },
      },
      {
        measure: "chunksize 'auto' against the best fixed one: regret of the worst shape",
        figure: bootstrap(regrets, (drawn) => Math.max(...drawn.map(median))),
        unit: '%',
        bar: { atMost: 15 },
      },
      {
        measure: "chunksize 'auto' against itself: median over all shapes, the noise",
        figure: bootstrap(floor, (drawn) => median(drawn.map(median))),
        unit: '%',
      },
      ...SHAPES.map(({ name }, i) => ({
        measure: `chunksize 'auto' against the best fixed one: ${name}`,
        figure: estimateMedian(regrets[i] ?? []),
        unit: /** @type {const} */ ('%'),
      })),
    ]
  },
}

/**
 * By round, by how many per cent a configuration takes longer than the best of the others in the other half of the rounds.
 *
 * @param {Samples} samples
 * @param {string} name
 * @param {string[]} others
 */
function regretsOf(samples, name, others) {
  const { times } = bestOfOtherHalf(others.map((other) => [other, timesOf(samples, other)]))
  return pairedRatios(timesOf(samples, name), times).map((ratio) => (ratio - 1) * 100)
}

/** @param {Shape} shape */
function candidates({ count }) {
  return fixedSizes(count, MS_A_WORKER, LEAST_CHUNK_MS)
}

/** @param {Shape} shape */
function autoOf({ name }) {
  return `${name}, auto`
}

/** @param {Shape} shape */
function autoAgainOf({ name }) {
  return `${name}, auto once more`
}

/**
 * @param {Shape} shape
 * @param {number} size
 */
function fixedOf({ name }, size) {
  return `${name}, ${size}`
}
