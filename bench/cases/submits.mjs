import { ThreadPoolExecutor } from 'lanewise'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { fastest, timesFaster } from '../harness/compare.mjs'
import { label, same } from '../peers/functions.mjs'
import { PEERS } from '../peers/pools.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

const COUNT = 20_000
const CALLS = `${COUNT.toLocaleString('en')} submits`
const numbers = Array.from({ length: COUNT }, (_, i) => i)
const labels = numbers.map(label)

const byResult = 'lanewise, numbers, result()'
const byFuture = 'lanewise, numbers, futures'
const strings = 'lanewise, strings, result()'

/** @type {Case} */
export default {
  about: `${CALLS} of calls that do nothing, made in one loop and awaited together, on threads. The others' calls give promises.`,
  rounds: 11,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      return {
        configurations: {
          [byResult]: timed(
            () => Promise.all(numbers.map((x) => pool.submit(same, x)).map((future) => future.result())),
            (results) => expectArray(results, numbers),
          ),
          [byFuture]: timed(
            () => Promise.all(numbers.map((x) => pool.submit(same, x))),
            (results) => expectArray(results, numbers),
          ),
          [strings]: timed(
            () => Promise.all(numbers.map((x) => pool.submit(label, x)).map((future) => future.result())),
            (results) => expectArray(results, labels),
          ),
        },
        close: () => pool.shutdown(),
      }
    },
    ...Object.fromEntries(Object.keys(PEERS).map((name) => [name, () => openPeer(name)])),
  },

  measures(samples) {
    const withNumbers = fastest(samples, Object.keys(PEERS).map(numbersOf))
    const withStrings = fastest(samples, Object.keys(PEERS).map(stringsOf))
    return [
      timesFaster(samples, `${CALLS}, Promise.all of result()`, byResult, withNumbers, { atLeast: 8 }),
      timesFaster(samples, `${CALLS}, Promise.all of futures`, byFuture, withNumbers, { atLeast: 6 }),
      timesFaster(samples, `${CALLS}, Promise.all of result()`, strings, withStrings, { atLeast: 3 }),
    ]
  },
}

/**
 * @param {string} name
 * @returns {Promise<Subject>}
 */
async function openPeer(name) {
  const pool = await PEERS[name]?.(WORKERS)
  if (pool === undefined) throw new RangeError(`no peer ${name}`)
  return {
    configurations: {
      [numbersOf(name)]: timed(
        () => Promise.all(numbers.map((x) => pool.call('same', x))),
        (results) => expectArray(results, numbers),
      ),
      [stringsOf(name)]: timed(
        () => Promise.all(numbers.map((x) => pool.call('label', x))),
        (results) => expectArray(results, labels),
      ),
    },
    close: async () => pool.close(),
  }
}

/** @param {string} name */
function numbersOf(name) {
  return `${name}, numbers`
}

/** @param {string} name */
function stringsOf(name) {
  return `${name}, strings`
}
