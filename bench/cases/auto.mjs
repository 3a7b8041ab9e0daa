import { ThreadPoolExecutor } from 'lanewise'
import { costsOf, SHAPES, spin } from '../bare/shapes.mjs'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { bootstrap, estimateMedian, median } from '../harness/statistics.mjs'

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
      const stepsAMs = measureSteps()
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
  const bestOf = [0, 1].map((half) => {
    /** @param {string} other */
    const time = (other) => median(timesOf(samples, other).filter((_, round) => round % 2 === half))
    return timesOf(
      samples,
      others.reduce((best, other) => (time(other) < time(best) ? other : best)),
    )
  })
  return timesOf(samples, name).map((ms, round) => {
    const best = bestOf[1 - (round % 2)]?.[round] ?? Number.NaN
    return (ms / best - 1) * 100
  })
}

/**
 * Sizes in steps of 2, and those that cut the items into one, two, three and four chunks a worker.
 *
 * @param {Shape} shape
 */
function candidates({ count }) {
  const least = Math.max(1, Math.floor((count * LEAST_CHUNK_MS) / (MS_A_WORKER * WORKERS)))
  const sizes = [1, 2, 3, 4].map((chunks) => Math.ceil(count / (chunks * WORKERS)))
  for (let size = least; size < count / WORKERS; size *= 2) sizes.push(size)
  return [...new Set(sizes)].sort((a, b) => a - b)
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

/** Steps of `spin` a millisecond, here and now: the best of some tries, since only disturbance makes one slower. */
function measureSteps() {
  const steps = 5_000_000
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now()
    spin(steps)
    return performance.now() - start
  })
  return steps / Math.min(...times)
}
