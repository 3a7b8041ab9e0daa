/**
 * Runs tests of the native engine under a sanitizer of rustc, or says in a line why it cannot:
 *
 *   node scripts/test-sanitizer.mjs thread    crates/pool: no two threads touch the same memory unordered
 *   node scripts/test-sanitizer.mjs address   crates/pool, and the addon in Node: no memory is touched that is not there (any more)
 *
 * The flags are those of a nightly toolchain; RUSTC_BOOTSTRAP has a stable one take them. Std is not compiled anew (that
 * takes rust-src), so of what it does inside ThreadSanitizer sees nothing: `cfg(tsan)` tells it of our locks, see
 * crates/pool/src/sync/told.rs.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'

/** Tests of the addon in Node that meet the ends of threads, faults, and memory of every kind. */
const ADDON_TESTS = ['test/teardown/native', 'test/faults/native', 'test/native', 'test/engines/arrays']

/** What ThreadSanitizer reports of std's insides: its test harness, and the fence of the last Arc, which it does not know. */
const SUPPRESSIONS = 'race:test::\nrace:<alloc::sync::Arc\n'

const TARGET = 'x86_64-unknown-linux-gnu'

const name = process.argv[2] ?? ''
const flags = [
  `-Zsanitizer=${name}`,
  '-Cunsafe-allow-abi-mismatch=sanitizer',
  ...(name === 'thread' ? ['--cfg', 'tsan'] : []),
]
const folder = resolve('target', `${name}-sanitizer`)
const env = { ...process.env, RUSTC_BOOTSTRAP: '1', RUSTFLAGS: flags.join(' '), CARGO_TARGET_DIR: folder }

const why = whyNot()
if (why === undefined) process.exitCode = name === 'thread' ? testThreads() : testAddresses()
else console.log(`skipped: ${why}`)

/** Why it cannot be done here; undefined: it can. */
function whyNot() {
  if (name !== 'thread' && name !== 'address')
    throw new RangeError(`the sanitizers are thread and address, got ${name}`)
  if (process.platform !== 'linux' || process.arch !== 'x64') return `sanitizers are set up for ${TARGET} alone`
  if (!isOnPath('cargo')) return WITHOUT_CARGO
  const sysroot = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).stdout.trim()
  const libraries = join(sysroot, 'lib/rustlib', TARGET, 'lib')
  const runtime = name === 'thread' ? 'tsan' : 'asan'
  if (!existsSync(libraries) || !readdirSync(libraries).some((file) => file.endsWith(`_rt.${runtime}.a`))) {
    return `the Rust toolchain has no ${runtime}; install one with sanitizers (rustup.rs) as the default`
  }
  const probe = spawnSync('rustc', ['--print', 'cfg', '--target', TARGET, ...flags], { env, encoding: 'utf8' })
  if (probe.status !== 0) return `rustc does not take ${flags.join(' ')}: ${probe.stderr.split('\n')[0]}`
  return undefined
}

function testThreads() {
  mkdirSync(folder, { recursive: true })
  const suppressions = join(folder, 'suppressions')
  writeFileSync(suppressions, SUPPRESSIONS)
  return cargo(['test', '--package', 'lanewise-pool', '--tests', '--no-fail-fast'], {
    TSAN_OPTIONS: `suppressions=${suppressions}`,
  })
}

function testAddresses() {
  // Tests leak slots on purpose, and Node whatever it has when it ends.
  const options = { ASAN_OPTIONS: 'detect_leaks=0' }
  const pool = cargo(['test', '--package', 'lanewise-pool', '--tests', '--no-fail-fast'], options)
  if (pool !== 0) return pool
  const built = cargo(['build', '--package', 'lanewise-node', '--config', 'profile.dev.opt-level=1'], {})
  if (built !== 0) return built
  const library = spawnSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout?.trim()
  if (!library?.includes('/')) {
    console.log('skipped for the addon: Node needs the libasan.so of gcc, which is not installed')
    return 0
  }
  const addon = join(folder, 'lanewise.node')
  copyFileSync(join(folder, TARGET, 'debug/liblanewise_node.so'), addon)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'units', ...ADDON_TESTS]
  const { status } = spawnSync(process.execPath, vitest, {
    stdio: 'inherit',
    env: { ...process.env, ...options, LD_PRELOAD: library, LANEWISE_NATIVE: addon, LANEWISE_REQUIRE_NATIVE: '1' },
  })
  return status ?? 1
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} more
 */
function cargo(args, more) {
  const all = [...args.slice(0, 1), '--locked', '--target', TARGET, ...args.slice(1)]
  return spawnSync('cargo', all, { stdio: 'inherit', env: { ...env, ...more } }).status ?? 1
}
