import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { FixedThreadPool } from 'poolifier'
import { Tinypool } from 'tinypool'
import workerpool from 'workerpool'

/** @typedef {keyof typeof import('./functions.mjs')} FunctionName */

/**
 * One interface over all of them.
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {(fn: FunctionName, argument: unknown) => PromiseLike<any>} call
 * @property {() => PromiseLike<unknown>} close
 */

const functions = new URL('functions.mjs', import.meta.url)

/**
 * Each with `workers` threads that it keeps, set up as its README says. Piscina also as its README tunes it for small tasks: it is
 * the one whose defaults cost the most.
 *
 * @param {number} workers
 * @returns {Peer[]}
 */
export function openPeers(workers) {
  return [
    piscina('piscina', workers, {}),
    piscina('piscina, tuned', workers, { concurrentTasksPerWorker: 64, recordTiming: false }),
    tinypool(workers),
    ofWorkerpool(workers),
    poolifier(workers),
  ]
}

/**
 * @param {string} name
 * @param {number} workers
 * @param {{ concurrentTasksPerWorker?: number, recordTiming?: boolean }} options
 * @returns {Peer}
 */
function piscina(name, workers, options) {
  const pool = new Piscina({ filename: functions.href, minThreads: workers, maxThreads: workers, ...options })
  return { name, call: (fn, argument) => pool.run(argument, { name: fn }), close: () => pool.destroy() }
}

/**
 * @param {number} workers
 * @returns {Peer}
 */
function tinypool(workers) {
  const pool = new Tinypool({ filename: functions.href, minThreads: workers, maxThreads: workers })
  return { name: 'tinypool', call: (fn, argument) => pool.run(argument, { name: fn }), close: () => pool.destroy() }
}

/**
 * @param {number} workers
 * @returns {Peer}
 */
function ofWorkerpool(workers) {
  const script = fileURLToPath(new URL('workerpool-worker.mjs', import.meta.url))
  const pool = workerpool.pool(script, { minWorkers: workers, maxWorkers: workers, workerType: 'thread' })
  return { name: 'workerpool', call: (fn, argument) => pool.exec(fn, [argument]), close: async () => pool.terminate() }
}

/**
 * @param {number} workers
 * @returns {Peer}
 */
function poolifier(workers) {
  const script = fileURLToPath(new URL('poolifier-worker.mjs', import.meta.url))
  const pool = new FixedThreadPool(workers, script)
  return { name: 'poolifier', call: (fn, argument) => pool.execute(argument, fn), close: () => pool.destroy() }
}
