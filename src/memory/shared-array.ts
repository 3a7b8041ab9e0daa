import { show } from '../show.ts'
import { newSharedBuffer } from './ballast.ts'

interface SharedArrays {
  Int8Array: Int8Array<SharedArrayBuffer>
  Uint8Array: Uint8Array<SharedArrayBuffer>
  Uint8ClampedArray: Uint8ClampedArray<SharedArrayBuffer>
  Int16Array: Int16Array<SharedArrayBuffer>
  Uint16Array: Uint16Array<SharedArrayBuffer>
  Int32Array: Int32Array<SharedArrayBuffer>
  Uint32Array: Uint32Array<SharedArrayBuffer>
  Float32Array: Float32Array<SharedArrayBuffer>
  Float64Array: Float64Array<SharedArrayBuffer>
  BigInt64Array: BigInt64Array<SharedArrayBuffer>
  BigUint64Array: BigUint64Array<SharedArrayBuffer>
}

/** A constructor of typed arrays: `Float64Array` and its like. */
export interface TypedArrayConstructor<Name extends keyof SharedArrays = keyof SharedArrays> {
  readonly BYTES_PER_ELEMENT: number
  readonly prototype: { readonly [Symbol.toStringTag]: Name }
  new (buffer: SharedArrayBuffer): SharedArrays[Name] & { set(values: ArrayLike<unknown>): void }
}

/**
 * A typed array on a SharedArrayBuffer of its own: every worker and the native engine see it without a copy.
 *
 * `lengthOrValues` is how many elements there are, all 0, or their values: an array, a typed array or any iterable, each
 * converted as that array converts it.
 * Errors: TypeError for what is no constructor of typed arrays, or no length and no values; RangeError for a length that is
 *         no integer from 0 on.
 *
 *     const spots = sharedArray(Float64Array, [90, 100, 110])
 *     await pool.map((i, spots) => spots[i] / 100, range(3), repeat(spots)) // → [ 0.9, 1, 1.1 ]
 */
export function sharedArray<Name extends keyof SharedArrays>(
  type: TypedArrayConstructor<Name>,
  lengthOrValues: number | ArrayLike<number | bigint> | Iterable<number | bigint>,
): SharedArrays[Name] {
  if (!isConstructor(type)) {
    throw new TypeError(
      `sharedArray takes a constructor of typed arrays, got ${show(type)}; pass Float64Array or its like`,
    )
  }
  const values = typeof lengthOrValues === 'number' ? undefined : toArrayLike(lengthOrValues)
  const length = values === undefined ? lengthOrValues : values.length
  if (!Number.isInteger(length) || (length as number) < 0) {
    throw new RangeError(`a shared array has 0 or more elements, got ${show(length)}; give a length or the values`)
  }
  const array = new type(bufferOf((length as number) * type.BYTES_PER_ELEMENT))
  if (values !== undefined) array.set(values)
  return array
}

function bufferOf(bytes: number): SharedArrayBuffer {
  try {
    return newSharedBuffer(bytes)
  } catch (cause) {
    throw new RangeError(`no memory for a shared array of ${bytes} bytes; make it shorter`, { cause })
  }
}

function isConstructor(type: unknown): boolean {
  return typeof type === 'function' && Number.isInteger((type as Partial<TypedArrayConstructor>).BYTES_PER_ELEMENT)
}

function toArrayLike(values: unknown): ArrayLike<unknown> {
  const isArrayLike = hasLength(values)
  if (isArrayLike && ArrayBuffer.isView(values)) return values
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) {
    return Array.from(values as Iterable<unknown>)
  }
  if (isArrayLike) return Array.from(values)
  throw new TypeError(
    `sharedArray takes a length or values, got ${show(values)}; pass a number, an array or an iterable`,
  )
}

function hasLength(values: unknown): values is ArrayLike<unknown> {
  return typeof values === 'object' && values !== null && 'length' in values
}
