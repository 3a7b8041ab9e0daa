import type { EngineName } from '../engines/engine.ts'
import type { CapturedTables } from '../engines/tables.ts'
import { tellClaims } from '../observe/claims.ts'
import { type MapObserver, observeMap } from '../observe/observer.ts'
import { type MapStats, newStats } from '../observe/stats.ts'
import type { KernelBatch } from './kernel-batch.ts'

/** The kernel map that is being called. */
export interface ReportedMap {
  readonly fn: string
  readonly asked: EngineName | 'auto'
  readonly chunksize: number | 'auto'
  /** Rows; null: nobody knows yet. */
  readonly items: number | null
  /** What the kernel captures: what was copied of it counts too. */
  readonly tables: CapturedTables
  /** Who runs it: on a cluster the number of workers changes. */
  readonly host: { readonly maxWorkers: number }
  /** When it was called, by `performance.now()`. */
  readonly began: number
}

/** What a kernel map tells of itself while it runs: its `stats`, and what those are told who look on. */
export class KernelReport {
  readonly stats: MapStats
  readonly #map: ReportedMap
  readonly #observer: MapObserver | undefined
  #engine: KernelBatch['engine'] | 'auto' // of the batch that ran last
  /** What the batches did that have ended. */
  #before: Work = { chunks: 0, givenBack: 0, busyMs: 0, bytesCopied: 0 }

  constructor(map: ReportedMap) {
    const { fn, asked, chunksize, items, host } = map
    this.#map = map
    this.#engine = asked
    this.stats = newStats(asked, chunksize)
    this.#observer = observeMap({ fn, engine: asked, chunksize, workers: host.maxWorkers, items })
  }

  /** Workers are to take down what they claim. */
  get wantsClaims(): boolean {
    return this.#observer?.wantsChunks === true
  }

  /** A worker claimed chunks, and they are over; their rows count from `firstRow`. */
  claimed(engine: KernelBatch['engine'], worker: number, claims: Float64Array, firstRow: number): void {
    if (this.#observer !== undefined) tellClaims(this.#observer, engine, worker, claims, firstRow)
  }

  /** Results came, the first ones or more. */
  resultsCame(batch: KernelBatch): void {
    this.stats.firstResultMs ??= performance.now() - this.#map.began
    this.#measure(batch)
  }

  /** Nothing of the batch runs any more. */
  batchEnded(batch: KernelBatch): void {
    this.#before = this.#measure(batch)
  }

  /** Nothing of the map runs any more, and `items` of its rows have a result. */
  over(items: number): void {
    this.#observer?.ended(this.#engine, items, this.stats)
  }

  /** Brings `stats` up to date; answers the sums of all batches. */
  #measure({ work, arrays, engine, why }: KernelBatch): Work {
    const { tables, host, began } = this.#map
    const before = this.#before
    const sums = {
      chunks: before.chunks + work.chunks,
      givenBack: before.givenBack + work.givenBack,
      busyMs: before.busyMs + work.busyMs,
      bytesCopied: before.bytesCopied + arrays.bytesCopied,
    }
    const { chunks, givenBack } = sums
    const bytesCopied = sums.bytesCopied + tables.bytesCopied
    const elapsed = performance.now() - began
    const utilisation = Math.min(1, sums.busyMs / (elapsed * host.maxWorkers))
    this.#engine = engine
    Object.assign(this.stats, { engine, why, chunks, givenBack, bytesCopied, utilisation })
    return sums
  }
}

interface Work {
  readonly chunks: number
  readonly givenBack: number
  readonly busyMs: number
  readonly bytesCopied: number
}
