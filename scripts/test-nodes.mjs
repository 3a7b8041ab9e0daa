/**
 * Runs the tests of how processes and threads end under native maps, and of what may hurt them, on other versions of Node:
 * 22, 24 and 26, or those that are named. Their binaries come from npm and are kept outside of the repository.
 *
 *   node scripts/test-nodes.mjs [VERSION …]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TESTS = ['test/teardown/native', 'test/faults/native', 'test/engines/native-threads']

const wanted = process.argv.slice(2)
for (const version of wanted.length > 0 ? wanted : ['22', '24', '26']) {
  const node = install(version)
  if (node === undefined) {
    console.log(`skipped: no binary of Node ${version} for ${process.platform} ${process.arch} could be had from npm`)
    continue
  }
  console.log(`── Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'units', ...TESTS]
  const { status } = spawnSync(node, args, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

/**
 * The path of that Node; undefined where npm has none.
 *
 * @param {string} version
 */
function install(version) {
  const isWindows = process.platform === 'win32'
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  const folder = join(tmpdir(), 'lanewise-nodes', version)
  const node = join(folder, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node')
  if (existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--silent', '--no-save', '--prefix', folder, `${name}@${version}`]
  spawnSync('npm', args, { stdio: 'inherit', shell: isWindows })
  return existsSync(node) ? node : undefined
}
