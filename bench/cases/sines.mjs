import { runInThisContext } from 'node:vm'
import { kernel, sharedArray, ThreadPoolExecutor } from 'lanewise'
import { CannotMeasure, timed } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

const SINES = 1_000_000 // a map, whatever the kernel: its rows are so many fewer
const FEW = 10
const MANY = 200

const ENGINES = /** @type {const} */ (['js', 'wasm', 'native'])

/**
 * @param {string} engine
 * @param {number} count
 */
const named = (engine, count) => `${engine}, ${count} sines a row`

/** @type {Case} */
export default {
  about: `Kernels of ${FEW} and of ${MANY} sines one after the other, ${SINES.toLocaleString('en')} sines in all, one worker. Code of that size can be dearer for a machine than the same in a loop.`,
  rounds: 11,

  optional: ['native'],
  subjects: Object.fromEntries(ENGINES.map((engine) => [engine, () => open(engine)])),

  measures: (samples) =>
    ENGINES.filter((engine) => named(engine, FEW) in samples).map((engine) => {
      const few = timesOf(samples, named(engine, FEW))
      return {
        measure: `a sine in a kernel of ${MANY} against one in a kernel of ${FEW}, ${engine}`,
        figure: estimateMedian(timesOf(samples, named(engine, MANY)).map((ms, round) => ms / (few[round] ?? 0))),
        unit: '× the time',
        bar: { atMost: 2 },
      }
    }),
}

/**
 * @param {(typeof ENGINES)[number]} engine
 * @returns {Promise<Subject>}
 */
async function open(engine) {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, engine })
  try {
    await pool.map(kernel(sinesOf(1)), [1])
  } catch (error) {
    await pool.shutdown()
    throw new CannotMeasure(/** @type {Error} */ (error).message)
  }
  const configurations = Object.fromEntries(
    [FEW, MANY].map((count) => {
      const xs = sharedArray(Float64Array, SINES / count)
      for (let i = 0; i < xs.length; i++) xs[i] = i / 1000
      const out = sharedArray(Float64Array, xs.length)
      const compiled = kernel(sinesOf(count))
      const run = timed(
        () => pool.map(compiled, xs, { out }),
        (results) => {
          if (results[7] !== compiled(xs[7] ?? 0)) throw new Error(`row 7 of ${count} sines is wrong`)
        },
      )
      return [named(engine, count), run]
    }),
  )
  return { configurations, close: () => pool.shutdown() }
}

/**
 * @param {number} count
 * @returns {(x: number) => number}
 */
function sinesOf(count) {
  const lines = Array.from({ length: count }, (_, i) => `x = Math.sin(x + ${i})`)
  return runInThisContext(`(x) => { ${lines.join('; ')}; return x }`)
}
