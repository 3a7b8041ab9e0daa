/**
 * Bundles what runs in other threads and processes, each into one string: the worker, and the process that runs asc. Embedded, it
 * needs no file beside it, so that a bundler that knows nothing of workers keeps it whole.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

await embed('src/worker/entry.ts', 'worker-source.ts', 'workerSource', {
  format: 'cjs', // what `new Worker(source, { eval: true })` runs
  // A function around it all: else its names would be globals of the worker, which users set as they like.
  banner: { js: '(function (require) {' },
  // Under an inherited --input-type=module the source of a thread is read as a module, which has no require.
  footer: {
    js: "})(globalThis.require ?? process.getBuiltinModule('node:module').createRequire(process.cwd() + '/'))",
  },
})
await embed('src/kernel/assembly/compiler.ts', 'assembly-compiler.ts', 'assemblyCompiler', { format: 'esm' })

/**
 * @param {string} entry
 * @param {string} output in src/generated
 * @param {string} name   of the constant that holds the text
 * @param {import('esbuild').BuildOptions} options
 */
async function embed(entry, output, name, options) {
  const { outputFiles, warnings } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    // It is read anew each time. Names stay: those of errors' classes travel, and stacks are read by people.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
  if (warnings.length > 0) throw new Error(`esbuild warns about ${entry}; mend what it says above`)
  const [bundle] = outputFiles ?? []
  if (bundle === undefined) throw new Error('esbuild wrote nothing')
  mkdirSync('src/generated', { recursive: true })
  writeFileSync(
    `src/generated/${output}`,
    `// Made by \`node scripts/build-worker.mjs\` out of ${entry}; never edited.\n` +
      `export const ${name}: string =\n  ${JSON.stringify(bundle.text)}\n`,
  )
}
