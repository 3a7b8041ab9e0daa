import { types } from 'node:util'
import { eachHeld, type Place } from './graph.ts'
import { isDetached } from './platform.ts'
import { Serializer } from './v8.ts'

/** Thrown while a value is written: what in it cannot travel, and what to do. It becomes a DataCloneError that says where it lies. */
export class Refusal extends Error {
  readonly culprit: unknown
  readonly advice: string

  constructor(culprit: unknown, advice: string) {
    super(advice)
    this.culprit = culprit
    this.advice = advice
  }
}

/** What v8.Serializer refuses, in its words: it tells nobody where it was. */
export class EngineRefusal extends Error {}

/** What to throw for an `error` that came up while `root` was written: a DataCloneError for a refusal, else the error as it is. */
export function explain(error: unknown, root: unknown): unknown {
  if (error instanceof Refusal) {
    return cloneError(error.culprit, locate(root, (held) => held === error.culprit)?.path, error.advice)
  }
  if (!(error instanceof EngineRefusal)) return error
  const found = locate(root, isUncloneable)
  if (found === undefined) return dataCloneError(`${error.message.replace(/\.$/, '')}; ${PLAIN_DATA}`)
  return cloneError(found.held, found.path, adviceFor(found.held))
}

const PLAIN_DATA = 'send plain data from which a worker can make it'

function cloneError(culprit: unknown, path: string | undefined, advice: string): DOMException {
  const where = path === undefined || path === 'value' ? '' : ` at ${path}`
  return dataCloneError(
    `only what can be cloned travels to or from a worker, got ${describe(culprit)}${where}; ${advice}`,
  )
}

function dataCloneError(message: string): DOMException {
  return new DOMException(message, 'DataCloneError')
}

function adviceFor(culprit: unknown): string {
  if (typeof culprit === 'function') return 'send the data that it needs, and call it where it is'
  if (typeof culprit === 'symbol') return 'send a string instead'
  if (types.isProxy(culprit)) return 'send a plain copy of what it stands for'
  if (types.isPromise(culprit)) return 'await it first'
  if (isMovedAway(culprit)) return 'its memory was moved away by an earlier transfer; move a copy, or use it before'
  return PLAIN_DATA
}

export function isMovedAway(value: unknown): boolean {
  return types.isArrayBuffer(value)
    ? isDetached(value)
    : ArrayBuffer.isView(value) && value.byteLength === 0 && isDetached(value.buffer)
}

/** What people call `value`: 'a function (resize)', 'a Promise'. Reads nothing of a Proxy, and calls no getter. */
export function describe(value: unknown): string {
  if (typeof value === 'function') {
    const name = Object.getOwnPropertyDescriptor(value, 'name')?.value
    return typeof name === 'string' && name !== '' ? `a function (${name})` : 'a function without a name'
  }
  if (typeof value === 'symbol') return `a symbol (${value.description ?? ''})`
  if (typeof value !== 'object' || value === null) return `${value}`
  if (types.isProxy(value)) return 'a Proxy'
  const name = classNameOf(value)
  return `${/^[AEIOU](?!RL)/.test(name) ? 'an' : 'a'} ${name}`
}

function classNameOf(value: object): string {
  for (let at: object | null = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    if (types.isProxy(at)) break
    const cls = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    const name = typeof cls === 'function' ? Object.getOwnPropertyDescriptor(cls, 'name')?.value : undefined
    if (typeof name === 'string' && name !== '') return name
  }
  return 'Object'
}

interface Found {
  readonly held: unknown
  readonly path: string
}

// Only errors pay for the search, but each item of a large list may be one.
const MOST_OBJECTS = 10_000

/** The first value in `root`, depth first, that `isIt`, with the way to it. None found, or a getter throws: undefined, and the error says less. */
function locate(root: unknown, isIt: (held: unknown) => boolean): Found | undefined {
  const seen = new Set<unknown>()
  const search = (held: unknown, path: string): Found | undefined => {
    if (seen.has(held) || seen.size >= MOST_OBJECTS) return undefined
    seen.add(held)
    if (isIt(held)) return { held, path }
    if (typeof held !== 'object' || held === null) return undefined
    let found: Found | undefined
    eachHeld(held, (inner, place, key) => {
      found ??= search(inner, path + step(place, key))
    })
    return found
  }
  try {
    return search(root, 'value')
  } catch {
    return undefined
  }
}

function step(place: Place, key: unknown): string {
  switch (place) {
    case 'field':
      return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`
    case 'element':
      return `[${key}]`
    case 'key':
      return ' (a key)'
    case 'value':
      return typeof key === 'object' || typeof key === 'symbol' ? '.get(…)' : `.get(${JSON.stringify(key)})`
    case 'member':
      return ' (a member)'
    case 'marked':
      return ''
  }
}

function isUncloneable(held: unknown): boolean {
  if (typeof held === 'function' || typeof held === 'symbol') return true
  if (typeof held !== 'object' || held === null) return false
  if (types.isProxy(held) || isMovedAway(held)) return true
  // What holds no other object can be tried alone: a WeakMap, a generator, an Intl object …
  let isAlone = !ArrayBuffer.isView(held)
  if (isAlone) eachHeld(held, () => (isAlone = false))
  return isAlone && !isWritten(held)
}

function isWritten(value: object): boolean {
  try {
    return new Serializer().writeValue(value)
  } catch {
    return false
  }
}
