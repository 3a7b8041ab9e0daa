import { types } from 'node:util'
import { invariant } from '../invariant.ts'
import { isolate } from './copy.ts'
import { decodeError, type ErrorWire, encodeError } from './errors.ts'
import { copyNumbers, type NumberStore } from './numbers.ts'
import { survey } from './survey.ts'
import type { Transferable } from './transfer.ts'
import { type Carrier, decodeValue, encodeValue, type Packed, type Wire } from './value.ts'
import { Writer } from './writer.ts'

// v8.Deserializer takes about 1,500 levels of objects in objects on a stack of Node's usual size, v8.Serializer 3,500. A third of that leaves room for the
// reader's own frames; what lies deeper travels alone, so that it fails alone.
const MOST_LEVELS = 500

export { type Carrier, decodeValue, encodeValue, type Packed, type Wire }

export type PackedList =
  | { readonly from: number; readonly count: number } // numbers, in the store that packList was given
  | { readonly numbers: Float64Array }
  | { readonly array: Packed }
  | { readonly items: readonly ({ readonly wire: Wire } | { readonly error: ErrorWire })[] }

/**
 * Packs `values[start]` to `values[end - 1]`. Never fails: a value that cannot travel fails alone.
 *
 * Numbers go into `numbers`, if that is given, or else travel as one Float64Array, and other values as one array where nobody can tell, which is six times as fast as one by one. Where two of them
 * hold the same object each gets a copy of its own: a function that changes its argument would else change the next one's too, in the same chunk only.
 */
export function packList(
  values: ArrayLike<unknown>,
  start: number,
  end: number,
  carrier: Carrier,
  transferList?: Transferable[],
  numbers?: NumberStore,
): PackedList {
  const packed = numbers === undefined ? packNumbers(values, start, end) : storeNumbers(values, start, end, numbers)
  if (packed !== undefined) return packed
  const list: unknown[] = []
  for (let i = start; i < end; i++) list.push(values[i]) // not slice: a hole is an item, undefined
  const array = packArray(list, carrier, transferList)
  return array === undefined ? { items: list.map((value) => packItem(value, carrier, transferList)) } : { array }
}

/**
 * `numbers`: what the store held that packList was given. `failures` has the errors of values that could not be packed, by their place in the list;
 * `values` has undefined there.
 */
export function unpackList(
  list: PackedList,
  numbers?: Float64Array,
): { values: Float64Array | unknown[]; failures?: Map<number, unknown> } {
  if ('from' in list) {
    invariant(numbers !== undefined, 'a list in a store comes with what the store held')
    return { values: numbers.subarray(list.from, list.from + list.count) }
  }
  if ('numbers' in list) return { values: list.numbers }
  if ('array' in list) return { values: decodeValue(list.array) as unknown[] }
  const values: unknown[] = []
  const failures = new Map<number, unknown>()
  for (const [index, item] of list.items.entries()) {
    values.push(undefined)
    try {
      if ('wire' in item) values[index] = decodeValue(item.wire)
      else failures.set(index, decodeError(item.error))
    } catch (error) {
      failures.set(index, error)
    }
  }
  return failures.size > 0 ? { values, failures } : { values }
}

function packNumbers(values: ArrayLike<unknown>, start: number, end: number): PackedList | undefined {
  // Looked at before there is memory for them: most lists that hold something else begin with it.
  if (!types.isTypedArray(values)) {
    for (let i = start; i < end; i++) if (typeof values[i] !== 'number') return undefined
  }
  const numbers = new Float64Array(end - start)
  return copyNumbers(values, start, end, numbers, 0) ? { numbers } : undefined
}

function storeNumbers(
  values: ArrayLike<unknown>,
  start: number,
  end: number,
  numbers: NumberStore,
): PackedList | undefined {
  const from = numbers.used
  return numbers.add(values, start, end) ? { from, count: end - start } : undefined
}

function packItem(
  value: unknown,
  carrier: Carrier,
  transferList: Transferable[] | undefined,
): { wire: Wire } | { error: ErrorWire } {
  try {
    return { wire: encodeValue(value, carrier, transferList) }
  } catch (error) {
    return { error: encodeError(error, carrier, transferList) }
  }
}

/** Undefined: the items must be packed one by one. */
function packArray(
  list: readonly unknown[],
  carrier: Carrier,
  transferList: Transferable[] | undefined,
): Packed | undefined {
  try {
    const once = writeList(list, carrier)
    if (once === undefined) return undefined
    if (once.isApart) return once.writer.pack(once.bytes, transferList)
    const apart = writeList(
      list.map((value) => isolate(value, MOST_LEVELS)),
      carrier,
    )
    return apart?.writer.pack(apart.bytes, transferList)
  } catch {
    return undefined // packItem will tell why
  }
}

/** Undefined: something in the list has to travel alone. `isApart`: no two of its items hold the same object. */
function writeList(
  list: readonly unknown[],
  carrier: Carrier,
): { writer: Writer; bytes: Uint8Array; isApart: boolean } | undefined {
  const writer = new Writer(carrier)
  writer.write(list)
  const { bytes, objects } = writer.countAndRelease()
  const { special, isTree, depth } = survey(list, objects, bytes.length)
  // Of shared memory that is copied, each item has a copy of its own.
  return special || depth > MOST_LEVELS || writer.pieces !== undefined ? undefined : { writer, bytes, isApart: isTree }
}
