import { AutoChunks, type NextChunk } from '../chunks/auto.ts'
import type { Range } from '../chunks/ledger.ts'
import { microseconds, Pace } from '../chunks/pace.ts'
import type { MapSettings } from './options.ts'

/** By pool and function: the mean cost of an item in the last map, a warm start for the next one. In a pool of another kind it costs something else. */
const remembered = new WeakMap<object, WeakMap<object, number>>()

function memoryOf(pool: object): WeakMap<object, number> {
  let memory = remembered.get(pool)
  if (memory === undefined) {
    memory = new WeakMap()
    remembered.set(pool, memory)
  }
  return memory
}

/** How many rows the next chunk of a map has: of ChunkSizes, or of an executor's own. */
export interface Sizes {
  /** How many of the `remaining` rows the next chunk of `worker` has, and when it is cut; undefined: the chunksize says. `length`: all rows, where that is known. */
  next(worker: number, remaining: number, length: number | undefined): NextChunk | undefined
  /** How long a chunk should last. */
  expectedUs(range: Range): number
  /** Whether a second chunk may wait at a worker while the first one runs. */
  readonly mayPrefetch: boolean
  /** What a chunk of a numeric size is measured to last, in ms; undefined: not yet. */
  readonly chunkMs: number | undefined
  /** Rows that all workers together should have before them. */
  readAhead(workers: number): number
  /** `items` rows of a chunk took `execMs`. */
  report(worker: number, items: number, execMs: number, gapMs: number | undefined): void
}

/** What the rows of a map take, as far as that is measured, and so how many of them the next chunk has. */
export class ChunkSizes implements Sizes {
  readonly #fn: object
  readonly #memory: WeakMap<object, number>
  readonly #chunksize: number | 'auto'
  readonly #auto: AutoChunks | undefined
  readonly #pace = new Pace() // of chunks
  #itemMs: number | undefined // mean, for chunks of a numeric size

  constructor(pool: { readonly maxWorkers: number }, fn: object, { chunksize, buffersize, timeout }: MapSettings) {
    this.#fn = fn
    this.#memory = memoryOf(pool)
    this.#chunksize = chunksize
    if (chunksize !== 'auto') return
    const rememberedMs = this.#memory.get(fn)
    this.#auto = new AutoChunks({
      workers: pool.maxWorkers,
      engine: 'push',
      ...(timeout !== undefined && { timeoutMs: timeout }),
      ...(buffersize !== undefined && { buffersize }),
      ...(rememberedMs !== undefined && { rememberedMs }),
    })
  }

  next(worker: number, remaining: number, length: number | undefined): NextChunk | undefined {
    return this.#auto?.next(worker, remaining, length)
  }

  expectedUs({ start, end }: Range): number {
    if (this.#chunksize === 1) return this.#pace.us // rows that may wait for one another
    const itemMs = this.#auto?.meanMs ?? this.#itemMs
    return microseconds(itemMs && itemMs * (end - start))
  }

  get mayPrefetch(): boolean {
    return this.#auto?.mayPrefetch() === true
  }

  get chunkMs(): number | undefined {
    return this.#itemMs === undefined || this.#chunksize === 'auto' ? undefined : this.#itemMs * this.#chunksize
  }

  readAhead(workers: number): number {
    return this.#chunksize === 'auto' ? (this.#auto?.readAhead ?? 0) : 2 * this.#chunksize * workers
  }

  report(worker: number, items: number, execMs: number, gapMs: number | undefined): void {
    if (items === 0) return
    const mean = execMs / items
    this.#itemMs = this.#itemMs === undefined ? mean : this.#itemMs * 0.75 + mean * 0.25
    this.#pace.note(execMs, 1)
    this.#auto?.report(worker, items, execMs, gapMs)
    if (this.#auto?.meanMs !== undefined) this.#memory.set(this.#fn, this.#auto.meanMs)
  }
}
