import type { NumberArray } from '../../../src/inputs/number-array.ts'

const SPECIAL = [
  Number.NaN,
  -0,
  0,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1.5,
  300.25,
  70_000,
  5e-324,
  2 ** 53,
]

/** Numbers of every sort, the same ones for the same seed. */
export function numbers(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => {
    const special = SPECIAL[(i * 7 + seed) % 25]
    return special ?? (i + seed) * 0.37 - 11
  })
}

/** The bits of each number; all NaN are one. */
export function bits(values: ArrayLike<number>): string[] {
  const floats = Float64Array.from(values)
  const longs = new BigUint64Array(floats.buffer)
  return Array.from(longs, (bits, i) => (Number.isNaN(floats[i]) ? 'NaN' : bits.toString(16)))
}

/** The class of a typed array of numbers. */
export interface NumbersConstructor {
  readonly name: string
  readonly BYTES_PER_ELEMENT: number
  new (values: ArrayLike<number>): NumberArray
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumberArray
}

// Not on Node 20 and 22.
const float16 = Reflect.get(globalThis, 'Float16Array') as NumbersConstructor | undefined

export const TYPES: readonly NumbersConstructor[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  ...(float16 === undefined ? [] : [float16]),
]

/** An array of that type on shared memory. */
export function sharedNumbers(type: NumbersConstructor, lengthOrValues: number | ArrayLike<number>): NumberArray {
  const isLength = typeof lengthOrValues === 'number'
  const length = isLength ? lengthOrValues : lengthOrValues.length
  const shared = new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT))
  if (!isLength) shared.set(lengthOrValues)
  return shared
}
