/**
 * How fast lanewise is, against what one would use instead and against the bars that it is held to; and experiments on what chunks
 * do. A figure below its bar fails nothing: this is no test. What fails it is a wrong result.
 *
 *   npm run bench                        a choice of cases and experiments, five minutes
 *   npm run bench -- --all               all of them, an hour; the figures go to bench/results
 *   npm run bench -- submits latency     these cases
 *   npm run bench -- auto --rounds 3     a quick look; nothing is written
 *   npm run bench -- square-roots --timer tinybench    whole maps timed by tinybench or Benchmark.js; nothing is written
 *   npm run bench -- E2 --kernel collatz --engines wasm,native
 *   npm run bench -- cluster cluster-scale    chunks through a broker on this one
 *   npm run bench -- E2 --peers all      with other pools and with Python, in the same rounds
 *
 * Each pool runs in a process of its own, all of them by turns in random order; each result is compared with what it must be.
 * docs/bench.md says what the experiments are, and their options.
 */
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadSource } from '../scripts/load-source.mjs'
import { installPackages, packagesAreCurrent } from '../scripts/setup/packages.mjs'
import { timerNamed } from './engines/timer.mjs'
import { peersNamed } from './experiments/peers.mjs'
import { CannotMeasure } from './harness/case.mjs'
import { describeMachine, loadOfLastMinute, machineName } from './harness/machine.mjs'
import { aligned, printTable, rowsOfTimes } from './harness/report.mjs'
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
  'regret',
  'tune-repeats',
  'latency',
  'cold-start',
  'cluster',
  'cluster-scale',
]

/** What five minutes are enough for, beside the experiments that `lanewise bench` runs by itself. */
const BRIEF_CASES = ['square-roots', 'latency']

/** Options of the experiments alone: `lanewise bench` reads them. */
const OF_EXPERIMENTS = /** @type {const} */ (['kernel', 'engines', 'workers', 'budget', 'job', 'seed', 'out'])

const root = fileURLToPath(new URL('..', import.meta.url))
const { cases, experiments, roundsAskedFor, isJson, isQuiet, timer } = readArguments()
await timerNamed(timer).catch((error) => refuse(/** @type {Error} */ (error).message))
installPeers()
const say = isJson ? console.error : console.log // stdout is the result, and nothing else

// Those of the commands: the bench behaves as they do.
/** @type {typeof import('../src/cli/progress.ts')} */
const { Progress } = await loadSource('src/cli/progress.ts')
/** @type {typeof import('../src/cli/interrupt.ts')} */
const { interruptible } = await loadSource('src/cli/interrupt.ts')

