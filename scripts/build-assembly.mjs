/**
 * Compiles assembly/ and embeds it as base64 in src/generated/wasm.ts, so that the package needs no file beside its code.
 * The chunk loop works on the control block, shared memory of the size that src/memory/control.ts gives.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'
import { loadSource } from './load-source.mjs'

const { PAGES } = await loadSource('src/memory/control.ts')
const pages = String(PAGES)

const loop = await compile('assembly/index.ts', 'build/loop.wasm', [
  ...['--sharedMemory', '--initialMemory', pages, '--maximumMemory', pages, '--enable', 'threads'],
])
const lines = [
  '// Made by `node scripts/build-assembly.mjs` out of assembly/; never edited.',
  `export const loopWasm: string =\n  '${loop.toString('base64')}'`,
]
mkdirSync('src/generated', { recursive: true })
writeFileSync('src/generated/wasm.ts', `${lines.join('\n')}\n`)

/**
 * No runtime: nothing is allocated, since the loop's memory is the control block.
 *
 * @param {string} source
 * @param {string} output
 * @param {string[]} options
 */
async function compile(source, output, options) {
  mkdirSync('build', { recursive: true })
  const { error, stderr } = await asc.main([
    source,
    ...['--outFile', output, '--textFile', output.replace('.wasm', '.wat')],
    ...['-O3', '--runtime', 'stub', '--noAssert', '--importMemory'],
    ...options,
  ])
  if (error !== null) throw new Error(`${source}: ${stderr.toString()}`, { cause: error })
  return readFileSync(output)
}
