import type { NumberArray } from '../inputs/number-array.ts'
import type { Captures, ColumnKind, KernelCode, WasmCode } from '../kernel/code.ts'
import type { Stop } from '../memory/control.ts'
import type { TakeClaims } from '../observe/claims.ts'
import type { Fold } from './reduce.ts'

/** What runs kernels. */
export type EngineName = 'js' | 'wasm' | 'native'

/** One input of a kernel map. */
export type KernelColumn =
  /** On shared memory; as long as the map or longer. */
  | { readonly kind: 'array'; readonly view: NumberArray }
  /** Row i is `start + i * step`, rounded twice. */
  | { readonly kind: 'range'; readonly start: number; readonly step: number }
  | { readonly kind: 'repeat'; readonly value: number }

/** A kernel map, ready to be run by any engine. */
export interface KernelJob {
  readonly code: KernelCode
  /** What the kernel captured; arrays as `columns` has them. */
  readonly captures: Captures
  readonly columns: readonly KernelColumn[]
  /** Where results are written: on shared memory, or (native and inline) on memory that nobody else has meanwhile. */
  readonly out: NumberArray
  /** At least one. */
  readonly rows: number
  /** `out` gets a number a leaf, not one a row. */
  readonly fold?: Fold | undefined
  /** Rows of a chunk; undefined has them sized by time. */
  readonly chunksize: number | undefined
  /** How many threads may work on it. */
  readonly workers: number
  /** From now, in ms; Infinity for never. */
  readonly timeoutMs: number
  /** `out` overwrites an input, so no row may be run twice. */
  readonly isInPlace: boolean
  /** The caller's thread does nothing else until the map has ended. */
  readonly isBlocking: boolean
  /** Told of the chunks that its workers claimed, before its end; undefined: nobody asks. */
  readonly onClaims?: TakeClaims | undefined
}

/** A kernel's code, on its way to a worker. `id` names it, so that a worker makes one instance of it for all maps. */
export type WorkerCode =
  | { readonly engine: 'js'; readonly text: string; readonly id?: undefined; readonly wasm?: undefined }
  /** The `js` engine where there is no text, or code from strings is forbidden: the scalar function of the module. */
  | { readonly engine: 'js' | 'wasm'; readonly text?: undefined; readonly id: number; readonly wasm: WasmCode }

/** Rows that the code computes together: fewer cost as much. */
export function groupOf({ engine, wasm }: WorkerCode): number {
  return engine === 'wasm' && wasm !== undefined ? wasm.layout.group : 1
}

/** How a kernel map ended. */
export type KernelEnd =
  | { readonly kind: 'done' }
  /** It was told to, or its deadline passed. */
  | { readonly kind: 'stopped'; readonly why: Stop }
  | { readonly kind: 'failed'; readonly reason: unknown }

/** A kernel map in flight. */
export interface KernelMap {
  /** Which engine runs it; `'nats'`: other machines, each with an engine of its own. */
  readonly engine: EngineName | 'nats'
  /** All rows below this are finished, and their results are in `out`. */
  ready(): number
  /** Some row has begun, and it has not ended. */
  readonly hasBegun: boolean
  /** Has it stop; its end is told once nobody works on it. */
  stop(why: Stop): void
  /** What the workers did so far. */
  readonly work: { readonly chunks: number; readonly givenBack: number; readonly busyMs: number }
  /** Of one that is over, on other machines: why it took the time that it did. */
  readonly why?: string | undefined
}

/** What runs kernel maps on other machines. */
export interface RemoteEngine {
  /** Begins in `start`. `asked`: the engine that the map is to have there. Errors: for a kernel that cannot travel. */
  newMap(job: KernelJob, asked: EngineName | 'auto', onEnd: (end: KernelEnd) => void): KernelMap & { start(): void }
}

/** No chunk is planned longer than this part of the timeout, nor longer than 100 ms: as in src/chunks/auto.ts. */
const CHUNKS_A_TIMEOUT = 10
const LONGEST_MS = 100

export function longestChunkMs(timeoutMs: number): number {
  return Math.min(LONGEST_MS, Math.max(0, timeoutMs) / CHUNKS_A_TIMEOUT)
}

export function kindsOf(columns: readonly KernelColumn[]): ColumnKind[] {
  return columns.map(({ kind }) => kind)
}
