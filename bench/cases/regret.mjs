import { kernel, ProcessPoolExecutor, ThreadPoolExecutor } from 'lanewise'
import { REGRET_KERNELS } from '../bare/regret-kernels.mjs'
import { costsOf, SHAPES, spin } from '../bare/shapes.mjs'
import { CannotMeasure, expectArray, timed, WORKERS } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { bootstrap, median } from '../harness/statistics.mjs'

/** @import { Case, Measure, Sample, Samples, Subject } from '../harness/case.mjs' */

/** Jobs of so many ms a worker, with the regret that auto may have, in per cent: in the middle of all kinds of work, and of the worst. */
const JOBS = [
  { ms: 100, middle: 3, worst: 12 },
  { ms: 30, middle: 5, worst: 15 },
  { ms: 10, middle: 7, worst: 20 },
]

/** A job that is hardly worth a pool, and what it may lose. */
const TINY = { ms: 0.5, mayLoseMs: 0.3 }

const ALL_MS = [...JOBS.map(({ ms }) => ms), TINY.ms]

/** Chunks that last less are no candidates: a message costs a worker some 30 µs, a claim less than 1. */
const LEAST_CHUNK_MS = { threads: 0.02, processes: 0.02, wasm: 0.004, native: 0.004 }

/** Rows by which is measured what a row of a kernel costs: more and more, until they last so long. */
const SOME_ROWS = 4096
const LEAST_TIMED_MS = 10

/** Rows of a job at most: 80 MB. */
const MOST_ROWS = 10_000_000

/** @type {Case} */
export default {
  about: `map with chunksize 'auto' against the best of fixed sizes, over ${SHAPES.length} functions whose items cost in different ways on threads, one of them on processes too, and ${REGRET_KERNELS.length} kernels on wasm and native; jobs of ${ALL_MS.join(', ')} ms a worker. The best size is chosen on the even rounds and scored on the odd ones, and the other way about, or the luckiest of many would win. Its regret is how much longer auto takes.`,
  rounds: 12,
  optional: ['native'],

  subjects: {
    threads: () => functionsOn('threads', new ThreadPoolExecutor({ maxWorkers: WORKERS }), SHAPES),
    processes: () => functionsOn('processes', new ProcessPoolExecutor({ maxWorkers: WORKERS }), SHAPES.slice(0, 2)),
    wasm: () => kernelsOn('wasm'),
    native: () => kernelsOn('native'),
  },

  measures: (samples) => [...JOBS.flatMap((job) => measuresOf(samples, job)), ...tinyMeasures(samples)],
}

/**
 * @param {'threads' | 'processes'} engine
 * @param {import('lanewise').Executor} pool
 * @param {typeof SHAPES} shapes
 * @returns {Promise<Subject>}
 */
async function functionsOn(engine, pool, shapes) {
  const stepsAMs = measureSteps()
  /** @type {Subject['configurations']} */
  const configurations = {}
  for (const ms of ALL_MS) {
    for (const shape of shapes) {
      const costs = costsOf(shape, ms * WORKERS * stepsAMs)
      const expected = costs.map(spin)
      /** @type {(chunksize: number | 'auto') => () => Promise<Sample>} */
      const run = (chunksize) =>
        timed(
          () => pool.map(spin, costs, { chunksize }),
          (results) => expectArray(results, expected),
        )
      addCell(
        configurations,
        `${shape.name} on ${engine}`,
        ms,
        candidates(costs.length, ms, LEAST_CHUNK_MS[engine]),
        run,
      )
    }
  }
  return { configurations, close: () => pool.shutdown() }
}

/**
 * @param {'wasm' | 'native'} engine
 * @returns {Promise<Subject>}
 */
async function kernelsOn(engine) {
  const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS, engine })
  /** @type {Subject['configurations']} */
  const configurations = {}
  for (const { name, fn, inputs } of REGRET_KERNELS) {
    const compiled = kernel(fn)
    const msARow = await measureRow(pool, compiled, inputs)
    for (const ms of ALL_MS) {
      const count = Math.min(MOST_ROWS, Math.max(WORKERS, Math.round((ms * WORKERS) / msARow)))
      const rows = inputs(count)
      const expected = await pool.map(compiled, rows, { engine: 'js' })
      /** @type {(chunksize: number | 'auto') => () => Promise<Sample>} */
      const run = (chunksize) =>
        timed(
          () => pool.map(compiled, rows, { chunksize }),
          (results) => expectSame(results, expected),
        )
      addCell(configurations, `${name} on ${engine}`, ms, candidates(count, ms, LEAST_CHUNK_MS[engine]), run)
    }
  }
  return { configurations, close: () => pool.shutdown() }
}

/**
 * What a row costs a worker, in ms, when all of them work: by the shortest of some maps that last long enough to be timed.
 *
 * @param {ThreadPoolExecutor} pool
 * @param {import('lanewise').Kernel<(x: number) => number>} compiled
 * @param {(count: number) => Float64Array} inputs
 */
