import type { ChunkEngineName } from '../observe/chunk-line.ts'
import { type MapObserver, type ObservedMap, observeMap } from '../observe/observer.ts'
import { type MapStats, newStats } from '../observe/stats.ts'
import { whyPlainLoop } from './plain-loop.ts'

/** What is told of a chunk that came back. */
interface Chunk {
  readonly start: number
  readonly end: number
  readonly stopMs: number
}

/** What a worker says of the time that a chunk took. */
export interface ChunkTimes {
  readonly execMs: number
  /** When it began, by the clock that all share; undefined: nobody asked. */
  readonly began?: number | undefined
}

/** What a map of a function tells of itself while it runs: its `stats`, and what those are told who look on. */
export class MapReport {
  readonly stats: MapStats
  readonly #map: ObservedMap & { readonly engine: ChunkEngineName }
  readonly #began = performance.now()
  readonly #observer: MapObserver | undefined
  #busyMs = 0
  #ran = 0 // rows with an outcome from a worker

  constructor(map: ObservedMap & { readonly engine: ChunkEngineName }) {
    this.#map = map
    this.stats = newStats(map.engine, map.chunksize)
    this.#observer = observeMap(map)
  }

  /** Workers are to say when they begin a chunk. */
  get wantsChunks(): boolean {
    return this.#observer?.wantsChunks === true
  }

  /** Outcomes came, the first ones or more. */
  outcomesCame(): void {
    this.stats.firstResultMs ??= performance.now() - this.#began
  }

  /** A chunk came back from `worker`, with outcomes of `done` of its rows. */
  chunkCame(worker: number, { start, end, stopMs }: Chunk, done: number, { execMs, began }: ChunkTimes): void {
    this.#busyMs += execMs
    this.#ran += done
    const elapsed = performance.now() - this.#began
    this.stats.utilisation = Math.min(1, this.#busyMs / (elapsed * this.#map.workers))
    if (began === undefined) return
    this.#observer?.chunkCame(this.#map.engine, { worker, start, end, done, began, execMs, stopMs })
  }

  /** Nothing of the map runs any more, and `items` of its rows have an outcome. */
  over(items: number): void {
    const { engine, chunksize } = this.#map
    // Of one that was left or broke nobody knows what the rest would have taken.
    if ((engine === 'threads' || engine === 'processes') && items > 0 && this.#ran === items) {
      this.stats.why ??= whyPlainLoop({ chunksize, chunks: this.stats.chunks, busyMs: this.#busyMs })
    }
    this.#observer?.ended(this.#map.engine, items, this.stats)
  }
}
