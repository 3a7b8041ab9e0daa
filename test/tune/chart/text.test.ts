import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginning, shorten, textWidth } from '../../../src/tune/chart/text.ts'

describe('shorten', () => {
  it('never gives more than fits, cuts no character in two, and leaves what fits alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const short = shorten(text, width, 12)
        expect(textWidth(short, 12)).toBeLessThanOrEqual(width)
        expect(short === text || (short.endsWith('…') && text.startsWith(short.slice(0, -1)))).toBe(true)
      }),
    )
  })
})

describe('beginning', () => {
  it.each([
    ['short', 'short'],
    ['just ten c', 'just ten c'],
    ['more than ten', 'more than …'],
    ['👩‍👩‍👧‍👦'.repeat(11), `${'👩‍👩‍👧‍👦'.repeat(10)}…`],
  ])('of %s is %s', (text, first) => {
    expect(beginning(text, 10)).toBe(first)
  })
})

describe('textWidth', () => {
  it('counts marks that stand on a letter as nothing', () => {
    expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10))
  })
})
