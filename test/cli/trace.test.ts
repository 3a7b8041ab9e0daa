import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture } from '../tune/fixture.ts'
import { captured } from './captured.ts'
import { temporaryFolder } from './files.ts'

const { folder, put } = temporaryFolder()
const lines = fixture().traces.flatMap(({ chunks }) => chunks.map((chunk) => JSON.stringify(chunk)))
const log = put('chunks.jsonl', `${lines.join('\n')}\n`)

describe('lanewise trace', () => {
  it('prints Trace Event JSON', async () => {
    const { code, out, err } = await captured('trace', log)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { traceEvents } = JSON.parse(out)
    expect(traceEvents.filter(({ ph }: { ph: string }) => ph === 'X')).toHaveLength(lines.length)
  })

  it('writes it to a file, and prints its name', async () => {
    const out = join(folder, 'trace.json')
    expect(await captured('trace', log, '--out', out)).toEqual({ code: 0, out: `${out}\n`, err: '' })
    expect(readFileSync(out, 'utf8')).toBe((await captured('trace', log)).out)
  })

  it('writes nothing where the log is not one', async () => {
    const out = join(folder, 'none.json')
    const { code, err } = await captured('trace', put('empty.jsonl', ''), '--out', out)
    expect({ code, isThere: existsSync(out) }).toEqual({ code: 1, isThere: false })
    expect(err).toMatch(/^lanewise: .*has no chunks; a program writes them when it runs with LANEWISE_CHUNK_LOG=/)
  })

  it('exits with 1 where it cannot write', async () => {
    const { code, err } = await captured('trace', log, '--out', join(folder, 'no', 'trace.json'))
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('cannot be written: there is no such file') })
  })
})
