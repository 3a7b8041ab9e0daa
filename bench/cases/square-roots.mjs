import { ThreadPoolExecutor } from 'lanewise'
import { openWorkers } from '../bare/workers.mjs'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { fastest, timesAsLong, timesFaster } from '../harness/compare.mjs'
import { PEERS } from '../peers/pools.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */

const COUNT = 1_000_000
const WORK = 'map of 1,000,000 Math.sqrt'
const numbers = Float64Array.from({ length: COUNT }, (_, i) => i / 3)
const roots = numbers.map(Math.sqrt)

// As one would cut by hand: for bare workers a few large pieces, for pools the hundred plain arrays of many a tutorial.
const BARE_CHUNKS = 8
const PEER_CHUNKS = 100

const ours = 'lanewise, auto'
const byHand = 'bare workers'

/** @type {Case} */
export default {
  about: `Math.sqrt of a million numbers, all results in one plain array. Bare workers get ${BARE_CHUNKS} chunks of a Float64Array, moved there and back; the other pools ${PEER_CHUNKS} chunks of a plain array.`,
  rounds: 15,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      return subject(
        ours,
        () => pool.map(Math.sqrt, numbers),
        () => pool.shutdown(),
      )
    },
    async bare() {
      const workers = openWorkers(WORKERS)
      return subject(
        byHand,
        () => workers.squareRoots(numbers, BARE_CHUNKS),
        () => workers.close(),
      )
    },
    ...Object.fromEntries(Object.keys(PEERS).map((name) => [name, () => openPeer(name)])),
  },

  measures: (samples) => [
    timesAsLong(samples, WORK, ours, byHand, { atMost: 1.5 }),
    timesFaster(samples, WORK, ours, fastest(samples, Object.keys(PEERS)), { atLeast: 5 }),
  ],
}

/** @param {string} name */
async function openPeer(name) {
  const pool = await PEERS[name]?.(WORKERS)
  if (pool === undefined) throw new RangeError(`no peer ${name}`)
  const items = [...numbers]
  const length = Math.ceil(COUNT / PEER_CHUNKS)
  const work = async () => {
    const chunks = Array.from({ length: PEER_CHUNKS }, (_, i) => items.slice(i * length, (i + 1) * length))
    return (await Promise.all(chunks.map((chunk) => pool.call('squareRoots', chunk)))).flat()
  }
  return subject(name, work, async () => pool.close())
}

/**
 * @param {string} name
 * @param {() => PromiseLike<number[]>} work
 * @param {() => Promise<unknown>} close
 * @returns {Subject}
 */
function subject(name, work, close) {
  return { configurations: { [name]: timed(work, (results) => expectArray(results, roots)) }, close }
}
