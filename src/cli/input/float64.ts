import { endianness } from 'node:os'
import { Complaint } from '../command.ts'

const BYTES = Float64Array.BYTES_PER_ELEMENT

/** The numbers of a file that has nothing else: doubles, the low byte first. Errors: Complaint where one is cut off. */
export function readFloat64(bytes: Uint8Array, file: string): Float64Array {
  if (bytes.byteLength % BYTES !== 0) {
    throw new Complaint(
      `${file} must hold doubles of 8 bytes, got ${bytes.byteLength} bytes: it is cut off, or holds something else; write it from a Float64Array`,
    )
  }
  return numbersOf(bytes, Float64Array, true)
}

interface NumberArrayClass<T extends ArrayBufferView> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer): T
}

/** The numbers that these bytes are, in an array on memory of its own. */
export function numbersOf<T extends ArrayBufferView>(
  bytes: Uint8Array,
  type: NumberArrayClass<T>,
  isLittle: boolean,
): T {
  const own = new Uint8Array(bytes) // aligned
  const size = type.BYTES_PER_ELEMENT
  if (isLittle !== (endianness() === 'LE')) {
    for (let start = 0; start < own.length; start += size) own.subarray(start, start + size).reverse()
  }
  return new type(own.buffer)
}
