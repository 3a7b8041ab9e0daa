import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { timesAsLong, timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case, Measure, Sample, Samples } from '../harness/case.mjs' */

const script = fileURLToPath(new URL('../bare/cold-start.mjs', import.meta.url))

/** @type {Case} */
export default {
  about:
    'Each in a process of its own, timed inside it: the import, acorn included; making and calling the first kernel of a process; then, the package imported, from the making of a pool to the result of its first call, against a bare worker or fork that sends one message back.',
  rounds: 25,

  subjects: {
    async starts() {
      return {
        configurations: {
          'import lanewise': () => coldStart('import'),
          'first kernel, polynomial': () => coldStart('polynomial'),
          'first kernel, Black-Scholes': () => coldStart('blackScholes'),
          'lanewise, threads': () => coldStart('threads'),
          'bare worker': () => coldStart('worker'),
          'lanewise, processes': () => coldStart('processes'),
          'bare fork': () => coldStart('fork'),
        },
        close: async () => {},
      }
    },
  },

  measures: (samples) => [
    millisecondsOf(samples, 'import lanewise', 25),
    millisecondsOf(samples, 'first kernel, polynomial', 20),
    millisecondsOf(samples, 'first kernel, Black-Scholes', 20),
    timesAsLong(samples, 'cold start to first result', 'lanewise, threads', 'bare worker', { atMost: 1.5 }),
    timesAsLong(samples, 'cold start to first result', 'lanewise, processes', 'bare fork', { atMost: 1.5 }),
  ],
}

/**
 * @param {Samples} samples
 * @param {string} configuration
 * @param {number} atMost
 * @returns {Measure}
 */
function millisecondsOf(samples, configuration, atMost) {
  return {
    measure: configuration,
    figure: estimateMedian(timesOf(samples, configuration)),
    unit: 'ms',
    bar: { atMost },
  }
}

/**
 * @param {string} name of a start in cold-start.mjs
 * @returns {Promise<Sample>}
 */
function coldStart(name) {
  return new Promise((resolve, reject) => {
    const child = fork(script, [name])
    child.once('message', (ms) => resolve({ ms: Number(ms) }))
    child.once('exit', (code) =>
      reject(new Error(`the cold start of ${name} ended with ${code}; what is above says why`)),
    )
  })
}
