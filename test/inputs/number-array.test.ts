import { describe, expect, it } from 'vitest'
import { constructorOf, copyNumbers, NUMBER_ARRAYS } from '../../src/inputs/number-array.ts'
import { TYPES } from '../engines/support/values.ts'

describe('arrays of numbers', () => {
  it('are of every class that this Node has', () => {
    expect(new Set(NUMBER_ARRAYS)).toEqual(new Set(TYPES))
  })

  it.each(TYPES.map((type) => [type.name, type] as const))('are known by what they are: %s', (_, type) => {
    const values = new type([1, 2, 3])
    expect(constructorOf(values)).toBe(type)
    const copy = copyNumbers(values)
    expect(copy).toStrictEqual(values)
    expect(copy.buffer).not.toBe(values.buffer)
  })

  it('are known so where a subclass, a Buffer or a property would say otherwise', () => {
    class Mine extends Float64Array {}
    expect(constructorOf(Mine.of(1))).toBe(Float64Array)
    expect(constructorOf(Buffer.of(1))).toBe(Uint8Array)
    expect(constructorOf(Object.assign(Int16Array.of(1), { constructor: Float32Array }))).toBe(Int16Array)
  })
})
