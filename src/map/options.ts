import {
  abortSignal,
  boolean,
  type Check,
  type Checks,
  integer,
  isPlainObject,
  oneOf,
  optional,
  readOptions,
  timeoutMs,
} from '../checks.ts'
import { checkChunksize } from '../chunks/chunksize.ts'
import { isNumberArray, isResizable, type NumberArray } from '../inputs/number-array.ts'
import { show } from '../show.ts'
import type { ErrorPolicy } from './outcome.ts'

/** What runs a kernel; `'auto'` takes the fastest that is there and fits. */
export type EngineName = 'auto' | 'js' | 'wasm' | 'native'

/** Limits of one call, or of each call of a map. */
export interface CallOptions {
  /** Aborted, it ends the call or the map with `signal.reason`. What has begun goes on unobserved. */
  signal?: AbortSignal | undefined
  /** Milliseconds that one call may take; then its worker is terminated, and it fails with TimeoutError. Above 0; default none. Not inline. */
  itemTimeout?: number | undefined
  /** How many more times a call is tried, at once, after it threw, its worker died or its time was over. Default 0. */
  retries?: number | undefined
}

/** How a map runs. None of these changes what it yields, but for `timeout` and `signal`, which depend on time, and `unordered`. */
export interface MapOptions extends CallOptions {
  /** Milliseconds from the call of `map` for the whole iteration; 0 or less delivers what is there. Default none. */
  timeout?: number | undefined
  /** Items that travel together, exactly; the last chunk may be shorter. Default `'auto'`: sized by measured time. */
  chunksize?: number | 'auto' | undefined
  /** At most so many items are handed out and not yet yielded, and the inputs are pulled as that allows. Default: none for sync inputs. */
  buffersize?: number | undefined
  /** Results as they finish. Default false: in the order of the inputs. */
  unordered?: boolean | undefined
  /** `'raise'` (default): the first error ends it · `'continue'`: it goes on behind one · `'settle'`: outcomes as of Promise.allSettled. */
  errors?: ErrorPolicy | undefined
  /** Kernels only. Default: the engine of the pool. */
  engine?: EngineName | undefined
  /** Kernels only: where results are stored, converted as that array converts. */
  out?: NumberArray | undefined
  /** Told how many items have an outcome, and how many there are, where that is known. */
  onProgress?: ((progress: { done: number; total?: number }) => void) | undefined
}

/** `CallOptions`, checked, with defaults. */
export interface CallSettings {
  readonly signal: AbortSignal | undefined
  /** Milliseconds. */
  readonly itemTimeout: number | undefined
  readonly retries: number
}

/** `MapOptions`, checked, with defaults. */
export interface MapSettings extends CallSettings {
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly chunksize: number | 'auto'
  readonly buffersize: number | undefined
  readonly unordered: boolean
  readonly errors: ErrorPolicy
  /** Undefined: the pool's. */
  readonly engine: EngineName | undefined
  readonly out: NumberArray | undefined
  readonly onProgress: MapOptions['onProgress']
  /** The one input holds rows of arguments (starmap). */
  readonly spread: boolean
}

export interface ParsedMap {
  readonly inputs: readonly unknown[]
  readonly settings: MapSettings
}

/** Where a call or a map is to run: some options have a meaning in some places only. */
export interface Place {
  readonly executor?: 'inline' | 'thread' | 'process' | 'nats'
  readonly isKernel?: boolean
}

export const engineName: Check<EngineName> = oneOf('auto', 'js', 'wasm', 'native')

const callChecks: Checks<CallSettings> = {
  signal: optional(abortSignal, undefined),
  itemTimeout: optional(aboveZeroMs, undefined),
  retries: optional(integer({ least: 0, low: 'must be >= 0', next: 'leave it out for one try' }), 0),
}

// Checked in this order, CPython's: chunksize, buffersize, timeout.
export const mapChecks: Checks<Omit<MapSettings, 'spread'>> = {
  chunksize: checkChunksize,
  buffersize: optional(
    integer({
      least: 1,
      low: 'must be undefined or > 0',
      next: 'leave it out to start all items at once',
      fraction: TypeError, // CPython's class
    }),
    undefined,
  ),
  timeout: timeoutMs,
  unordered: boolean(false),
  errors: optional(oneOf('raise', 'continue', 'settle'), 'raise'),
  engine: optional(engineName, undefined),
  out: optional(outputArray, undefined),
  onProgress: optional(progressCallback, undefined),
  ...callChecks,
}

/**
 * Splits what stands behind `fn` in a call of `map` into inputs and options, and checks those. No input is touched.
 *
 * The options are a plain object at the end that cannot be iterated; `undefined` there is no options, unless nothing stands before it.
 * `LANEWISE_CHUNKSIZE` overrides `chunksize`.
 * Errors: TypeError for an option that is unknown, of a wrong type or without a meaning at this place; RangeError for a value.
 */
