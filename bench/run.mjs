/**
 * How fast lanewise is, against what one would use instead and against the bars that it is held to. A figure below its bar fails
 * nothing: this is no test. What fails it is a wrong result.
 *
 *   npm run bench                        all cases, some minutes; the figures go to bench/results
 *   npm run bench -- submits latency     these
 *   npm run bench -- auto --rounds 3     a quick look; nothing is written
 *
 * Each pool runs in a process of its own, all of them by turns in random order; each result is compared with what it must be.
 */
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installPackages, packagesAreCurrent } from '../scripts/setup/packages.mjs'
import { CannotMeasure } from './harness/case.mjs'
import { describeMachine, loadOfLastMinute } from './harness/machine.mjs'
import { printTable, printTimes } from './harness/report.mjs'
import { keepResult } from './harness/results.mjs'
import { runRounds } from './harness/rounds.mjs'

/** @import { Case, Measure } from './harness/case.mjs' */

const CASES = [
  'kernels',
  'kernel-peers',
  'kernel-c',
  'kernel-chunks',
  'reduce',
  'crossing',
  'sines',
  'submits',
  'square-roots',
  'for-await',
  'python',
  'auto',
  'latency',
  'cold-start',
]

const root = fileURLToPath(new URL('..', import.meta.url))
const { names, roundsAskedFor } = readArguments()
installPeers()

const machine = describeMachine(root)
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`)

/** @type {Measure[]} */
const measures = []
for (const name of names) {
  try {
    measures.push(...(await runCase(name)))
  } catch (error) {
    console.log(`${name}: left out; ${/** @type {Error} */ (error).message}`)
    if (!(error instanceof CannotMeasure)) process.exitCode = 1
  }
}
console.log(`\n${printTable(measures)}`)

/**
 * Runs a case, prints its times and, where it ran in full, writes them down.
 *
 * @param {string} name
 */
async function runCase(name) {
  /** @type {{ default: Case }} */
  const { default: benchCase } = await import(`./cases/${name}.mjs`)
  const rounds = roundsAskedFor ?? benchCase.rounds
  const seed = Math.floor(Math.random() * 2 ** 31)
  const loadBefore = loadOfLastMinute()
  const start = performance.now()
  const samples = await runRounds(name, benchCase, rounds, seed)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const loadAfter = loadOfLastMinute()
  console.log(`\n${name}: ${rounds} rounds, ${seconds} s, load ${loadBefore} before and ${loadAfter} after`)
  console.log(printTimes(samples))
  const measures = benchCase.measures(samples)
  if (roundsAskedFor === undefined) {
    const path = keepResult(join(root, 'bench/results'), name, {
      about: benchCase.about,
      command: `npm run bench -- ${name}`,
      at: new Date().toISOString(),
      machine,
      loadBefore,
      loadAfter,
      rounds,
      seed,
      measures,
      samples,
    })
    console.log(`written to ${relative(process.cwd(), path)}.md`)
  }
  return measures
}

function readArguments() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } })
  const unknown = positionals.find((name) => !CASES.includes(name))
  if (unknown !== undefined) refuse(`there is no case ${unknown}; there are ${CASES.join(', ')}`)
  const roundsAskedFor = values.rounds === undefined ? undefined : Number(values.rounds)
  if (roundsAskedFor !== undefined && !(Number.isInteger(roundsAskedFor) && roundsAskedFor > 1)) {
    refuse(`--rounds must be an integer of at least 2, got ${values.rounds}; leave it out for what the case asks for`)
  }
  return { names: positionals.length === 0 ? CASES : positionals, roundsAskedFor }
}

/** The other pools, in a folder of their own, so that nobody else has to install them. */
function installPeers() {
  const folder = join(root, 'bench/peers')
  if (packagesAreCurrent(folder)) return
  console.log('installing the pools to compare with …')
  const { ok, output } = installPackages(folder)
  if (!ok) refuse(`they could not be installed\n${output}`)
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  console.error(`bench: ${why}`)
  process.exit(1)
}
