import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** A test of CPython's own suite: what it checks there, and whether it is taken over (N), adapted (A), or makes no sense in Node (–). */
interface Row {
  readonly file: string
  readonly test: string
  readonly mark: 'N' | 'A' | '–'
  readonly checks: string
}

const rows: Row[] = JSON.parse(readFileSync(new URL('./tests.json', import.meta.url), 'utf8'))
const twins = namedTwins()

describe('the tests of CPython', () => {
  it('have a twin here, all that make sense in Node', () => {
    const missing = rows.filter(({ test, mark }) => mark !== '–' && !twins.includes(test))
    expect(missing).toEqual([])
  })

  it('are all that twins here are named after', () => {
    const known = rows.map(({ test }) => test)
    expect(twins.filter((name) => !known.includes(name))).toEqual([])
  })
})

/** Every `Class.test_name` that the tests beside this file name, in a title or its data. */
function namedTwins(): string[] {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'rows.test.ts')
  return files.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').match(/\b[A-Z]\w+\.test_\w+/g) ?? [])
}
