import { types } from 'node:util'
import { RemoteError } from '../errors.ts'
import { classFor, type Lineage, lineageOf } from './error-classes.ts'
import { platformKind } from './platform.ts'
import { describe } from './refusal.ts'
import type { Transferable } from './transfer.ts'
import { type Carrier, decodeValue, encodeValue, type Wire } from './value.ts'

export { registerError } from './error-classes.ts'

/**
 * What was thrown, and the errors that hang on it: its `cause`, its `errors`, theirs. They name each other by their place in `errors`, so that cycles and
 * long chains are no more than a list. Plain data, for any message.
 */
export interface ErrorWire {
  readonly thrown: Slot
  readonly errors: readonly ErrorRecord[]
}

type Slot = { readonly error: number } | { readonly wire: Wire } | { readonly list: readonly Slot[] }

interface ErrorRecord extends Lineage {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly fields: readonly Field[]
}

interface Field {
  readonly key: string
  readonly slot: Slot
  readonly isHidden: boolean
}

/** Where an error happened, for its stack. */
export interface Where {
  readonly index?: number
  readonly worker?: string
}

// A `cause` may be a getter that always has one more. A real chain has a handful, an AggregateError perhaps one for each of some thousand items.
const MOST_ERRORS = 10_000
// From the first frame of the embedded worker on, as its source is named in a thread and in a process.
const OUR_FRAMES = /\n[^\n]*(?:\[worker eval\]|lanewise-worker\.cjs).*$/s
// Own, but not enumerable, where the language defines them.
const HIDDEN = ['cause', 'errors', 'error', 'suppressed', 'code']

/**
 * Makes of what was thrown what a message can hold. Never throws.
 *
 * Of an error: its class by name, message, stack, own enumerable fields, `cause`, `errors`, `code`. Errors among these keep the same, at any depth; a field
 * that cannot be cloned is left out. What is no error travels as a value; a RemoteError that says so stands for one that cannot.
 */
export function encodeError(thrown: unknown, carrier: Carrier, transferList?: Transferable[]): ErrorWire {
  try {
    return new Encoder(carrier, transferList).encode(thrown)
  } catch (cause) {
    const error = new RemoteError(`a call threw ${attempt(() => describe(thrown))}, which cannot be cloned`, { cause })
    return new Encoder(carrier, undefined).encode(error)
  }
}

class Encoder {
  readonly #carrier: Carrier
  readonly #transferList: Transferable[] | undefined
  readonly #found: object[] = []
  readonly #numbers = new Map<object, number>()

  constructor(carrier: Carrier, transferList: Transferable[] | undefined) {
    this.#carrier = carrier
    this.#transferList = transferList
  }

  /** Errors: DataCloneError if `thrown` is no error and cannot be cloned. */
  encode(thrown: unknown): ErrorWire {
    const slot: Slot = isError(thrown) ? this.#number(thrown) : { wire: this.#value(thrown) }
    const errors: ErrorRecord[] = []
    for (const error of this.#found) errors.push(this.#record(error)) // which finds more
    return { thrown: slot, errors }
  }

  #value(value: unknown): Wire {
    return encodeValue(value, this.#carrier, this.#transferList)
  }

  #number(error: object): { error: number } {
    let number = this.#numbers.get(error)
    if (number === undefined) {
      number = this.#found.push(error) - 1
      this.#numbers.set(error, number)
    }
    return { error: number }
  }

