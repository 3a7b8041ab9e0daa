/**
 * Bundles src/worker/entry.ts, what runs inside a worker, into one string: src/generated/worker-source.ts. Embedded, it needs
 * no file beside it, so that a bundler that knows nothing of workers keeps it whole.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const { outputFiles, warnings } = await build({
  entryPoints: ['src/worker/entry.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs', // what `new Worker(source, { eval: true })` runs
  // It is read anew by each worker. Names stay: those of errors' classes travel, and stacks are read by people.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // Under an inherited --input-type=module the source of a thread is read as a module, which has no require.
  banner: {
    js: "var require = globalThis.require ?? process.getBuiltinModule('node:module').createRequire(process.cwd() + '/');",
  },
  logLevel: 'warning',
})
if (warnings.length > 0) throw new Error('esbuild warns about the worker; mend what it says above')

const [worker] = outputFiles
if (worker === undefined) throw new Error('esbuild wrote nothing')
mkdirSync('src/generated', { recursive: true })
writeFileSync(
  'src/generated/worker-source.ts',
  `// Made by \`node scripts/build-worker.mjs\` out of src/worker/entry.ts; never edited.\n` +
    `export const workerSource: string =\n  ${JSON.stringify(worker.text)}\n`,
)
