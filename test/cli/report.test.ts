import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TuneResult } from '../../src/tune/result.ts'
import { fixture } from '../tune/fixture.ts'
import { captured } from './captured.ts'
import { temporaryFolder } from './files.ts'

const { folder, put } = temporaryFolder()
const result = fixture({ rounds: 3 })
const file = put('tune.json', JSON.stringify(result))

describe('lanewise report', () => {
  it('writes a page beside the result, and prints its name', async () => {
    const page = join(folder, 'report.html')
    expect(await captured('report', file)).toEqual({ code: 0, out: `${page}\n`, err: '' })
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>\n.*<\/html>\n$/s)
  })

  it('takes the folder that the result lies in', async () => {
    expect(await captured('report', folder)).toEqual({ code: 0, out: `${join(folder, 'report.html')}\n`, err: '' })
  })

  it('writes where it is told, and prints the page where that is -', async () => {
    const out = join(folder, 'other.html')
    expect((await captured('report', file, '--out', out)).out).toBe(`${out}\n`)
    expect((await captured('report', file, '--out', '-')).out).toBe(readFileSync(out, 'utf8'))
  })

  it('tells machines what it wrote, and which figures have no data', async () => {
    const { out } = await captured('report', file, '--json')
    const written = JSON.parse(out)
    expect(written).toMatchObject({ schema: 1, kind: 'report', from: [file], file: join(folder, 'report.html') })
    expect(written.figures).toContainEqual({ id: 'makespan', missing: null })
  })

  it('puts results of several numbers of items into one page, which then has the figure of that', async () => {
    const larger = put('larger.json', JSON.stringify(fixture({ items: 9000, rounds: 3 })))
    const { code, out } = await captured('report', file, larger, '--json', '--out', join(folder, 'both.html'))
    expect(code).toBe(0)
    expect(JSON.parse(out).figures).toContainEqual({ id: 'heat-map', missing: null })
  })

  it('refuses to put results of different functions beside each other', async () => {
    const other = put('other.json', JSON.stringify({ ...result, subject: { ...result.subject, name: 'another' } }))
    const { code, err } = await captured('report', file, other)
    expect({ code, err }).toEqual({
      code: 1,
      err: `lanewise: ${other} cannot be put beside ${file}: the function is 'another', not './work.js#score'; make a report of each\n`,
    })
  })

  const broken = (change: (copy: { -readonly [K in keyof TuneResult]: TuneResult[K] }) => void): string => {
    const copy = structuredClone(result)
    change(copy)
    return JSON.stringify(copy)
  }
  it.each([
    ['no JSON', () => '{', 'is no JSON: '],
    ['another JSON', () => '[1]', 'is no result of lanewise tune: it must be an object, got [Array]'],
    ['a later schema', () => broken((copy) => Object.assign(copy, { schema: 2 })), 'schema must be 1, got 2'],
    [
      'a time that is none',
      () => broken((copy) => Object.assign(copy.runs[2]!, { makespanMs: 'long' })),
      "runs[2].makespanMs must be a number of 0 or more, got 'long'",
    ],
    [
      'a part that is missing',
      () => broken((copy) => Object.assign(copy, { traces: undefined })),
      'traces must be a list, got undefined',
    ],
    [
      'a run of no configuration',
      () => broken((copy) => Object.assign(copy.runs[0]!, { configuration: 1e6 })),
      `it has ${result.configurations.length} configurations, and speaks of number 1000000`,
    ],
  ])('exits with 1 for %s, and says what is wrong', async (_, text, reason) => {
    const { code, out, err } = await captured('report', put('broken.json', text()))
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(reason)
    expect(err).toMatch(/^lanewise: [^\n]*\n$/)
  })

  it('exits with 2 without a result', async () => {
    const { code, err } = await captured('report')
    expect({ code, err }).toEqual({
      code: 2,
      err: 'lanewise: RESULT is missing\nlanewise report --help says how it is called\n',
    })
  })
})
