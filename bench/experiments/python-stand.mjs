/** The stand of Python: its own process pool, joblib, or numba, as `engine` says, each in a Python that stays. */
import { execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { workloadOf } from '../../dist/cli/run-bench.js'
import { isOnPath } from '../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../harness/case.mjs'
import { serve } from './serve.mjs'

const script = fileURLToPath(new URL('../python/workloads.py', import.meta.url))

/** What each needs to be imported. */
const MODULES = /** @type {Record<string, string>} */ ({
  python: 'concurrent.futures',
  joblib: 'joblib',
  numba: 'numba',
})

serve(async (workload, engine) => {
  requireModule(engine)
  const { fn, inputs } = workloadOf(workload)
  /** @type {Awaited<ReturnType<typeof openPython>> | undefined} */
  let python
  let key = ''
  return {
    async run({ workers, chunksize, items }, limitMs) {
      const wanted = `${workers} ${items}`
      if (python === undefined || key !== wanted) {
        await python?.close()
        python = await openPython(engine, workload, items, workers, sumOf(fn, inputs(items)))
        key = wanted
      }
      const told = await python.map(Number(chunksize), limitMs)
      if (told === undefined) python = undefined // it was ended: there is no other way to stop a map there
      return told
    },
    close: async () => python?.close(),
  }
})

/** @param {string} engine */
function requireModule(engine) {
  const module = MODULES[engine]
  if (module === undefined)
    throw new RangeError(`there is no ${engine} in Python; there are ${Object.keys(MODULES).join(', ')}`)
  if (!isOnPath('python3')) throw new CannotMeasure('python3 is not on PATH; install it to have this peer')
  try {
    execFileSync('python3', ['-c', `import ${module}`], { stdio: 'pipe' })
  } catch (cause) {
    throw new CannotMeasure(`python3 has no ${module}; pip install ${module} to have it`, { cause })
  }
}

/**
 * Added up from the first to the last: Python does the same, so that the bits agree.
 *
 * @param {(...args: never[]) => unknown} fn
 * @param {readonly ArrayLike<unknown>[]} columns
 */
function sumOf(fn, columns) {
  const call = /** @type {(...values: unknown[]) => number} */ (fn)
  let sum = 0
  for (let i = 0; i < (columns[0]?.length ?? 0); i++) sum += call(...columns.map((column) => column[i]))
  return sum
}

/**
 * Answers when its workers are there and its code is compiled.
 *
 * @param {string} engine
 * @param {string} workload
 * @param {number} items
 * @param {number} workers
 * @param {number} expected the sum of all results
 */
async function openPython(engine, workload, items, workers, expected) {
  const python = spawn('python3', [script, engine, workload, `${items}`, `${workers}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: process.platform !== 'win32', // a group of its own, so that its workers can be ended with it
  })
  python.unref()
  process.once('exit', endAll)
  python.stdin.on('error', () => {}) // it ended: its answer, which does not come, says so
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]()
  if ((await answers.next()).done === true) throw ended()

  return {
    /**
     * One map, timed there.
     *
     * @param {number} chunksize
     * @param {number} limitMs
     */
    async map(chunksize, limitMs) {
      python.stdin.write(`${chunksize}\n`)
      /** @type {NodeJS.Timeout | undefined} */
      let timer
      const tooLate = new Promise((resolve) => {
        timer = setTimeout(() => resolve(undefined), Math.min(limitMs, 2 ** 31 - 1))
      })
      const answer = await Promise.race([answers.next(), tooLate])
      clearTimeout(timer)
      if (answer === undefined) {
        endAll()
        return undefined
      }
      const { value, done } = /** @type {IteratorResult<string>} */ (answer)
      if (done === true) throw ended()
      const [makespanMs, firstMs, sum] = String(value).split(' ').map(Number)
      if (sum !== expected)
        throw new Error(`the sum of ${workload} is ${sum} in ${engine}, and ${expected} by the plain loop`)
      return { makespanMs: Number(makespanMs), firstMs: Number(firstMs), chunks: Math.ceil(items / chunksize) }
    },

    /** @returns {Promise<void>} */
    close() {
      process.removeListener('exit', endAll)
      return new Promise((resolve) => {
        if (python.exitCode !== null || python.signalCode !== null) resolve()
        else python.once('exit', () => resolve())
        python.stdin.end()
      })
    },
  }

  function ended() {
    return new Error(`python3 ended in ${workload}; what is above says why`)
  }

  /** Its workers too, which would hold its output open. */
  function endAll() {
    process.removeListener('exit', endAll)
    try {
      if (process.platform === 'win32') python.kill('SIGKILL')
      else if (python.pid !== undefined) process.kill(-python.pid, 'SIGKILL')
    } catch {
      // it has ended by itself
    }
  }
}
