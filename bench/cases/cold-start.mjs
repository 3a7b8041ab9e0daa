import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { timesAsLong, timesOf } from '../harness/compare.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case, Sample } from '../harness/case.mjs' */

const script = fileURLToPath(new URL('../bare/cold-start.mjs', import.meta.url))

/** @type {Case} */
export default {
  about:
    'Each in a process of its own, timed inside it: the import, acorn included; then, the package imported, from the making of a pool to the result of its first call, against a bare worker or fork that sends one message back.',
  rounds: 25,

  subjects: {
    async starts() {
      return {
        configurations: {
          'import lanewise': () => coldStart('import'),
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
    {
      measure: 'import of the package',
      figure: estimateMedian(timesOf(samples, 'import lanewise')),
      unit: 'ms',
      bar: { atMost: 25 },
    },
    timesAsLong(samples, 'cold start to first result', 'lanewise, threads', 'bare worker', { atMost: 1.5 }),
    timesAsLong(samples, 'cold start to first result', 'lanewise, processes', 'bare fork', { atMost: 1.5 }),
  ],
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
