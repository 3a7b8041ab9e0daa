/**
 * The stand of another pool of Node: chunks made by hand, packed in typed arrays, all results awaited together. What its README
 * would have one write.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { workloadOf } from '../../dist/cli/run-bench.js'
import { PEERS } from '../peers/pools.mjs'
import { serve } from './serve.mjs'

/** @import { Peer } from '../peers/pools.mjs' */

/** What a pool may take to end its workers. */
const CLOSE_MS = 500

serve(async (workload, engine) => {
  const openPool = PEERS[engine]
  if (openPool === undefined)
    throw new RangeError(`there is no pool ${engine}; there are ${Object.keys(PEERS).join(', ')}`)
  const { fn, inputs } = workloadOf(workload)
  const text = fn.toString()
  /** @type {Map<number, { columns: readonly (Float64Array | readonly string[])[], expected: unknown[] }>} */
  const jobs = new Map()
  /** @type {Map<number, Peer>} */
  const pools = new Map()

  /** @param {number} items */
  const jobOf = (items) => {
    const known = jobs.get(items)
    if (known !== undefined) return known
    const columns = inputs(items)
    const call = /** @type {(...values: unknown[]) => unknown} */ (fn)
    const expected = Array.from({ length: items }, (_, i) => call(...columns.map((column) => column[i])))
    const job = { columns, expected }
    jobs.set(items, job)
    return job
  }

  /** @param {number} workers */
  const poolOf = async (workers) => {
    const pool = pools.get(workers) ?? (await openPool(workers))
    pools.set(workers, pool)
    return pool
  }

  return {
    async run({ workers, chunksize, items }) {
      const size = Number(chunksize)
      const { columns, expected } = jobOf(items)
      const pool = await poolOf(workers)
      const start = performance.now()
      let firstMs = 0
      const chunks = Array.from({ length: Math.ceil(items / size) }, (_, i) => {
        // `slice`, not `subarray`: of a view all of its buffer would travel.
        const part = columns.map((column) => column.slice(i * size, (i + 1) * size))
        const chunk = pool.call('runChunk', { text, columns: part })
        if (i > 0) return chunk
        return chunk.then((results) => {
          firstMs = performance.now() - start
          return results
        })
      })
      const parts = await Promise.all(chunks)
      const results = parts.flatMap((part) => [...part])
      const makespanMs = performance.now() - start
      const wrong = expected.findIndex((value, i) => !Object.is(value, results[i]))
      if (wrong !== -1 || results.length !== items) {
        throw new Error(`row ${wrong} is ${results[wrong]} by ${engine}, and ${expected[wrong]} by the plain loop`)
      }
      return { makespanMs, firstMs, chunks: chunks.length }
    },
    // Not all of them end when they are told to (poolifier 5.3.2 waits for ever here): the process, which goes next, ends them.
    close: async () => {
      const closed = [...pools.values()].map((pool) => pool.close())
      await Promise.race([Promise.all(closed), sleep(CLOSE_MS)])
    },
  }
})
