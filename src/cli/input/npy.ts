import type { NumberArray } from '../../inputs/number-array.ts'
import { show } from '../../show.ts'
import { Complaint } from '../command.ts'
import { numbersOf } from './float64.ts'

const MAGIC = '\x93NUMPY'

/** By the letter and the size of numpy's dtypes. Those of 8 bytes that are whole come as doubles, if they are exact. */
const TYPES = {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  b1: Uint8Array,
} as const
const WIDE = { i8: BigInt64Array, u8: BigUint64Array } as const

/**
 * The numbers of a file that `numpy.save` wrote: one dimension, of whole numbers, floats or truth values.
 *
 * Errors: Complaint for another file, version, dtype or shape, for data that is cut off, and for whole numbers beyond 2^53.
 * Source: numpy/lib/format.py, versions 1 to 3.
 */
export function readNpy(bytes: Uint8Array, file: string): NumberArray {
  const { header, dataAt } = headerOf(bytes, file)
  const dtype = field(header, /'descr':\s*(?:'([^']*)'|(\[))/, 'descr', file)
  const [, order = '', kind = ''] = /^([<>|=])([a-z]\d+)$/.exec(dtype) ?? []
  const length = lengthOf(header, file)
  const isWide = Object.hasOwn(WIDE, kind)
  if (!isWide && !Object.hasOwn(TYPES, kind)) {
    throw new Complaint(
      `${file} has dtype ${show(dtype)}; use one of f8, f4, i1 to i8, u1 to u8 or bool: numpy.save(file, values.astype('f8'))`,
    )
  }
  const size = Number(kind.slice(1))
  const data = bytes.subarray(dataAt, dataAt + length * size)
  if (data.byteLength < length * size) {
    throw new Complaint(
      `${file} has ${data.byteLength} bytes of data for ${length} numbers of ${size} bytes: it is cut off; copy it again`,
    )
  }
  const isLittle = order !== '>'
  if (!isWide) return numbersOf<NumberArray>(data, TYPES[kind as keyof typeof TYPES], isLittle)
  return exact(numbersOf<BigInt64Array | BigUint64Array>(data, WIDE[kind as keyof typeof WIDE], isLittle), file)
}

function headerOf(bytes: Uint8Array, file: string): { header: string; dataAt: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC || bytes.length < 12) {
    throw new Complaint(`${file} is no .npy file: it does not begin as numpy.save begins one; save it with that`)
  }
  const version = view.getUint8(6)
  if (version < 1 || version > 3) {
    throw new Complaint(
      `${file} is of version ${version} of .npy, and 1 to 3 can be read; save it again with another numpy`,
    )
  }
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  if (start + length > bytes.length) throw new Complaint(`${file} ends within its header: it is cut off; copy it again`)
  const text = Buffer.from(bytes.subarray(start, start + length))
  return { header: text.toString(version === 3 ? 'utf8' : 'latin1'), dataAt: start + length }
}

function lengthOf(header: string, file: string): number {
  const shape = field(header, /'shape':\s*\(([^)]*)\)/, 'shape', file)
  const sides = shape.split(',').flatMap((side) => (side.trim() === '' ? [] : [Number(side)]))
  const [length = 1] = sides
  if (sides.length !== 1 || !Number.isSafeInteger(length) || length < 0) {
    throw new Complaint(
      `${file} has shape (${shape}); give one dimension: numpy.save(file, values.ravel()), or one column`,
    )
  }
  return length
}

function field(header: string, pattern: RegExp, name: string, file: string): string {
  const [, value, list] = pattern.exec(header) ?? []
  if (list !== undefined)
    throw new Complaint(`${file} holds records; save one of their fields: numpy.save(file, values['name'])`)
  if (value === undefined) throw new Complaint(`${file} has no ${name} in its header; numpy.save writes one`)
  return value
}

function exact(wide: BigInt64Array | BigUint64Array, file: string): Float64Array {
  const numbers = new Float64Array(wide.length)
  for (const [i, value] of wide.entries()) {
    numbers[i] = Number(value)
    if (!Number.isSafeInteger(numbers[i])) {
      throw new Complaint(
        `${file} has ${value} at ${i}, which is no exact double; use values.astype('f8') if that does`,
      )
    }
  }
  return numbers
}
