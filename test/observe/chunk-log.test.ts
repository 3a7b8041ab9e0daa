import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./chunk-log-program.mjs', import.meta.url))
const FIELDS = ['schema', 'map', 'fn', 'engine', 'worker', 'start', 'end', 'done', 'atMs', 'execMs', 'stopMs']

describe('LANEWISE_CHUNK_LOG', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-log-'))
  const file = join(folder, 'chunks.jsonl')
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('has each chunk of each map, as docs/chunking.md says', () => {
    execFileSync(process.execPath, [program], { env: { ...process.env, LANEWISE_CHUNK_LOG: file }, stdio: 'inherit' })
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const line of lines) expect(Object.keys(line)).toEqual(FIELDS)

    const page = readFileSync(new URL('../../docs/chunking.md', import.meta.url), 'utf8')
    for (const field of FIELDS) expect(page).toContain(`\`${field}\``)

    const ofMap = (map: number) => lines.filter((line) => line.map === map)
    const fixed = ofMap(0).sort((a, b) => a.start - b.start)
    expect(fixed.map(({ start, end, done }) => [start, end, done])).toEqual([
      [0, 100, 100],
      [100, 200, 100],
      [200, 250, 50],
    ])
    expect(fixed.every((line) => line.fn === 'half' && line.engine === 'threads' && line.stopMs === null)).toBe(true)
    expect(fixed.every(({ atMs, execMs }) => atMs >= execMs && execMs >= 0)).toBe(true)

    const auto = ofMap(1)
    expect(auto.reduce((sum, { done }) => sum + done, 0)).toBe(5000)
    expect(auto.every(({ engine }) => engine === 'processes')).toBe(true)
    expect(auto.some(({ stopMs }) => stopMs > 0)).toBe(true)
  })
})
