import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build as esbuild, type Format } from 'esbuild'
import { rolldown } from 'rolldown'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Installation, runNode } from './installed.ts'

/** Makes one program out of `entry`, which imports lanewise, and of all that it imports. */
type Bundle = (entry: string, outFile: string) => Promise<unknown>

const tools: { tool: string; extension: 'mjs' | 'cjs'; bundle: Bundle }[] = [
  { tool: 'esbuild as ESM', extension: 'mjs', bundle: byEsbuild('esm', { minify: false }) },
  { tool: 'esbuild as ESM, minified', extension: 'mjs', bundle: byEsbuild('esm', { minify: true }) },
  { tool: 'esbuild as CommonJS', extension: 'cjs', bundle: byEsbuild('cjs', { minify: false }) },
  { tool: 'rolldown as ESM', extension: 'mjs', bundle: byRolldown('esm') },
  { tool: 'rolldown as CommonJS', extension: 'cjs', bundle: byRolldown('cjs') },
  { tool: 'vite for the server, nothing external', extension: 'mjs', bundle: byVite },
]

// Not awaited at the top level, which CommonJS does not have.
const ways = [
  {
    way: 'a lambda on threads',
    app: `import { ThreadPoolExecutor } from 'lanewise'
      const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
      pool.map((x) => Math.sqrt(x) + 1, [1, 4, 9]).then((roots) => console.log(roots.join()))`,
    prints: '2,3,4\n',
  },
  {
    way: 'a lambda on processes',
    app: `import { ProcessPoolExecutor } from 'lanewise'
      const pool = new ProcessPoolExecutor({ maxWorkers: 2 })
      pool.map((word, n) => word.repeat(n), ['a', 'b'], [1, 3]).then((words) => console.log(words.join()))`,
    prints: 'a,bbb\n',
  },
  {
    way: 'an error of a lambda',
    app: `import { ThreadPoolExecutor } from 'lanewise'
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
      const refuse = (n) => { throw new RangeError('no ' + n) }
      pool.submit(refuse, 7).then(undefined, (error) => console.log(error instanceof RangeError, error.message))`,
    prints: 'true no 7\n',
  },
]

let installed: Installation
let elsewhere: string
beforeAll(() => {
  installed = new Installation()
  elsewhere = mkdtempSync(join(tmpdir(), 'lanewise-bundled-'))
})
afterAll(() => {
  installed.remove()
  rmSync(elsewhere, { recursive: true })
})

describe.each(tools)('a program bundled by $tool and run where there is no package', ({ bundle, extension, tool }) => {
  it.each(ways)('answers to $way', async ({ app, prints, way }) => {
    const name = `${tool} ${way}`.replaceAll(/\W+/g, '-')
    const entry = join(installed.folder, `${name}.mjs`)
    writeFileSync(entry, app)
    await bundle(entry, join(elsewhere, `${name}.${extension}`))
    expect(await runNode(elsewhere, `${name}.${extension}`)).toEqual({ stdout: prints, stderr: '' })
  })
})

function byEsbuild(format: Format, { minify }: { minify: boolean }): Bundle {
  return (entry, outfile) =>
    esbuild({ entryPoints: [entry], outfile, format, minify, bundle: true, platform: 'node', logLevel: 'error' })
}

function byRolldown(format: 'esm' | 'cjs'): Bundle {
  return async (input, file) => {
    await using bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' })
    await bundle.write({ file, format })
  }
}

function byVite(entry: string, outFile: string): Promise<unknown> {
  const fileName = outFile.slice(elsewhere.length + 1)
  return vite({
    root: installed.folder,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: elsewhere,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: fileName } },
    },
  })
}
