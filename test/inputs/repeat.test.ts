import { describe, expect, it } from 'vitest'
import { isRepeat, repeat } from '../../src/inputs/repeat.ts'
import { transfer } from '../../src/wire/transfer.ts'

describe('repeat', () => {
  it('gives the very value as often as it says, any number of times', () => {
    const value = {}
    const three = repeat(value, 3)
    expect([...three]).toEqual([value, value, value])
    expect([...three].every((each) => each === value)).toBe(true)
    expect([...repeat(value, 0)]).toEqual([])
    expect([...repeat(value, -0)]).toEqual([])
  })

  it('has no end without times', () => {
    let count = 0
    for (const value of repeat('x')) {
      expect(value).toBe('x')
      if (++count === 10_000) break
    }
    expect(repeat('x').times).toBeUndefined()
    expect(repeat('x', undefined).times).toBeUndefined()
  })

  it('cannot be changed, and leaves its value as it is', () => {
    const value = { open: 1 }
    expect(Object.isFrozen(repeat(value))).toBe(true)
    expect(Object.isFrozen(value)).toBe(false)
  })

  it('holds undefined and null like any other value', () => {
    expect([...repeat(undefined, 2), ...repeat(null, 1)]).toEqual([undefined, undefined, null])
  })

  it.each([[-1], [0.5], [NaN], [Infinity], [-Infinity]])('refuses %d times, as a RangeError', (times) => {
    expect(() => repeat('x', times)).toThrow(RangeError)
    expect(() => repeat('x', times)).toThrow(`repeat's times must be an integer >= 0, got ${times}; leave it out`)
  })

  it.each([['5'], [null], [5n], [{}], [true]])('refuses %o times, as a TypeError', (times) => {
    expect(() => repeat('x', times as never)).toThrow(TypeError)
  })

  it('refuses a transfer, which could go to one worker only', () => {
    expect(() => repeat(transfer(new ArrayBuffer(8)))).toThrow('repeat() cannot hold a transfer()')
  })

  it('is known by its brand, not by its looks', () => {
    expect(isRepeat(repeat(1))).toBe(true)
    for (const other of [{ value: 1, times: 2 }, Object.create(repeat(1)), [1], null, undefined, 1]) {
      expect(isRepeat(other)).toBe(false)
    }
  })
})
