import { kernel, ThreadPoolExecutor } from 'lanewise'
import { COUNT, expectClose, plainLoop, prepared, WORKS } from '../bare/kernels.mjs'
import { timed } from '../harness/case.mjs'
import { timesFaster } from '../harness/compare.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

/** Of one worker, against a plain loop, arrays on shared memory. @type {Record<string, number>} */
const BARS = {
  'Black-Scholes': 1.6,
  haversine: 1.4,
  'mandelbrot 500': 1.8,
  'logistic map × 100': 4,
  collatz: 4,
  'polynomial of degree 10': 0.95,
  saxpy: 0.95,
}
const names = Object.keys(WORKS)
/** What reads and writes memory and does little else gains nothing by a second worker. */
const spread = names.filter((name) => (BARS[name] ?? 0) > 1)

/** @param {string} name */
const loop = (name) => `${name}: plain loop`
/** @param {string} name */
const one = (name) => `${name}: one worker`
/** @param {string} name */
const two = (name) => `${name}: two workers`
/** @param {string} name */
const fresh = (name) => `${name}: plain arrays, fresh result`

/** @type {Case} */
export default {
  about: `A kernel over ${COUNT.toLocaleString('en')} rows of doubles on shared memory, its results in an array that is given, by the engine that auto picks, against a plain loop around the same function. The second and third lines of a kernel are those of two workers against one, and of plain arrays with a fresh result against a plain loop that makes one.`,
  rounds: 11,

  subjects: {
    async bare() {
      return { configurations: Object.assign({}, ...names.map(bare)), close: async () => {} }
    },
    lanewise: () => open(1, names),
    both: () => open(2, spread),
  },

  measures: (samples) =>
    names.flatMap((name) => {
      const bar = BARS[name]
      return [
        timesFaster(samples, one(name), one(name), loop(name), bar === undefined ? undefined : { atLeast: bar }),
        ...(spread.includes(name) ? [timesFaster(samples, two(name), two(name), one(name), { atLeast: 1.8 })] : []),
        timesFaster(samples, fresh(name), fresh(name), loop(name)),
      ]
    }),
}

/** @param {string} name */
function bare(name) {
  const { work, inputs, out, expected } = prepared(name)
  const run = plainLoop(work, name)
  return { [loop(name)]: timed(() => run(inputs, out), expectNew(expected, out)) }
}

/**
 * @param {number} workers
 * @param {readonly string[]} names
 * @returns {Promise<Subject>}
 */
async function open(workers, names) {
  const pool = new ThreadPoolExecutor({ maxWorkers: workers })
  const configurations = Object.assign(
    {},
    ...names.map((name) => {
      const { work, inputs, out, expected } = prepared(name)
      const plain = inputs.map((column) => Float64Array.from(column))
      const compiled = kernel(work.fn)
      if (workers > 1)
        return { [two(name)]: timed(() => pool.map(compiled, ...inputs, { out }), expectNew(expected, out)) }
      return {
        [one(name)]: timed(() => pool.map(compiled, ...inputs, { out }), expectNew(expected, out)),
        [fresh(name)]: timed(() => pool.map(compiled, ...plain), expectClose(expected)),
      }
    }),
  )
  return { configurations, close: () => pool.shutdown() }
}

/**
 * Results that stand in an array which is used again: none may be left over.
 *
 * @param {Float64Array} expected
 * @param {Float64Array} out
 */
function expectNew(expected, out) {
  const check = expectClose(expected)
  return (/** @type {Float64Array} */ results) => {
    check(results)
    out.fill(Number.NaN)
  }
}
