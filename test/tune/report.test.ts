import { describe, expect, it } from 'vitest'
import { readResult } from '../../src/tune/read-result.ts'
import { writeReport } from '../../src/tune/report.ts'
import { extreme, fixture, large, single } from './fixture.ts'

const page = writeReport(fixture({ moreWorkers: [1, 2, 8], moreItems: [200, 1000, 20_000] }))

/** The result that stands in a page as JSON, and what was left out of it. */
function dataOf(text: string): { leftOut: string[]; result: unknown } {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text) ?? []
  return JSON.parse(json)
}

describe('writeReport', () => {
  it('says the verdict before anything else', () => {
    const text = page.replace(/^.*<main>/s, '').replaceAll(/<[^>]*>/g, '')
    expect(text.trim()).toMatch(/^lanewise tune: \.\/work\.js#score\s+auto comes within/)
  })

  it('loads nothing and runs nothing', () => {
    expect(page).toContain('default-src &#39;none&#39;')
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|base)\b|@import|url\((?!#)|\son\w+=/i)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
  })

  it('holds the whole result, as it came', () => {
    const result = fixture({ rounds: 2 })
    expect(dataOf(writeReport(result))).toEqual({ leftOut: [], result })
  })

  it('has a title, a description and a table for each figure, in both of its forms', () => {
    const ids = [...page.matchAll(/<figure id="([\w-]+)"/g)].map(([, id]) => id!)
    expect(ids.length).toBeGreaterThanOrEqual(2)
    for (const id of ids) {
      for (const form of ['wide', 'narrow']) {
        expect(page).toMatch(new RegExp(`aria-labelledby="${id}-${form}-title ${id}-${form}-description"`))
        expect(page).toMatch(new RegExp(`<title id="${id}-${form}-title">[^<]+</title>`))
        expect(page).toMatch(new RegExp(`<desc id="${id}-${form}-description">[^<]+</desc>`))
      }
    }
    expect(page.match(/<details>/g)).toHaveLength(ids.length)
  })

  it('gives no two elements one id', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(ids.length).toBe(new Set(ids).size)
  })

  it.each([
    ['hundreds of configurations with hostile names', extreme()],
    ['hundreds of configurations, and tens of thousands of chunks', large()],
    ['one configuration, one run and one row', single()],
    ['nothing that ran', { ...single(), runs: [], plainMs: [] }],
  ])('makes a page under 400 KB of %s', (_, result) => {
    const text = writeReport(result)
    expect(Buffer.byteLength(text)).toBeLessThan(400_000)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    const { leftOut, result: kept } = dataOf(text)
    const configurations = leftOut.includes('configurations') ? [] : result.configurations
    expect(kept).toMatchObject({ kind: 'tune', configurations, verdict: result.verdict })
  })

  it('escapes what came from outside', () => {
    const text = writeReport(extreme())
    expect(text).not.toContain('</script><script>')
    expect(text).not.toContain('<img')
    expect(text.match(/<\/script>/g)).toHaveLength(1)
    expect(dataOf(text).result).toMatchObject({ subject: extreme().subject, verdict: extreme().verdict })
  })

  it('refuses what is no result, and says what is wrong with it', () => {
    const broken = { ...single(), runs: [{ ...single().runs[0]!, chunks: -1 }] }
    const message =
      'what report was given is no result of lanewise tune: runs[0].chunks must be an integer from 0, got -1'
    expect(() => writeReport(broken)).toThrow(message)
  })

  it('takes a result whose noise nobody knows, from memory and from a file', () => {
    const result = { ...single(), verdict: { ...single().verdict, noiseFloor: Number.POSITIVE_INFINITY } }
    const page = writeReport(result)
    expect(page).toContain('<dt>noise floor</dt><dd><bdi>unknown</bdi></dd>')
    expect(writeReport(readResult(JSON.stringify(result), 'tune.json'))).toBe(page)
  })

  it('says of a figure without data how to get it', () => {
    const text = writeReport(single())
    expect(text).toContain('It needs two fixed chunksizes or more')
    expect(text).toContain('It needs a run recorded chunk by chunk')
  })
})
