import { abortSignal, boolean, type Check, type Checks, integer, oneOf, optional } from '../checks.ts'
import { show } from '../show.ts'
import { type ChunkSpec, checkChunks } from './grid.ts'
import type { Objective, TuneEngine } from './result.ts'

/** How a search goes on. */
export interface TuneProgress {
  /** Runs so far, 0 until all is warm; and how many there will be in this part of the search. */
  readonly runs: number
  readonly planned: number
  /** The quickest so far by the objective, in words, with its time. */
  readonly best: { readonly label: string; readonly ms: number } | undefined
  /** Milliseconds of the budget that are left. */
  readonly leftMs: number
}

/** What is searched, and for how long. */
export interface TuneOptions {
  /**
   * What runs the rows. Functions: `'threads'` (default), `'processes'`, `'inline'`; kernels: `'js'`, `'wasm'`, `'native'` (default: the one that a
   * map would choose).
   */
  readonly engines?: readonly TuneEngine[] | undefined
  /** How many workers, each in turn. Default: as many as the process may use cores. */
  readonly workers?: readonly number[] | undefined
  /**
   * Chunk sizes: `'sweep'` (default: 1 to N/P in steps of √2, the N/jP, and auto), `'auto'`, numbers, `'N/4P'`, and `'16..1024'` for steps of √2 between.
   */
  readonly chunks?: readonly ChunkSpec[] | undefined
  /** Milliseconds for all of it, about. Default 45,000. */
  readonly budget?: number | undefined
  /** What is to be small. Default `'makespan'`. */
  readonly objective?: Objective | undefined
  /** Aborted, it ends the search: with what is known so far, or, where nothing is, its reason. */
  readonly signal?: AbortSignal | undefined
  /** Told when it begins, as pools are warmed up, and after each run. */
  readonly onProgress?: ((progress: TuneProgress) => void) | undefined
  /** Chunk by chunk records of two more runs, for figures. Default true. */
  readonly traces?: boolean | undefined
  /** How the subject, its input and the command are called in the result. */
  readonly name?: string | undefined
  readonly input?: string | undefined
  readonly argv?: readonly string[] | undefined
}

/** `TuneOptions`, checked, with defaults. */
export interface TuneSettings {
  readonly engines: readonly TuneEngine[] | undefined
  readonly workers: readonly number[] | undefined
  readonly chunks: readonly ChunkSpec[]
  readonly budget: number
  readonly objective: Objective
  readonly signal: AbortSignal | undefined
  readonly onProgress: TuneOptions['onProgress']
  readonly traces: boolean
  readonly name: string | undefined
  readonly input: string | undefined
  readonly argv: readonly string[]
}

// Enough for a job of a tenth of a second and all its chunk sizes. Larger: people leave before it ends. Smaller: fewer rounds, wider intervals.
const BUDGET_MS = 45_000

export const FUNCTION_ENGINES: readonly TuneEngine[] = ['threads', 'processes', 'inline']
export const KERNEL_ENGINES: readonly TuneEngine[] = ['js', 'wasm', 'native']

const engine = oneOf<TuneEngine>(...FUNCTION_ENGINES, ...KERNEL_ENGINES)
const workers = integer({ least: 1, low: 'must be >= 1', next: 'give how many workers a pool has' })

export const tuneChecks: Checks<TuneSettings> = {
  engines: optional(listOf(engine, "['threads', 'processes']"), undefined),
  workers: optional(listOf(workers, '[1, 2, 4]'), undefined),
  chunks: (value, name) => checkChunks(value ?? ['sweep'], name),
  budget: optional(aboveZeroMs, BUDGET_MS),
  objective: optional(oneOf('makespan', 'first', 'p95stall'), 'makespan'),
  signal: optional(abortSignal, undefined),
  onProgress: optional(callback, undefined),
  traces: boolean(true),
  name: optional(text, undefined),
  input: optional(text, undefined),
  argv: optional(listOf(text, "['tune', 'work.js#score']"), []),
}

function listOf<T>(check: Check<T>, example: string): Check<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, got ${show(value)}; use ${example}`)
    if (value.length === 0 && name !== 'argv') {
      throw new RangeError(`${name} must have an element, got []; leave it out for the default`)
    }
    return [...new Set(value.map((each) => check(each, `each of ${name}`)))]
  }
}

function aboveZeroMs(value: unknown, name: string): number {
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be a number of milliseconds, got ${show(value)}; use 60_000 for a minute`)
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) {
    throw new RangeError(`${name} must be finite and > 0 milliseconds, got ${show(value)}; use 60_000 for a minute`)
  }
  return value
}

function callback(value: unknown, name: string): NonNullable<TuneOptions['onProgress']> {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${show(value)}; leave it out`)
  return value as NonNullable<TuneOptions['onProgress']>
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${name} must be a string, got ${show(value)}; leave it out`)
}
