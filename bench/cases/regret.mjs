import { kernel, ProcessPoolExecutor, ThreadPoolExecutor } from 'lanewise'
import { REGRET_KERNELS } from '../bare/regret-kernels.mjs'
import { costsOf, SHAPES, spin, stepsAMillisecond } from '../bare/shapes.mjs'
import { CannotMeasure, expectArray, timed, WORKERS } from '../harness/case.mjs'
import { fixedSizes } from '../harness/fixed-sizes.mjs'
import { finalsOf, planRaces } from '../harness/race.mjs'
import { inDigits } from '../harness/report.mjs'
import { bootstrap, estimateMedian, median, pairedRatios } from '../harness/statistics.mjs'

/** @import { Case, Measure, Sample, Samples, Subject } from '../harness/case.mjs' */
/** @import { Finals, Race } from '../harness/race.mjs' */

/**
 * What auto may take more than the best fixed size, by jobs of so many ms a worker: in the middle of all kinds of work, and of the worst. Of a job that is hardly
 * worth a pool what counts is what it loses, in ms.
 *
 * @typedef {{ ms: number, unit: '%' | 'ms', middle?: number, worst: number, laps: number }} Job
 *
 * @type {readonly Job[]}
 */
const JOBS = [
  { ms: 100, unit: '%', middle: 3, worst: 12, laps: 1 },
  { ms: 30, unit: '%', middle: 5, worst: 15, laps: 1 },
  { ms: 10, unit: '%', middle: 7, worst: 20, laps: 2 },
  { ms: 0.5, unit: 'ms', worst: 0.3, laps: 4 },
]

/** What it may take from the first heat on. With the set-up before, it ends within six minutes. */
const BUDGET_MS = 290_000

/** An interval is narrow enough when half of it is such a part of the bar for the worst: what is met or missed by less is near it. */
const NARROW = 1 / 8

/** Chunks that last less are no candidates: a message costs a worker some 30 µs, a claim less than 1. */
const LEAST_CHUNK_MS = { threads: 0.02, processes: 0.02, wasm: 0.004, native: 0.004 }

/** Rows by which is measured what a row of a kernel costs: more and more, until they last so long. */
const SOME_ROWS = 4096
const LEAST_TIMED_MS = 10

/** Rows of a job at most: 80 MB. */
const MOST_ROWS = 10_000_000

/** @type {Case} */
export default {
  about: `map with chunksize 'auto' against the best of fixed sizes, over ${SHAPES.length} functions whose items cost in different ways on threads, two of them on processes too, and ${REGRET_KERNELS.length} kernels on wasm and native; jobs of ${JOBS.map(({ ms }) => ms).join(', ')} ms a worker. Two rounds of all sizes say which four go on. Of these the best is chosen on the even rounds and scored on the odd ones, and the other way about, or the luckiest would win, until the interval is narrow or the time is over. Its regret is how much longer auto takes. A second auto, in the same rounds, says what of that is the machine's noise.`,
  rounds: 16,
  optional: ['native'],

  subjects: {
    threads: () => functionsOn('threads', new ThreadPoolExecutor({ maxWorkers: WORKERS }), SHAPES),
    processes: () => functionsOn('processes', new ProcessPoolExecutor({ maxWorkers: WORKERS }), SHAPES.slice(0, 2)),
    wasm: () => kernelsOn('wasm'),
    native: () => kernelsOn('native'),
  },

  plan: (names, rounds) =>
    planRaces(
      JOBS.flatMap((job) => racesOf(names, job)),
      rounds,
      BUDGET_MS,
    ),
  measures: (samples) => JOBS.flatMap((job) => measuresOf(cellsOf(samples, job), job)),
  rows: (samples) => [ROW_HEADS, ...JOBS.flatMap((job) => cellsOf(samples, job).map((cell) => rowOf(cell, job)))],
}

/**
 * @param {'threads' | 'processes'} engine
 * @param {import('lanewise').Executor} pool
 * @param {typeof SHAPES} shapes
 * @returns {Promise<Subject>}
 */
