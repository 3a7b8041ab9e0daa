import { deserialize, serialize } from 'node:v8'
import type { ColumnSlice } from '../inputs/columns.ts'
import { constructorOf, NUMBER_ARRAYS, type NumberArray, type NumberArrayConstructor } from '../inputs/number-array.ts'
import { type PackedList, packList, unpackList } from '../wire/codec.ts'
import { decodeError, type ErrorWire, encodeError } from '../wire/errors.ts'
import { FrameError } from './errors.ts'
import { FORM, type Section } from './frame.ts'

/** What a section's element is: bytes, or else a number array, by its place among the classes of them, from 1. */
const BYTES = 0
const F64: number = elementOf(Float64Array)

/** Values as a section: numbers raw, others by the codec of processes. Never fails: a value that cannot travel fails alone, on the other side. */
export function packValues(values: ArrayLike<unknown>, start: number, end: number): Section {
  const list: PackedList = packList(values, start, end, 'bytes', [])
  if ('numbers' in list) return numbersSection(list.numbers)
  if ('array' in list) return { element: BYTES, form: FORM.list, bytes: list.array.bytes }
  if ('items' in list) return { element: BYTES, form: FORM.items, bytes: serialize(list.items) }
  throw new TypeError('a list without a store stands by itself')
}

/** Values that were unpacked; `failures`: of those that could not be, by their place. */
interface Values {
  readonly values: NumberArray | readonly unknown[]
  readonly failures?: ReadonlyMap<number, unknown> | undefined
}

/** Reads what `packValues` wrote, of so many values. Errors: FrameError for what it did not write; those of v8 for bytes that are none of ours. */
export function unpackValues({ element, form, bytes }: Section, count: number): Values {
  const read = (): Values => {
    switch (form) {
      case FORM.numbers:
        return { values: numbersOf(element, bytes) }
      case FORM.list:
        return unpackList({ array: { bytes: bytes.slice() } })
      case FORM.items:
        return unpackList({ items: deserialize(bytes) as Extract<PackedList, { items: unknown }>['items'] })
      default:
        throw new FrameError(`a section of values has no form ${form}`)
    }
  }
  const list = read()
  if (list.values.length !== count) throw new FrameError(`a section of ${count} values has ${list.values.length}`)
  return list
}

/** One input of some rows as a section. */
export function packColumn(column: ColumnSlice): Section {
  if (column.kind === 'repeat') return { element: BYTES, form: FORM.repeat, bytes: new Uint8Array(0) }
  return packValues(column.values, 0, column.values.length)
}

/** An array as it lies in memory. */
export function numbersSection(values: NumberArray): Section {
  return {
    element: elementOf(constructorOf(values)),
    form: FORM.numbers,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }
}

/** Numbers that are counted, for kernels: row i of the section is `start + (first + i) * step`. */
export function rangeSection(start: number, step: number, first: number): Section {
  return { element: F64, form: FORM.range, bytes: new Uint8Array(Float64Array.of(start, step, first).buffer) }
}

/** One number for all rows, for kernels. */
export function numberSection(value: number): Section {
  return { element: F64, form: FORM.repeat, bytes: new Uint8Array(Float64Array.of(value).buffer) }
}

/** Numbers, aligned: a copy, unless nearly all of their buffer is theirs. Errors: FrameError for an element type that there is not, and for half an element. */
export function numbersOf(element: number, bytes: Uint8Array): NumberArray {
  const cls = NUMBER_ARRAYS[element - 1]
  if (cls === undefined) throw new FrameError(`there is no type ${element} of elements`)
  if (bytes.length % cls.BYTES_PER_ELEMENT !== 0) {
    throw new FrameError(`${bytes.length} bytes are no whole number of elements of ${cls.BYTES_PER_ELEMENT}`)
  }
  // A frame that was fetched has a buffer of its own. Of one that came as a message, among others, a copy keeps none of them alive.
  const isOwn = bytes.byteOffset % cls.BYTES_PER_ELEMENT === 0 && 2 * bytes.length > bytes.buffer.byteLength
  const own = isOwn ? bytes : bytes.slice()
  return new cls(own.buffer, own.byteOffset, own.length / cls.BYTES_PER_ELEMENT)
}

/** Rows that failed, counted from the first one of the chunk, as a section. */
export function packFailures(failures: ReadonlyMap<number, unknown>): Section {
  const list = Array.from(failures, ([row, error]): [number, ErrorWire] => [row, encodeError(error, 'bytes')])
  return { element: BYTES, form: FORM.failures, bytes: serialize(list) }
}

/** Reads what `packFailures` wrote; `start`: the row of the map that is the chunk's first. `known`: failures by row of the chunk. */
export function unpackFailures(section: Section, start: number, worker: string | undefined): Map<number, unknown> {
  const list = deserialize(section.bytes) as [number, ErrorWire][]
  const where = worker === undefined ? {} : { worker }
  return new Map(list.map(([row, wire]) => [start + row, decodeError(wire, { index: start + row, ...where })]))
}

function elementOf(cls: NumberArrayConstructor): number {
  return 1 + NUMBER_ARRAYS.indexOf(cls)
}
