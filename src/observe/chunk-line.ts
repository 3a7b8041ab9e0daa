/** What runs the rows of a map: an executor for functions, an engine for kernels. */
export type ChunkEngineName = 'threads' | 'processes' | 'inline' | 'js' | 'wasm' | 'native' | 'nats'

/**
 * One chunk that came back: a line of `LANEWISE_CHUNK_LOG`, and what the channel `lanewise:chunk` is given. docs/observe.md says when there is one.
 *
 * `schema` changes when a field changes its meaning. Times are milliseconds on one clock, whichever thread or process took them.
 */
export interface ChunkLine {
  readonly schema: 2
  /** Counts the maps of this process. */
  readonly map: number
  /** The function's name. */
  readonly fn: string
  readonly engine: ChunkEngineName
  /** In its pool, from 0. */
  readonly worker: number
  /** Rows `[start, end)` were sent or claimed. */
  readonly start: number
  readonly end: number
  /** So many of them have an outcome; the others were given back or dropped. */
  readonly done: number
  /** From the call of `map` until the worker began the chunk. */
  readonly beginMs: number
  /** That the worker spent in it. */
  readonly execMs: number
  /** From the call of `map` until its answer was known to the caller. */
  readonly atMs: number
  /** What `auto` thought it would last at most before it gave back; null: for ever. */
  readonly stopMs: number | null
}
