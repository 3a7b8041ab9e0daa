import { types } from 'node:util'
import { holdsFields } from './graph.ts'
import { movablesOf } from './moving.ts'
import { isMadeOfFields, isNativeObject, platformKind } from './platform.ts'
import { isTransfer, remark } from './transfer.ts'
import { kindOfView, makeView } from './views.ts'

type CopyOf = (value: unknown) => unknown
/** What stands for an object in the copy; undefined for one that holds others, which is copied. */
type Replace = (value: object, copyOf: CopyOf) => object | undefined

/** A copy of a value in which small views, which v8.Serializer hands to us, stand where platform objects stood. */
interface StandIns {
  readonly copy: unknown
  readonly originals: ReadonlyMap<object, object>
}

/** Cost: a copy of all that holds other objects; the rest, buffers and views among it, is not copied. */
export function standIn(root: object): StandIns {
  const originals = new Map<object, object>()
  const copy = copyHolders(root, (value, copyOf) => {
    if (types.isProxy(value)) return value // for the writer to refuse
    if (platformKind(value) !== undefined) {
      const view = new Uint8Array(0)
      originals.set(view, value)
      return view
    }
    if (isTransfer(value)) return remark(copyOf(value.value), movablesOf(value))
    return isLeaf(value) ? value : undefined
  })
  return { copy, originals }
}

/**
 * A copy of a value that was just written, with nothing in common with others: neither objects nor views nor dates.
 * Errors: RangeError if it is more than `depth` objects deep, or holds what is not copied here: marked values, resizable buffers.
 */
export function isolate(root: unknown, depth: number): unknown {
  return copyHolders(root, (value) => (isLeaf(value) ? copyLeaf(value) : undefined), depth)
}

function isLeaf(value: object): boolean {
  if (isMadeOfFields(value) || Array.isArray(value)) return false
  if (types.isMap(value) || types.isSet(value) || types.isNativeError(value)) return false
  return ArrayBuffer.isView(value) || !holdsFields(value) || isNativeObject(value)
}

function copyLeaf(value: object): object {
  if (ArrayBuffer.isView(value) && !isTransfer(value)) {
    return makeView(kindOfView(value), value.buffer, value.byteOffset, value.byteLength) // its bytes are copied when it is written
  }
  if (types.isDate(value)) return new Date(Date.prototype.getTime.call(value))
  if (types.isRegExp(value)) return new RegExp(value.source, value.flags)
  if (types.isArrayBuffer(value) && !value.resizable) return value.slice(0)
  if (types.isBoxedPrimitive(value) || isNativeObject(value)) return value // nothing in it changes
  throw new RangeError('what cannot be isolated travels alone')
}

function copyHolders(root: unknown, replace: Replace, depthLeft: number = Number.POSITIVE_INFINITY): unknown {
  const copies = new Map<object, object>()

  const copyOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const known = copies.get(value)
    if (known !== undefined) return known
    const other = replace(value, copyOf)
    if (other !== undefined) {
      copies.set(value, other)
      return other
    }
    if (depthLeft === 0) throw new RangeError('what is nested so deeply travels alone')
    depthLeft--
    const copy = emptyLike(value)
    copies.set(value, copy) // before it is filled: it may hold itself
    fill(copy, value, copyOf)
    depthLeft++
    return copy
  }

  return copyOf(root)
}

function emptyLike(holder: object): object {
  if (Array.isArray(holder)) return new Array(holder.length)
  if (types.isMap(holder)) return new Map()
  if (types.isSet(holder)) return new Set()
  if (types.isNativeError(holder)) return new Error()
  return {} // not Object.create(null), a dictionary to V8: packing such a list took twice as long
}

function fill(copy: object, holder: object, copyOf: CopyOf): void {
  if (types.isMap(holder)) {
    Map.prototype.forEach.call(holder, (held, key) => (copy as Map<unknown, unknown>).set(copyOf(key), copyOf(held)))
  } else if (types.isSet(holder)) {
    Set.prototype.forEach.call(holder, (held) => (copy as Set<unknown>).add(copyOf(held)))
  } else if (types.isNativeError(holder)) {
    for (const key of ['name', 'message', 'stack'] as const) define(copy, key, holder[key])
    if (Object.hasOwn(holder, 'cause')) define(copy, 'cause', copyOf(holder.cause))
  } else {
    for (const key of Object.keys(holder)) {
      const held = copyOf((holder as Record<string, unknown>)[key])
      if (key === '__proto__') define(copy, key, held, true)
      else (copy as Record<string, unknown>)[key] = held
    }
  }
}

function define(copy: object, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(copy, key, { value, enumerable, configurable: true, writable: true })
}
