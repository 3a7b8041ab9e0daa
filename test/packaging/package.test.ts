import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Installation, type Printed, root, runNode } from './installed.ts'

const MIB = 1 << 20

describe('the packed package', () => {
  let installed: Installation
  beforeAll(() => {
    installed = new Installation()
  })
  afterAll(() => installed.remove())

  it('holds the build, the licence and nothing of the sources or tests', () => {
    const paths = installed.packed.files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'LICENSE', 'package.json']))
    const expected =
      /^(dist\/.+\.(js|d\.ts)|native\/.+\.(node|d\.ts)|LICENSE-(acorn|csv-parse|d3)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !expected.test(path))).toEqual([])
    // No exported type leads to these declarations.
    expect(paths).not.toContain('dist/worker/loop.d.ts')
  })

  it('weighs at most 1.5 MiB unpacked, the addon aside', () => {
    const bytes = installed.packed.files
      .filter(({ path }) => !path.endsWith('.node'))
      .reduce((sum, { size }) => sum + size, 0)
    console.log(`unpacked, without the addon: ${(bytes / 1024).toFixed(0)} KiB`)
    expect(bytes).toBeLessThanOrEqual(1.5 * MIB)
  })

  it('has an import read at most 0.75 MiB of that: not the command line, nor what tunes and draws', () => {
    const sizes = new Map(installed.packed.files.map(({ path, size }) => [path, size]))
    const read = new Set(['dist/index.js'])
    for (const path of read) {
      const text = readFileSync(join(installed.folder, 'node_modules/lanewise', path), 'utf8')
      for (const [, from = ''] of text.matchAll(/\b(?:from|import) ?"(\.{1,2}\/[\w/.-]+\.js)"/g)) {
        read.add(join(path, '..', from).replaceAll('\\', '/'))
      }
    }
    // An import waits for each file: the code of the core stands in one, and what other programs share with it in few.
    expect(read.size).toBeGreaterThan(1)
    expect(read.size).toBeLessThanOrEqual(6)
    const bytes = [...read].reduce((sum, path) => sum + (sizes.get(path) ?? Number.NaN), 0)
    console.log(`read by an import: ${(bytes / 1024).toFixed(0)} KiB`)
    expect(bytes).toBeLessThanOrEqual(0.75 * MIB)
  })

  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(installed.folder, 'node_modules/lanewise/package.json'), 'utf8'))
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
    expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([])
  })

  it('has nothing that publint minds', async () => {
    const { messages } = await publint({
      pkgDir: join(installed.folder, 'node_modules/lanewise'),
      pack: false,
      strict: true,
    })
    expect(messages).toEqual([])
  })

  it('has types that a strict program compiles with, its declarations checked too', async () => {
    const program = `
      import { type Future, type MapResult, range, ThreadPoolExecutor } from 'lanewise'
      import { erf } from 'lanewise/math'
      import { type Comparison, compare, type TuneResult, tune } from 'lanewise/tune'
      const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
      export const squares: MapResult<number> = pool.map((x) => x * x, range(3))
      export const one: Future<string> = pool.submit((n: number) => n.toFixed(), 1)
      export const half: number = erf(0.5)
      export const tuned: Promise<TuneResult> = tune((x: number, y: string) => y.repeat(x), [1], ['a'], { budget: 1_000 })
      export const compared: Comparison = compare(await tuned, await tuned, { threshold: 0.1 })
      // @ts-expect-error rows of another type
      tune((x: number) => x, ['a'])
      // @ts-expect-error no such option
      export const misspelt = new ThreadPoolExecutor({ max_workers: 2 })`
    writeFileSync(join(installed.folder, 'typed.mts'), program)
    const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--noEmit']
    const target = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2024,esnext.disposable,dom']
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await runNode(installed.folder, tsc, ...options, ...target, ...types, 'typed.mts').catch(
      (failure: Printed) => failure,
    )
    expect(stdout).toBe('')
  })

  it('compiles what makes vector code when that is first asked for, not for a plain call', async () => {
    const program = `
      import { syncBuiltinESMExports } from 'node:module'
      import vm from 'node:vm'
      const texts = []
      vm.Script = class extends vm.Script {
        constructor(text, options) {
          super(text, options)
          texts.push(options.filename)
        }
      }
      syncBuiltinESMExports()
      const { kernel } = await import('lanewise')
      const square = kernel((x) => x * x)
      console.log(square(3), texts.join())
      square.explain()
      console.log(texts.join())`
    const { stdout } = await runNode(installed.folder, '--input-type=module', '--eval', program)
    expect(stdout).toBe('9 lanewise:compiler,lanewise:acorn\nlanewise:compiler,lanewise:acorn,lanewise:vectors\n')
  })

  it('has a command line that starts', async () => {
    const { stdout } = await runNode(installed.folder, 'node_modules/lanewise/dist/cli/main.js', 'doctor', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ problems: [] })
  })

  const square = `
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
    pool.map((x) => x * x, [1, 2, 3]).then((squares) => console.log(squares.join()))`

  it('is imported, maps, and lets the program end by itself', async () => {
    const program = `import { ThreadPoolExecutor } from 'lanewise'\n${square}`
    expect(await installed.run('import.mjs', program)).toEqual({ stdout: '1,4,9\n', stderr: '' })
  })

  it('is required, maps, and lets the program end by itself', async () => {
    const program = `const { ThreadPoolExecutor } = require('lanewise')\n${square}`
    expect(await installed.run('require.cjs', program)).toEqual({ stdout: '1,4,9\n', stderr: '' })
  })

  it('compiles its compiler when the first kernel is made, and not when it is imported', async () => {
    const program = `
      import { Session } from 'node:inspector'
      const session = new Session()
      session.connect()
      const texts = []
      session.on('Debugger.scriptParsed', ({ params }) => { if (params.url.startsWith('lanewise:')) texts.push(params.url) })
      session.post('Debugger.enable')
      const { kernel } = await import('lanewise')
      console.log(texts.join())
      kernel((x) => x + 1)
      console.log(texts.join())
      session.disconnect()`
    expect(await installed.run('lazy.mjs', program)).toEqual({
      stdout: '\nlanewise:compiler,lanewise:acorn\n',
      stderr: '',
    })
  })

  it('starts no thread and no process before the first call, and says how long its import takes', async () => {
    const program = `
      import { subscribe } from 'node:diagnostics_channel'
      const started = { worker_threads: 0, child_process: 0 }
      for (const kind of Object.keys(started)) subscribe(kind, () => started[kind]++)
      const start = performance.now()
      const { ThreadPoolExecutor, ProcessPoolExecutor } = await import('lanewise')
      const ms = performance.now() - start
      const pools = [new ThreadPoolExecutor(), new ProcessPoolExecutor()]
      const before = { ...started }
      for (const pool of pools) await pool.submit(() => 1)
      console.log(JSON.stringify({ ms, before, after: started }))`
    const times: number[] = []
    for (let i = 0; i < 7; i++) {
      const { stdout, stderr } = await installed.run('idle.mjs', program)
      const { ms, ...counts } = JSON.parse(stdout)
      expect(stderr).toBe('')
      expect(counts).toEqual({
        before: { worker_threads: 0, child_process: 0 },
        after: { worker_threads: 1, child_process: 1 },
      })
      times.push(ms)
    }
    times.sort((a, b) => a - b)
    console.log(`import: ${times[3]!.toFixed(1)} ms (median of 7, ${times[0]!.toFixed(1)} to ${times[6]!.toFixed(1)})`)
  })
})
