import { kernel, ThreadPoolExecutor } from 'lanewise'
import { COUNT, expectClose, prepared, WORKS } from '../bare/kernels.mjs'
import { CannotMeasure, timed } from '../harness/case.mjs'
import { fastest, timesAsLong } from '../harness/compare.mjs'
import { C_PROGRAMS, compileC } from '../peers/c/compiled.mjs'
import { OverColumns } from '../peers/over-columns.mjs'
import { numbaCommand } from '../python/numba.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

const names = Object.keys(WORKS)
/** @type {Record<string, number>} */
const BARS = { saxpy: 1.1 }
/** fast-math may take 4 ULP a function, and sums in another order. */
const ACCURACY = 1e-6
/** With sums in another order these are others: after so many rounds nothing is alike. */
const CHAOTIC = ['logistic map × 100', 'mandelbrot 500']

/** @param {string} name */
const ours = (name) => `${name}: native, one thread`
/**
 * @param {string} name
 * @param {string} what
 */
const theirs = (name, what) => `${name}: ${what}`

/** @type {Case} */
export default {
  about: `A kernel over ${COUNT.toLocaleString('en')} rows of doubles in memory, its results in an array that is given, as machine code on one thread, the whole of \`await map\`; against the same function in C, its loop alone: ${Object.entries(
    C_PROGRAMS,
  )
    .map(([name, { source, flags }]) => `"${name}" is cc ${flags.join(' ')} ${source}`)
    .join(', ')}; and with numba's njit. Collatz is on integers of 64 bits there.`,
  rounds: 11,
  optional: ['numba', 'C, strict vectors'],

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1, engine: 'native' })
      const configurations = Object.fromEntries(
        names.map((name) => {
          const { work, inputs, out, expected } = prepared(name)
          const compiled = kernel(work.fn)
          return [ours(name), timed(() => pool.map(compiled, ...inputs, { out }), expectClose(expected))]
        }),
      )
      try {
        await pool.map(
          kernel((/** @type {number} */ x) => x + 1),
          [1],
        )
      } catch (error) {
        throw new CannotMeasure(/** @type {Error} */ (error).message)
      }
      return { configurations, close: () => pool.shutdown() }
    },
    ...Object.fromEntries(
      Object.entries(C_PROGRAMS).map(([name, program]) => [
        name,
        () => openOther(name, (folder) => [compileC(folder, program)], program.only),
      ]),
    ),
    numba: () => openOther('numba', numbaCommand),
  },

  measures: (samples) =>
    names.flatMap((name) => {
      const strict = theirs(name, 'C, strict vectors')
      const best = fastest(
        samples,
        ['C, strict', 'C, fast-math'].map((program) => theirs(name, program)),
      )
      const bar = BARS[name]
      const numba = theirs(name, 'numba')
      return [
        timesAsLong(samples, ours(name), ours(name), best, bar === undefined ? undefined : { atMost: bar }),
        ...(strict in samples ? [timesAsLong(samples, ours(name), ours(name), strict, { atMost: 1.15 })] : []),
        ...(numba in samples ? [timesAsLong(samples, ours(name), ours(name), numba)] : []),
      ]
    }),
}

/**
 * @param {string} what
 * @param {(folder: string) => [string, ...string[]]} commandOf
 * @param {readonly string[]} kernels that the program has
 * @returns {Promise<Subject>}
 */
async function openOther(what, commandOf, kernels = names) {
  const programs = new OverColumns()
  /** @type {[string, ...string[]]} */
  let command
  try {
    command = commandOf(programs.folder)
  } catch (error) {
    await programs.close()
    throw error
  }
  /** @type {Subject['configurations']} */
  const configurations = {}
  for (const name of kernels) {
    const { inputs, expected } = prepared(name)
    const opened = programs.open(command, name, inputs)
    const check = expectClose(expected, ACCURACY)
    configurations[theirs(name, what)] = async () => {
      const ms = await opened.run()
      if (!CHAOTIC.includes(name)) check(opened.results())
      return { ms }
    }
  }
  return { configurations, close: () => programs.close() }
}
