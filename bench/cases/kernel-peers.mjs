import { kernel, ThreadPoolExecutor } from 'lanewise'
import { COUNT, expectClose, prepared, WORKS } from '../bare/kernels.mjs'
import { timed } from '../harness/case.mjs'
import { timesFaster } from '../harness/compare.mjs'
import { NUMERIC_PEERS } from '../peers/numeric.mjs'

/** @import { Case, Subject } from '../harness/case.mjs' */
/** @import { NumericPeer } from '../peers/numeric.mjs' */

const names = Object.keys(WORKS)
const peers = Object.keys(NUMERIC_PEERS)

/** @param {string} name */
const ours = (name) => `${name}: lanewise, one worker`
/**
 * @param {string} name
 * @param {string} peer
 */
const theirs = (name, peer) => `${name}: ${peer}`

/** @type {Case} */
export default {
  about: `A kernel over ${COUNT.toLocaleString('en')} rows of doubles with a fresh result, on one worker, against what else runs a function over columns, on the calling thread. mathjs, which has no loops in its expressions, gets a fiftieth of the rows, and its time is taken fifty times.`,
  rounds: 5,

  subjects: {
    async lanewise() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
      const configurations = Object.fromEntries(
        names.map((name) => {
          const { work, inputs, expected } = prepared(name)
          const compiled = kernel(work.fn)
          return [ours(name), timed(() => pool.map(compiled, ...inputs), expectClose(expected))]
        }),
      )
      return { configurations, close: () => pool.shutdown() }
    },
    ...Object.fromEntries(peers.map((peer) => [peer, () => openPeer(peer)])),
  },

  measures: (samples) =>
    names.flatMap((name) =>
      peers
        .filter((peer) => theirs(name, peer) in samples)
        .map((peer) => timesFaster(samples, ours(name), ours(name), theirs(name, peer))),
    ),
}

/**
 * @param {string} peer
 * @returns {Promise<Subject>}
 */
async function openPeer(peer) {
  const { open, accuracy, share } = /** @type {NumericPeer} */ (NUMERIC_PEERS[peer])
  /** @type {Subject['configurations']} */
  const configurations = {}
  for (const name of names) {
    const { work, inputs, expected } = prepared(name)
    const count = COUNT * share
    const run = await open(work.fn, count)
    if (run === undefined) continue
    const columns = inputs.map((column) => column.subarray(0, count))
    const all = timed(() => run(columns), expectClose(expected.subarray(0, count), accuracy))
    configurations[theirs(name, peer)] = async () => {
      const { ms, cpuMs } = await all()
      return { ms: ms / share, ...(cpuMs !== undefined && { cpuMs: cpuMs / share }) }
    }
  }
  return { configurations, close: async () => {} }
}