const machine = describeMachine(root)
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`)

/** @type {Measure[]} */
const measures = []
/** @type {number | undefined} */
let interruptedBy
for (const name of cases) {
  if (interruptedBy !== undefined) break
  try {
    const { result, code } = await interruptible((signal) => runCase(name, signal))
    measures.push(...result)
    interruptedBy = code
  } catch (error) {
    say(`${name}: left out; ${/** @type {Error} */ (error).message}`)
    if (!(error instanceof CannotMeasure)) process.exitCode = 1
  }
}
if (cases.length > 0) say(`\n${printTable(measures)}\n`)
if (interruptedBy !== undefined) process.exitCode = interruptedBy
else if (experiments !== undefined) process.exitCode = (await runExperiments(experiments)) || process.exitCode

/**
 * Runs experiments as `lanewise bench` does, beside peers.
 *
 * @param {{ args: string[], peers: string[], out: string | undefined }} asked
 * @returns {Promise<number>} the exit code
 */
async function runExperiments({ args, peers, out }) {
  // Not above: it is made by the set-up.
  const { runBench } = await import('../dist/cli/run-bench.js')
  try {
    return await runBench(args, process, { peers: peersNamed(peers), out })
  } catch (error) {
    console.error(`bench: ${/** @type {Error} */ (error).message}`)
    return 1
  }
}

/**
 * Runs a case, prints its times and, where it ran in full, writes them down.
 *
 * @param {string} name
 * @param {AbortSignal} signal Ctrl-C: what is known so far is printed, and nothing written
 */
async function runCase(name, signal) {
  /** @type {{ default: Case }} */
  const { default: benchCase } = await import(`./cases/${name}.mjs`)
  const rounds = roundsAskedFor ?? benchCase.rounds
  const seed = Math.floor(Math.random() * 2 ** 31)
  const loadBefore = loadOfLastMinute()
  const start = performance.now()
  const progress = new Progress(process.stderr, isQuiet)
  const samples = await runRounds(name, benchCase, {
    rounds,
    seed,
    timer,
    signal,
    onProgress: (text) => progress.tell(text),
  }).finally(() => progress.clear())
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const loadAfter = loadOfLastMinute()
  const roundsRun = Math.max(0, ...Object.values(samples).map(({ ms }) => ms.length))
  const ended = signal.aborted ? ', then stopped' : ''
  say(`\n${name}: ${roundsRun} rounds, ${seconds} s${ended}; load ${loadBefore} before and ${loadAfter} after`)
  if (roundsRun === 0) {
    say('no round came to its end: nothing is known')
    return []
  }
  const rows = benchCase.rows?.(samples)
  say(aligned(rows ?? rowsOfTimes(samples)))
  const measures = benchCase.measures(samples)
  if (roundsAskedFor === undefined && timer === 'rounds' && !signal.aborted) {
    const path = keepResult(join(root, 'bench/results'), name, {
      about: benchCase.about,
      command: `npm run bench -- ${name}`,
      at: new Date().toISOString(),
      machine,
      loadBefore,
      loadAfter,
      rounds: roundsRun,
      seed,
      measures,
      samples,
      ...(rows && { rows }),
    })
    say(`written to ${relative(process.cwd(), path)}.md`)
  }
  return measures
}

function readArguments() {
  const text = /** @type {const} */ ({ type: 'string' })
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...Object.fromEntries(OF_EXPERIMENTS.map((name) => [name, text])),
      rounds: text,
      peers: text,
      timer: text,
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      color: { type: 'boolean', default: true },
    },
  })
  /** @type {Record<string, string | boolean | undefined>} */
  const given = values
  const unknown = positionals.find((name) => !CASES.includes(name) && !isExperiment(name))
  if (unknown !== undefined)
    refuse(`there is no case ${unknown}; there are ${CASES.join(', ')}, and experiments E1 to E10`)
  const roundsAskedFor = given.rounds === undefined ? undefined : Number(given.rounds)
  if (roundsAskedFor !== undefined && !(Number.isInteger(roundsAskedFor) && roundsAskedFor > 1)) {
    refuse(`--rounds must be an integer of at least 2, got ${given.rounds}; leave it out for what the case asks for`)
  }
  if (given.all === true && positionals.length > 0)
    refuse(`--all runs everything, and ${positionals.join(' ')} was named too`)
  const named = positionals.filter(isExperiment)
  if (given.timer !== undefined && (named.length > 0 || positionals.length === 0)) {
    refuse('--timer is for cases, since a run of an experiment tells more than its time; name cases alone')
  }
  const wantsExperiments = named.length > 0 || positionals.length === 0
  const isQuick = given.rounds !== undefined || given.budget !== undefined
  return {
    cases:
      positionals.length > 0
        ? positionals.filter((name) => !isExperiment(name))
        : given.all === true
          ? CASES
          : BRIEF_CASES,
    experiments: wantsExperiments
      ? {
          args: [...named, ...(given.all === true ? ['--all'] : []), ...passedOn(given)],
          peers: String(given.peers ?? (named.length > 0 || given.all === true ? 'pools' : 'none')).split(','),
          out: isQuick
            ? undefined
            : join(root, 'bench/results', `${new Date().toISOString().slice(0, 10)}-${machineName()}`),
        }
      : undefined,
    roundsAskedFor,
    timer: String(given.timer ?? 'rounds'),
    isJson: given.json === true,
    isQuiet: given.quiet === true,
  }
}

/** @param {string} name */
function isExperiment(name) {
  return /^e\d+$/i.test(name)
}

/**
 * The options that experiments have, as `lanewise bench` reads them.
 *
 * @param {Record<string, string | boolean | undefined>} given
 */
function passedOn(given) {
  const texts = [...OF_EXPERIMENTS, 'rounds'].flatMap((name) =>
    given[name] === undefined ? [] : [`--${name}`, String(given[name])],
  )
  const flags = ['json', 'quiet'].filter((name) => given[name] === true).map((name) => `--${name}`)
  return [...texts, ...flags, ...(given.color === false ? ['--no-color'] : [])]
}

/** The other pools, in a folder of their own, so that nobody else has to install them. */
function installPeers() {
  const folder = join(root, 'bench/peers')
  if (packagesAreCurrent(folder)) return
  console.error('installing the pools to compare with …')
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
