import { checkTimeout } from './future.ts'
import { nearest } from './nearest.ts'
import { show } from './show.ts'

/** Answers what an option means, its default where it is undefined. Errors: TypeError for a type, RangeError for a value. */
export type Check<T> = (value: unknown, name: string) => T

export type Checks<T> = { readonly [K in keyof T]: Check<T[K]> }

/**
 * Reads an options object with one check an option, in the order of `checks`, each property once.
 *
 * `owner` is what takes the options, for errors. Undefined is no options, and an option that is undefined was not given. `refused` says of options that others
 * take why this one does not, and what to do.
 * Errors: TypeError for what is no plain object, for an unknown key, which names the nearest one, and for a refused one; what the checks throw.
 */
export function readOptions<T extends object>(
  given: unknown,
  checks: Checks<T>,
  owner: string,
  refused: Readonly<Record<string, string>> = {},
): T {
  if (given !== undefined && !isPlainObject(given)) {
    throw new TypeError(`options of ${owner} must be a plain object, got ${show(given)}; use { name: value }`)
  }
  const options = (given ?? {}) as Record<string, unknown>
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(checks, key)) continue
    if (!Object.hasOwn(refused, key)) throw unknownOption(key, Object.keys(checks), owner)
    if (options[key] !== undefined) throw new TypeError(`${owner} takes no ${key}: ${refused[key]}`)
  }
  // Key by key: an object made of entries is a dictionary to V8, and was half of the time of a call of map.
  const read: Partial<T> = {}
  for (const name in checks) read[name] = checks[name](Object.hasOwn(options, name) ? options[name] : undefined, name)
  return read as T
}

/** An object as `{}` makes it, of any realm, or without a prototype; no instance of a class. */
export function isPlainObject(value: unknown): value is Record<PropertyKey, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function unknownOption(key: string, names: readonly string[], owner: string): TypeError {
  const near = nearest(key, names)
  const next = near === undefined ? `its options are ${names.join(', ')}` : `did you mean ${near}?`
  return new TypeError(`${owner} has no option ${show(key)}; ${next}`)
}

/** The value, or `fallback` where there is none. */
export function optional<T, F>(check: Check<T>, fallback: F): Check<T | F> {
  return (value, name) => (value === undefined ? fallback : check(value, name))
}

export interface IntegerRule {
  readonly least: number
  /** What is said below `least`, behind the name. */
  readonly low: string
  readonly next: string
  /** What a fraction, NaN or an infinity is. */
  readonly fraction?: typeof RangeError | typeof TypeError
}

export function integer({ least, low, next, fraction = RangeError }: IntegerRule): Check<number> {
  return (value, name) => {
    const refuse = (rule: string): string => `${name} ${rule}, got ${show(value)}; ${next}`
    if (typeof value !== 'number') throw new TypeError(refuse('must be an integer'))
    if (!Number.isInteger(value)) throw new fraction(refuse('must be an integer'))
    if (value < least) throw new RangeError(refuse(low))
    return value + 0 // not -0
  }
}

/** Milliseconds, or undefined for no limit, which Infinity means too. */
export function timeoutMs(value: unknown): number | undefined {
  checkTimeout(value)
  return value === Number.POSITIVE_INFINITY ? undefined : value
}

export function boolean(fallback: boolean): Check<boolean> {
  return (value, name) => {
    if (value === undefined) return fallback
    if (typeof value === 'boolean') return value
    throw new TypeError(`${name} must be true or false, got ${show(value)}; leave it out for ${fallback}`)
  }
}

export function oneOf<W extends string>(...words: readonly W[]): Check<W> {
  return (value, name) => {
    const word = words.find((candidate) => candidate === value)
    if (word !== undefined) return word
    const near = typeof value === 'string' ? nearest(value, words) : undefined
    const next = near === undefined ? 'use one of them' : `did you mean '${near}'?`
    const text = `${name} must be ${words.map((each) => `'${each}'`).join(', ')}, got ${show(value)}; ${next}`
    throw typeof value === 'string' ? new RangeError(text) : new TypeError(text)
  }
}

export function abortSignal(value: unknown, name: string): AbortSignal {
  if (isAbortSignal(value)) return value
  throw new TypeError(`${name} must be an AbortSignal, got ${show(value)}; use new AbortController().signal`)
}

/** By its parts: a signal may come from another realm, or from a library. */
function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false
  const { aborted, addEventListener, removeEventListener } = value as Record<string, unknown>
  return (
    typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function'
  )
}
