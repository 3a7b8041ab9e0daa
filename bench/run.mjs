/**
 * How fast lanewise is, against what one would use instead and against the bars that it is held to. A figure below its bar fails
 * nothing: this is no test. What fails it is a wrong result.
 *
 *   npm run bench                        all cases, some minutes; the figures go to bench/results
 *   npm run bench -- submits latency     these
 *   npm run bench -- auto --rounds 3     a quick look; nothing is written
 *
 * Each case runs in a process of its own, its configurations in turns of random order, each result compared with what it must be.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installPackages, packagesAreCurrent } from '../scripts/setup/packages.mjs'
import { describeMachine, loadOfLastMinute } from './harness/machine.mjs'
import { printTable } from './harness/report.mjs'
import { keepResult } from './harness/results.mjs'

/** @import { Measure } from './harness/case.mjs' */
/** @import { Outcome } from './harness/main.mjs' */

const CASES = ['submits', 'square-roots', 'for-await', 'python', 'auto', 'latency', 'cold-start']

const root = fileURLToPath(new URL('..', import.meta.url))
const { names, rounds } = readArguments()
installPeers()

const machine = describeMachine(root)
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`)

/** @type {Measure[]} */
const measures = []
for (const name of names) {
  const loadBefore = loadOfLastMinute()
  const start = performance.now()
  const outcome = await runCase(name)
  const loadAfter = loadOfLastMinute()
  if (outcome === undefined) {
    console.log(`${name}: failed; what is above says why`)
    process.exitCode = 1
    continue
  }
  if ('cannotMeasure' in outcome) {
    console.log(`${name}: left out; ${outcome.cannotMeasure}`)
    continue
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${name}: ${outcome.rounds} rounds, ${seconds} s, load ${loadBefore} before and ${loadAfter} after`)
  measures.push(...outcome.measures)
  if (rounds === undefined) {
    const command = `npm run bench -- ${name}`
    const at = new Date().toISOString()
    const result = { command, at, machine, loadBefore, loadAfter, ...outcome }
    console.log(`${name}: written to ${keepResult(join(root, 'bench/results'), name, result)}.md`)
  }
}
console.log(`\n${printTable(measures)}`)

function readArguments() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } })
  const unknown = positionals.find((name) => !CASES.includes(name))
  if (unknown !== undefined) refuse(`there is no case ${unknown}; there are ${CASES.join(', ')}`)
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 1)) {
    refuse(`--rounds must be an integer of at least 2, got ${values.rounds}; leave it out for what the case asks for`)
  }
  return { names: positionals.length === 0 ? CASES : positionals, rounds }
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
 * The outcome of a case; undefined where its process failed.
 *
 * @param {string} name
 * @returns {Promise<Outcome | undefined>}
 */
async function runCase(name) {
  const child = fork(
    fileURLToPath(new URL('harness/main.mjs', import.meta.url)),
    [name, ...(rounds ? [`${rounds}`] : [])],
    {
      cwd: root,
      execArgv: ['--expose-gc'],
    },
  )
  /** @type {Outcome | undefined} */
  let outcome
  child.on('message', (message) => {
    outcome = /** @type {Outcome} */ (message)
  })
  const [code] = await once(child, 'close') // behind its last message
  return code === 0 ? outcome : undefined
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  console.error(`bench: ${why}`)
  process.exit(1)
}
