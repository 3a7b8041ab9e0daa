import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isOnPath } from '../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../harness/case.mjs'

const script = fileURLToPath(new URL('pool.py', import.meta.url))

/**
 * Python's ProcessPoolExecutor, in a Python that stays: the maps are timed there, so that this pipe is not in the figures.
 *
 * @param {number} workers
 * @param {number} count
 * @param {number} chunksize
 */
export function openPythonPool(workers, count, chunksize) {
  if (!isOnPath('python3')) throw new CannotMeasure('python3 is not on PATH; install it to have this case')
  const python = spawn('python3', [script, `${workers}`, `${count}`, `${chunksize}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]()

  return {
    /** Milliseconds of one map whose results were right. */
    async map() {
      python.stdin.write('\n')
      const { value, done } = await answers.next()
      if (done) throw new Error('python3 ended; what is above says why')
      return Number(value)
    },

    /** @returns {Promise<void>} */
    close() {
      return new Promise((resolve) => {
        python.once('close', () => resolve())
        python.stdin.end()
      })
    },
  }
}
