import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './site.ts'

/** What a program found out about the ways: whether each brought its function to a worker. */
type Found = Record<'selfContained' | 'inside' | 'builtIn' | 'exported' | 'task' | 'tasks', boolean>

/** Runs the probe under a tool, as it stands or with a guard; answers what it printed last. */
type Run = (variant: 'plain' | 'guarded') => Promise<Found>

const GEO = `
  import { task } from 'lanewise'
  const scaled = (x) => x * 10
  export const far = (x) => scaled(x) + 1
  export const near = task(import.meta, (x) => scaled(x) + 2)
`
const PROBE = `
  import { fileURLToPath } from 'node:url'
  import { ThreadPoolExecutor, tasks } from 'lanewise'
  import { far, near } from './geo.mjs'
  const ways = {
    selfContained: (x) => x + 1,
    inside: (x) => {
      const twice = (y) => y * 2
      return twice(x)
    },
    builtIn: Math.sqrt,
    exported: far,
    task: near,
    tasks: tasks(new URL('./geo.mjs', import.meta.url)).far,
  }
  export async function probe() {
    const found = {}
    for (const [way, fn] of Object.entries(ways)) {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
      try {
        const [there] = await pool.map(fn, [4])
        found[way] = there === (await fn(4))
      } catch {
        found[way] = false
      }
    }
    return JSON.stringify(found)
  }
`
const VARIANTS = {
  plain: 'console.log(await probe())',
  guarded: `export { far }
    if (process.argv[1] === fileURLToPath(import.meta.url)) probe().then(console.log)`,
}
const IN_VITEST = `
  import { writeFileSync } from 'node:fs'
  import { it } from 'vitest'
  import { probe } from './probe.mjs'
  it('looks', async () => writeFileSync('found.json', await probe()))
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-tools-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/lanewise'), 'junction')
  symlinkSync(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'), 'junction')
  writeFileSync(join(folder, 'geo.mjs'), GEO)
  writeFileSync(join(folder, 'probe.mjs'), PROBE)
  writeFileSync(join(folder, 'probe.test.mjs'), IN_VITEST)
  for (const [variant, main] of Object.entries(VARIANTS)) writeFileSync(join(folder, `${variant}.mjs`), PROBE + main)
})
afterAll(() => rmSync(folder, { recursive: true }))

const tools: [row: string, run: Run][] = [
  ['Node, JavaScript', (variant) => run(`${variant}.mjs`)],
  ['esbuild, bundle', bundled('esbuild', (entry, outfile) => byEsbuild(entry, outfile, {}))],
  [
    'esbuild, bundle, `--minify --keep-names`',
    bundled('minified', (entry, outfile) => byEsbuild(entry, outfile, { minify: true, keepNames: true })),
  ],
  [
    'rolldown, bundle',
    bundled('rolldown', async (input, file) => {
      await using bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' })
      await bundle.write({ file, format: 'esm' })
    }),
  ],
  ['vite, bundle for the server', bundled('vite', byVite)],
  ['vitest, modules of JavaScript', () => underVitest('forks')],
  ['vitest, vmThreads', () => underVitest('vmThreads')],
]

describe('docs/functions.md', { timeout: 120_000 }, () => {
  it.each(tools)('says what is found under %s', async (row, runProbe) => {
    const plain = await runProbe('plain')
    const guarded = await runProbe('guarded')
    const cell = (way: keyof Found): string => (plain[way] ? 'yes' : guarded[way] ? 'with a guard' : 'no')
    const whole = plain.selfContained && plain.builtIn
    const first = !whole ? 'no' : plain.inside ? 'yes' : 'no functions inside'
    expect([row, first, cell('exported'), cell('task'), cell('tasks')]).toEqual(rowOfPage(row))
  })
})

/** The cells of the page's row about a tool. */
function rowOfPage(row: string): string[] {
  const page = readFileSync(join(root, 'docs/functions.md'), 'utf8')
  const line = page.split('\n').find((each) => each.startsWith(`| ${row} |`)) ?? ''
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

async function run(file: string): Promise<Found> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, file)], { timeout: 60_000 })
  const lines = stdout.trim().split('\n')
  return JSON.parse(lines[lines.length - 1] ?? '') // before it, perhaps, what a worker found that imported the program
}

function bundled(tool: string, bundle: (entry: string, outFile: string) => Promise<unknown>): Run {
  return async (variant) => {
    const file = `${tool}/${variant}.mjs`
    await bundle(join(folder, `${variant}.mjs`), join(folder, file))
    return await run(file)
  }
}

function byEsbuild(entry: string, outfile: string, options: { minify?: true; keepNames?: true }): Promise<unknown> {
  return esbuild({
    ...options,
    entryPoints: [entry],
    outfile,
    format: 'esm',
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  })
}

function byVite(entry: string, outFile: string): Promise<unknown> {
  return vite({
    root: folder,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: join(outFile, '..'),
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: '[name].mjs' } },
    },
  })
}

async function underVitest(pool: string): Promise<Found> {
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder,
    '--testTimeout=60000',
    '--pool',
    pool,
  ]
  rmSync(join(folder, 'found.json'), { force: true })
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 })
  try {
    return JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8'))
  } catch {
    throw new Error(`${stdout}${stderr}`)
  }
}