async function measureRow(pool, compiled, inputs) {
  try {
    for (let count = SOME_ROWS; ; count *= 4) {
      const rows = inputs(count)
      const times = []
      for (let i = 0; i < 4; i++) {
        const start = performance.now()
        await pool.map(compiled, rows)
        times.push(performance.now() - start)
      }
      const ms = Math.min(...times)
      if (ms >= LEAST_TIMED_MS || count >= MOST_ROWS) return (ms * WORKERS) / count
    }
  } catch (error) {
    await pool.shutdown()
    throw new CannotMeasure(/** @type {Error} */ (error).message)
  }
}

/**
 * Auto and fixed sizes, over one kind of work of so many ms a worker.
 *
 * @param {Subject['configurations']} configurations
 * @param {string} work
 * @param {number} ms
 * @param {readonly number[]} sizes
 * @param {(chunksize: number | 'auto') => () => Promise<Sample>} run
 */
function addCell(configurations, work, ms, sizes, run) {
  configurations[nameOf(work, ms, 'auto')] = run('auto')
  for (const size of sizes) configurations[nameOf(work, ms, size)] = run(size)
}

/**
 * Sizes in steps of 2, and those that cut the items into one, two, three and four chunks a worker.
 *
 * @param {number} count
 * @param {number} ms a worker
 * @param {number} leastMs
 */
function candidates(count, ms, leastMs) {
  const least = Math.max(1, Math.floor((count * leastMs) / (ms * WORKERS)))
  const sizes = [1, 2, 3, 4].map((chunks) => Math.ceil(count / (chunks * WORKERS)))
  for (let size = least; size < count / WORKERS; size *= 2) sizes.push(size)
  return [...new Set(sizes)].sort((a, b) => a - b)
}

/**
 * @param {string} work
 * @param {number} ms
 * @param {number | 'auto'} chunksize
 */
function nameOf(work, ms, chunksize) {
  return `${work}, ${ms} ms, ${chunksize}`
}

/**
 * By kind of work and by round: what auto took and, in that round, the size that was best in the other half of the rounds.
 *
 * @param {Samples} samples
 * @param {number} ms
 * @returns {{ work: string, auto: number[], best: number[] }[]}
 */
function cellsOf(samples, ms) {
  const isAuto = `, ${ms} ms, auto`
  return Object.keys(samples)
    .filter((name) => name.endsWith(isAuto))
    .map((name) => {
      const work = name.slice(0, -isAuto.length)
      const others = Object.keys(samples).filter((other) => other !== name && other.startsWith(`${work}, ${ms} ms, `))
      const best = [0, 1].map((half) => {
        /** @param {string} other */
        const time = (other) => median(timesOf(samples, other).filter((_, round) => round % 2 === half))
        return timesOf(
          samples,
          others.reduce((best, other) => (time(other) < time(best) ? other : best)),
        )
      })
      const auto = timesOf(samples, name)
      return { work, auto, best: auto.map((_, round) => best[1 - (round % 2)]?.[round] ?? Number.NaN) }
    })
}

/**
 * @param {Samples} samples
 * @param {typeof JOBS[number]} job
 * @returns {Measure[]}
 */
function measuresOf(samples, { ms, middle, worst }) {
  const cells = cellsOf(samples, ms)
  const regrets = cells.map(({ auto, best }) =>
    auto.map((time, round) => (time / (best[round] ?? Number.NaN) - 1) * 100),
  )
  const job = `chunksize 'auto' against the best fixed one, ${ms} ms a worker`
  const last = regrets.reduce((a, b) => (median(a) > median(b) ? a : b))
  const { work } = cells[regrets.indexOf(last)] ?? { work: '' }
  return [
    {
      measure: `${job}: median regret of ${cells.length} kinds of work`,
      figure: bootstrap(regrets, (drawn) => median(drawn.map(median))),
      unit: '%',
      bar: { atMost: middle },
    },
    {
      measure: `${job}: regret of the worst, ${work}`,
      figure: bootstrap(regrets, (drawn) => Math.max(...drawn.map(median))),
      unit: '%',
      bar: { atMost: worst },
    },
  ]
}

/**
 * @param {Samples} samples
 * @returns {Measure[]}
 */
function tinyMeasures(samples) {
  const losses = cellsOf(samples, TINY.ms).map(({ auto, best }) =>
    auto.map((time, round) => time - (best[round] ?? Number.NaN)),
  )
  return [
    {
      measure: `chunksize 'auto' against the best fixed one, ${TINY.ms} ms a worker: what the worst kind of work loses`,
      figure: bootstrap(losses, (drawn) => Math.max(...drawn.map(median))),
      unit: 'ms',
      bar: { atMost: TINY.mayLoseMs },
    },
  ]
}

/**
 * Throws unless both hold the same bits.
 *
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} expected
 */
function expectSame(actual, expected) {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${actual.length}`)
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) throw new Error(`result ${i} must be ${expected[i]}, got ${actual[i]}`)
  }
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
