import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRange, range } from '../../src/inputs/range.ts'

const list = (...args: [number, number?, number?]): number[] => [...range(...(args as [number, number, number]))]

describe('range', () => {
  it.each([
    [[0], []],
    [[-3], []],
    [[1], [0]],
    [[5], [0, 1, 2, 3, 4]],
    [[2.5], [0, 1, 2]],
    [
      [3, 7],
      [3, 4, 5, 6],
    ],
    [[7, 3], []],
    [
      [10, 0, -4],
      [10, 6, 2],
    ],
    [[0, 10, -1], []],
    [
      [0, 1, 0.25],
      [0, 0.25, 0.5, 0.75],
    ],
    [
      [-1, 1, 0.5],
      [-1, -0.5, 0, 0.5],
    ],
    [
      [5, undefined],
      [0, 1, 2, 3, 4],
    ],
  ] as [[number, number?, number?], number[]][])('of %j is %j', (args, items) => {
    expect(list(...args)).toEqual(items)
    expect(range(...(args as [number, number, number])).length).toBe(items.length)
  })

  it("holds Python's items for any integers", () => {
    const small = fc.integer({ min: -50, max: 50 })
    fc.assert(
      fc.property(small, small, small.filter(Boolean), (start, stop, step) => {
        const items: number[] = []
        for (let item = start; step > 0 ? item < stop : item > stop; item += step) items.push(item)
        expect(list(start, stop, step)).toEqual(items)
      }),
    )
  })

  it('ends before stop for any floats, with the item behind the last one not before it', () => {
    const float = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(float, float, float.filter(Boolean), (start, stop, step) => {
        const at = (i: number): number => start + i * step
        const isBefore = (i: number): boolean => (step > 0 ? at(i) < stop : at(i) > stop)
        fc.pre(!isBefore(2 ** 53))
        const { length } = range(start, stop, step)
        expect(length === 0 || isBefore(length - 1)).toBe(true)
        expect(isBefore(length)).toBe(false)
      }),
    )
  })

  it('leaves stop out where rounding brings an item up to it, other than the quotient says', () => {
    // ceil((1.3 - 1) / 0.1) is 4, and the item at 3 is 1.3 itself.
    expect(Math.ceil((1.3 - 1) / 0.1)).toBe(4)
    expect(list(1, 1.3, 0.1)).toEqual([1, 1.1, 1.2])
  })

  it('has item i at start + i * step, rounded twice, never by adding up', () => {
    const tenths = range(0, 1000, 0.1)
    for (const i of [3, 6, 7, 9999]) expect(tenths.at(i)).toBe(i * 0.1)
    expect([...tenths][9999]).toBe(9999 * 0.1)
  })

  it('answers at as arrays do', () => {
    const five = range(5)
    const array = [...five]
    for (const i of [0, 4, 5, -1, -5, -6, 1.9, -0.5, NaN, Infinity, -Infinity, -0]) expect(five.at(i)).toBe(array.at(i))
  })

  it('can be iterated any number of times, and cannot be changed', () => {
    const three = range(3)
    expect([[...three], [...three]]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ])
    expect(Object.isFrozen(three)).toBe(true)
    expect(three).toMatchObject({ start: 0, stop: 3, step: 1, length: 3 })
  })

  it('takes no memory for 2^53 items, and refuses one more', () => {
    expect(range(2 ** 53).length).toBe(2 ** 53)
    expect(range(2 ** 53).at(-1)).toBe(2 ** 53 - 1)
    expect(() => range(2 ** 53 + 2)).toThrow(RangeError)
    expect(() => range(0, 1, Number.MIN_VALUE)).toThrow('a range has at most 2^53 items')
    expect(range(-Number.MAX_VALUE, Number.MAX_VALUE, 1e308).length).toBe(2) // the third, at 2 * 1e308, is Infinity
  })

  it.each([[NaN], [Infinity], [-Infinity]])('refuses %s for each argument, as a RangeError', (bad) => {
    for (const args of [[bad], [bad, 1], [0, bad], [0, 1, bad]]) {
      expect(() => list(...(args as [number]))).toThrow(RangeError)
      expect(() => list(...(args as [number]))).toThrow(`must be finite, got ${bad}`)
    }
  })

  it.each([['5'], [null], [5n], [{}], [true]])('refuses %o for each argument, as a TypeError', (bad) => {
    const asNumber = bad as unknown as number
    for (const args of [[asNumber], [asNumber, 1], [0, asNumber], [0, 1, asNumber]]) {
      expect(() => list(...(args as [number]))).toThrow(TypeError)
    }
    expect(() => list(undefined as unknown as number)).toThrow("range's stop must be a number, got undefined")
    expect(() => list(5, undefined, 2)).toThrow("range's stop must be a number, got undefined")
  })

  it.each([[0], [-0]])("refuses a step of %o with CPython's text", (step) => {
    expect(() => range(0, 5, step)).toThrow(RangeError)
    expect(() => range(0, 5, step)).toThrow(/^range\(\) arg 3 must not be zero, got -?0; /)
  })

  it('is known by its brand, not by its looks', () => {
    expect(isRange(range(3))).toBe(true)
    const { start, stop, step, length } = range(3)
    for (const other of [{ start, stop, step, length }, Object.create(range(3)), [0, 1, 2], null, undefined, 3]) {
      expect(isRange(other)).toBe(false)
    }
  })
})
