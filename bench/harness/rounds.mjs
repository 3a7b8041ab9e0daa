import { seededRandom, shuffled } from './statistics.mjs'

/** @import { Sample, Samples } from './case.mjs' */

// The first runs compile the code and start the workers. Larger: longer benches. Smaller: the first rounds measure V8's compilers.
const WARM_UPS = 3

/**
 * Runs each configuration once a round, in an order drawn anew for each round: what drifts, or disturbs the machine for a
 * while, hits all of them alike, where one after the other it would look like a difference.
 *
 * @param {Record<string, () => Promise<Sample>>} configurations
 * @param {number} rounds that count; some come before them that don't
 * @param {number} seed of the orders
 * @returns {Promise<Samples>}
 */
export async function runRounds(configurations, rounds, seed) {
  const random = seededRandom(seed)
  /** @type {Samples} */
  const samples = {}
  for (const name of Object.keys(configurations)) samples[name] = { ms: [], cpuMs: [] }
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const [name, run] of shuffled(Object.entries(configurations), random)) {
      const { ms, cpuMs } = await run()
      if (round < 0) continue
      samples[name]?.ms.push(ms)
      if (cpuMs !== undefined) samples[name]?.cpuMs.push(cpuMs)
    }
  }
  return samples
}
