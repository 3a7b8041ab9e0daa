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

export const TYPES = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  ...('Float16Array' in globalThis
    ? [(globalThis as unknown as { Float16Array: Float32ArrayConstructor }).Float16Array]
    : []),
] as readonly (new (
  values: ArrayLike<number>,
) => NumberArray)[]
