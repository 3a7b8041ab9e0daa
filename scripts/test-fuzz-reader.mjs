/**
 * Has libFuzzer try bytes on the reader of crates/jit, and on what follows where they are a program, guided by which code they reach; or says in a line why it
 * cannot. It begins with real kernels: crates/jit/tests/programs. `npm test` has a stand-in without these tools, crates/jit/tests/mutations.rs.
 *
 *   node scripts/test-fuzz-reader.mjs         a minute
 *   node scripts/test-fuzz-reader.mjs 3600    an hour
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'

const SECONDS = 60
/** As large as the largest kernels of the corpus, and a few times that: longer ones are tried less often, and reach nothing else. */
const MOST_BYTES = 65_536

const PROGRAMS = 'crates/jit/tests/programs'
const FUZZ = 'crates/jit/fuzz'
/** Apart from the sources, of which a change has the addon built anew. */
const FOLDER = 'build/fuzz-reader'
const TARGET = 'target/fuzz'

const seconds = Number(process.argv[2] ?? SECONDS)
if (!Number.isInteger(seconds) || seconds < 1) {
  throw new RangeError(
    `the seconds to try must be a whole number from 1 on, got ${process.argv[2]}; leave them out for ${SECONDS}`,
  )
}

const why = whyNot()
if (why === undefined) process.exitCode = run()
else console.log(`skipped: ${why}`)

/** Why it cannot be done here; undefined: it can. */
function whyNot() {
  if (!isOnPath('cargo')) return WITHOUT_CARGO
  if (!isOnPath('cargo-fuzz')) return 'cargo-fuzz is not on PATH; cargo install cargo-fuzz'
  if (spawnSync('cargo', ['+nightly', '--version']).status !== 0) {
    return 'there is no nightly toolchain, whose sanitizers it takes; rustup toolchain install nightly'
  }
  return undefined
}

function run() {
  const corpus = resolve(FOLDER, 'corpus')
  console.log(`from ${writeSeeds(corpus)} kernels on, for ${seconds} s`)
  const build = ['--fuzz-dir', FUZZ, '--target-dir', TARGET]
  const found = `-artifact_prefix=${resolve(FOLDER)}/`
  const tried = ['--', `-max_total_time=${seconds}`, `-max_len=${MOST_BYTES}`, found]
  const args = ['+nightly', 'fuzz', 'run', ...build, 'reader', corpus, ...tried]
  return spawnSync('cargo', args, { stdio: 'inherit' }).status ?? 1
}

/**
 * The kernels as files; how many.
 *
 * @param {string} folder
 */
function writeSeeds(folder) {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(PROGRAMS)
  for (const name of names) {
    const [, digits] = /^program (\S+)$/m.exec(readFileSync(join(PROGRAMS, name), 'utf8')) ?? []
    if (digits === undefined) throw new Error(`${join(PROGRAMS, name)} has no line of a program`)
    writeFileSync(join(folder, name.replace('.txt', '')), Buffer.from(digits, 'hex'))
  }
  return names.length
}
