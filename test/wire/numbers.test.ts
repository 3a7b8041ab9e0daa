import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packList, unpackList } from '../../src/wire/codec.ts'
import { KEPT_NUMBERS, NumberStore } from '../../src/wire/numbers.ts'

const SPECIAL = [0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, 5e-324, 0.1]

describe('a store of numbers', () => {
  it('holds lists one behind the other, bit for bit', () => {
    const store = new NumberStore()
    expect(store.add(SPECIAL, 0, SPECIAL.length)).toBe(true)
    expect(store.used).toBe(SPECIAL.length)
    expect(store.add([1, 2, 3, 4], 1, 3)).toBe(true)
    expect([...store.take()!].map((value, i) => Object.is(value, [...SPECIAL, 2, 3][i]))).not.toContain(false)
  })

  it.each([
    [Int8Array.of(-1, 2, 3)],
    [Uint8ClampedArray.of(255, 2, 3)],
    [Float32Array.of(0.1, 2, 3)],
    [Buffer.of(1, 2, 3)],
    [new Float64Array(new SharedArrayBuffer(24))],
  ])('takes typed arrays of numbers: %s', (values) => {
    const store = new NumberStore()
    expect(store.add(values, 1, 3)).toBe(true)
    expect([...store.take()!]).toEqual([...values.subarray(1, 3)])
  })

  it.each<[string, ArrayLike<unknown>]>([
    ['text behind numbers', [1, 2, '3']],
    ['nothing where a number should be', { 0: 1, 2: 3, length: 3 }],
    ['a boxed number', [1, Object(2)]],
    ['bigints', BigInt64Array.of(1n)],
  ])('adds nothing of a list that holds %s', (_, values) => {
    const store = new NumberStore()
    store.add([7], 0, 1)
    expect(store.add(values, 0, values.length)).toBe(false)
    expect(store.used).toBe(1)
    expect([...store.take()!]).toEqual([7])
  })

  it('has nothing to take where nothing, or an empty list, was added', () => {
    const store = new NumberStore()
    expect(store.take()).toBeUndefined()
    expect(store.add([], 0, 0)).toBe(true)
    expect(store.take()).toBeUndefined()
  })

  it('begins anew when its numbers are taken', () => {
    const store = new NumberStore()
    store.add([1, 2], 0, 2)
    store.take()
    expect(store.used).toBe(0)
    store.add([3], 0, 1)
    expect([...store.take()!]).toEqual([3])
  })

  it('uses its memory again, unless that is large', () => {
    const store = new NumberStore()
    const take = (count: number): ArrayBufferLike => {
      store.add(new Float64Array(count), 0, count)
      return store.take()!.buffer
    }
    expect(take(10)).toBe(take(20))
    const large = take(KEPT_NUMBERS + 1)
    expect(take(10)).not.toBe(large)
  })

  it('fills a memory that it is given, from where it is told', () => {
    const memory = new Float64Array(4).fill(9)
    const store = new NumberStore(memory, 1)
    expect(store.used).toBe(1)
    store.add([1, 2], 0, 2)
    expect([...memory]).toEqual([9, 1, 2, 9])
  })

  it('gives back each list that was packed into it, among others of any kind', () => {
    const list = fc.oneof(fc.array(fc.double(), { maxLength: 9 }), fc.array(fc.oneof(fc.string(), fc.integer())))
    fc.assert(
      fc.property(fc.array(list, { size: 'large' }), (lists) => {
        const store = new NumberStore()
        const packed = lists.map((values) => packList(values, 0, values.length, 'bytes', undefined, store))
        const numbers = store.take() ?? new Float64Array(0)
        const arrived = packed.map((one) => [...unpackList(one, numbers).values])
        expect(arrived).toStrictEqual(lists)
      }),
    )
  })
})
