import { ThreadPoolExecutor } from 'lanewise'
import { openWorkers } from '../bare/workers.mjs'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { fastest, timesAsLong, timesFaster } from '../harness/compare.mjs'
import { openPeers } from '../peers/pools.mjs'

/** @import { Case } from '../harness/case.mjs' */

const COUNT = 1_000_000
const numbers = Float64Array.from({ length: COUNT }, (_, i) => i / 3)
const plainNumbers = [...numbers]
const roots = numbers.map(Math.sqrt)

// As one would cut by hand: for bare workers a few large pieces, for pools the hundred plain arrays of many a tutorial.
const BARE_CHUNKS = 8
const PEER_CHUNKS = 100

/** @type {Case} */
export default {
  about: `Math.sqrt of 1,000,000 numbers, all results in one plain array. Bare workers get ${BARE_CHUNKS} chunks of a Float64Array, moved there and back; the other pools ${PEER_CHUNKS} chunks of a plain array.`,
  rounds: 15,

  async open() {
    const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
    const bare = openWorkers(WORKERS)
    const peers = openPeers(WORKERS)
    const byPeers = peers.map(({ name, call }) => ({
      name,
      run: timed(
        async () =>
          (await Promise.all(cut(plainNumbers, PEER_CHUNKS).map((chunk) => call('squareRoots', chunk)))).flat(),
        (results) => expectArray(results, roots),
      ),
    }))
    const ours = 'lanewise, auto'
    const byHand = 'bare workers'
    return {
      configurations: {
        [ours]: timed(
          () => pool.map(Math.sqrt, numbers),
          (results) => expectArray(results, roots),
        ),
        [byHand]: timed(
          () => bare.squareRoots(numbers, BARE_CHUNKS),
          (results) => expectArray(results, roots),
        ),
        ...Object.fromEntries(byPeers.map(({ name, run }) => [name, run])),
      },
      measures(samples) {
        return [
          timesAsLong(samples, 'map of 1,000,000 Math.sqrt', ours, byHand, { atMost: 1.5 }),
          timesFaster(samples, 'map of 1,000,000 Math.sqrt', ours, fastest(samples, byPeers), { atLeast: 5 }),
        ]
      },
      async close() {
        await Promise.all([pool.shutdown(), bare.close(), ...peers.map((peer) => peer.close())])
      },
    }
  },
}

/**
 * @param {number[]} items
 * @param {number} count
 */
function cut(items, count) {
  const length = Math.ceil(items.length / count)
  return Array.from({ length: count }, (_, i) => items.slice(i * length, (i + 1) * length))
}
