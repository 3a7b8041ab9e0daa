import type { ChunkLine } from '../observe/chunk-line.ts'

/** What runs the rows of a configuration: an executor for functions, an engine on threads for kernels. */
export type TuneEngine = 'threads' | 'processes' | 'inline' | 'js' | 'wasm' | 'native'

/**
 * What a search makes small: `'makespan'` the time until all results are there, `'first'` until the first one in order is, `'p95stall'` the 95th
 * percentile of the time between two results in order.
 */
export type Objective = 'makespan' | 'first' | 'p95stall'

/** Where it was measured. `loadBefore` and `loadAfter`: how many programs wanted a core in the minute before; 0 where the system does not say. */
export interface Environment {
  readonly lanewise: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  /** That this process may use. */
  readonly cores: number
  /** Most that a configuration had. */
  readonly workers: number
  readonly loadBefore: number
  readonly loadAfter: number
}

/** One way to run the same work. `label`: 'auto', '1', 'N/4P', … as a figure names it. */
export interface Configuration {
  readonly engine: TuneEngine
  readonly workers: number
  readonly chunksize: number | 'auto'
  readonly items: number
  readonly label: string
}

/** One run of one configuration. Times in milliseconds. */
export interface Run {
  readonly round: number
  /** Its place in `configurations`. */
  readonly configuration: number
  /** From the call of map until all results are there. */
  readonly makespanMs: number
  /** Until the first result in order. */
  readonly firstMs: number
  /** 95th percentile of the time between two results in order, as a reader sees it. */
  readonly p95stallMs: number
  /** Most results that were there and not yet deliverable. */
  readonly heldBack: number
  readonly chunks: number
  readonly givenBack: number
  /** Share of the time that the workers spent in the function: 0 to 1. */
  readonly utilisation: number
}

/** One run of a configuration, chunk by chunk, for the timeline, the order curve and the chunk trace. */
export interface Trace {
  readonly configuration: number
  readonly chunks: readonly ChunkLine[]
  /** Results in order, so many until so many milliseconds after the call. */
  readonly delivered: readonly (readonly [atMs: number, items: number])[]
}

/** A median and where it would lie had other rounds been run: the ends of its 95 % bootstrap interval. */
export interface Interval {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** What the runs say, for a person and for a program. */
export interface Verdict {
  readonly sentence: string
  /** `'engine'`: another executor or engine; `'noisy'`: nothing can be told. */
  readonly advice: 'auto' | 'chunksize' | 'plain' | 'engine' | 'noisy'
  /** The literal option to paste, as `{ chunksize: 962 }`; null: none. */
  readonly option: string | null
  /** The best configuration of a numeric chunksize, where there is one; its place in `configurations`. */
  readonly best: number
  /** The configuration of `auto` that `best` was compared with; null: it was not run. */
  readonly auto: number | null
  /** Time of auto over that of the best fixed chunksize, minus 1. */
  readonly regret: Interval | null
  /** Relative: what a configuration differs from itself. */
  readonly noiseFloor: number
  /** What more workers, or other chunks, cannot mend; null: nothing stood out. */
  readonly boundBy: 'compute' | 'transfer' | 'memory' | 'handing out' | null
}

/** All that a search measured, and its verdict: what `--json` prints and `tune.json` holds. `schema` counts incompatible changes. */
export interface TuneResult {
  readonly schema: 1
  readonly kind: 'tune'
  /** ISO time. */
  readonly at: string
  readonly argv: readonly string[]
  readonly environment: Environment
  readonly subject: {
    readonly name: string
    readonly kind: 'function' | 'kernel'
    readonly input: string
    readonly items: number
  }
  readonly objective: Objective
  /** The plain loop on one core, a number a round; [] where it was not run. */
  readonly plainMs: readonly number[]
  readonly configurations: readonly Configuration[]
  readonly runs: readonly Run[]
  readonly traces: readonly Trace[]
  readonly verdict: Verdict
}
