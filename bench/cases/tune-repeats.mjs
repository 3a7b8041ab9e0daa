import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bootstrap } from '../harness/statistics.mjs'

/** @import { Case, Sample, Samples } from '../harness/case.mjs' */
/** @import { TuneResult } from '../../dist/tune.js' */

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const file = fileURLToPath(new URL('../bare/tuned.mjs', import.meta.url))

/** A search, thirty of which are five minutes. The default is five times as long and tells more. */
const BUDGET = '9s'
const REPEATS = 10
/** Of the repeats, in per cent: nine of ten. */
const SAME = 90

/** Some 50 ms a worker, but for the last. @type {Record<string, readonly string[]>} */
const SEARCHES = {
  'rows of a picture on threads': ['pictureRow', '--input', 'export:rows'],
  'collatz, a kernel': ['collatz', '--input', 'range:1,400001'],
  'x + 1, two thousand times': ['successor', '--input', 'range:2000'],
}

const names = Object.keys(SEARCHES)

/** @type {Case} */
export default {
  about: `lanewise tune with a budget of ${BUDGET}, over and over, each in a process of its own: how often it gives the verdict that it gives most often. The same advice counts as the same verdict; sizes of one valley may differ. That nothing can be told is none.`,
  rounds: REPEATS,

  subjects: {
    async tune() {
      const configurations = Object.fromEntries(names.map((name) => [name, () => search(SEARCHES[name] ?? [])]))
      return { configurations, close: async () => {} }
    },
  },

  plan: (_, rounds) => {
    let round = 0
    // Nothing is warmed up: each search begins in a new process, as it does for who types it.
    return {
      warmUp: [],
      next: () =>
        round === rounds ? undefined : { groups: names.map((name) => [name]), says: `repeat ${++round} of ${rounds}` },
    }
  },

  measures: (samples) =>
    names.map((name) => {
      const advices = toldOf(samples, name).map((told) => told.split(' ')[0] ?? '')
      const [usual = 'none'] = counted(advices.filter((advice) => advice !== 'noisy')).map(([advice]) => advice)
      const same = advices.map((advice) => (advice === usual ? 100 : 0))
      return {
        measure: `tune, ${name}: repeats whose verdict is '${usual}', as most are`,
        figure: bootstrap([same], ([drawn = []]) => drawn.reduce((sum, each) => sum + each, 0) / drawn.length),
        unit: '%',
        bar: { atLeast: SAME },
      }
    }),

  rows: (samples) => [
    ['search', 'repeats', 'verdicts'],
    ...names.map((name) => {
      const told = toldOf(samples, name)
      const verdicts = counted(told).map(([verdict, count]) => `${count} × ${verdict}`)
      return [name, `${told.length}`, verdicts.join(' · ')]
    }),
  ],
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Sample>}
 */
async function search([name, ...args]) {
  const start = performance.now()
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [command, 'tune', `${file}#${name}`, ...args, '--budget', BUDGET, '--json', '--quiet'],
    { maxBuffer: 2 ** 28 },
  )
  /** @type {TuneResult} */
  const { verdict } = JSON.parse(stdout)
  const { advice, option } = verdict
  return { ms: performance.now() - start, told: option === null ? advice : `${advice} ${option}` }
}

/**
 * @param {Samples} samples
 * @param {string} name
 */
function toldOf(samples, name) {
  return samples[name]?.told ?? []
}

/**
 * Each with how often it is there, the most frequent first.
 *
 * @param {readonly string[]} texts
 */
function counted(texts) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}
