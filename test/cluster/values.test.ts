import { describe, expect, it } from 'vitest'
import { FORM } from '../../src/cluster/frame.ts'
import { numbersOf, numbersSection } from '../../src/cluster/values.ts'
import { TYPES } from '../engines/support/values.ts'

describe('numbers as a section', () => {
  // The number of a type is part of the form of frames: hosts of other versions read it.
  it.each([
    [1, Float64Array.of(1.5, -0, Number.NaN)],
    [2, Float32Array.of(1.5, -0, Number.NaN)],
    [3, Int8Array.of(-1, 2)],
    [4, Uint8Array.of(255, 2)],
    [5, Uint8ClampedArray.of(300, 2)],
    [6, Int16Array.of(-1, 2)],
    [7, Uint16Array.of(65_535, 2)],
    [8, Int32Array.of(-1, 2)],
    [9, Uint32Array.of(2 ** 32 - 1, 2)],
  ])('have type %i', (element, values) => {
    const section = numbersSection(values)
    expect(section).toMatchObject({ element, form: FORM.numbers })
    expect(numbersOf(section.element, section.bytes)).toStrictEqual(values)
  })

  it.skipIf(TYPES.length < 10)('have type 10 where there are floats of 16 bits', () => {
    const halves = new TYPES[9]!([0.5, -0])
    const section = numbersSection(halves)
    expect(section.element).toBe(10)
    expect(numbersOf(section.element, section.bytes)).toStrictEqual(halves)
  })

  it('have the type of bytes where a Buffer holds them', () => {
    expect(numbersSection(Buffer.of(1, 2)).element).toBe(4)
  })

  it.each([0, 11, 255])('have no type %i', (element) => {
    expect(() => numbersOf(element, new Uint8Array(8))).toThrow(`there is no type ${element} of elements`)
  })

  it('are not read from half an element', () => {
    expect(() => numbersOf(1, new Uint8Array(12))).toThrow('12 bytes are no whole number of elements of 8')
  })
})
