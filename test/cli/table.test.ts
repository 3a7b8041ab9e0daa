import { describe, expect, it } from 'vitest'
import { narrow } from '../../src/cli/style.ts'
import { markdownTable, table } from '../../src/cli/table.ts'

const COLUMNS = [{ head: 'name', align: 'left' }, { head: 'ms' }, { head: 'rounds' }] as const
const ROWS = [
  ['one', '1.25', '3'],
  ['eleven', '10', '15'],
]

describe('a table', () => {
  it('sets words to the left and numbers to the right', () => {
    expect(table(COLUMNS, ROWS, 80)).toEqual(['name      ms  rounds', 'one     1.25       3', 'eleven    10      15'])
  })

  it('leaves out its last columns where there is no room, and cuts the first one', () => {
    expect(table(COLUMNS, ROWS, 19)).toEqual(['name      ms', 'one     1.25', 'eleven    10'])
    expect(table(COLUMNS, ROWS, 4)).toEqual(['name', 'one', 'elev'])
  })

  it('of no rows has its heads', () => {
    expect(table(COLUMNS, [], 80)).toEqual(['name  ms  rounds'])
    expect(markdownTable(COLUMNS, [['a|b', '1', '2']])).toBe(
      '| name | ms | rounds |\n| --- | ---: | ---: |\n| a\\|b | 1 | 2 |',
    )
  })
})

describe('a text that is too wide', () => {
  it('goes on below where its words began', () => {
    expect(narrow('Usage: all\n  --json   one object for machines\n', 25)).toBe(
      'Usage: all\n  --json   one object for\n           machines\n',
    )
    expect(narrow('  --workers LIST   1,2,4 and more', 24)).toBe('  --workers LIST\n    1,2,4 and more')
  })

  it('stays as it is where there is room', () => {
    expect(narrow('one\n\n  two', 5)).toBe('one\n\n  two')
  })

  it('is no wider than it may be, whatever it is', () => {
    const text = 'Exits with 0 if all is well.\n  --a-very-long-option LIST     a description of some words\n'
    for (let width = 28; width < 90; width++) {
      for (const line of narrow(text, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
    }
  })
})
