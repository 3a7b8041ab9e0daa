/**
 * Builds the native engine's addon: native/lanewise.<platform>.node, and its types beside it. Without cargo it says so and
 * leaves it at that. Arguments go to `napi build`: `--target aarch64-unknown-linux-gnu` for one.
 */
import { spawnSync } from 'node:child_process'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'

const command = [
  'node_modules/@napi-rs/cli/dist/cli.js',
  'build',
  ...['--manifest-path', 'crates/node/Cargo.toml', '--package-json-path', 'package.json'],
  ...['--output-dir', 'native', '--platform', '--release', '--no-js', '--dts', 'binding.d.ts'],
  ...process.argv.slice(2),
]

if (isOnPath('cargo')) {
  const { status, error } = spawnSync(process.execPath, command, { stdio: 'inherit' })
  if (error !== undefined) throw error
  process.exitCode = status ?? 1
} else console.log(`the native engine is left out: ${WITHOUT_CARGO}`)
