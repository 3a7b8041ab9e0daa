import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./chunk-log-program.mjs', import.meta.url))
const FIELDS = [
  'schema',
  'map',
  'fn',
  'engine',
  'worker',
  'start',
  'end',
  'done',
  'beginMs',
  'execMs',
  'atMs',
  'stopMs',
]

function run(log: string): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program], { env: { ...process.env, LANEWISE_CHUNK_LOG: log }, encoding: 'utf8' })
}

describe('LANEWISE_CHUNK_LOG', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-log-'))
  const file = join(folder, 'chunks.jsonl')
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has each chunk of each map, as docs/observe.md says', () => {
    const { stdout, stderr } = run(file)
    expect(stderr).toBe('')
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const line of lines) expect(Object.keys(line)).toEqual(FIELDS)

    const page = readFileSync(new URL('../../docs/observe.md', import.meta.url), 'utf8')
    for (const field of FIELDS) expect(page).toContain(`\`${field}\``)

    const ofMap = (map: number) => lines.filter((line) => line.map === map)
    const fixed = ofMap(0).sort((a, b) => a.start - b.start)
    expect(fixed.map(({ start, end, done }) => [start, end, done])).toEqual([
      [0, 100, 100],
      [100, 200, 100],
      [200, 250, 50],
    ])
    expect(fixed.every((line) => line.fn === 'half' && line.engine === 'threads' && line.stopMs === null)).toBe(true)
    expect(fixed.every(({ beginMs, execMs, atMs }) => beginMs >= 0 && atMs >= beginMs + execMs)).toBe(true)

    const auto = ofMap(1)
    expect(auto.reduce((sum, { done }) => sum + done, 0)).toBe(5000)
    expect(auto.every(({ engine }) => engine === 'processes')).toBe(true)
    expect(auto.some(({ stopMs }) => stopMs > 0)).toBe(true)

    expect(ofMap(2).map(({ start, end, engine }) => [start, end, engine])).toEqual([
      [0, 2, 'inline'],
      [2, 4, 'inline'],
    ])
    const claimed = ofMap(3).sort((a, b) => a.start - b.start)
    expect(claimed.map(({ start, end, engine }) => [start, end, engine])).toEqual([
      [0, 400_000, 'wasm'],
      [400_000, 800_000, 'wasm'],
      [800_000, 1_000_000, 'wasm'],
    ])
    for (const engine of ['threads', 'processes', 'inline', 'js', 'wasm', 'native'])
      expect(page).toContain(`\`'${engine}'\``)

    // Behind each map its lines are there.
    expect(stdout).toBe(`3\n${3 + auto.length}\n${3 + auto.length + 2}\n${3 + auto.length + 5}\n`)
  })

  it('warns once where it cannot be written, and the maps go on', () => {
    const { stdout, stderr } = run(join(folder, 'no-such-folder', 'chunks.jsonl'))
    expect(stdout).toBe('no log\n'.repeat(4))
    expect(stderr.match(/LanewiseWarning: LANEWISE_CHUNK_LOG cannot be written: Error: ENOENT/g)).toHaveLength(1)
  })
})
