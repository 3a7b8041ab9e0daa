import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { blocksOfPage } from '../docs/blocks.ts'
import { root } from './installed.ts'

/**
 * A program that sends a function to a worker in the way that WAY names, and prints what comes back or the error. What it marks and
 * what it exports use a variable of their module, which cannot travel.
 */
const WAYS = `
  import { kernel, ProcessPoolExecutor, ThreadPoolExecutor, tasks } from 'lanewise'
  import { exported, marked, unexported } from './geo.EXTENSION'
  export { exported }

  const threads = () => new ThreadPoolExecutor({ maxWorkers: 2 })
  const processes = () => new ProcessPoolExecutor({ maxWorkers: 2 })
  const refuse = (n: number): number => { throw new RangeError('no ' + n) }
  const ways: Record<string, () => PromiseLike<unknown>> = {
    'a lambda on threads': () => threads().map((x: number) => Math.sqrt(x) + 1, [1, 4, 9]),
    'a lambda on processes': () => processes().map((word: string, n: number) => word.repeat(n), ['a', 'b'], [1, 3]),
    'an error of a lambda': () => threads().submit(refuse, 7),
    'a kernel': () => {
      const gain = 10
      const half = (x: number) => (x > 2 ? x / 2 : Number(x === 2))
      const scaled = kernel((x: number, plus = 1) => gain * half(x) + Math.exp(0) + plus, { with: () => ({ gain, half }) })
      return threads().map(scaled, [1, 2, 3], { engine: 'wasm' })
    },
    'a task': () => threads().map(marked, [1, 2]),
    'an export': () => threads().map(exported, [1, 2]),
    'an export that the entry has not': () => threads().map(unexported, [1, 2]),
    'tasks of a file': () => {
      const beside = tasks<{ twice: (x: number) => number }>(new URL('./beside.EXTENSION', import.meta.url))
      return threads().map(beside.twice, [1, 2])
    },
  }
  export async function answer(way: string): Promise<string> {
    try {
      return String(await ways[way]!())
    } catch (error) {
      return String(error)
    }
  }

  const [way = '', unguarded] = (process.env.WAY ?? '').split(', ')
  // By its name, since not every bundle has an import.meta.url, and its modules' one is not its own.
  const isMain = /ways\\.\\w+$/.test(process.argv[1] ?? '')
  if (isMain || unguarded) answer(way).then(console.log)
`

const GEO = `
  import { task } from 'lanewise'
  const radii = new Map<string, number>([['earth', 6_371]])
  const radius = (): number => radii.get('earth')!
  export const marked = task(import.meta, (x: number) => x * radius())
  export function exported(x: number): number { return x * radius() + 1 }
  export function unexported(x: number): number { return x * radius() + 2 }
`

const BESIDE = `
  const factors = new Map<string, number>([['two', 2]])
  export function twice(x: number): number { return x * factors.get('two')! }
`

/** What a way prints that works. */
export const printed = {
  'a lambda on threads': '2,3,4\n',
  'a lambda on processes': 'a,bbb\n',
  'an error of a lambda': 'RangeError: no 7\n',
  'a kernel': '2,12,17\n',
  'a task': '6371,12742\n',
  'an export': '6372,12743\n',
  'tasks of a file': '2,4\n',
} as const

/** What a way prints that a tool has lost, once for each thread that ran the program: an error that names the ways it has not. */
export const refusal =
  /^(?:FunctionError: .*name its file with tasks\(new URL\('\.\/file\.js', import\.meta\.url\)\), or write it self-contained.*\n)+$/

/** How sources are written down: as they are, or compiled to one of JavaScript's two kinds of module. */
export type Extension = 'ts' | 'mjs' | 'cjs'

/** Writes the program and its modules into a folder; answers the program's name. */
export async function writeWays(folder: string, extension: Extension): Promise<string> {
  await write(folder, `geo.${extension}`, GEO)
  await write(folder, `beside.${extension}`, BESIDE)
  return await write(folder, `ways.${extension}`, WAYS.replaceAll('EXTENSION', extension))
}

/** Writes the first program of the README, with a small part of its work; answers its name. */
export async function writeDemo(folder: string, extension: Extension): Promise<string> {
  const code = demo.code.replaceAll('4_000_000', '10_000')
  // Awaited inside a function, since CommonJS has no top level that waits. Parameters have types in TypeScript.
  const imports = code.match(/^import .*\n/gm)!.join('')
  const inside = code
    .replaceAll(/^import .*\n/gm, '')
    .replace('(x) =>', '(x: number) =>')
    .replace('(spot, strike, years) =>', '(spot: number, strike: number, years: number) =>')
  return await write(
    folder,
    `demo.${extension}`,
    `${imports}async function main() {\n${inside}}\nexport const ended = main()\n`,
  )
}

const [demo] = blocksOfPage('README.md', readFileSync(join(root, 'README.md'), 'utf8')) as [Demo]
type Demo = ReturnType<typeof blocksOfPage>[number]

/** What the first program of the README prints, as it says. */
export const printedByDemo: string = demo.output!

async function write(folder: string, name: string, typescript: string): Promise<string> {
  const code = name.endsWith('.ts') ? typescript : await compile(typescript, name.endsWith('.cjs') ? 'cjs' : 'esm')
  writeFileSync(join(folder, name), code)
  return name
}

async function compile(typescript: string, format: 'esm' | 'cjs'): Promise<string> {
  const url = "const url = require('node:url').pathToFileURL(__filename).href"
  const commonJs = {
    banner: url,
    define: { 'import.meta.url': 'url' },
    logOverride: { 'empty-import-meta': 'silent' },
  } as const
  const options = { loader: 'ts', platform: 'node', format, ...(format === 'cjs' && commonJs) } as const
  return (await transform(typescript, options)).code
}
