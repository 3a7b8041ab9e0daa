import { fileURLToPath } from 'node:url'
import { PEERS } from '../peers/pools.mjs'

/** @import { Peer } from '../../dist/tune/experiments/lab.js' */

const poolStand = fileURLToPath(new URL('pool-stand.mjs', import.meta.url))
const pythonStand = fileURLToPath(new URL('python-stand.mjs', import.meta.url))

/** Those of bench/python/workloads.py. */
const IN_PYTHON = ['polynomial', 'primes', 'collatz', 'mandelbrot', 'clustered']
const IN_NODE = [
  ...IN_PYTHON,
  'triangle',
  'triangle-reversed',
  'sparse',
  'black-scholes',
  'monte-carlo',
  'lognormal',
  'periodic',
  'late-spike',
  'json',
]

/** The hundred chunks of many a tutorial, four a worker, and one a worker. @param {number} items @param {number} workers */
const byHand = (items, workers) => sizes(items, [100, 4 * workers, workers])

/** Its default, 1, and what one finds who tries: up to one chunk a worker. @param {number} items @param {number} workers */
const ofPython = (items, workers) => [
  ...new Set([1, ...sizes(items, [64 * workers, 16 * workers, 4 * workers, workers])]),
]

/** Pools of Node, each with what its README would have one write. @type {readonly Peer[]} */
const POOLS = Object.keys(PEERS).map((name) => ({ name, program: poolStand, workloads: IN_NODE, chunksizes: byHand }))

/** @type {readonly Peer[]} */
const PYTHON = ['python', 'joblib', 'numba'].map((name) => ({
  name,
  program: pythonStand,
  workloads: IN_PYTHON,
  chunksizes: ofPython,
}))

/** All of them. */
const ALL_PEERS = [...POOLS, ...PYTHON]

/**
 * Those that are named; `'pools'` are those of Node, which need nothing but their packages.
 *
 * @param {readonly string[]} names
 * @returns {readonly Peer[]}
 */
export function peersNamed(names) {
  return names.flatMap((name) => {
    if (name === 'pools') return [...POOLS]
    if (name === 'all') return ALL_PEERS
    if (name === 'none') return []
    const peer = ALL_PEERS.find((each) => each.name === name)
    const all = ['none', 'pools', 'all', ...ALL_PEERS.map((each) => each.name)]
    if (peer === undefined) throw new RangeError(`there is no peer '${name}'; use ${all.join(', ')}`)
    return [peer]
  })
}

/** @param {number} items @param {number[]} counts of chunks */
function sizes(items, counts) {
  return [...new Set(counts.map((count) => Math.max(1, Math.ceil(items / count))))]
}
