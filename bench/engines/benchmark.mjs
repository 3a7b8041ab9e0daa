import Benchmark from 'benchmark'
import { median } from '../harness/statistics.mjs'
import { counted, RUNS } from './timer.mjs'

/** @import { Timer } from './timer.mjs' */

/**
 * One Benchmark a configuration and round, whose samples are taken, and nothing else of it. Its traps:
 *
 *   - without `defer` it times the call alone of an async function, and calls it the fastest
 *   - a deferred that is resolved in the turn of its call recurses until the stack is full
 *   - a rejection is no error to it: it must be told
 *   - `setup` and `teardown` are pasted into the source of `fn`, which loses what it imports; there is none here
 *
 * @type {Timer}
 */
export const timer = {
  name: 'benchmark',
  async time(work) {
    const { run, cpuMs, result } = counted(work)
    /** @type {number[]} */
    const seconds = await new Promise((resolve, reject) => {
      const benchmark = new Benchmark('work', {
        defer: true,
        async: true,
        initCount: 1,
        minSamples: RUNS,
        maxTime: 1e-3, // no more samples than these
        minTime: 1e-9, // and one run a sample
        /** @param {{ resolve: () => void }} deferred */
        fn(deferred) {
          Promise.resolve()
            .then(run)
            .then(
              () => deferred.resolve(),
              (error) => {
                benchmark.abort()
                reject(error)
              },
            )
        },
        onComplete: () => resolve(benchmark.stats.sample),
      })
      benchmark.run()
    })
    return { result: result(), ms: median(seconds) * 1000, cpuMs: cpuMs() }
  },
}
