import type { ResourceLimits } from 'node:worker_threads'
import {
  abortSignal,
  boolean,
  type Check,
  type Checks,
  integer,
  oneOf,
  optional,
  readOptions,
  timeoutMs,
} from '../checks.ts'
import { describeFunction } from '../functions/describe.ts'
import { type EngineName, engineName } from '../map/options.ts'
import { show } from '../show.ts'
import { encodeValue } from '../wire/codec.ts'
import { isTransfer } from '../wire/transfer.ts'
import type { Initializer } from '../worker/initialize.ts'
import { usableCores } from './cores.ts'

/** How an executor is set up. One that an executor could not keep is refused there by name. */
export interface PoolOptions {
  /** Workers at most; they start when there is work for them. Default: as many as the process may use cores. Inline it is always 1. */
  maxWorkers?: number | undefined
  /** Called once in each worker before its first call. If it throws, the executor is broken. */
  initializer?: ((...args: never[]) => unknown) | undefined
  /** Arguments of `initializer`. */
  initargs?: readonly unknown[] | undefined
  /** Threads and processes: calls, or chunks, after which a worker is replaced. Default: never. */
  maxTasksPerChild?: number | undefined
  /** Threads: names begin with it. Default `ThreadPoolExecutor-N`. */
  threadNamePrefix?: string | undefined
  /** The engine of kernels, unless a map names its own. Default `'auto'`. */
  engine?: EngineName | undefined
  /** Aborted: pending calls are cancelled, maps end with its reason, running calls go on, the executor is shut down. */
  signal?: AbortSignal | undefined
  /** The first call that fails cancels all pending ones. Default false. */
  cancelOnError?: boolean | undefined
  /** A worker died. `'replace'` (default): the running call fails, a new worker takes over · `'break'`: CPython's rule, the executor is broken. */
  onWorkerDeath?: 'replace' | 'break' | undefined
  /** Threads: Node's own, of each worker; megabytes. */
  resourceLimits?: ResourceLimits | undefined
  /** Threads and processes: Node's own, the environment of each worker. Default: a copy of the caller's. */
  env?: NodeJS.ProcessEnv | undefined
  /** Threads and processes: Node's own, its command line options for each worker. Default: the caller's. */
  execArgv?: readonly string[] | undefined
}

/** `PoolOptions`, checked, with defaults. */
export interface PoolSettings {
  readonly maxWorkers: number
  readonly initializer: ((...args: never[]) => unknown) | undefined
  readonly initargs: readonly unknown[]
  readonly maxTasksPerChild: number | undefined
  /** Of processes too, where it names them in errors. */
  readonly threadNamePrefix: string
  readonly engine: EngineName
  readonly signal: AbortSignal | undefined
  readonly cancelOnError: boolean
  readonly onWorkerDeath: 'replace' | 'break'
  readonly resourceLimits: ResourceLimits | undefined
  readonly env: NodeJS.ProcessEnv | undefined
  readonly execArgv: readonly string[] | undefined
}

export interface ShutdownOptions {
  /** Whether the promise waits for the end of all work. Default true. */
  wait?: boolean | undefined
  /** Cancels what has not begun. Default false. */
  cancelFutures?: boolean | undefined
  /** Milliseconds; what still runs then is terminated. Default none. */
  timeout?: number | undefined
}

/** `ShutdownOptions`, checked, with defaults. */
export interface ShutdownSettings {
  readonly wait: boolean
  readonly cancelFutures: boolean
  readonly timeout: number | undefined
}

type Kind = 'inline' | 'thread' | 'process'

const NAMES = { inline: 'InlineExecutor', thread: 'ThreadPoolExecutor', process: 'ProcessPoolExecutor' } as const

/** Each map keeps some bytes a worker. More: a slip of the keyboard asks for more memory than there is; less: a machine may have so many cores. */
const MOST_WORKERS = 65_536

/** Windows waits for 63 handles at most, and CPython needs two of them: its limit is kept, so that programs move over as they are. */
const MOST_PROCESSES_ON_WINDOWS = 61

/** Of a stack of 0.1 Node keeps more for itself than there is, and of more than 2^44 it counts none: then the whole process ends, not the thread alone. */
const LEAST_STACK_MB = 0.5
/** A terabyte. Node ends the process where it cannot reserve the room for code. */
const MOST_MEGABYTES = 2 ** 20

const ONE_A_CORE = 'leave it out for one a core'

const wholeWorkers = integer({ least: 1, low: 'must be greater than 0', next: ONE_A_CORE })

const threadChecks: Checks<PoolSettings> = {
  maxWorkers: (value, name) => (value === undefined ? usableCores() : workerCount(value, name)),
  initializer: optional(callable, undefined),
  initargs: optional(argumentList, []),
  maxTasksPerChild: optional(
    integer({ least: 1, low: 'must be >= 1', next: 'leave it out to keep workers', fraction: TypeError }), // CPython's class
    undefined,
  ),
  threadNamePrefix: optional(prefix, ''),
  engine: optional(engineName, 'auto'),
  signal: optional(abortSignal, undefined),
  cancelOnError: boolean(false),
  onWorkerDeath: optional(oneOf('replace', 'break'), 'replace'),
  resourceLimits: optional(limits, undefined),
  env: optional(environment, undefined),
  execArgv: optional(commandLine, undefined),
}

