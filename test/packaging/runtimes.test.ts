import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { comparable } from '../docs/blocks.ts'
import { read } from '../docs/site.ts'
import { Installation, installTools, run } from './installed.ts'
import { printed, printedByDemo, writeDemo, writeWays } from './ways.ts'

/** A program other than Node that runs JavaScript. */
interface Runtime {
  readonly name: 'Bun' | 'Deno'
  /** The version that is measured; see runtimes/package.json. */
  readonly version: string
  /** What stands before a program's name. */
  readonly args: readonly string[]
  /** The ways that do not work under it: it has no inspector that tells where a function stands. */
  readonly loses: readonly string[]
}

const runtimes: readonly Runtime[] = [
  { name: 'Bun', version: '1.4', args: [], loses: ['an export'] },
  { name: 'Deno', version: '2.9', args: ['run', '--allow-all', '--quiet'], loses: ['an export'] },
]

/** What else has to work everywhere; each prints one line. */
const PROGRAM = `
  import { InlineExecutor, kernel, ProcessPoolExecutor, range, ThreadPoolExecutor } from 'lanewise'
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
  const square = kernel((x) => x * x)
  for (const engine of ['js', 'wasm', 'auto']) console.log(engine, String(await pool.map(square, [1, 2, 3], { engine })))
  console.log('reduce', await pool.reduce(square, range(300_000), { op: 'sum' }))
  console.log('mapSync', String(pool.mapSync((x) => x + 1, [1, 2, 3])))
  const stuck = (n) => {
    while (n === 2);
    return n
  }
  const outcomes = await pool.map(stuck, [1, 2, 3], { itemTimeout: 500, errors: 'settle' })
  console.log('itemTimeout', outcomes.map(({ status, reason }) => reason?.code ?? status).join())
  console.log('a death', (await pool.submit(() => process.exit(3)).exception()).exitCode)
  console.log('after it', String(await pool.map((x) => x + 1, [1, 2, 3])))
  for await (const n of pool.map((x) => x, range(1e9), { buffersize: 8 })) if (n === 3) break
  console.log('inline', String(await new InlineExecutor().map((x) => x + 1, [1, 2, 3])))
  const killed = new ProcessPoolExecutor({ maxWorkers: 1 }).submit(() => process.kill(process.pid, 'SIGKILL'))
  console.log('a process', (await killed.exception()).signal)
`
const LINES = `js 1,4,9
wasm 1,4,9
auto 1,4,9
reduce 8999955000050000
mapSync 2,3,4
itemTimeout fulfilled,ERR_LANEWISE_TIMEOUT,fulfilled
a death 3
after it 2,3,4
inline 2,3,4
a process SIGKILL
`

let installed: Installation
const commands = new Map<string, string>()
beforeAll(async () => {
  const tools = await installTools('runtimes')
  for (const { name } of runtimes) {
    const command = findCommand(tools, name.toLowerCase())
    if (command === undefined) console.log(`skipped: ${whyNot(name)}`)
    else commands.set(name, command)
  }
  installed = new Installation()
  await writeDemo(installed.folder, 'mjs')
  await writeWays(installed.folder, 'mjs')
  writeFileSync(join(installed.folder, 'whole.mjs'), PROGRAM)
})
afterAll(() => installed.remove())

describe.each(runtimes)('a program run by $name', (runtime) => {
  it('prints what the README says', async (context) => {
    const { stdout, stderr } = await runBy(runtime, context, 'demo.mjs')
    expect(stderr).toBe('')
    expect(comparable(stdout)).toBe(comparable(printedByDemo))
  })

  it('has its kernels, limits, deaths and processes, and ends by itself', async (context) => {
    expect(await runBy(runtime, context, 'whole.mjs')).toEqual({ stdout: LINES, stderr: '' })
  })

  const ways = Object.entries(printed).filter(([way]) => !runtime.loses.includes(way))
  it.for(ways)('brings to a worker %s', async ([way, expected], context) => {
    expect(await runBy(runtime, context, 'ways.mjs', way)).toEqual({ stdout: expected, stderr: '' })
  })

  it.for(runtime.loses)('refuses %s, and names the ways that are sure', async (way, context) => {
    const { stdout } = await runBy(runtime, context, 'ways.mjs', way)
    expect(stdout).toMatch(/^FunctionError: .*write it self-contained, with what it needs inside\n$/)
  })

  it('has its row in docs/functions.md', () => {
    const page = read('docs/functions.md')
    const cell = (way: string): string => (runtime.loses.includes(way) ? 'no' : 'yes')
    const cells = [runtime.name, 'yes', ...['an export', 'a task', 'tasks of a file'].map(cell)]
    expect(page).toContain(`\n| ${cells.join(' | ')} |\n`)
    expect(page).toContain(`${runtime.name} ${runtime.version}`)
  })
})

function runBy({ name, args }: Runtime, context: TestContext, file: string, way?: string): ReturnType<typeof run> {
  const command = commands.get(name)
  if (command === undefined) return context.skip(whyNot(name))
  return run(installed.folder, [command, ...args, file], way === undefined ? {} : { WAY: way })
}

function whyNot(name: string): string {
  return `npm has no ${name} as a package for this platform, or it does not run here`
}

/** The program itself: where its package's script has put it, or, where scripts do not run, in the package for this platform. */
function findCommand(tools: string, name: string): string | undefined {
  const modules = join(tools, 'node_modules')
  const scopes = ['@oven', '@deno'].filter((scope) => existsSync(join(modules, scope)))
  const platforms = scopes.flatMap((scope) =>
    readdirSync(join(modules, scope)).map((each) => join(modules, scope, each)),
  )
  const folders = [join(modules, name), ...platforms]
  const places = folders.flatMap((folder) => [
    join(folder, 'bin', name),
    join(folder, 'bin', `${name}.exe`),
    join(folder, name),
    join(folder, `${name}.exe`),
  ])
  return places.find((place) => {
    try {
      execFileSync(place, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