  #record(error: object): ErrorRecord {
    const read = (key: string): unknown => attempt(() => (error as Record<string, unknown>)[key])
    const text = (key: string): string | undefined => attempt(() => asText(read(key)))
    const code = read('code')
    const lineage = known.get(error) ?? attempt(() => lineageOf(error, code)) ?? UNKNOWN
    const fields = this.#fields(error)
    // A code may stand on the prototype. A DOMException's does, and comes back with its name.
    if (isCode(code) && lineage.base !== 'DOMException' && !fields.some(({ key }) => key === 'code')) {
      fields.push({ key: 'code', slot: { wire: code }, isHidden: false })
    }
    const name = text('name') ?? lineage.own[0] ?? lineage.base
    return { ...lineage, name, message: text('message') ?? '', stack: withoutOurs(text('stack')), fields }
  }

  #fields(error: object): Field[] {
    const shown = attempt(() => Object.keys(error)) ?? []
    const hidden = HIDDEN.filter((key) => !shown.includes(key) && attempt(() => Object.hasOwn(error, key)))
    const fields: Field[] = []
    for (const key of [...shown, ...hidden]) {
      if (key === 'message' || key === 'stack') continue
      const slot = attempt(() => this.#slot((error as Record<string, unknown>)[key]))
      if (slot !== undefined) fields.push({ key, slot, isHidden: hidden.includes(key) })
    }
    return fields
  }

  /** Undefined: one error too many. Errors: DataCloneError. */
  #item(value: unknown): Slot | undefined {
    if (!isError(value)) return { wire: this.#value(value) }
    return this.#found.length < MOST_ERRORS || this.#numbers.has(value) ? this.#number(value) : undefined
  }

  /** Errors: what a getter throws; DataCloneError. */
  #slot(value: unknown): Slot | undefined {
    if (!Array.isArray(value) || !value.some(isError)) return this.#item(value)
    return { list: Array.from(value, (item) => attempt(() => this.#item(item)) ?? { wire: undefined }) }
  }
}

const UNKNOWN: Lineage = { own: [], base: 'Error', isOurs: false }

// The classes of errors that were decoded here as RemoteError: when one is thrown on, the next side may know its class.
const known = new WeakMap<object, Lineage>()

/** Rebuilds what was thrown; `where` goes into its stack, `where.index` into its `index`. Never throws. */
export function decodeError(wire: ErrorWire, where: Where = {}): unknown {
  try {
    return decode(wire, where)
  } catch (cause) {
    return new RemoteError('a call failed, and its error could not be read; run both sides on the same lanewise', {
      cause,
    })
  }
}

function decode({ thrown, errors }: ErrorWire, where: Where): unknown {
  const rebuilt = errors.map(rebuild)
  const read = (slot: Slot): unknown => {
    if ('error' in slot) return rebuilt[slot.error]
    return 'list' in slot ? slot.list.map(read) : decodeValue(slot.wire)
  }
  for (const [number, { fields }] of errors.entries()) {
    for (const { key, slot, isHidden } of fields) {
      attempt(() => define(rebuilt[number] as Error, key, read(slot), !isHidden))
    }
  }
  if ('error' in thrown) {
    const error = rebuilt[thrown.error] as Error
    const { message, stack } = errors[thrown.error] as ErrorRecord
    place(error, stack ?? String(error), message, where)
  }
  return read(thrown)
}

/** Says in an error that is here already where it happened: in its stack and its `index`. Anything else stays as it is; never throws. */
export function placeError(error: unknown, where: Where): void {
  attempt(() => {
    if (isError(error)) place(error, error.stack ?? String(error), error.message, where)
  })
}

function place(error: Error, stack: string, message: string, where: Where): void {
  define(error, 'stack', withPlace(stack, message, where), false)
  if (where.index !== undefined) define(error, 'index', where.index, true)
}

/** An error like the one recorded, but for its fields. The constructor of its class is not called: nobody knows what that takes. */
function rebuild(record: ErrorRecord): Error {
  const { name, message, stack } = record
  const found = classFor(record)
  const error =
    record.base === 'DOMException' && found !== undefined ? new DOMException(message, name) : bareError(message)
  if (found === undefined) {
    Object.setPrototypeOf(error, RemoteError.prototype)
    define(error, 'code', 'ERR_LANEWISE_REMOTE', true) // a field of that name comes later
    known.set(error, { own: record.own, base: record.base, isOurs: record.isOurs })
  } else if (Object.getPrototypeOf(error) !== found.prototype) Object.setPrototypeOf(error, found.prototype)
  // Many classes never set a name, so that it says Error; the class says more.
  const said = found === undefined && name === record.base ? record.own[0] || name : name
  if (error.name !== said) define(error, 'name', said, false)
  define(error, 'stack', stack ?? String(error), false)
  return error
}

function bareError(message: string): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // it gets the worker's frames
  const error = message === '' ? new Error() : new Error(message)
  Error.stackTraceLimit = stackTraceLimit
  return error
}

/** In a worker: the frames of the function and what it called, without those of the loop that called it. */
function withoutOurs(stack: string | undefined): string | undefined {
  return stack?.replace(OUR_FRAMES, '')
}

/** `stack` with a line between its head and its frames that says where they are. */
function withPlace(stack: string, message: string, { worker, index }: Where): string {
  const places = [worker === undefined ? '' : `in worker ${worker}`, index === undefined ? '' : `item ${index}`]
  const place = places.filter((said) => said !== '').join(', ')
  if (place === '') return stack
  // The message is skipped first: it may quote a stack itself.
  const from = stack.indexOf(message)
  const frames = stack.slice(from < 0 ? 0 : from + message.length).search(/\n\s+at /)
  const end = frames < 0 ? stack.length : frames + (from < 0 ? 0 : from + message.length)
  return `${stack.slice(0, end)}\n    — ${place} —${stack.slice(end)}`
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true })
}

function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  if (types.isNativeError(value)) return true
  // Those made by hand on Error.prototype too; and on Node 20 a DOMException is no native error.
  return attempt(() => value instanceof Error || platformKind(value) === 'exception') ?? false
}

function isCode(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value)
}

/** What `read` returns, or undefined if it throws: an error may be a Proxy, and any of its fields a getter. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
