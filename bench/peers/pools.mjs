import { fileURLToPath } from 'node:url'

/** @typedef {typeof import('./functions.mjs')} Functions */

/**
 * One interface over all of them.
 *
 * @typedef {object} Peer
 * @property {<F extends keyof Functions>(fn: F, argument: Parameters<Functions[F]>[0]) => PromiseLike<ReturnType<Functions[F]>>} call
 * @property {() => PromiseLike<unknown>} close
 */

const functions = new URL('functions.mjs', import.meta.url).href

/**
 * Each with `workers` threads that it keeps, set up as its README says. Piscina also as its README tunes it for small tasks, since
 * its defaults cost the most.
 *
 * @type {Record<string, (workers: number) => Promise<Peer>>}
 */
export const PEERS = {
  piscina: (workers) => piscina(workers, {}),
  'piscina, tuned': (workers) => piscina(workers, { concurrentTasksPerWorker: 64, recordTiming: false }),

  async tinypool(workers) {
    const { Tinypool } = await import('tinypool')
    const pool = new Tinypool({ filename: functions, minThreads: workers, maxThreads: workers })
    return { call: (fn, argument) => pool.run(argument, { name: fn }), close: () => pool.destroy() }
  },

  async workerpool(workers) {
    const { default: workerpool } = await import('workerpool')
    const script = fileURLToPath(new URL('workerpool-worker.mjs', import.meta.url))
    const pool = workerpool.pool(script, { minWorkers: workers, maxWorkers: workers, workerType: 'thread' })
    return { call: (fn, argument) => pool.exec(fn, [argument]), close: async () => pool.terminate() }
  },

  async poolifier(workers) {
    const { FixedThreadPool } = await import('poolifier')
    const pool = new FixedThreadPool(workers, fileURLToPath(new URL('poolifier-worker.mjs', import.meta.url)))
    return { call: (fn, argument) => pool.execute(argument, fn), close: () => pool.destroy() }
  },
}

/**
 * @param {number} workers
 * @param {{ concurrentTasksPerWorker?: number, recordTiming?: boolean }} options
 * @returns {Promise<Peer>}
 */
async function piscina(workers, options) {
  const { Piscina } = await import('piscina')
  const pool = new Piscina({ filename: functions, minThreads: workers, maxThreads: workers, ...options })
  return { call: (fn, argument) => pool.run(argument, { name: fn }), close: () => pool.destroy() }
}
