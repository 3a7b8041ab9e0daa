import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { fixture } from '../tune/fixture.ts'
import { captured } from './captured.ts'
import { temporaryFolder } from './files.ts'

const { folder, put } = temporaryFolder()
const lines = fixture().traces.flatMap(({ chunks }, map) => chunks.map((chunk) => JSON.stringify({ ...chunk, map })))
const log = put('chunks.jsonl', `${lines.join('\n')}\n`)

describe('lanewise explain', () => {
  it('tells of each map, and ends with one advice', async () => {
    const { code, out, err } = await captured('explain', log)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.match(/^map \d: score on 4 workers \(threads\): 6,000 rows in \d+ chunks, /gm)).toHaveLength(2)
    expect(out.match(/^ {2}→ /gm)).toHaveLength(2)
  })

  it('tells of the longest of many maps, in the order of the log, and of all if asked', async () => {
    const many = Array.from({ length: 25 }, (_, map) =>
      JSON.stringify({ ...JSON.parse(lines[0]!), map, execMs: 50 - map, atMs: 60 - map }),
    )
    const file = put('many.jsonl', many.join('\n'))
    const told = (out: string): string[] => out.match(/(?<=^map )\d+/gm) ?? []
    const { out, err } = await captured('explain', file)
    expect(told(out)).toEqual(Array.from({ length: 20 }, (_, map) => String(map)))
    expect(err).toBe('lanewise: these are the 20 longest of 25 maps; --all tells of each\n')
    expect(told((await captured('explain', file, '--all')).out)).toHaveLength(25)
    expect(JSON.parse((await captured('explain', file, '--json')).out).maps).toHaveLength(25)
  })

  it('is never wider than the terminal', async () => {
    let out = ''
    const stdout = { columns: 50, write: (text: string) => (out += text) }
    expect(await runCommand(['explain', log], { stdout, stderr: stdout })).toBe(0)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50)
  })

  it('gives one object for machines', async () => {
    const { out } = await captured('explain', log, '--json')
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      kind: 'explain',
      file: log,
      notes: [],
      maps: [{ map: 0 }, { map: 1 }],
    })
  })

  it('says on stderr that the last line is cut off, unless it is to be quiet', async () => {
    const torn = put('torn.jsonl', `${lines.join('\n')}\n{"schema":2`)
    expect((await captured('explain', torn)).err).toBe(
      `lanewise: line ${lines.length + 1} of ${torn} is cut off, as by a program that was ended: it is left out\n`,
    )
    expect(await captured('explain', torn, '--quiet')).toMatchObject({ code: 0, err: '' })
  })

  it.each([
    ['a file that is not there', () => join(folder, 'no.jsonl'), 'cannot be read: there is no such file'],
    ['a folder', () => folder, 'cannot be read: it is a folder'],
    ['something else', () => put('other.txt', 'hello\nworld\n'), ':1 is no line of a chunk log'],
  ])('exits with 1 for %s', async (_, file, reason) => {
    const { code, out, err } = await captured('explain', file())
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^lanewise: [^\n]*\n$/)
    expect(err).toContain(reason)
  })

  it.each([
    ['no file', []],
    ['two files', [log, log]],
    ['an option that there is not', [log, '--colour']],
  ])('exits with 2 for %s, and says where to read on', async (_, args) => {
    const { code, out, err } = await captured('explain', ...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('lanewise explain --help says how it is called')
  })

  it('shows an example in its help', async () => {
    expect((await captured('explain', '--help')).out).toContain('  lanewise explain chunks.jsonl\n')
  })
})
