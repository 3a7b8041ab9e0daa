/** The kinds of view, by the number that stands for them in bytes. New ones go to the end. */
const KINDS = [
  'DataView',
  'Buffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const

const DATA_VIEW = 0
const BUFFER = 1

interface ViewConstructor {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView
  readonly BYTES_PER_ELEMENT: number
}

// The engine's own answer, which no subclass and no other realm can change: undefined for a DataView.
const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as (
  this: ArrayBufferView,
) => (typeof KINDS)[number] | undefined

export function kindOfView(view: ArrayBufferView): number {
  if (Buffer.isBuffer(view)) return BUFFER
  const tag = tagOf.call(view)
  return tag === undefined ? DATA_VIEW : KINDS.indexOf(tag)
}

/** Errors: TypeError if this Node has no such array (Float16Array before 24). */
export function makeView(
  kind: number,
  buffer: ArrayBufferLike,
  byteOffset: number,
  byteLength: number,
): ArrayBufferView {
  if (kind === DATA_VIEW) return new DataView(buffer, byteOffset, byteLength)
  if (kind === BUFFER) return Buffer.from(buffer, byteOffset, byteLength)
  const name = KINDS[kind] as string
  const View = (globalThis as unknown as Record<string, ViewConstructor | undefined>)[name]
  if (View === undefined)
    throw new TypeError(`this Node has no ${name}, which a value holds; run both sides on the same Node`)
  return new View(buffer, byteOffset, byteLength / View.BYTES_PER_ELEMENT)
}
