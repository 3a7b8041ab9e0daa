import { CannotMeasure } from './case.mjs'
import { seededRandom, shuffled } from './statistics.mjs'
import { SubjectProcess } from './subject-process.mjs'

/** @import { Case, Samples } from './case.mjs' */

// The first runs compile the code and start the workers. Larger: longer benches. Smaller: the first rounds measure V8's compilers.
const WARM_UPS = 3

/**
 * Runs each configuration of all subjects once a round, in an order drawn anew for each round: what drifts, or disturbs the
 * machine for a while, hits all of them alike, where one after the other it would look like a difference.
 *
 * @param {string} caseName
 * @param {Case} benchCase
 * @param {number} rounds that count; some come before them that don't
 * @param {number} seed of the orders
 * @param {string} timer a name of bench/engines
 * @returns {Promise<Samples>}
 */
export async function runRounds(caseName, { subjects, optional = [] }, rounds, seed, timer) {
  const processes = Object.keys(subjects).map((subject) => new SubjectProcess(caseName, subject, timer))
  try {
    const opened = processes.map(async (subject) => {
      const names = await (optional.includes(subject.name) ? orNone(subject) : subject.opened())
      return names.map((name) => ({ name, subject }))
    })
    const configurations = (await Promise.all(opened)).flat()
    /** @type {Samples} */
    const samples = Object.fromEntries(configurations.map(({ name }) => [name, { ms: [], cpuMs: [] }]))
    const random = seededRandom(seed)
    for (let round = -WARM_UPS; round < rounds; round++) {
      for (const { name, subject } of shuffled(configurations, random)) {
        const { ms, cpuMs } = await subject.run(name)
        if (round < 0) continue
        samples[name]?.ms.push(ms)
        if (cpuMs !== undefined) samples[name]?.cpuMs.push(cpuMs)
      }
    }
    await Promise.all([...new Set(configurations.map(({ subject }) => subject))].map((subject) => subject.close()))
    return samples
  } finally {
    for (const subject of processes) subject.leave()
  }
}

/**
 * Its configurations; none where it cannot be measured here, which is told.
 *
 * @param {SubjectProcess} subject
 */
async function orNone(subject) {
  try {
    return await subject.opened()
  } catch (error) {
    if (!(error instanceof CannotMeasure)) throw error
    console.log(`${subject.name} is left out: ${error.message}`)
    return []
  }
}