const processChecks: Checks<PoolSettings> = {
  ...threadChecks,
  maxWorkers: processCount,
  threadNamePrefix: foreign('', NAMES.process),
  resourceLimits: foreign(undefined, NAMES.process, "use execArgv: ['--max-old-space-size=...']"),
}

const inlineChecks: Checks<PoolSettings> = {
  ...threadChecks,
  maxWorkers: (value, name) => Math.min(1, threadChecks.maxWorkers(value, name)), // one thread runs all calls, whatever was asked
  maxTasksPerChild: foreign(undefined, NAMES.inline),
  threadNamePrefix: foreign('', NAMES.inline),
  onWorkerDeath: foreign('replace', NAMES.inline),
  resourceLimits: foreign(undefined, NAMES.inline),
  env: foreign(undefined, NAMES.inline),
  execArgv: foreign(undefined, NAMES.inline),
}

const CHECKS = { inline: inlineChecks, thread: threadChecks, process: processChecks } as const

/** Executors without a name of their own are numbered, as in CPython: ThreadPoolExecutor-0, ThreadPoolExecutor-1, … */
const numbered = { inline: 0, thread: 0, process: 0 }

/** Checks the options of a constructor. Errors: TypeError for an option unknown to this executor, or of a wrong type; RangeError for a value. */
export function parsePoolOptions(options: unknown, kind: Kind): PoolSettings {
  const settings = readOptions(options, CHECKS[kind], NAMES[kind])
  return settings.threadNamePrefix === ''
    ? { ...settings, threadNamePrefix: `${NAMES[kind]}-${numbered[kind]++}` }
    : settings
}

const shutdownChecks: Checks<ShutdownSettings> = {
  wait: boolean(true),
  cancelFutures: boolean(false),
  timeout: timeoutMs,
}

/** Checks the options of `shutdown`. Errors: as `parsePoolOptions`. */
export function checkShutdownOptions(options: unknown): ShutdownSettings {
  return readOptions(options, shutdownChecks, 'shutdown')
}

/** The initializer as it travels to each worker. Errors: FunctionError, or the codec's, for what cannot. */
export function initializerOf(
  { initializer, initargs }: PoolSettings,
  carrier: 'thread' | 'bytes',
): Initializer | undefined {
  if (initializer === undefined) return undefined
  return { ref: describeFunction(initializer), args: initargs.map((arg) => encodeValue(arg, carrier)) }
}

/** Refuses an option that this executor could not keep. */
function foreign<T>(fallback: T, executor: string, next = 'leave it out'): Check<T> {
  return (value, name) => {
    if (value === undefined) return fallback
    throw new TypeError(`${name} means nothing to ${executor}, got ${show(value)}; ${next}`)
  }
}

function workerCount(value: unknown, name: string): number {
  const count = wholeWorkers(value, name)
  if (count <= MOST_WORKERS) return count
  throw new RangeError(`${name} must be <= ${MOST_WORKERS}, got ${count}; ${ONE_A_CORE}`)
}

function processCount(value: unknown, name: string): number {
  const most = process.platform === 'win32' ? MOST_PROCESSES_ON_WINDOWS : Number.POSITIVE_INFINITY
  if (value === undefined) return Math.min(most, usableCores())
  const count = workerCount(value, name)
  if (count <= most) return count
  throw new RangeError(`${name} must be <= ${most}, got ${count}; Windows has no more, use threads for more`)
}

function callable(value: unknown, name: string): (...args: never[]) => unknown {
  if (typeof value === 'function') return value as (...args: never[]) => unknown
  throw new TypeError(`${name} must be a callable, got ${show(value)}; pass a function`)
}

function argumentList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, got ${show(value)}; use [argument, ...]`)
  if (value.some(isTransfer)) {
    throw new TypeError(`${name} go to every worker, got a transfer(), which moves once; share the memory or copy it`)
  }
  return [...value]
}

function prefix(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${name} must be a string, got ${show(value)}; leave it out for a numbered one`)
}

function limits(value: unknown, name: string): ResourceLimits {
  const megabytes =
    (fits: (size: number) => boolean, range: string): Check<number | undefined> =>
    (size, key) => {
      if (size === undefined || (typeof size === 'number' && fits(size) && size <= MOST_MEGABYTES)) return size
      const Refusal = typeof size === 'number' ? RangeError : TypeError
      const rule = `${name}.${key} must be megabytes ${range} ${MOST_MEGABYTES}`
      throw new Refusal(`${rule}, got ${show(size)}; leave it out for Node's own limit`)
    }
  const some = megabytes((size) => size > 0, 'above 0, up to')
  const checks = {
    maxOldGenerationSizeMb: some,
    maxYoungGenerationSizeMb: some,
    codeRangeSizeMb: some,
    stackSizeMb: megabytes((size) => size >= LEAST_STACK_MB, `from ${LEAST_STACK_MB} to`),
  }
  const read = readOptions(value, checks, name)
  return Object.fromEntries(Object.entries(read).filter(([, size]) => size !== undefined))
}

function environment(value: unknown, name: string): NodeJS.ProcessEnv {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // To a thread Node would give the text 'undefined'.
    return Object.fromEntries(Object.entries(value).filter(([, text]) => text !== undefined))
  }
  throw new TypeError(`${name} must be an object of strings, got ${show(value)}; use { ...process.env, NAME: 'value' }`)
}

function commandLine(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new TypeError(`${name} must be an array of strings, got ${show(value)}; use ['--option', ...]`)
}
