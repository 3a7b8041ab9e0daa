import type { JoinMessage } from '../engines/pull-worker.ts'
import type { FunctionRef } from '../functions/ref.ts'
import type { PackedList, Wire } from './codec.ts'
import type { ErrorWire } from './errors.ts'

/**
 * What a caller and a worker say to each other, over a port or a pipe.
 *
 * Works are numbered per worker, in the order in which they are sent and run. Functions and broadcast values are sent once and named by id after that.
 */

/**
 * One input of a chunk: the values of its rows; the id of one value that all rows share; or the id of a typed array on shared memory, with the
 * element that is the first row's.
 */
export type ColumnMessage =
  | PackedList
  | { readonly repeat: number }
  | { readonly shared: number; readonly first: number }

/** One call. `args` is a list of values of its own, so that one that cannot be decoded fails this call only. */
export interface CallMessage {
  readonly n: number
  readonly fn: number
  readonly args: readonly Wire[]
  readonly retries?: number
  /** The caller watches `itemTimeout`: say when the call begins. */
  readonly timed?: boolean
}

/** Several calls of one function with numbers only: call `n + i` has the arguments `args[i * arity] …`. */
export interface NumberCallsMessage {
  readonly n: number
  readonly fn: number
  readonly arity: number
  readonly args: Float64Array | readonly number[]
}

/** A chunk of a map, or several. What is false, 0 or Infinity is left out: on a pipe each key costs 75 ns, as much as 40 numbers. */
export interface ChunkMessage {
  readonly n: number
  readonly fn: number
  readonly count: number
  readonly columns: readonly ColumnMessage[]
  /**
   * So many chunks of the same kind, numbered from `n`, whose inputs are numbers, or shared by all rows: `columns` are those of the first, those of
   * the next one stand behind them. Left out: one.
   */
  readonly chunks?: number
  /** The one column holds rows of arguments (starmap). */
  readonly spread?: boolean
  /** A call that throws ends its chunk. */
  readonly raise?: boolean
  readonly retries?: number
  readonly timed?: boolean
  /** Every outcome is answered before the next call begins (processes, under retries and limits). */
  readonly single?: boolean
  /** After so many ms the rest is given back; left out: the chunk is never cut. */
  readonly stopMs?: number
  /** Somebody looks on: say when it began. */
  readonly observed?: boolean
  /**
   * Threads: the memory of the chunk's numbers, which comes with its first use; the results go to its start, `count` of them, the columns
   * stand behind. Left out: the columns' numbers are in the message.
   */
  readonly block?: number
}

/** Threads: work in a kernel map until there is nothing left to claim. */
export interface JoinWorkMessage {
  readonly n: number
  readonly join: JoinMessage
}

export type WorkMessage = CallMessage | NumberCallsMessage | ChunkMessage | JoinWorkMessage

/**
 * One call with numbers only: its number, the id of its function, its arguments. What an idle worker mostly gets, and a third of the time that the same
 * takes as an object.
 */
export type NumberCall = readonly [n: number, fn: number, ...args: number[]]

/** Everything for one worker that was decided in one turn, in one message. */
export type ToWorker = NumberCall | Orders

export interface Orders {
  readonly functions?: readonly (readonly [id: number, ref: FunctionRef])[]
  readonly values?: readonly (readonly [id: number, value: Wire])[]
  /** Values that no chunk will name again. */
  readonly forget?: readonly number[]
  readonly blocks?: readonly (readonly [id: number, memory: SharedArrayBuffer])[]
  readonly works?: readonly WorkMessage[]
  /** The numbers of all chunks in `works` that have no block. */
  readonly numbers?: Float64Array
  /** Processes: the chunk to leave at its next item. */
  readonly leave?: number
  readonly stop?: boolean
}

/** Outcomes of rows `from …` of a chunk, counted from its first row. */
export interface RowsMessage {
  readonly from: number
  readonly list: PackedList
  readonly failures?: readonly (readonly [row: number, error: ErrorWire])[]
}

export type FromWorker =
  /** Threads: look at the shared words. */
  | null
  /** The initializer is through: the worker takes calls. */
  | { readonly ready: true }
  /** The initializer failed: the worker ends. */
  | { readonly broken: ErrorWire }
  | { readonly n: number; readonly value: Wire }
  | { readonly n: number; readonly error: ErrorWire }
  /** Processes: the running call threw, and is tried again for the so manieth time. */
  | { readonly retried: number }
  /** Processes: a call with a limit begins. */
  | { readonly n: number; readonly started: true }
  /** The worker has left the kernel map; `failure`: its code threw. */
  | { readonly n: number; readonly left: true; readonly failure?: ErrorWire }
  /** Rows came back to the kernel map, that other workers could run. */
  | { readonly n: number; readonly cameBack: true }
  /** Chunks of the kernel map are over, which is observed: see src/observe/claims.ts. */
  | { readonly n: number; readonly claims: Float64Array<ArrayBuffer> }
  /** Outcomes of a chunk that goes on. */
  | { readonly n: number; readonly rows: RowsMessage }
  | ChunkOver
  | NumberChunksOver

/** A chunk is over: `done` of its rows have outcomes, `numbers` of them stand in its block; the others were not begun. */
export interface ChunkOver {
  readonly n: number
  readonly done: number
  readonly numbers: number
  readonly execMs: number
  /** When it began, by the clock that all share; only of one that is observed. */
  readonly began?: number
  /** Outcomes that are not in the block, and have not been told. */
  readonly last?: RowsMessage
}

/**
 * Processes: chunks are over, numbered from `n`, as many as there are times in `execMs`. `done` rows of each have outcomes, all of them numbers, which
 * stand in the message from `from` on, one chunk behind the other; the other rows were not begun.
 */
export interface NumberChunksOver {
  readonly n: number
  readonly done: number
  readonly from: number
  readonly execMs: readonly number[]
  /** When each began, by the clock that all share; only of those that are observed. */
  readonly began?: readonly number[]
}

/** Processes: what was said since the last message. */
export interface FromProcess {
  readonly said: readonly FromWorker[]
  /** The numbers of all rows in it. */
  readonly numbers?: Float64Array
}
