import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBench } from '../../src/cli/run-bench.ts'
import type { ExperimentResult, RoundRecord } from '../../src/tune/experiments/experiment.ts'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise bench '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'bench', ...args], {
    // What would make all configurations one is left behind by the stands.
    env: { ...process.env, FORCE_COLOR: '0', LANEWISE_CHUNKSIZE: '7' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const [code] = await once(child, 'close')
  return { code, out, err }
}

const QUICK = ['--budget', '1s', '--job', '5ms', '--rounds', '2', '--workers', '2', '--seed', '7', '--quiet']

describe('lanewise bench', () => {
  it('runs a sweep: a table, a verdict, and files that others read', async () => {
    const args = ['E2', '--kernel', 'collatz', '--engines', 'wasm', '--out', folder, ...QUICK]
    const { code, out, err } = await run(...args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^E2: Chunk sweep\n/)
    expect(out).toMatch(/^collatz +wasm +auto +auto/m)
    expect(out).toMatch(/^collatz +plain +\d+ +plain loop/m)
    expect(out).toMatch(/^collatz on wasm: /m)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    expect(readdirSync(folder).sort()).toEqual(['e2-rounds.jsonl', 'e2-sweep-collatz-wasm.svg', 'e2.json', 'e2.md'])
    const result = JSON.parse(readFileSync(join(folder, 'e2.json'), 'utf8')) as ExperimentResult
    expect(result).toMatchObject({ schema: 1, kind: 'experiment', name: 'E2', seed: 7, argv: ['bench', ...args] })
    expect(result.rows.find(({ chunksize }) => chunksize === 1)).toMatchObject({ engine: 'wasm', rounds: 2 })
    const lines = readFileSync(join(folder, 'e2-rounds.jsonl'), 'utf8').trimEnd().split('\n')
    const records = lines.map((line) => JSON.parse(line) as RoundRecord)
    expect(records).toEqual(result.rounds)
    expect(records[0]).toMatchObject({ kind: 'round', subject: 'collatz', workers: 2 })
    expect(readFileSync(join(folder, 'e2.md'), 'utf8')).toContain('![sweep-collatz-wasm](e2-sweep-collatz-wasm.svg)')
    // What Kruskal and Weiss would choose is pointed at, by the spread of costs in one more run of auto.
    const figure = readFileSync(join(folder, 'e2-sweep-collatz-wasm.svg'), 'utf8')
    expect(figure).toMatch(/<path class="dot other" d="M[^"]+z"/)
  })

  it('gives one object for machines', async () => {
    const { code, out, err } = await run('E5', 'E9', '--json', ...QUICK)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.trimEnd().split('\n').length).toBe(1)
    const { schema, kind, experiments } = JSON.parse(out) as {
      schema: number
      kind: string
      experiments: ExperimentResult[]
    }
    expect({ schema, kind }).toEqual({ schema: 1, kind: 'bench' })
    expect(experiments.map(({ name }) => name)).toEqual(['E5', 'E9'])
    for (const { summary, figures, rows } of experiments) {
      expect([summary.length > 0, figures.length > 0, rows.length > 0]).toEqual([true, true, true])
    }
  })

  it.each([
    [['E11'], "there is no experiment 'E11'; there are E1 (calibration), E2 (chunk sweep)"],
    [['--all', 'E2'], '--all runs every experiment, and E2 was named too; give one of both'],
    [
      ['E2', '--kernel', 'colatz'],
      "--kernel: a workload must be one of those that are there, got 'colatz'; did you mean collatz?",
    ],
    [['E2', '--engines', 'wsam'], "--engines: there is no engine 'wsam'; did you mean wasm?"],
    [['E2', '--rounds', '1'], "--rounds must be a whole number of at least 2, got '1'"],
    [['E2', '--workers', '0'], "--workers must be a whole number of at least 1, got '0'"],
    [['E2', '--workers', '1e999'], "--workers must be a whole number of at least 1, got '1e999'"],
    [['E2', '--budget', 'soon'], "--budget must be a time above 0, as 45s, 2m or 500ms, got 'soon'"],
    [['E2', '--engines', 'wasm,'], "--engines takes words with commas between, got 'wasm,'"],
    [['E2', '--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('lanewise bench --help')
  })

  it('says in one line that no engine can run a workload', async () => {
    const { code, out, err } = await run('E2', '--kernel', 'json', '--engines', 'wasm', ...QUICK)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('lanewise: json is no kernel, and wasm runs nothing else; name another engine, such as threads\n')
  })

  /** Runs it here, on a terminal, and sends this process a signal when its progress says so. */
  async function interrupt(when: RegExp, signal: 'SIGINT' | 'SIGTERM') {
    let [out, err] = ['', '']
    const stdout = { write: (text: string) => (out += text) }
    const stderr = {
      isTTY: true,
      columns: 100,
      write: (text: string) => {
        err += text
        if (when.test(text)) process.emit(signal)
      },
    }
    const args = ['E2', '--kernel', 'collatz', '--engines', 'wasm', '--job', '5ms', '--budget', '600s', '--json']
    return { code: await runBench([...args, '--rounds', '100000'], { stdout, stderr }, { peers: [] }), out, err }
  }

  it('tells what is known so far after Ctrl-C, and exits with 130', async () => {
    const { code, out } = await interrupt(/round (?:[3-9]|\d\d+) of/, 'SIGINT')
    expect(code).toBe(130)
    const { experiments } = JSON.parse(out) as { experiments: ExperimentResult[] }
    expect(experiments[0]?.rows.length).toBeGreaterThan(0)
    expect(experiments[0]?.rounds.length).toBeGreaterThan(0)
  })

  it('says that nothing is known after an early SIGTERM, and exits with 143', async () => {
    const { code, out, err } = await interrupt(/getting ready/, 'SIGTERM')
    expect(code).toBe(143)
    expect((JSON.parse(out) as { experiments: [] }).experiments).toEqual([])
    expect(err).toContain('E2 was interrupted before anything was known')
  })
})
