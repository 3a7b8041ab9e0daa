import { describe, expect, it } from 'vitest'
import { count, digits, duration, percent, plural } from '../../src/tune/numerals.ts'

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [1e-13, '0 ms'],
    [1e-6, '1 ns'],
    [0.00083, '830 ns'],
    [0.0124, '12.4 µs'],
    [0.9996, '1 ms'],
    [2.7512, '2.75 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [61_234, '61.2 s'],
    [1e7, '10,000 s'],
    [Number.NaN, 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('says %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('count', () => {
  it.each([
    [-0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [-1234, '-1,234'],
    [41.66, '41.7'],
    [1234.56, '1,235'],
    [Number.NaN, 'unknown'],
  ])('says %d as %s', (value, text) => {
    expect(count(value)).toBe(text)
  })
})

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [-0.00001, '0 %'],
    [0.0126, '1.3 %'],
    [0.0996, '10 %'],
    [-0.5, '-50 %'],
    [12.34, '1,234 %'],
  ])('says %d as %s', (share, text) => {
    expect(percent(share)).toBe(text)
  })
})

describe('plural and digits', () => {
  it('agree with their number', () => {
    expect([plural(1, 'row'), plural(0, 'row'), plural(1e4, 'row')]).toEqual(['1 row', '0 rows', '10,000 rows'])
    expect([digits(0), digits(1234.5), digits(0.98349), digits(1e-9)]).toEqual(['0', '1,230', '0.983', '1e-9'])
  })
})
