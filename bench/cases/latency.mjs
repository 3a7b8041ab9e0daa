import { ThreadPoolExecutor } from 'lanewise'
import { openEchoThread } from '../bare/echo.mjs'
import { WORKERS } from '../harness/case.mjs'
import { timesAsLong, timesOf } from '../harness/compare.mjs'
import { estimateMedian, median } from '../harness/statistics.mjs'
import { same } from '../peers/functions.mjs'

/** @import { Case, Sample } from '../harness/case.mjs' */

// The system puts both threads on one core, or on two, and leaves them so for a while: a call takes 20 µs or 55. Larger: fewer rounds
// in the same time, and luck decides. Smaller: one time slice of a neighbour moves a median.
const CALLS = 200

const ours = 'lanewise, submit'
const bare = 'bare postMessage'

/** @type {Case} */
export default {
  about: `One call at a time on an idle pool, awaited before the next; a round's sample is the median of ${CALLS}. Bare: the same number through a worker that sends it back.`,
  rounds: 61,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      return {
        configurations: { [ours]: () => medianOfCalls((x) => pool.submit(same, x)) },
        close: () => pool.shutdown(),
      }
    },
    async bare() {
      const echo = openEchoThread()
      return { configurations: { [bare]: () => medianOfCalls((x) => echo.call(x)) }, close: () => echo.close() }
    },
  },

  measures: (samples) => [
    timesAsLong(samples, 'one awaited submit, idle pool', ours, bare, { atMost: 1.5 }),
    {
      measure: 'one awaited submit, idle pool',
      figure: estimateMedian(timesOf(samples, ours).map((ms) => ms * 1000)),
      unit: 'µs',
    },
  ],
}

/**
 * @param {(x: number) => PromiseLike<number>} call
 * @returns {Promise<Sample>}
 */
async function medianOfCalls(call) {
  const times = []
  for (let i = 0; i < CALLS; i++) {
    const start = performance.now()
    const result = await call(i)
    times.push(performance.now() - start)
    if (result !== i) throw new Error(`call ${i} must give ${i}, got ${result}`)
  }
  return { ms: median(times) }
}
