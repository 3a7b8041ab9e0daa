import { describe, expect, it } from 'vitest'
import golden from './golden.json' with { type: 'json' }
import { approximate, bitLength, type Fixed, shift, ulpError } from './support/fixed.ts'
import { REFERENCES } from './support/reference-special.ts'

const rows = Object.entries(golden)

describe.each(rows)('the reference for %s', (name, table) => {
  it('agrees with mpmath to 100 bits', () => {
    const reference = REFERENCES[name]!
    for (const row of table) {
      const [x, y] = row.slice(0, -1).map(Number)
      const mine = reference(x!, y!)
      const theirs = parse(String(row.at(-1)), mine.bits)
      const distance = bitLength(mine.value - theirs) - bitLength(theirs)
      expect(distance, `${name}(${x}, ${y}) is 2^${distance} of itself off`).toBeLessThan(-100)
    }
  })
})

describe('the error in ULP', () => {
  it.each([
    [1, 1n, 0, 0],
    [1 + 2 ** -52, 1n, 0, 1],
    [-1, 1n, 0, 2 ** 53],
    [2 ** -1074, 3n, 1075, 0.5],
    [0, 1n, 1080, 2 ** -6],
    [Infinity, (1n << 1025n) - (1n << 971n), 1, 0.5],
    [Number.MAX_VALUE, 1n << 1024n, 0, 1],
    [Number.NaN, 1n, 0, Infinity],
  ])('of %d against %d / 2^%d is %d', (got, value, bits, error) => {
    expect(ulpError(got, { value, bits })).toBe(error)
  })
})

it('gives integers back as doubles', () => {
  expect(approximate(-3n << 200n, 201)).toBe(-1.5)
})

/** The decimal text at so many bits. */
function parse(text: string, bits: number): Fixed['value'] {
  const [digits, exponent] = text.split('e') as [string, string?]
  const [whole, fraction = ''] = digits.split('.') as [string, string?]
  const places = fraction.length - Number(exponent ?? 0)
  const integer = BigInt(whole + fraction)
  const spare = Math.max(0, 200 - bits)
  const precise = shift(integer, bits + spare)
  return shift(places >= 0 ? precise / 10n ** BigInt(places) : precise * 10n ** BigInt(-places), -spare)
}
