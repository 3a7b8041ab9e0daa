/**
 * Everything between a clone and the first run, with nothing but Node: packages, generated sources, the worker, dist, the
 * examples and, where there is Rust, the addon. Prints a line for each thing it does; where nothing has changed it does
 * nothing. Two that run at once do not disturb each other: the second waits, and then finds all done.
 *
 *   node scripts/setup.mjs            an addon that cannot be built is left out, and a line says why
 *   node scripts/setup.mjs --strict   … is an error, where cargo is found
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './setup/lock.mjs'
import { installPackages, packagesAreCurrent } from './setup/packages.mjs'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'
import { StepRecord } from './setup/steps.mjs'

/** @import { Step } from './setup/steps.mjs' */

// What the scripts read that run our own TypeScript.
const loader = ['scripts/load-source.mjs', 'package-lock.json']

/** @type {Step[]} in the order in which they need each other */
const steps = [
  {
    name: 'the control block for AssemblyScript and Rust',
    command: ['scripts/generate-control.mjs'],
    inputs: ['scripts/generate-control.mjs', ...loader, 'src/memory/control.ts', 'src/chunks'],
    outputs: [
      'assembly/generated/control.ts',
      'assembly/generated/rule.ts',
      'crates/pool/src/generated/control.rs',
      'crates/pool/src/generated/rule.rs',
    ],
  },
  {
    name: 'the chunk loop in AssemblyScript',
    command: ['scripts/build-assembly.mjs'],
    inputs: ['scripts/build-assembly.mjs', ...loader, 'src/memory/control.ts', 'assembly'],
    outputs: ['src/generated/wasm.ts'],
  },
  {
    name: 'the functions of Math for kernels',
    command: ['scripts/build-math.mjs'],
    inputs: [
      'scripts/build-math.mjs',
      'scripts/bundle-math.mjs',
      ...loader,
      ...['src/math', 'src/kernel', 'src/errors.ts', 'src/invariant.ts', 'src/show.ts'],
    ],
    outputs: ['src/generated/math-ir.ts'],
  },
  {
    name: 'what runs elsewhere: the worker, and the process of asc',
    command: ['scripts/build-worker.mjs'],
    inputs: ['scripts/build-worker.mjs', 'package-lock.json', 'src'],
    outputs: ['src/generated/worker-source.ts', 'src/generated/assembly-compiler.ts'],
  },
  {
    name: 'dist',
    command: ['scripts/build-dist.mjs'],
    inputs: [
      'scripts/build-dist.mjs',
      'scripts/setup/lazy.mjs',
      'tsconfig.build.json',
      'tsconfig.json',
      'package.json',
      'package-lock.json',
      'src',
    ],
    outputs: ['dist'],
  },
  {
    name: 'the examples',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.examples.json'],
    inputs: [
      'tsconfig.examples.json',
      'tsconfig.build.json',
      'tsconfig.json',
      'package-lock.json',
      'package.json',
      'dist',
      'examples',
    ],
    outputs: ['build/examples'],
  },
]

/** @type {Step} */
const addon = {
  name: 'the native engine (a minute when it is new)',
  command: ['scripts/build-native.mjs'],
  inputs: ['scripts/build-native.mjs', 'package-lock.json', 'Cargo.toml', 'Cargo.lock', 'crates'],
  outputs: ['native'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const notes = join(root, '.setup')

checkNode()
const done = await withLock(join(notes, 'lock'), setUp, (owner) => {
  say(`waiting for the set-up of process ${owner ?? '(just starting)'}; if there is none, remove .setup/lock\n`)
})
if (!done) process.exitCode = 1

async function setUp() {
  if (!packagesAreCurrent(root) && !perform('install packages', () => installPackages(root))) return false
  const record = new StepRecord(root, join(notes, 'state.json'))
  for (const step of steps) {
    if (!record.isCurrent(step) && !perform(`build ${step.name}`, () => record.run(step))) return false
  }
  if (record.isCurrent(addon)) return true
  if (!isOnPath('cargo')) {
    record.discard(addon)
    say(`the native engine is left out: ${WITHOUT_CARGO}\n`)
    return true
  }
  if (perform(`build ${addon.name}`, () => record.run(addon))) return true
  say('the native engine is left out: it could not be built; what is above says why\n')
  return !process.argv.includes('--strict')
}

/**
 * Does one thing on one line: its name when it begins, its time when it has ended, and what it printed if it failed.
 *
 * @param {string} what
 * @param {() => { ok: boolean, output: string }} work
 */
function perform(what, work) {
  say(`${what} … `)
  const start = performance.now()
  const { ok, output } = work()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stderr.write(ok ? `${seconds} s\n` : `failed after ${seconds} s\n${output.trimEnd()}\n`)
  return ok
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`setup: ${text}`)
}

/** An older Node would fail later, somewhere inside a package, without a word of why. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return
  say(`lanewise needs Node ^20.19 || >=22.12, this is ${process.version}; install a newer one and run this again\n`)
  process.exit(1)
}
