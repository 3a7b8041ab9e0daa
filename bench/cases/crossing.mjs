import { kernel, ThreadPoolExecutor } from 'lanewise'
import { expectClose, plainLoop, prepared } from '../bare/kernels.mjs'
import { CannotMeasure } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case } from '../harness/case.mjs' */

const WORK = 'Black-Scholes'
/** Rows of a map that another thread runs: some 0.2 ms. */
const ROWS = 20_000
/** Rows of a map that the caller runs. */
const FEW = 1000
/** Maps of a sample. */
const MAPS = 50
/** Maps before the first sample: V8 has compiled the way of a map by then, as in a program that runs many. */
const FIRST = 2000

const over = 'await map, over its chunks'
const blocking = 'mapSync'
const loop = 'plain loop'

/** @type {Case} */
export default {
  about: `What a map costs beside its work, on the native engine: ${MAPS} maps of ${WORK}, one after the other, and the mean of them. "${over}": of ${ROWS.toLocaleString('en')} rows on one thread, the time from the call to the result, less what was spent in chunks, behind ${FIRST.toLocaleString('en')} others: the crossing, a thread that wakes up, and the caller that hears of it. "${blocking}" and "${loop}" are of ${FEW.toLocaleString('en')} rows, arrays that are given.`,
  rounds: 15,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1, engine: 'native' })
      const { work, inputs, out, expected } = prepared(WORK, ROWS)
      const compiled = kernel(work.fn)
      const few = { inputs: inputs.map((column) => column.subarray(0, FEW)), out: out.subarray(0, FEW) }
      const plain = plainLoop(work, loop)
      try {
        expectClose(expected)(await pool.map(compiled, ...inputs, { out }))
        expectClose(expected.subarray(0, FEW))(pool.mapSync(compiled, ...few.inputs, { out: few.out }))
      } catch (error) {
        throw new CannotMeasure(/** @type {Error} */ (error).message)
      }
      for (let i = 0; i < FIRST; i++) await pool.map(compiled, ...inputs, { out })
      return {
        configurations: {
          [over]: async () => {
            let ms = 0
            for (let i = 0; i < MAPS; i++) {
              const start = performance.now()
              const map = pool.map(compiled, ...inputs, { out })
              await map
              ms += (performance.now() - start) * (1 - map.stats.utilisation)
            }
            return { ms: ms / MAPS }
          },
          [blocking]: async () => mean(() => pool.mapSync(compiled, ...few.inputs, { out: few.out })),
          [loop]: async () => mean(() => plain(few.inputs, few.out)),
        },
        close: () => pool.shutdown(),
      }
    },
  },

  measures: (samples) => [
    {
      measure: `a map of ${ROWS.toLocaleString('en')} rows on a native thread, over its chunks`,
      figure: estimateMedian(timesOf(samples, over).map((ms) => ms * 1000)),
      unit: 'µs',
      bar: { atMost: 30 },
    },
    {
      measure: `mapSync of ${FEW.toLocaleString('en')} rows, over a plain loop`,
      figure: estimateMedian(timesOf(samples, blocking).map((ms, i) => (ms - (timesOf(samples, loop)[i] ?? 0)) * 1000)),
      unit: 'µs',
      bar: { atMost: 10 },
    },
  ],
}

/** @param {() => unknown} run */
function mean(run) {
  const start = performance.now()
  for (let i = 0; i < MAPS; i++) run()
  return { ms: (performance.now() - start) / MAPS }
}
