import { kernel, ThreadPoolExecutor } from 'lanewise'
import { openBusyThread } from '../bare/echo.mjs'
import { COUNT, expectClose, prepared } from '../bare/kernels.mjs'
import { timed } from '../harness/case.mjs'
import { timesAsLong, timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case } from '../harness/case.mjs' */

const WORK = 'Black-Scholes'
const CHUNKSIZES = [4096, 16_384, 65_536]
const auto = 'auto'
const overhead = 'a map without its chunks'
const bare = 'a bare worker without its work'
/** About as long as the map: what wakes a thread up depends on how long it slept. */
const WORK_MS = 50

/** @param {number} chunksize */
const fixed = (chunksize) => `chunksize ${chunksize}`

/** @type {Case} */
export default {
  about: `A kernel, ${WORK}, over ${COUNT.toLocaleString('en')} rows on one worker: what chunks cost. "${overhead}" is the time from the call of map to its end, less what its worker spent in chunks; "${bare}", the same of one message to a bare worker that is busy for ${WORK_MS} ms, and one back: what no map on a worker can be under.`,
  rounds: 15,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1, engine: 'wasm' })
      const { work, inputs, out, expected } = prepared(WORK)
      const compiled = kernel(work.fn)
      const check = expectClose(expected)
      /** @param {number | 'auto'} chunksize */
      const run = (chunksize) => timed(() => pool.map(compiled, ...inputs, { out, chunksize }), check)
      return {
        configurations: {
          [auto]: run('auto'),
          ...Object.fromEntries(CHUNKSIZES.map((chunksize) => [fixed(chunksize), run(chunksize)])),
          [overhead]: async () => {
            const start = performance.now()
            const map = pool.map(compiled, ...inputs, { out })
            await map
            return { ms: (performance.now() - start) * (1 - map.stats.utilisation) }
          },
        },
        close: () => pool.shutdown(),
      }
    },
    async bare() {
      const { call, close } = openBusyThread()
      return {
        configurations: {
          [bare]: async () => {
            const start = performance.now()
            const busyMs = await call(WORK_MS)
            return { ms: performance.now() - start - busyMs }
          },
        },
        close,
      }
    },
  },

  measures: (samples) => [
    ...CHUNKSIZES.map((chunksize) => timesAsLong(samples, fixed(chunksize), fixed(chunksize), auto, { atMost: 1.05 })),
    {
      measure: `a map of ${COUNT.toLocaleString('en')} rows, over the sum of its chunks`,
      figure: estimateMedian(timesOf(samples, overhead).map((ms) => ms * 1000)),
      unit: 'µs',
      bar: { atMost: 150 },
    },
    {
      measure: 'a bare worker, over its work',
      figure: estimateMedian(timesOf(samples, bare).map((ms) => ms * 1000)),
      unit: 'µs',
    },
  ],
}