async function functionsOn(engine, pool, shapes) {
  const stepsAMs = stepsAMillisecond()
  /** @type {Subject['configurations']} */
  const configurations = {}
  for (const { ms } of JOBS) {
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
        fixedSizes(costs.length, ms, LEAST_CHUNK_MS[engine]),
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
    for (const { ms } of JOBS) {
      const count = Math.min(MOST_ROWS, Math.max(WORKERS, Math.round((ms * WORKERS) / msARow)))
      const rows = inputs(count)
      const expected = await pool.map(compiled, rows, { engine: 'js' })
      /** @type {(chunksize: number | 'auto') => () => Promise<Sample>} */
      const run = (chunksize) =>
        timed(
          () => pool.map(compiled, rows, { chunksize }),
          (results) => expectSame(results, expected),
        )
      addCell(configurations, `${name} on ${engine}`, ms, fixedSizes(count, ms, LEAST_CHUNK_MS[engine]), run)
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
  configurations[nameOf(work, ms, 'auto again')] = run('auto')
  for (const size of sizes) configurations[nameOf(work, ms, size)] = run(size)
}

/**
 * @param {string} work
 * @param {number} ms
 * @param {number | 'auto' | 'auto again'} chunksize
 */
function nameOf(work, ms, chunksize) {
  return `${work}, ${ms} ms, ${chunksize}`
}

/**
 * A race for each kind of work.
 *
 * @param {readonly string[]} names of configurations
 * @param {Job} job
 * @returns {Race[]}
 */
function racesOf(names, job) {
  const end = `, ${job.ms} ms, auto`
  return names
    .filter((name) => name.endsWith(end))
    .map((policy) => {
      const work = policy.slice(0, -end.length)
      const again = nameOf(work, job.ms, 'auto again')
      const rivals = names.filter(
        (name) => name !== policy && name !== again && name.startsWith(`${work}, ${job.ms} ms, `),
      )
      const score = (/** @type {Finals} */ { policy, best }) => over(policy, best, job)
      return { work, policy, again, rivals, score, width: job.worst * NARROW, laps: job.laps }
    })
}

/**
 * How much longer one took than the other by rounds, in the unit of the job.
 *
 * @param {readonly number[]} times
 * @param {readonly number[]} than
 * @param {Job} job
 */
function over(times, than, { unit }) {
  return unit === '%'
    ? pairedRatios(times, than).map((ratio) => (ratio - 1) * 100)
    : times.map((time, round) => time - (than[round] ?? Number.NaN))
}

/**
 * A kind of work, as far as its finals have come.
 *
 * @typedef {{ work: string, finals: Finals, regrets: readonly number[], noise: readonly number[] }} Cell
 */

/**
 * @param {Samples} samples
 * @param {Job} job
 * @returns {Cell[]}
 */
function cellsOf(samples, job) {
  return racesOf(Object.keys(samples), job).flatMap((race) => {
    const finals = finalsOf(samples, race)
    if (finals === undefined) return []
    return { work: race.work, finals, regrets: race.score(finals), noise: over(finals.again, finals.policy, job) }
  })
}

/**
 * @param {readonly Cell[]} cells
 * @param {Job} job
 * @returns {Measure[]}
 */
function measuresOf(cells, { ms, unit, middle, worst }) {
  const [first, ...rest] = cells
  if (first === undefined) return []
  const last = rest.reduce((a, b) => (median(b.regrets) > median(a.regrets) ? b : a), first)
  const noisiest = rest.reduce((a, b) => (distance(b.noise) > distance(a.noise) ? b : a), first)
  const regrets = cells.map((cell) => cell.regrets)
  const noise = cells.map((cell) => cell.noise)
  const job = `chunksize 'auto', ${ms} ms a worker`
  const what = unit === '%' ? 'regret' : 'loss'
  return [
    {
      measure: `${job}: median ${what} of ${cells.length} kinds of work`,
      figure: bootstrap(regrets, (drawn) => median(drawn.map(median))),
      unit,
      ...(middle !== undefined && { bar: { atMost: middle } }),
    },
    {
      measure: `${job}: ${what} of the worst, ${last.work}`,
      figure: bootstrap(regrets, (drawn) => Math.max(...drawn.map(median))),
      unit,
      bar: { atMost: worst },
    },
    {
      measure: `${job}: noise floor, auto from itself, median`,
      figure: bootstrap(noise, (drawn) => median(drawn.map(distance))),
      unit,
    },
    {
      measure: `${job}: noise floor, auto from itself, most, ${noisiest.work}`,
      figure: bootstrap(noise, (drawn) => Math.max(...drawn.map(distance))),
      unit,
    },
  ]
}

const ROW_HEADS = ['work', 'rounds scored', 'auto, ms', 'best fixed, ms', 'chunksize', 'over best', 'auto from itself']

/**
 * @param {Cell} cell
 * @param {Job} job
 */
function rowOf({ work, finals: { policy, best, names }, regrets, noise }, { ms, unit }) {
  const { value, low, high } = estimateMedian(regrets)
  const sizes = names.map((name) => Number(name.slice(name.lastIndexOf(' ')))).sort((a, b) => a - b)
  return [
    `${work}, ${ms} ms`,
    `${policy.length}`,
    inDigits(median(policy)),
    inDigits(median(best)),
    sizes.join(', '),
    `${inDigits(value)} ${unit} (${inDigits(low)} … ${inDigits(high)})`,
    `${inDigits(distance(noise))} ${unit}`,
  ]
}

/** @param {readonly number[]} differences */
function distance(differences) {
  return Math.abs(median(differences))
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
