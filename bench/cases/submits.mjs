import { ThreadPoolExecutor } from 'lanewise'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { fastest, timesFaster } from '../harness/compare.mjs'
import { label, same } from '../peers/functions.mjs'
import { openPeers } from '../peers/pools.mjs'

/** @import { Case } from '../harness/case.mjs' */

const COUNT = 20_000
const CALLS = `${COUNT.toLocaleString('en')} submits`
const numbers = Array.from({ length: COUNT }, (_, i) => i)
const labels = numbers.map(label)

/** @type {Case} */
export default {
  about: `${CALLS} of calls that do nothing, made in one loop and awaited together, on threads.`,
  rounds: 11,

  async open() {
    const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
    const peers = openPeers(WORKERS)
    const withNumbers = peers.map(({ name, call }) => ({
      name: `${name}, numbers`,
      run: timed(
        () => Promise.all(numbers.map((x) => call('same', x))),
        (results) => expectArray(results, numbers),
      ),
    }))
    const withStrings = peers.map(({ name, call }) => ({
      name: `${name}, strings`,
      run: timed(
        () => Promise.all(numbers.map((x) => call('label', x))),
        (results) => expectArray(results, labels),
      ),
    }))
    const ours = [
      {
        name: 'lanewise, numbers, result()',
        run: timed(
          () => Promise.all(numbers.map((x) => pool.submit(same, x)).map((future) => future.result())),
          (results) => expectArray(results, numbers),
        ),
      },
      {
        name: 'lanewise, numbers, futures',
        run: timed(
          () => Promise.all(numbers.map((x) => pool.submit(same, x))),
          (results) => expectArray(results, numbers),
        ),
      },
      {
        name: 'lanewise, strings, result()',
        run: timed(
          () => Promise.all(numbers.map((x) => pool.submit(label, x)).map((future) => future.result())),
          (results) => expectArray(results, labels),
        ),
      },
    ]
    return {
      configurations: Object.fromEntries([...ours, ...withNumbers, ...withStrings].map(({ name, run }) => [name, run])),
      measures(samples) {
        const byNumbers = fastest(samples, withNumbers)
        const byStrings = fastest(samples, withStrings)
        return [
          timesFaster(samples, `${CALLS}, Promise.all of result()`, 'lanewise, numbers, result()', byNumbers, {
            atLeast: 8,
          }),
          timesFaster(samples, `${CALLS}, Promise.all of futures`, 'lanewise, numbers, futures', byNumbers, {
            atLeast: 6,
          }),
          timesFaster(samples, `${CALLS}, Promise.all of result()`, 'lanewise, strings, result()', byStrings, {
            atLeast: 3,
          }),
        ]
      },
      async close() {
        await Promise.all([pool.shutdown(), ...peers.map((peer) => peer.close())])
      },
    }
  },
}
