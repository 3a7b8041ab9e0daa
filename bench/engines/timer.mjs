/**
 * What times one configuration in one round. The rounds around it are ours with all of them: they interleave, which no library here does.
 *
 * @typedef {object} Timer
 * @property {string} name
 * @property {<R>(work: () => PromiseLike<R> | R) => Promise<Timed<R>>} time runs `work` once or more; rejects with what it throws
 */

/**
 * @template R
 * @typedef {object} Timed
 * @property {R} result of the last run
 * @property {number} ms      median of the runs
 * @property {number} cpuMs   mean of the runs, over all threads of this process
 */

/** Runs a configuration so often in a round, where a library times it. More: rounds are so much longer, and drift counts more. Fewer: it has nothing to make a median of. */
export const RUNS = 5

/** @type {Record<string, () => Promise<{ timer: Timer }>>} */
const TIMERS = {
  rounds: () => import('./rounds.mjs'),
  benchmark: () => import('./benchmark.mjs'),
  tinybench: () => import('./tinybench.mjs'),
}

/**
 * By its name: ours, Benchmark.js, or tinybench.
 *
 * @param {string} name
 * @returns {Promise<Timer>}
 */
export async function timerNamed(name) {
  const load = Object.hasOwn(TIMERS, name) ? TIMERS[name] : undefined
  if (load === undefined) throw new RangeError(`there is no timer '${name}'; use ${Object.keys(TIMERS).join(', ')}`)
  return (await load()).timer
}

/**
 * Times runs by the processor, for what a library does not tell.
 *
 * @template R
 * @param {() => PromiseLike<R> | R} work
 * @returns {{ run: () => Promise<R>, cpuMs: () => number, result: () => R }}
 */
export function counted(work) {
  /** @type {{ value: R } | undefined} */
  let last
  let runs = 0
  const before = process.cpuUsage()
  return {
    async run() {
      const value = await work()
      last = { value }
      runs++
      return value
    },
    cpuMs() {
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000 / Math.max(1, runs)
    },
    result() {
      if (last === undefined) throw new Error('the work was not run')
      return last.value
    },
  }
}
