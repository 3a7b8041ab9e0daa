import { kernel, sharedArray, ThreadPoolExecutor } from 'lanewise'
import { CannotMeasure, timed, WORKERS } from '../harness/case.mjs'
import { fastest, timesAsLong, timesFaster } from '../harness/compare.mjs'
import { seededRandom } from '../harness/statistics.mjs'
import { C_PROGRAMS, compileC } from '../peers/c/compiled.mjs'
import { OverColumns } from '../peers/over-columns.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

const COUNT = 10_000_000
const WORK = 'sum of squares'

const one = 'reduce, one thread'
const all = `reduce, ${WORKERS} threads`
const mapped = 'map, and a loop over its results'
const loop = 'plain loop'
/** @param {string} flags */
const inC = (flags) => `in ${flags}`

/** @param {number} x */
const square = (x) => x * x

/** Those that have the sum: all but vectors by hand. */
const PROGRAMS = Object.fromEntries(Object.entries(C_PROGRAMS).filter(([, { only }]) => only === undefined))

/** @type {Case} */
export default {
  about: `The sum of x * x over ${COUNT.toLocaleString('en')} rows of doubles in shared memory, on the native engine. "${mapped}" is on ${WORKERS} threads, its results in an array that is given; "${loop}" adds up without one; so do those in C, the loop alone: ${Object.entries(
    PROGRAMS,
  )
    .map(([name, { flags }]) => `"${inC(name)}" is cc ${flags.join(' ')}`)
    .join(', ')}.`,
  rounds: 15,
  optional: Object.keys(PROGRAMS),

  subjects: {
    async lanewise() {
      const numbers = column()
      const { sum, check } = expected(numbers)
      const pools = [1, WORKERS].map((maxWorkers) => new ThreadPoolExecutor({ maxWorkers, engine: 'native' }))
      const [alone, together] = /** @type {[ThreadPoolExecutor, ThreadPoolExecutor]} */ (pools)
      const compiled = kernel(square)
      const out = sharedArray(Float64Array, COUNT)
      try {
        await alone.map(compiled, [1])
      } catch (error) {
        throw new CannotMeasure(/** @type {Error} */ (error).message)
      }
      return {
        configurations: {
          [one]: timed(() => alone.reduce(compiled, numbers, { op: 'sum' }), check),
          [all]: timed(() => together.reduce(compiled, numbers, { op: 'sum' }), check),
          [mapped]: timed(async () => sum(await together.map(compiled, numbers, { out })), check),
          [loop]: timed(() => sumOfSquares(numbers), check),
        },
        close: () => Promise.all(pools.map((pool) => pool.shutdown())),
      }
    },
    ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, program]) => [name, () => openC(name, program)])),
  },

  measures: (samples) => {
    const measured = Object.keys(PROGRAMS).map(inC)
    const c = measured.filter((name) => name in samples)
    return [
      timesFaster(samples, one, one, loop, { atLeast: 1.5 }),
      timesFaster(samples, all, all, mapped, { atLeast: 3 }),
      timesFaster(samples, all, all, one),
      ...(c.length > 0 ? [timesAsLong(samples, one, one, fastest(samples, c), { atMost: 1.1 })] : []),
    ]
  },
}

function column() {
  const random = seededRandom(7)
  const numbers = sharedArray(Float64Array, COUNT)
  for (let i = 0; i < COUNT; i++) numbers[i] = random() - 0.5
  return numbers
}

/** @param {Float64Array} numbers */
function sumOfSquares(numbers) {
  let sum = 0
  for (let i = 0; i < COUNT; i++) sum += square(/** @type {number} */ (numbers[i]))
  return sum
}

/** @param {Float64Array} numbers */
function expected(numbers) {
  const wanted = sumOfSquares(numbers)
  return {
    /** @param {ArrayLike<number>} results */
    sum(results) {
      let sum = 0
      for (let i = 0; i < results.length; i++) sum += /** @type {number} */ (results[i])
      return sum
    },
    /** Sums in other orders differ in the last digits. @param {number} found */
    check(found) {
      if (!(Math.abs(found - wanted) <= 1e-9 * wanted)) throw new Error(`expected ${wanted}, got ${found}`)
    },
  }
}

/**
 * @param {string} name
 * @param {import('../peers/c/compiled.mjs').Program} source
 * @returns {Promise<Subject>}
 */
async function openC(name, source) {
  const programs = new OverColumns()
  try {
    const numbers = column()
    const { check } = expected(numbers)
    const program = programs.open([compileC(programs.folder, source)], WORK, [numbers])
    const run = async () => {
      const ms = await program.run()
      check(/** @type {number} */ (program.results()[0]))
      return { ms }
    }
    return { configurations: { [inC(name)]: run }, close: () => programs.close() }
  } catch (error) {
    await programs.close()
    throw error
  }
}
