import { types } from 'node:util'
import { eachHeld, holdsFields } from './graph.ts'
import { movablesOf } from './moving.ts'
import { isNativeObject, platformKind } from './platform.ts'
import { isTransfer, remark } from './transfer.ts'

export interface Survey {
  /** Whether there is an object among them that v8.Serializer writes wrongly. */
  readonly special: boolean
  /** Whether each object was met once only, and none lies deeper than 500 objects: the value can share a message with others. */
  readonly isPlainTree: boolean
}

// v8.Deserializer takes about 1,500 levels on a stack of Node's usual size, v8.Serializer 3,500: a third of that leaves room for the caller's own frames.
const DEPTH = 500

/**
 * Looks through what was just written.
 *
 * `objects` is how many distinct objects were written, or a number that is certainly not less. More than that met means that some were met twice; only
 * then is a Set kept of those seen. (For a tree of small objects: 25 ns an object without, 95 with; to write one costs 170.)
 * Cost: O(n) in the objects and elements of arrays.
 */
export function survey(root: object, objects: number, byteLength: number): Survey {
  return (
    look(root, objects, byteLength, undefined) ??
    (look(root, Number.POSITIVE_INFINITY, byteLength, new Set([root])) as Survey)
  )
}

/** Whether what could not be written holds a platform object: from Node 22 on some of them are refused for what they hold. */
export function hasPlatformObjects(root: object): boolean {
  if (types.isProxy(root)) return false
  return look(root, Number.POSITIVE_INFINITY, undefined, new Set([root]))?.special === true
}

/** Undefined: more than `limit` objects. */
function look(
  root: object,
  limit: number,
  byteLength: number | undefined,
  seen: Set<unknown> | undefined,
): Survey | undefined {
  let special = false
  let met = 1
  let depth = 0
  let level: object[] = [root]
  let next: object[] = []
  const visit = (held: unknown): void => {
    if (typeof held !== 'object' || held === null) return
    if (seen !== undefined) {
      if (seen.has(held) || types.isProxy(held)) return
      seen.add(held)
    }
    next.push(held)
  }
  for (; level.length > 0; depth++) {
    for (const holder of level) {
      if (platformKind(holder) !== undefined) special = true
      else eachHeld(holder, visit, byteLength) // a dense element takes a byte at least
      if (met + next.length > limit) return undefined
    }
    met += next.length
    level = next
    next = []
  }
  return { special, isPlainTree: seen === undefined && met === limit && depth <= DEPTH }
}

/** A copy of a value in which small views, which v8.Serializer hands to us, stand where platform objects stood. */
export interface StandIns {
  readonly copy: unknown
  readonly originals: ReadonlyMap<object, object>
}

/** Cost: a copy of all that holds other objects; the rest, buffers and views among it, is not copied. */
export function standIn(root: object): StandIns {
  const originals = new Map<object, object>()
  const copies = new Map<unknown, unknown>()

  const copyOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    let copy = copies.get(value)
    if (copy === undefined) {
      copy = makeCopy(value)
      copies.set(value, copy)
    }
    return copy
  }

  const makeCopy = (value: object): unknown => {
    if (types.isProxy(value)) return value // for the writer to refuse
    if (platformKind(value) !== undefined) {
      const view = new Uint8Array(0)
      originals.set(view, value)
      return view
    }
    if (ArrayBuffer.isView(value)) return isTransfer(value) ? remark(copyOf(value.value), movablesOf(value)) : value
    if (types.isMap(value)) {
      const copy = new Map()
      copies.set(value, copy)
      Map.prototype.forEach.call(value, (held, key) => copy.set(copyOf(key), copyOf(held)))
      return copy
    }
    if (types.isSet(value)) {
      const copy = new Set()
      copies.set(value, copy)
      Set.prototype.forEach.call(value, (held) => copy.add(copyOf(held)))
      return copy
    }
    if (types.isNativeError(value)) return copyError(value)
    if (!holdsFields(value) || isNativeObject(value)) return value
    // Without a prototype, so that a field called __proto__ is one.
    const copy: Record<string, unknown> = Array.isArray(value) ? new Array(value.length) : Object.create(null)
    copies.set(value, copy)
    for (const key of Object.keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key])
    return copy
  }

  const copyError = (error: Error): Error => {
    if (!Object.hasOwn(error, 'cause')) return error
    const copy = new Error()
    copies.set(error, copy)
    for (const key of ['name', 'message', 'stack'] as const) {
      Object.defineProperty(copy, key, { value: error[key], configurable: true, writable: true })
    }
    Object.defineProperty(copy, 'cause', { value: copyOf(error.cause), configurable: true, writable: true })
    return copy
  }

  return { copy: copyOf(root), originals }
}
