/**
 * Makes dist out of src: the declarations by tsc, file by file; the code by esbuild, one file for each that package.json names,
 * with what they share in chunks. A program that imports a hundred small files waits for each of them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { lazy } from './setup/lazy.mjs'
import { together } from './setup/together.mjs'

/** By `tasks`, in src/functions/task.ts. */
const IMPORT_OF_USERS = 'await import(url)'

/** Programs in dist that package.json does not offer: the process of a stand, and what the bench of a clone runs. */
const OWN = ['./dist/tune/experiments/stand-process.js', './dist/cli/run-bench.js']

const declare = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']
const { status, error } = spawnSync(process.execPath, declare, { stdio: 'inherit' })
if (error !== undefined) throw error
if (status !== 0) process.exit(1)
keepReachable([...published(), ...OWN].map((file) => file.replace(/\.js$/, '.d.ts')))

const { warnings, outputFiles } = await build({
  entryPoints: [...published(), ...OWN].map((file) => file.replace(/^\.\/dist\/(.+)\.js$/, './src/$1.ts')),
  outbase: 'src',
  outdir: 'dist',
  write: false,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
  external: ['@nats-io/*'], // optional, and of the user's choice
  // Comments and spaces cost an import a tenth of its time; names and lines stay, for stacks and debuggers.
  minifyWhitespace: true,
  lineLimit: 120,
  // They cost an import a third of its time, and most programs start without them.
  plugins: [
    together('src/index.ts'),
    lazy(
      {
        acorn: ['parse', 'parseExpressionAt'],
        'src/kernel/compiler.ts': ['compileKernel', 'libraryKernel'],
        'src/kernel/vectors.ts': ['encode', 'encodeLanes', 'explain', 'printWasm'],
      },
      'src/errors.ts',
    ),
  ],
})
if (warnings.length > 0) throw new Error('esbuild warns about dist; mend what it says above')
let marked = 0
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text.replaceAll(IMPORT_OF_USERS, markImport))
}
if (marked !== 1) throw new Error(`dist imports modules of users in one place, got ${marked}; mark each for webpack`)

/** The mark went with the comments. Without it webpack warns whoever bundles us of an import that it cannot follow. */
function markImport() {
  marked++
  return 'await import(/* webpackIgnore: true *//* @vite-ignore */url)'
}

/**
 * The programs in dist that package.json offers.
 *
 * @returns {string[]}
 */
function published() {
  /** @type {{ exports: Record<string, string | { default: string }>, bin: Record<string, string> }} */
  const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
  const offered = Object.values(exports).map((entry) => (typeof entry === 'string' ? entry : entry.default))
  return [...offered, ...Object.values(bin)].filter((file) => file.startsWith('./dist/'))
}

/**
 * Removes the declarations that none of these leads to: most of them, and nobody can import them.
 *
 * @param {string[]} entries
 */
function keepReachable(entries) {
  const reached = new Set(entries.map((file) => join(file)))
  for (const file of reached) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.[jt]s['"]/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`))
    }
  }
  for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
    const file = join('dist', name)
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
  }
}
