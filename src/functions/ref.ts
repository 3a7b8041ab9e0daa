import { isBuiltin } from 'node:module'

/**
 * How a function is named on its way to a worker: plain data, for structured clone and JSON alike. `id` is equal for equal functions
 * and for no others, so a worker keeps what it has loaded under it; `name` is for people.
 */
export type FunctionRef = SourceRef | ModuleRef | BuiltinRef

/** A self-contained function: its source travels. */
export interface SourceRef {
  readonly kind: 'source'
  readonly id: string
  readonly name: string
  /** A script whose value is a function of the `shims`, in this order, that returns the user's function. */
  readonly code: string
  readonly shims: readonly string[]
}

/** A function that the worker finds in a module that it imports. */
export interface ModuleRef {
  readonly kind: 'module'
  readonly id: string
  readonly name: string
  readonly url: string
  /** The export to look at first. */
  readonly export?: string
  /** The how manieth `task()` of the module it is, from 0. */
  readonly ordinal?: number
  /** What `toString` gives at the caller; without it, whatever function the export is will do. */
  readonly source?: string
  /** Given where an export of the right name and of this length will do, whatever its source: transpilers rewrite sources. */
  readonly arity?: number
}

/** A function of JavaScript's or Node's own: `path` from globalThis, or from the exports of a `node:` module. */
export interface BuiltinRef {
  readonly kind: 'builtin'
  readonly id: string
  readonly name: string
  readonly module?: string
  readonly path: readonly string[]
}

/** Any function whatever. */
export type AnyFunction = (...args: never[]) => unknown

/** The source as it was written, whatever the function's own `toString` says. */
export function sourceOf(fn: AnyFunction): string {
  return Function.prototype.toString.call(fn)
}

/** The function's name, '' if it has none; getters are not asked. */
export function nameOf(fn: AnyFunction): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value
  return typeof name === 'string' ? name : ''
}

/** The function's length; getters are not asked. */
export function arityOf(fn: AnyFunction): number {
  const length: unknown = Object.getOwnPropertyDescriptor(fn, 'length')?.value
  return typeof length === 'number' ? length : -1
}

/** Whether two sources differ at most in what a type stripper or a formatter changes: blanks, semicolons, quotes, last commas. */
export function isSameSource(a: string, b: string): boolean {
  return a === b || normalise(a) === normalise(b)
}

function normalise(source: string): string {
  return source
    .replace(/[\s;]+/g, '')
    .replace(/["`]/g, "'")
    .replace(/,(?=[)\]}])/g, '')
}

/** Whether `import(specifier)` means the same in every file: a module of Node's, or a whole URL. */
export function isPortableImport(specifier: string): boolean {
  return isBuiltin(specifier) || /^[a-z][a-z0-9+.-]+:/i.test(specifier)
}