export function parseMapArguments(rest: readonly unknown[], place: Place = {}): ParsedMap {
  const { inputs, options } = splitArguments(rest)
  const settings = readOptions(options, mapChecks, 'map')
  const chunksize = chunksizeOf(settings)
  refuseOutOfPlace(settings, place)
  if (place.isKernel === true) refuseForKernels(settings)
  else refuseForFunctions(settings)
  return { inputs, settings: { ...settings, chunksize, spread: false } }
}

/** Parts inputs from the options behind them, which are undefined where there are none. */
export function splitArguments(rest: readonly unknown[]): { inputs: readonly unknown[]; options: unknown } {
  const last = rest.at(-1)
  if (isOptions(last)) return { inputs: rest.slice(0, -1), options: last }
  return { inputs: last === undefined && rest.length > 1 ? rest.slice(0, -1) : rest, options: undefined }
}

/** The chunksize that counts. Errors: RangeError where a buffer has no room for a chunk. */
export function chunksizeOf({ chunksize, buffersize }: Pick<MapSettings, 'chunksize' | 'buffersize'>): number | 'auto' {
  if (typeof chunksize === 'number' && buffersize !== undefined && buffersize < chunksize) {
    const chunks = buffersize === 1 ? '1 chunk' : `${buffersize} chunks`
    throw new RangeError(
      `buffersize counts items, got ${buffersize} for chunks of ${chunksize}; use ${buffersize * chunksize} for ${chunks}`,
    )
  }
  return overridden(chunksize, buffersize)
}

/** Checks the options of one call. Errors: as `parseMapArguments`. */
export function parseCallOptions(options: unknown, place: Place = {}): CallSettings {
  const settings = readOptions(options, callChecks, 'schedule')
  refuseOutOfPlace(settings, place)
  return settings
}

function isOptions(value: unknown): boolean {
  return isPlainObject(value) && !(Symbol.iterator in value) && !(Symbol.asyncIterator in value)
}

function overridden(chunksize: number | 'auto', buffersize: number | undefined): number | 'auto' {
  const text = process.env.LANEWISE_CHUNKSIZE
  if (text === undefined || text === '') return chunksize
  if (text === 'auto') return text
  const size = Number(text)
  if (!/^\d+$/.test(text) || size < 1) {
    throw new RangeError(`LANEWISE_CHUNKSIZE must be an integer >= 1 or 'auto', got ${show(text)}; set or unset it`)
  }
  return Math.min(size, buffersize ?? size)
}

function refuseOutOfPlace({ itemTimeout }: CallSettings, { executor }: Place): void {
  if (executor !== 'inline' || itemTimeout === undefined) return
  throw new TypeError(
    `itemTimeout cannot be kept on an InlineExecutor, got ${itemTimeout}: nothing could stop the call; use ThreadPoolExecutor`,
  )
}

function refuseForKernels({ errors, itemTimeout, retries }: Omit<MapSettings, 'spread'>): void {
  const refuse = (option: string): TypeError =>
    new TypeError(`a kernel takes no ${option}: it does not throw, and stops by timeout or signal; leave it out`)
  if (errors === 'settle') throw refuse("errors: 'settle'")
  if (itemTimeout !== undefined) throw refuse('itemTimeout')
  if (retries > 0) throw refuse('retries')
}

function refuseForFunctions({ engine, out }: Omit<MapSettings, 'spread'>): void {
  const refuse = (option: string): TypeError =>
    new TypeError(`${option} is for kernels, and fn is a plain function; leave it out, or wrap fn in kernel()`)
  if (engine !== undefined) throw refuse('engine')
  if (out !== undefined) throw refuse('out')
}

function aboveZeroMs(value: unknown, name: string): number | undefined {
  const next = 'leave it out for no limit'
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number of milliseconds, got ${show(value)}; ${next}`)
  }
  if (!(value > 0)) throw new RangeError(`${name} must be > 0 milliseconds, got ${show(value)}; ${next}`)
  return value === Number.POSITIVE_INFINITY ? undefined : value
}

function outputArray(value: unknown, name: string): NumberArray {
  if (!isNumberArray(value)) {
    throw new TypeError(`${name} must be a typed array of numbers, got ${show(value)}; use a Float64Array`)
  }
  if (isResizable(value)) {
    throw new TypeError(`${name} must be on memory of fixed size, got a view on a resizable buffer; use a new array`)
  }
  return value
}

function progressCallback(value: unknown, name: string): NonNullable<MapOptions['onProgress']> {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${show(value)}; leave it out`)
  return value as NonNullable<MapOptions['onProgress']>
}
