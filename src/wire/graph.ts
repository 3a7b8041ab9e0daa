import { types } from 'node:util'
import { isMadeOfFields } from './platform.ts'
import { isTransfer } from './transfer.ts'

/** Where an object holds another: `.key` of a field, `[3]` of an array, an entry of a Map or Set, what a mark marks. */
export type Place = 'field' | 'element' | 'key' | 'value' | 'member' | 'marked'
type Visit = (held: unknown, place: Place, key?: unknown) => void

// An array's named properties (a RegExp match has some) are looked for up to this length: listing the keys costs 50 ns an element, as much as
// writing it, and nobody was seen to hang platform objects on a long array.
const NAMED_UP_TO = 64
// A longer array is asked for its keys, in case it is sparse and only its length is large; where the caller knows no better bound.
const DENSE_UP_TO = 1 << 20

/**
 * Calls `visit` with each object, function and symbol that `holder` holds, in order, as structured clone sees it: own enumerable fields by string keys,
 * elements, entries, the cause of an error. Primitives are left out. Errors: what a getter throws.
 */
export function eachHeld(holder: object, visit: Visit, denseUpTo: number = DENSE_UP_TO): void {
  if (Object.getPrototypeOf(holder) === Object.prototype) {
    // Not Object.keys, which costs twice as much. It has the fields of a polluted Object.prototype too: they are not written, so looking is no harm.
    for (const key in holder) {
      const held = (holder as Record<string, unknown>)[key]
      if (isHeld(held)) visit(held, 'field', key)
    }
  } else if (Array.isArray(holder)) eachElement(holder, visit, denseUpTo)
  else if (isMadeOfFields(holder)) eachField(holder, visit)
  else if (ArrayBuffer.isView(holder)) {
    if (isTransfer(holder)) see(holder.value, visit, 'marked')
  } else if (types.isMap(holder)) {
    Map.prototype.forEach.call(holder, (value, key) => {
      see(key, visit, 'key')
      see(value, visit, 'value', key)
    })
  } else if (types.isSet(holder)) Set.prototype.forEach.call(holder, (member) => see(member, visit, 'member'))
  else if (types.isNativeError(holder)) {
    if (Object.hasOwn(holder, 'cause')) see(holder.cause, visit, 'field', 'cause')
  } else if (holdsFields(holder)) eachField(holder, visit)
}

function eachElement(array: readonly unknown[], visit: Visit, denseUpTo: number): void {
  const { length } = array
  if (length > denseUpTo) {
    eachField(array, visit)
    return
  }
  for (let i = 0; i < length; i++) {
    const held = array[i]
    if (isHeld(held)) visit(held, 'element', i)
  }
  if (length > NAMED_UP_TO) return
  const keys = Object.keys(array) // named ones last
  for (let at = keys.length - 1; at >= 0 && !isIndex(keys[at] as string); at--) {
    see(array[keys[at] as keyof typeof array], visit, 'field', keys[at])
  }
}

function isIndex(key: string): boolean {
  return String(Number(key) >>> 0) === key
}

function eachField(holder: object, visit: Visit): void {
  const place = Array.isArray(holder) ? 'element' : 'field'
  for (const key of Object.keys(holder)) see((holder as Record<string, unknown>)[key], visit, place, key)
}

function see(held: unknown, visit: Visit, place: Place, key?: unknown): void {
  if (isHeld(held)) visit(held, place, key)
}

function isHeld(value: unknown): boolean {
  return typeof value === 'object' ? value !== null : typeof value === 'function' || typeof value === 'symbol'
}

/** Whether structured clone writes the fields of `holder`; those of a Date, a RegExp, a buffer or a boxed primitive it leaves. */
export function holdsFields(holder: object): boolean {
  return !(
    types.isDate(holder) ||
    types.isRegExp(holder) ||
    types.isAnyArrayBuffer(holder) ||
    types.isBoxedPrimitive(holder)
  )
}
