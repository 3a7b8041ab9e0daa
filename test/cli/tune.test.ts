import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import type { TuneResult } from '../../src/tune/result.ts'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const work = fileURLToPath(new URL('fixtures/work.mjs', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise tune '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(variables: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0' }
  for (const name of ['LANEWISE_ENGINE', 'LANEWISE_CHUNKSIZE', 'LANEWISE_CHUNK_LOG']) delete env[name]
  Object.assign(env, variables)
  return spawn(process.execPath, [program, 'tune', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = start({}, ...args)
  let [out, err] = ['', '']
  child.stdout?.on('data', (text) => (out += text))
  child.stderr?.on('data', (text) => (err += text))
  const [code] = await once(child, 'close')
  return { code, out, err }
}

/** Few sizes: over after 31 rounds, and however busy the machine, long before its budget. */
const LOUD = ['--budget', '20s', '--chunks', 'auto,N/4P,N/P', '--workers', '2']
/** Where it is busy, a line of progress may come after ten seconds. */
const QUICK = [...LOUD, '--quiet']

describe('lanewise tune', () => {
  it('refuses an environment that overrides what it compares', async () => {
    const child = start({ LANEWISE_CHUNKSIZE: '7' }, `${work}#isPrime`, '--input', 'range:9')
    let said = ''
    child.stderr?.on('data', (text) => (said += text))
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said).toBe("lanewise: LANEWISE_CHUNKSIZE overrides what tune compares, got '7'; unset it\n")
  })

  it('ends in a table and a verdict on stdout, and nothing else', async () => {
    const { code, out, err } = await run(`${work}#isPrime`, '--input', 'range:2000', ...QUICK)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^isPrime, a function, over 2000 rows\n\npool +chunksize +median/)
    expect(out).toMatch(/^threads × 2 +auto +\d/m)
    expect(out).toMatch(/^plain loop +\d/m)
    expect(out.trimEnd()).toMatch(/\.$/)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('gives one object for machines', async () => {
    const { code, out, err } = await run(
      `${work}#half`,
      '--input',
      'range:20000',
      '--engines',
      'js,wasm',
      '--json',
      ...QUICK,
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const result = JSON.parse(out) as TuneResult
    expect(result).toMatchObject({
      schema: 1,
      kind: 'tune',
      subject: { name: 'half', kind: 'kernel', input: 'range:20000', items: 20000 },
      objective: 'makespan',
      environment: { node: process.versions.node, workers: 2 },
    })
    expect(result.argv.slice(0, 2)).toEqual(['tune', `${work}#half`])
    expect(new Set(result.configurations.map(({ engine }) => engine))).toEqual(new Set(['js', 'wasm']))
    expect(Date.parse(result.at)).not.toBeNaN()
    for (const run of result.runs) {
      expect(result.configurations[run.configuration]).toBeDefined()
      expect(run.makespanMs).toBeGreaterThan(0)
      expect(run.utilisation).toBeLessThanOrEqual(1)
    }
    expect(result.verdict.sentence).not.toBe('')
  })

  it('keeps all that it measured in a folder', async () => {
    const out = join(folder, 'new', 'tuned')
    const { code } = await run(`${work}#isPrime`, '--input', 'range:3000', '--out', out, ...QUICK)
    expect(code).toBe(0)
    const result = JSON.parse(readFileSync(join(out, 'tune.json'), 'utf8')) as TuneResult
    const lines = readFileSync(join(out, 'rounds.jsonl'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBe(result.runs.length)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      schema: 1,
      kind: 'round',
      subject: 'isPrime',
      engine: 'threads',
      items: 3000,
    })
    expect(readFileSync(join(out, 'tune.md'), 'utf8')).toContain(result.verdict.sentence)
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
    expect(result.traces.length).toBeGreaterThan(0)
    for (const { chunks, delivered, configuration } of result.traces) {
      expect(delivered.at(-1)?.[1]).toBe(3000)
      expect(chunks.reduce((sum, { done }) => sum + done, 0)).toBe(3000)
      expect(result.configurations[configuration]?.items).toBe(3000)
    }
  })

  it('measures what a reader gets where that is the objective', async () => {
    const { code, out } = await run(
      `${work}#isPrime`,
      '--input',
      'range:2000',
      '--objective',
      'first',
      '--json',
      ...QUICK,
    )
    expect(code).toBe(0)
    const { runs } = JSON.parse(out) as TuneResult
    for (const { firstMs, makespanMs } of runs) expect(firstMs).toBeLessThanOrEqual(makespanMs)
  })

  it('takes several inputs, and rows that are objects', async () => {
    const file = join(folder, 'texts.json')
    writeFileSync(file, JSON.stringify(['a', 'bc', 'def']))
    expect(await run(`${work}#words`, '--input', file, ...QUICK)).toMatchObject({ code: 0, err: '' })
    expect(await run(`${work}#add`, '--input', 'export:lazyRows', '--input', 'export:rows', ...QUICK)).toMatchObject({
      code: 0,
      err: '',
    })
  })

  it.each([
    [
      'results that differ',
      'random',
      'range:100',
      /^lanewise: row \d+ is .* by the plain loop; tune takes functions whose results depend on their arguments alone\n$/,
    ],
    ['a row that throws', 'throws', 'range:10', /^lanewise: row 3 throws: .*three.*; tune takes rows that do not\n$/],
    ['no rows', 'isPrime', 'range:0', /^lanewise: tune needs rows to run, got none/],
    [
      'an export that is not there',
      'isPrim',
      'range:9',
      /^lanewise: .*work\.mjs exports no isPrim; did you mean isPrime\?\n$/,
    ],
    ['an export that is no function', 'rows', 'range:9', /^lanewise: .*work\.mjs has .* as rows, which is no function/],
    ['an input that is not exported', 'isPrime', 'export:row', /exports no row; it exports/],
    ['an input that cannot be iterated', 'isPrime', 'export:notRows', /must be iterable, or a function/],
    [
      'an input file that is not there',
      'isPrime',
      'no-such.npy',
      /^lanewise: no-such\.npy cannot be read: there is no such file\n$/,
    ],
  ])('exits with 1 for %s, with a line on stderr alone', async (_, name, input, message) => {
    const { code, out, err } = await run(`${work}#${name}`, '--input', input, ...QUICK)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
  })

  it.each([
    ['no function', ['--input', 'range:9'], 'a function must be named: work.js#score'],
    ['no input', [`${work}#isPrime`], 'the function needs --input: range:'],
    ['two functions', [`${work}#isPrime`, 'b.js', '--input', 'range:9'], 'one function is tuned at a time'],
    ['many functions to choose from', [work, '--input', 'range:9'], 'functions; name one: '],
    ['an unknown option', [`${work}#isPrime`, '--inputs', 'range:9'], "Unknown option '--inputs'"],
    [
      'a budget that is none',
      [`${work}#isPrime`, '--input', 'range:9', '--budget', 'soon'],
      '--budget must be a time above 0',
    ],
    [
      'a chunk size that is none',
      [`${work}#isPrime`, '--input', 'range:9', '--chunks', '0'],
      'each of chunks must be a chunk size, got 0',
    ],
    [
      'an engine that is none',
      [`${work}#isPrime`, '--input', 'range:9', '--engines', 'thread'],
      "did you mean 'threads'?",
    ],
    ['a range that is none', [`${work}#isPrime`, '--input', 'range:a'], 'range: takes one to three numbers'],
    ['an input of an unknown kind', [`${work}#isPrime`, '--input', 'rows.txt'], '--input must be range:'],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toMatch(/^lanewise: .+\nlanewise tune --help says how it is called\n$/)
  })

  it('runs TypeScript where Node does, and says what to do where it does not', async () => {
    const file = join(folder, 'work.ts')
    writeFileSync(file, 'export const f = (n: number): number => n')
    const { code, err } = await run(`${file}#f`, '--input', 'range:9', ...QUICK)
    const isRun = 'typescript' in process.features && process.features.typescript !== false
    const text = `lanewise: ${file}: Node ${process.versions.node} does not run TypeScript; use Node 22.18 or later, or the JavaScript that it is compiled to\n`
    expect({ code, err }).toEqual(isRun ? { code: 0, err: '' } : { code: 1, err: text })
  })

  it('is no wider than a terminal, on which it shows how it stands', async () => {
    for (const columns of [40, 80]) {
      let [out, err] = ['', '']
      const stdout = { write: (text: string) => (out += text), isTTY: true, columns }
      const stderr = { write: (text: string) => (err += text), isTTY: true, columns }
      const code = await runCommand(['tune', `${work}#isPrime`, '--input', 'range:2000', '--no-color', ...LOUD], {
        stdout,
        stderr,
      })
      expect(code).toBe(0)
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      expect(err).toMatch(/plain loop and warm-up, 20 s at most/)
      for (const line of err.split('\r\u001b[2K')) expect(line.length).toBeLessThan(columns)
      expect(err.endsWith('\r\u001b[2K')).toBe(true)
    }
  })

  it('exits with 1 where a plain loop takes longer than half the budget, and says what would do', async () => {
    const { code, out, err } = await run(`${work}#slow`, '--input', 'range:100', '--budget', '1s')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(
      /^lanewise: a plain loop of slow did \d+ of 100 rows in .* s, and all would take some \d+ s; give fewer rows, or a budget of \d+ s\n$/,
    )
  })

  it('refuses an engine that does not run the subject', async () => {
    const { code, err } = await run(`${work}#isPrime`, '--input', 'range:9', '--engines', 'wasm')
    expect(code).toBe(1)
    expect(err).toBe(
      'lanewise: isPrime is a function, which runs on threads, processes, inline, got wasm; use one of these, or wrap it in kernel()\n',
    )
  })

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('prints after %s what is known so far, and closes', async (name, code) => {
    const log = join(folder, `${name}.jsonl`)
    writeFileSync(log, '')
    const child = start(
      { LANEWISE_CHUNK_LOG: log },
      `${work}#isPrime`,
      '--input',
      'range:20000',
      '--budget',
      '10m',
      '--json',
    )
    let out = ''
    child.stdout?.on('data', (text) => (out += text))
    // The first maps warm up, and do not count; a map is in the log when it has ended.
    for await (const _ of watch(log)) if (readFileSync(log, 'utf8').includes('"map":9,')) break
    child.kill(name)
    expect(await once(child, 'close')).toEqual([code, null])
    expect((JSON.parse(out) as TuneResult).runs.length).toBeGreaterThan(0)
  })

  it('is not disturbed by a reader who has enough', async () => {
    const child = start({}, `${work}#isPrime`, '--input', 'range:2000', ...QUICK)
    child.stdout?.destroy()
    let said = ''
    child.stderr?.on('data', (text) => (said += text))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(said).toBe('')
  })
})
