import { types } from 'node:util'

/** A typed array whose elements are numbers: any but BigInt64Array and BigUint64Array. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array

export interface NumberArrayConstructor {
  readonly name: string
  readonly BYTES_PER_ELEMENT: number
  new (values: NumberArray): NumberArray
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumberArray
}

// Not on Node 20 and 22.
const float16 = Reflect.get(globalThis, 'Float16Array') as NumberArrayConstructor | undefined

/** The classes of them. Frames between machines number them in this order: new ones go to the end. */
export const NUMBER_ARRAYS: readonly NumberArrayConstructor[] = [
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  ...(float16 === undefined ? [] : [float16]),
]

const byName = new Map(NUMBER_ARRAYS.map((cls) => [cls.name, cls]))

export function isNumberArray(value: unknown): value is NumberArray {
  return types.isTypedArray(value) && !types.isBigInt64Array(value) && !types.isBigUint64Array(value)
}

/** Whether the memory under a view may change its size, and so the view its length. */
export function isResizable({ buffer }: NumberArray): boolean {
  return types.isSharedArrayBuffer(buffer)
    ? (buffer as SharedArrayBuffer & { growable?: boolean }).growable === true
    : (buffer as ArrayBuffer & { resizable?: boolean }).resizable === true
}

/** A copy on memory of its own, of the built-in class of its elements: a Buffer gives a Uint8Array, a subclass is not asked. */
export function copyNumbers(values: NumberArray): NumberArray {
  return new (constructorOf(values))(values)
}

/** Whether two arrays have memory in common, in their first `entries`. */
export function overlap(a: NumberArray, b: NumberArray, entries: number = Number.POSITIVE_INFINITY): boolean {
  if (a.buffer !== b.buffer) return false
  const endOf = (view: NumberArray) => view.byteOffset + Math.min(entries, view.length) * view.BYTES_PER_ELEMENT
  return a.byteOffset < endOf(b) && b.byteOffset < endOf(a)
}

/** Copies the first entries of an array that may be longer by now, or detached if `to` has none. */
export function copyEntries(from: NumberArray, to: NumberArray): void {
  const { length } = to
  if (length > 0) to.set(from.length === length ? from : from.subarray(0, length))
}

/** An array on a block, of the element type of another. */
export function viewOn(block: SharedArrayBuffer, like: NumberArray, length: number): NumberArray {
  return new (constructorOf(like))(block, 0, length)
}

/** The built-in class of the elements. */
export function constructorOf(values: NumberArray): NumberArrayConstructor {
  // The name is the brand's, not a property that a subclass could have changed.
  const name = Reflect.get(typedArrayPrototype, Symbol.toStringTag, values) as string
  return byName.get(name)!
}

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype)
