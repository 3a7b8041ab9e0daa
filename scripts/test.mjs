/**
 * Every check there is, one after the other, all of them even after a failure. The last line is the total over all, alone:
 * `N passed, N failed, N skipped`. A check without tests of its own, such as the type check, counts as one test.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'
import { readCargoOutput, readVitestReport, settle } from './test/counts.mjs'
import { MODELS } from './test/models.mjs'

/** @import { Counts } from './test/counts.mjs' */

// A suite that hangs must not hang the rest: the slowest takes two minutes on two cores. Larger: a hang is told later.
// Smaller: a slow machine fails a suite that was still at work.
const LIMIT_MS = 20 * 60_000

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = 'build/reports'

/** @type {{ name: string, run: () => Promise<Counts> }[]} */
const suites = [
  check('set-up', process.execPath, 'scripts/setup.mjs', '--strict'),
  check('types', ...tool('typescript/bin/tsc')),
  check('types of the bench', ...tool('typescript/bin/tsc'), '--project', 'bench/tsconfig.json'),
  check('format and lint (biome)', ...tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings'),
  check('lint with types (oxlint)', ...tool('oxlint/bin/oxlint'), '--deny-warnings'),
  check('unused files and exports (knip)', ...tool('knip/bin/knip.js')),
  vitest('types'),
  rust(check('format (cargo fmt)', 'cargo', 'fmt', '--check')),
  rust(check('lint (cargo clippy)', 'cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings')),
  rust(cargoTest('cargo test', ['test', '--locked', '--no-fail-fast'])),
  rust(cargoTest('models (loom)', MODELS.args, MODELS.env)),
  vitest('units'),
  vitest('packaging'),
  check('example (npm start)', process.execPath, 'build/examples/airports.js'),
]

rmSync(`${root}/${reports}`, { recursive: true, force: true })
mkdirSync(`${root}/${reports}`, { recursive: true })

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 }
for (const { name, run } of suites) {
  console.log(`\n── ${name}`)
  const start = performance.now()
  const counts = await run()
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`── ${name}: ${counts.failed > 0 ? 'FAILED' : 'well'}, ${inWords(counts)}, ${seconds} s`)
}
console.log(`\n${inWords(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0

/**
 * A program that only says yes or no.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 */
function check(name, command, ...args) {
  const run = async () => {
    const { endedWell } = await start(command, args)
    return { passed: endedWell ? 1 : 0, failed: endedWell ? 0 : 1, skipped: 0 }
  }
  return { name, run }
}

/**
 * A project of vitest.config.ts.
 *
 * @param {string} project
 */
function vitest(project) {
  const report = `${reports}/${project}.json`
  const [command, script] = tool('vitest/vitest.mjs')
  const run = async () => {
    const args = [
      script,
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ]
    const { endedWell } = await start(command, args)
    return settle(readVitestReport(`${root}/${report}`), endedWell)
  }
  return { name: `vitest ${project}`, run }
}

/**
 * @param {string} name
 * @param {string[]} args of cargo
 * @param {NodeJS.ProcessEnv} [env] beside our own
 */
function cargoTest(name, args, env) {
  const run = async () => {
    const { endedWell, output } = await start('cargo', args, { keepOutput: true, env })
    return settle(readCargoOutput(output), endedWell)
  }
  return { name, run }
}

/**
 * A suite that needs Rust: skipped, with the reason, where there is none.
 *
 * @param {{ name: string, run: () => Promise<Counts> }} suite
 */
function rust(suite) {
  if (isOnPath('cargo')) return suite
  const run = async () => {
    console.log(`skipped: ${WITHOUT_CARGO}`)
    return { passed: 0, failed: 0, skipped: 1 }
  }
  return { name: suite.name, run }
}

/**
 * The command line of a package's own script: this Node runs it, with no shell and no search between.
 *
 * @param {string} path below node_modules
 * @returns {[string, string]}
 */
function tool(path) {
  return [process.execPath, `node_modules/${path}`]
}

/**
 * Runs a program in the root and shows what it prints; `output` is what it printed, where that is asked for.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ keepOutput?: boolean, env?: NodeJS.ProcessEnv | undefined }} [options]
 * @returns {Promise<{ endedWell: boolean, output: string }>}
 */
function start(command, args, { keepOutput = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', keepOutput ? 'pipe' : 'inherit', 'inherit'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text
      process.stdout.write(text)
    })
    child.on('error', (error) => {
      console.log(error.message)
      resolve({ endedWell: false, output })
    })
    child.on('exit', (_, signal) => {
      if (signal === null) return
      console.log(`${command} was ended by ${signal}`)
      resolve({ endedWell: false, output }) // not at `close`: what it had started may hold its output open
    })
    child.on('close', (code) => resolve({ endedWell: code === 0, output }))
  })
}

/** @param {Counts} counts */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
