import { types } from 'node:util'
import threads from 'node:worker_threads'
import { Serializer } from './v8.ts'

/**
 * Objects that v8.Serializer writes wrongly, without a word (seen on Node 20 to 26):
 *
 *   module     a WebAssembly.Module: nothing at all is written, which spoils what follows
 *   memory     a shared WebAssembly.Memory: its memory is written in a form that v8.Deserializer cannot read
 *   shared     a SharedArrayBuffer: likewise
 *   node       Node's own cloneable and movable classes (Blob, CryptoKey, streams …): `{}` from Node 22 on
 *   exception  a DOMException: `{}` on Node 20, an Error after that
 *   bare       an object of another class of the platform, all of whose state is hidden (URL, Headers, AbortController …): `{}`
 */
type PlatformKind = 'module' | 'memory' | 'shared' | 'node' | 'exception' | 'bare'

/** Beside them: `fields`, an object or an instance of the user's classes, which holds what its fields say; `builtin`, of the language's classes or derived from one. */
type Kind = PlatformKind | 'fields' | 'builtin'

const kinds = new WeakMap<object, Kind>()

/** Decided once a prototype, so that an instance costs one look-up. */
function kindOf(value: object): Kind {
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return 'fields'
  if (prototype === Array.prototype) return 'builtin'
  let kind = kinds.get(prototype)
  if (kind === undefined) {
    kind = kindOfPrototype(prototype, value)
    kinds.set(prototype, kind)
  }
  return kind
}

/** What kind of platform object `value` is, if any. */
export function platformKind(value: object): PlatformKind | undefined {
  const kind = kindOf(value)
  if (kind === 'fields' || kind === 'builtin') return undefined
  // State that can be seen travels, as for any class.
  return kind === 'bare' && Object.keys(value).length > 0 ? undefined : kind
}

/** Whether nothing but its fields can be of interest in `value`, by its prototype. */
export function isMadeOfFields(value: object): boolean {
  return kindOf(value) === 'fields'
}

/** `value` is one of its instances. */
function kindOfPrototype(prototype: object, value: object): Kind {
  let kind: Kind = 'fields'
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at)) {
    const cls = ownValue(at, 'constructor')
    const tag = ownValue(at, Symbol.toStringTag)
    if (typeof cls !== 'function') continue
    if (isNative(cls)) {
      if (tag === 'WebAssembly.Module') return 'module'
      if (tag === 'WebAssembly.Memory') return 'memory'
      if (tag === 'SharedArrayBuffer') return 'shared'
      if (cls.name !== 'Object') kind = 'builtin'
      continue
    }
    if (tag === 'DOMException' && cls.name === tag) return 'exception'
    if (hasNodeSymbol(at, 'messaging_clone_symbol') || hasNodeSymbol(at, 'messaging_transfer_symbol')) return 'node'
    // A subclass of the user's is his own, whatever it extends.
    if (at === prototype && typeof tag === 'string' && ownValue(globalThis, cls.name) === cls) {
      // From Node 26.12 on a CryptoKey has no such symbol, and is native itself.
      return isNativeObject(value) ? 'node' : 'bare'
    }
  }
  return kind
}

class HostProbe extends Serializer {
  host: object | undefined

  // Called by v8.Serializer.
  _writeHostObject(host: object): void {
    this.host ??= host
  }
}

/** Whether `value` is a native object of Node's (a MessagePort, a KeyObject …), which v8.Serializer hands to us. Cost: that of writing it. */
export function isNativeObject(value: object): boolean {
  const probe = new HostProbe()
  try {
    probe.writeValue(value)
  } catch {
    // Something that it holds cannot be written; a native object is handed over before that.
  }
  return probe.host === value
}

/** Whether a class comes with the engine, in whichever realm. */
export function isNative(cls: object): boolean {
  return Function.prototype.toString.call(cls).trimEnd().endsWith('{ [native code] }')
}

/** An own property of `holder` without the help of a getter, but for a class that the platform loads on demand. */
function ownValue(holder: object, key: PropertyKey): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key)
  return property?.get !== undefined && holder === globalThis ? property.get.call(holder) : property?.value
}

/** Whether Node can move `value` to another thread in a transfer list. */
export function canMove(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (types.isArrayBuffer(value) || value instanceof threads.MessagePort) return true
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    if (hasNodeSymbol(at, 'messaging_transfer_symbol')) return true
  }
  return false
}

/** Node keeps what its classes do in messages under symbols of these names, on their prototypes; the symbols themselves are not exported. */
function hasNodeSymbol(prototype: object, name: string): boolean {
  return Object.getOwnPropertySymbols(prototype).some((symbol) => symbol.description === name)
}

/** Whether the memory of `buffer` was moved away. (`buffer.detached` is not on Node 20.) */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0 || !types.isArrayBuffer(buffer)) return false
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

// From Node 21 on. Not imported by its name, nor out of a namespace: webpack makes names of that, which Node 20 does not find.
const { isMarkedAsUntransferable } = threads as { isMarkedAsUntransferable?: (object: object) => boolean }

/** Whether `view` is a Buffer in Node's pool, whose memory other Buffers share. */
export function isPooled(view: ArrayBufferView): boolean {
  const { buffer, byteLength } = view
  if (!Buffer.isBuffer(view) || byteLength === buffer.byteLength) return false
  return isMarkedAsUntransferable?.(buffer) ?? buffer.byteLength === Buffer.poolSize
}
