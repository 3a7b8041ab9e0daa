import { describe, expect, it } from 'vitest'
import { isBounded, operationsPerRow } from '../../../src/kernel/ir/cost.ts'
import { compile } from '../support/compiled.ts'

const programOf = (source: string) => compile(source).program
const costOf = (source: string) => operationsPerRow(programOf(source))

describe('a row is bounded', () => {
  it('without loops, and with loops of constant bounds', () => {
    expect(isBounded(programOf('x => x + 1'))).toBe(true)
    expect(
      isBounded(programOf('x => { for (let i = 0; i < 1000; i++) for (let j = 0; j < 999; j++) x += i; return x }')),
    ).toBe(true)
  })

  it('not with a loop that may go on, wherever it stands', () => {
    expect(isBounded(programOf('x => { while (x > 1) x /= 2; return x }'))).toBe(false)
    expect(
      isBounded(
        programOf(
          'x => { a: { if (x > 1) { for (let i = 0; i < 3; i++) while (x > i) x /= 2; break a } x = 2 } return x }',
        ),
      ),
    ).toBe(false)
  })

  it('not with a nest of millions of rounds', () => {
    const nest = 'x => { for (let i = 0; i < 1000; i++) for (let j = 0; j < 2000; j++) x += i; return x }'
    expect(isBounded(programOf(nest))).toBe(false)
    const rows = 'x => { for (let i = 0; i < 1000; i++) x += i; for (let j = 0; j < 2000; j++) x += j; return x }'
    expect(isBounded(programOf(rows))).toBe(true)
  })
})

describe('operations of a row', () => {
  it('cost what the table says', () => {
    expect(costOf('(x, y) => x + y')).toBe(1)
    expect(costOf('(x, y) => x / y')).toBe(4)
  })

  it('count as often as their loop runs at most, half of each branch, and some rounds of loops without end', () => {
    const once = costOf('x => { let s = x; for (let i = 0; i < 1; i++) s += x; return s }')
    const often = costOf('x => { let s = x; for (let i = 0; i < 100; i++) s += x; return s }')
    expect(often).toBeGreaterThan(90 * once)
    expect(costOf('x => { let s = x; if (x > 0) s = x / 3; else s = 1; return s }')).toBe(1 + 1 + 4 / 2)
    expect(costOf('x => { while (x > 1) x /= 3; return x }')).toBeGreaterThan(50)
  })
})
