import { runInThisContext } from 'node:vm'
import { kernel, sharedArray, ThreadPoolExecutor } from 'lanewise'
import { timed } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case } from '../harness/case.mjs' */

const SINES = 1_000_000 // a map, whatever the kernel: its rows are so many fewer
const FEW = 10
const MANY = 200

/** @type {('js' | 'wasm')[]} */
const ENGINES = ['js', 'wasm']

/**
 * @param {string} engine
 * @param {number} count
 */
const named = (engine, count) => `${engine}, ${count} sines a row`

/** @type {Case} */
export default {
  about: `Kernels of ${FEW} and of ${MANY} sines one after the other, ${SINES.toLocaleString('en')} sines in all, one worker. Code of that size can be dearer for a machine than the same in a loop.`,
  rounds: 11,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
      const configurations = Object.assign(
        {},
        ...ENGINES.flatMap((engine) =>
          [FEW, MANY].map((count) => {
            const xs = sharedArray(Float64Array, SINES / count)
            for (let i = 0; i < xs.length; i++) xs[i] = i / 1000
            const out = sharedArray(Float64Array, xs.length)
            const compiled = kernel(sinesOf(count))
            return {
              [named(engine, count)]: timed(
                () => pool.map(compiled, xs, { engine, out }),
                (results) => {
                  if (results[7] !== compiled(xs[7] ?? 0)) throw new Error(`row 7 of ${count} sines is wrong`)
                },
              ),
            }
          }),
        ),
      )
      return { configurations, close: () => pool.shutdown() }
    },
  },

  measures: (samples) =>
    ENGINES.map((engine) => {
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
 * @param {number} count
 * @returns {(x: number) => number}
 */
function sinesOf(count) {
  const lines = Array.from({ length: count }, (_, i) => `x = Math.sin(x + ${i})`)
  return runInThisContext(`(x) => { ${lines.join('; ')}; return x }`)
}
