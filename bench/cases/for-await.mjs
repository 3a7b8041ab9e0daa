import { ThreadPoolExecutor } from 'lanewise'
import { timed, WORKERS } from '../harness/case.mjs'
import { timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case } from '../harness/case.mjs' */

const COUNT = 1_000_000
const numbers = Float64Array.from({ length: COUNT }, (_, i) => i / 3)

// Added up in order, so that one result at a wrong place is seen.
const sum = numbers.reduce((sum, x) => sum + Math.sqrt(x), 0)

const ours = 'lanewise, for await'
const loop = 'a plain loop'
const bare = 'for await, results at hand'

/** @type {Case} */
export default {
  about: `for await over the results of a map of Math.sqrt over 1,000,000 numbers, on threads. The work itself is the plain loop on one thread. "results at hand" is what for await costs without any pool: a hand-written iterator over an array.`,
  rounds: 15,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      return {
        configurations: { [ours]: timed(() => addUp(pool.map(Math.sqrt, numbers)), expectSum) },
        close: () => pool.shutdown(),
      }
    },
    async bare() {
      return {
        configurations: {
          [bare]: timed(() => addUp(atHand(numbers)), expectSum),
          [loop]: timed(() => {
            let total = 0
            for (const x of numbers) total += Math.sqrt(x)
            return total
          }, expectSum),
        },
        close: async () => {},
      }
    },
  },

  measures(samples) {
    const work = timesOf(samples, loop)
    /** @param {string} name */
    const nanosecondsAnItem = (name) =>
      estimateMedian(timesOf(samples, name).map((ms, round) => ((ms - (work[round] ?? 0)) * 1e6) / COUNT))
    return [
      {
        measure: 'for await over 1,000,000 results, each, over the work itself',
        figure: nanosecondsAnItem(ours),
        unit: 'ns',
        bar: { atMost: 250 },
      },
      {
        measure: 'for await over 1,000,000 results at hand, each, over the work itself',
        figure: nanosecondsAnItem(bare),
        unit: 'ns',
      },
    ]
  },
}

/** @param {AsyncIterable<number>} results */
async function addUp(results) {
  let total = 0
  for await (const result of results) total += result
  return total
}

/**
 * @param {Float64Array} items
 * @returns {AsyncIterable<number>}
 */
function atHand(items) {
  let next = 0
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const value = Math.sqrt(items[next++] ?? 0)
        return Promise.resolve(next > items.length ? { done: true, value: undefined } : { done: false, value })
      },
    }),
  }
}

/** @param {number} total */
function expectSum(total) {
  if (total !== sum) throw new Error(`the results must add up to ${sum}, got ${total}`)
}
