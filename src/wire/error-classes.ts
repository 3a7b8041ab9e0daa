import * as lanewise from '../errors.ts'
import { isNative } from './platform.ts'
import { describe } from './refusal.ts'

type ErrorClass = { readonly name: string; readonly prototype: Error }

/** What a thrown error is an instance of, nearest first. */
export interface Lineage {
  /** Names of the user's classes; the caller may know some of them. */
  readonly own: readonly string[]
  /** The first class of the platform or of lanewise above them. */
  readonly base: string
  readonly isOurs: boolean
}

// Those of a name that the caller's Node lacks arrive as RemoteError.
const BUILT_IN = new Set([
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SuppressedError',
  'SyntaxError',
  'TypeError',
  'URIError',
])
// Between Node's own errors and the built-in ones above them; no program can name these classes.
const INSIDE_NODE = new Set(['NodeError', 'SystemError', 'AbortError'])
const WEBASSEMBLY = new Set(['CompileError', 'LinkError', 'RuntimeError'])
const OURS = new Map<string, ErrorClass>(Object.entries(lanewise))

const registered = new Map<string, ErrorClass>()

/**
 * Lets errors of class `cls` keep their class on the way from a worker: they arrive as its instances, built without its constructor. It is found by its
 * name, so the caller must register it, and no other class of that name; the last one counts. Subclasses that are not registered arrive as the nearest that is.
 * Errors: TypeError for anything but a named class of errors.
 */
export function registerError(cls: abstract new (...args: never) => Error): void {
  if (typeof cls !== 'function' || !(cls.prototype instanceof Error)) {
    throw new TypeError(`registerError() takes a class that extends Error, got ${describe(cls)}`)
  }
  if (cls.name === '') throw new TypeError('registerError() finds a class by its name, got one without; name it')
  registered.set(cls.name, cls)
}

/** Reads what class `error` is of. A name alone says nothing: a user may have a TimeoutError too. Errors: what a Proxy's traps throw. */
export function lineageOf(error: object, code: unknown): Lineage {
  const own: string[] = []
  for (let at: object | null = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    const cls = Object.hasOwn(at, 'constructor') ? at.constructor : undefined
    if (typeof cls !== 'function') continue
    const name = String(cls.name)
    const base = platformBase(at, cls, name, code)
    if (base !== undefined) return { own, base, isOurs: false }
    if (OURS.has(name) && hasCode(code, 'ERR_LANEWISE')) return { own, base: name, isOurs: true }
    if (!(INSIDE_NODE.has(name) && (hasCode(code, 'ERR_') || code === 'ABORT_ERR'))) own.push(name)
  }
  return { own, base: 'Error', isOurs: false }
}

function platformBase(prototype: object, cls: object, name: string, code: unknown): string | undefined {
  if (name === 'DOMException' && Object.hasOwn(prototype, Symbol.toStringTag)) return name
  if (name === 'AssertionError' && code === 'ERR_ASSERTION') return name
  if (!isNative(cls)) return undefined
  if (WEBASSEMBLY.has(name)) return `WebAssembly.${name}`
  return BUILT_IN.has(name) ? name : undefined
}

function hasCode(code: unknown, prefix: string): boolean {
  return typeof code === 'string' && code.startsWith(prefix)
}

/** The class to rebuild; undefined: a RemoteError. */
export function classFor({ own, base, isOurs }: Lineage): ErrorClass | undefined {
  for (const name of own) {
    const known = registered.get(name)
    if (known !== undefined) return known
  }
  if (isOurs) return OURS.get(base)
  return own.length === 0 ? builtIn(base) : undefined
}

function builtIn(name: string): ErrorClass | undefined {
  if (name === 'AssertionError') return process.getBuiltinModule('node:assert').AssertionError // loaded by few
  const [space = '', inner] = name.split('.')
  const holder = inner === undefined ? globalThis : WebAssembly
  return (holder as unknown as Record<string, ErrorClass | undefined>)[inner ?? space]
}
