import { ProcessPoolExecutor } from 'lanewise'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { timesFaster } from '../harness/compare.mjs'
import { openPythonPool } from '../python/pool.mjs'

/** @import { Case } from '../harness/case.mjs' */

const COUNT = 100_000
const CHUNKSIZE = 100
const numbers = Array.from({ length: COUNT }, (_, i) => i)
const successors = numbers.map((x) => x + 1)

const ours = 'lanewise, processes'
const theirs = 'Python, ProcessPoolExecutor'

/** @type {Case} */
export default {
  about: `map of x + 1 over a list of ${COUNT} integers with chunksize ${CHUNKSIZE}, on child processes, here and in Python (which sends small integers in 3 to 5 bytes).`,
  rounds: 15,

  subjects: {
    async lanewise() {
      const pool = new ProcessPoolExecutor({ maxWorkers: WORKERS })
      return {
        configurations: {
          [ours]: timed(
            () => pool.map((x) => x + 1, numbers, { chunksize: CHUNKSIZE }),
            (results) => expectArray(results, successors),
          ),
        },
        close: () => pool.shutdown(),
      }
    },
    async python() {
      const pool = openPythonPool(WORKERS, COUNT, CHUNKSIZE)
      return { configurations: { [theirs]: async () => ({ ms: await pool.map() }) }, close: () => pool.close() }
    },
  },

  measures: (samples) => [
    timesFaster(samples, `map on processes, chunksize ${CHUNKSIZE}`, ours, theirs, { atLeast: 5 }),
  ],
}
