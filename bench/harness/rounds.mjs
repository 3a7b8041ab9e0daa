import { setImmediate as turn } from 'node:timers/promises'
import { CannotMeasure } from './case.mjs'
import { seededRandom, shuffled } from './statistics.mjs'
import { SubjectProcess } from './subject-process.mjs'

/** @import { Case, Plan, Sample, Samples } from './case.mjs' */

// The first runs compile the code and start the workers. Larger: longer benches. Smaller: the first rounds measure V8's compilers.
const WARM_UPS = 3

/**
 * @typedef {object} Running
 * @property {number} rounds that count, at most; some come before them that don't
 * @property {number} seed of the orders
 * @property {string} timer a name of bench/engines
 * @property {AbortSignal} [signal] ends the case at once, with the rounds that are whole
 * @property {(text: string) => void} [onProgress] called before each run with what it is of
 */

/**
 * Runs the configurations of all subjects round by round, as the case plans it: all that are compared with one another in an order drawn anew for each round,
 * so that what drifts, or disturbs the machine for a while, hits all of them alike, where one after the other it would look like a difference.
 *
 * @param {string} caseName
 * @param {Case} benchCase
 * @param {Running} running
 * @returns {Promise<Samples>}
 */
export async function runRounds(caseName, benchCase, { rounds, seed, timer, signal, onProgress = () => {} }) {
  const { subjects, optional = [], plan = eachRound } = benchCase
  /** @type {SubjectProcess[]} */
  const processes = []
  /** @type {Samples} */
  const samples = {}
  const leave = () => {
    for (const subject of processes) subject.leave()
  }
  signal?.addEventListener('abort', leave) // whatever is awaited then fails
  try {
    /** @type {Map<string, SubjectProcess>} by configuration */
    const configurations = new Map()
    // One after the other: some measure what their work costs here, and would measure one another's set-up.
    for (const name of Object.keys(subjects)) {
      signal?.throwIfAborted()
      onProgress(`${caseName}: opens ${name}`)
      const subject = new SubjectProcess(caseName, name, timer)
      processes.push(subject)
      const its = await (optional.includes(name) ? orNone(subject) : subject.opened())
      for (const configuration of its) configurations.set(configuration, subject)
    }
    /** @type {(name: string) => SubjectProcess} */
    const subjectOf = (name) => {
      const subject = configurations.get(name)
      if (subject === undefined) throw new RangeError(`${caseName} plans ${name}, which it does not have`)
      return subject
    }

    const names = [...configurations.keys()]
    for (const name of names) samples[name] = { ms: [], cpuMs: [] }
    const random = seededRandom(seed)
    const { warmUp, next } = plan(names, rounds)
    for (let round = 0; round < WARM_UPS; round++) {
      for (const name of shuffled(warmUp, random)) {
        onProgress(`${caseName}: warm-up ${round + 1} of ${WARM_UPS}`)
        await subjectOf(name).run(name)
      }
    }
    const began = performance.now()
    for (let round = next(samples, 0); round !== undefined; round = next(samples, performance.now() - began)) {
      const { groups, says, untilMs = Number.POSITIVE_INFINITY } = round
      for (const [done, group] of shuffled(groups, random).entries()) {
        if (performance.now() - began >= untilMs) break
        const runs = []
        for (const name of shuffled(group, random)) {
          onProgress(`${caseName}: ${says}${groups.length > 1 ? `, ${done} of ${groups.length} done` : ''}`)
          runs.push({ name, sample: await subjectOf(name).run(name) })
        }
        // All of them or none: rounds stay paired, whenever the case ends.
        for (const { name, sample } of runs) addSample(samples, name, sample)
      }
    }
    await Promise.all([...new Set(configurations.values())].map((subject) => subject.close()))
    return samples
  } catch (error) {
    await turn() // Ctrl-C goes to child processes too: they may be gone before this process hears of it
    if (signal?.aborted) return samples
    throw error
  } finally {
    signal?.removeEventListener('abort', leave)
    leave()
  }
}

/**
 * @param {Samples} samples
 * @param {string} name
 * @param {Sample} sample
 */
function addSample(samples, name, { ms, cpuMs, told, server }) {
  const its = samples[name]
  if (its === undefined) return
  its.ms.push(ms)
  if (cpuMs !== undefined) its.cpuMs.push(cpuMs)
  if (told !== undefined) its.told = [...(its.told ?? []), told]
  if (server !== undefined) its.server = [...(its.server ?? []), server]
}

/**
 * Everything in every round.
 *
 * @param {readonly string[]} names
 * @param {number} rounds
 * @returns {Plan}
 */
export function eachRound(names, rounds) {
  let round = 0
  return {
    warmUp: names,
    next: () => (round === rounds ? undefined : { groups: [names], says: `round ${++round} of ${rounds}` }),
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
    console.error(`${subject.name} is left out: ${error.message}`)
    return []
  }
}
