import { describe, expect, it } from 'vitest'
import * as classes from '../../src/errors.ts'
import { blocksOfPage } from './blocks.ts'
import { filesBelow, read } from './site.ts'

const page = read('docs/errors.md')
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text] as const),
)
const coded = [...sections.keys()].filter((heading) => heading.startsWith('ERR_'))

/** Every code that stands in the sources, as a text of its own: in TypeScript, or for the addon in Rust. */
const codes = new Set(
  [...filesBelow('src'), ...filesBelow('crates/node/src')]
    .filter((path) => /\.(?:ts|rs)$/.test(path) && !path.includes('/generated/'))
    .flatMap((path) => [...read(path).matchAll(/['"](ERR_LANEWISE_[A-Z_]+)['"]/g)].map(([, code]) => code!)),
)

describe('docs/errors.md', () => {
  it('has a section for each code in the sources, and for no other', () => {
    expect(coded.toSorted()).toEqual([...codes].sort())
  })

  it('has its sections from A to Z, and each code in the table before them', () => {
    const alphabetical = [...sections.keys()].slice(0, -1) // the last: errors of one's own
    const upper = alphabetical.map((heading) => heading.toUpperCase())
    expect(upper).toEqual(upper.toSorted())
    const rows = [...page.matchAll(/^\| \[`(ERR_\w+)`\]\(#(\w+)\) \|/gm)].map(([, code, anchor]) => [code, anchor])
    expect(rows).toEqual(coded.map((code) => [code, code.toLowerCase()]))
  })

  it.each([...sections])('provokes %s by a program, or says that none does', (heading, text) => {
    const programs = blocksOfPage(heading, `## ${text}`).filter(({ output }) => output !== undefined)
    expect(programs.length > 0).not.toBe(/No\s+program\s+here\s+provokes\s+it/.test(text))
    if (coded.includes(heading) && programs.length > 0) {
      expect(programs.map(({ output }) => output).join()).toContain(heading)
    }
  })

  it.each(classesWithCodes())('names %s under its code', (name, code) => {
    expect(sections.get(code)).toContain(name)
  })
})

/** The public classes of errors, with the code that an instance has. */
function classesWithCodes(): [name: string, code: string][] {
  const known = Object.entries(classes).filter(([name]) => name !== 'LanewiseError')
  return known.map(([name, Class]) => {
    const error = new Class('', { line: 1, column: 1, frame: '' })
    return [name, error.code]
  })
}
