/**
 * Runs one case and sends its outcome to the process that forked it.
 *
 *   main.mjs <case> [rounds]
 */
import { CannotMeasure } from './case.mjs'
import { runRounds } from './rounds.mjs'

/** @import { Case, Measure, Samples } from './case.mjs' */

/**
 * @typedef {{ about: string, rounds: number, seed: number, samples: Samples, measures: Measure[] }} Measured
 * @typedef {Measured | { cannotMeasure: string }} Outcome
 */

const [name, rounds] = process.argv.slice(2)
/** @type {Case} */
const { about, rounds: enough, open } = (await import(`../cases/${name}.mjs`)).default

/** @returns {Promise<Outcome>} */
async function measure() {
  try {
    const { configurations, measures, close } = await open()
    const count = rounds === undefined ? enough : Number(rounds)
    const seed = Math.floor(Math.random() * 2 ** 31)
    const samples = await runRounds(configurations, count, seed)
    await close()
    return { about, rounds: count, seed, samples, measures: measures(samples) }
  } catch (error) {
    if (error instanceof CannotMeasure) return { cannotMeasure: error.message }
    throw error
  }
}

const outcome = await measure()
process.send?.(outcome, () => process.exit()) // a peer's worker that does not end would keep the process alive
