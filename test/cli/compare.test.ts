import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise compare '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  vi.stubEnv('FORCE_COLOR', undefined)
})

async function run(args: readonly string[], columns?: number): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const stdout = { write: (text: string) => (out += text), columns }
  const code = await runCommand(['compare', ...args], { stdout, stderr: { write: (text: string) => (err += text) } })
  return { code, out, err }
}

function bench(name: string, ms: Record<string, number>, machine = 'here'): string {
  const samples = Object.fromEntries(
    Object.entries(ms).map(([key, each]) => [key, { ms: Array.from({ length: 9 }, (_, i) => each + (i % 2) / 100) }]),
  )
  return file(name, JSON.stringify({ date: '', machine, cases: { sums: { samples } } }))
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('lanewise compare', () => {
  it('exits with 0 where nothing is slower', async () => {
    const before = bench('before.json', { a: 10, b: 20 })
    const after = bench('after.json', { a: 10.1, b: 19.8 })
    const { code, out, err } = await run([before, after])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^configuration +before +after +change/)
    expect(out).toMatch(/^sums: a +10 ms +10\.1 ms +\+1 %/m)
    expect(out).toMatch(/\nNo difference beyond the noise: .*\.\n$/)
  })

  it('exits with 3 where something is slower than the threshold', async () => {
    const before = bench('before.json', { a: 10, b: 20 })
    const after = bench('after.json', { a: 11, b: 20 })
    const { code, out } = await run([before, after])
    expect(code).toBe(3)
    expect(out).toMatch(/sums: a .* slower$/m)
    expect((await run([before, after, '--threshold', '15%'])).code).toBe(0)
    expect((await run([before, after, '--threshold', '0.15'])).code).toBe(0)
    expect((await run([before, after, '--threshold', '1%'])).code).toBe(3)
  })

  it('exits with 1 where nothing can be told', async () => {
    const few = file('few.json', '{"cases":{"x":{"samples":{"a":{"ms":[1,2,3]}}}}}')
    const { code, out } = await run([few, few])
    expect(code).toBe(1)
    expect(out).toContain('Nothing can be told: 3 rounds are paired, and 5 are needed.')
  })

  it('writes for machines, for pages and for trackers', async () => {
    const before = bench('before.json', { a: 10 })
    const after = bench('after.json', { a: 12 })
    const json = await run([before, after, '--json'])
    expect(json.code).toBe(3)
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, kind: 'compare', change: 'slower', threshold: 0.05 })
    expect(await run([before, after, '--format', 'json'])).toEqual(json)
    const { out: markdown } = await run([before, after, '--format', 'markdown'])
    expect(markdown).toContain('is slower: 20 %')
    expect(markdown).toContain('| configuration | before | after | change |')
    const { out: tracked } = await run([before, after, '--format', 'github-action-benchmark'])
    expect(JSON.parse(tracked)).toEqual([
      {
        name: 'sums: a',
        unit: 'ms',
        value: 12,
        range: expect.stringMatching(/^± /),
        extra: '+20 % over before, 9 rounds',
      },
    ])
  })

  it('warns on stderr, unless it is to be quiet', async () => {
    const [before, after] = [bench('before.json', { a: 10 }), bench('after.json', { a: 10 }, 'there')]
    expect((await run([before, after])).err).toBe('lanewise: measured on different machines: here · there\n')
    expect((await run([before, after, '--quiet'])).err).toBe('')
  })

  it('is no wider than the terminal', async () => {
    const before = bench('before.json', { 'a configuration with a name of some length': 10 })
    for (const columns of [40, 80]) {
      const { out } = await run([before, before], columns)
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }
  })

  it.each([
    ['a file that is not there', () => join(folder, 'none.json'), 'none.json cannot be read: there is no such file'],
    ['no JSON', () => file('torn.json', '{"cases":'), 'torn.json is no JSON: '],
    ['a line that is torn', () => file('torn.jsonl', '{}\n{'), 'torn.jsonl:2 is no JSON: '],
    [
      'another object',
      () => file('other.json', '{"kind":"pie"}'),
      "other.json is no result that can be compared: its kind is 'pie'",
    ],
  ])('exits with 1 for %s', async (_, other, message) => {
    const { code, out, err } = await run([bench('before.json', { a: 1 }), other()])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^lanewise: .+\n$/)
    expect(err).toContain(message)
  })

  it.each([
    [[], 'two files are compared, got 0'],
    [['a'], 'two files are compared, got 1'],
    [['a', 'b', 'c'], 'two files are compared, got 3'],
    [['a', 'b', '--threshold', '5'], "--threshold must be a share, as 5% or 0.05, got '5'"],
    [['a', 'b', '--threshold', '-1%'], '--threshold'],
    [['a', 'b', '--format', 'xml'], "--format must be text, markdown, github-action-benchmark, json, got 'xml'"],
    [['a', 'b', '--treshold', '5%'], "Unknown option '--treshold'"],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, out, err } = await run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toMatch(/lanewise compare --help says how it is called\n$/)
  })
})
