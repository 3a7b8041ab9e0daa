import type { Range } from '../chunks/ledger.ts'
import type { FunctionRef } from '../functions/ref.ts'
import type { CollectedRows, LazyRows } from '../inputs/rows.ts'
import type { MapStats } from '../observe/stats.ts'
import type { Wire } from '../wire/codec.ts'
import type { MapSettings } from './options.ts'
import type { Segment } from './outcome.ts'
import type { ChunkTimes } from './report.ts'

/** The map whose rows a chunk holds, as whoever has the chunk sees it: what to run, and where to tell what came of it. */
export interface ChunkedMap {
  readonly fn: (...args: never[]) => unknown
  readonly ref: FunctionRef
  readonly settings: MapSettings
  readonly rows: CollectedRows | LazyRows
  /** Broadcast values as they travel, by the index of their input. */
  readonly repeats: readonly Wire[]
  readonly stats: MapStats
  /** Its place among the calls of submit and map. */
  readonly order: number
  /** Whether somebody looks on, who is to be told when each chunk began. */
  readonly isObserved: boolean
  /** How often the row may still throw before that is its outcome. */
  retriesLeft(index: number): number
  /** Takes the outcomes of rows that were out. */
  settle(segment: Segment): void
  /** Rows that were out fail together. */
  fail(range: Range, error: () => unknown): void
  /** Rows that will not run: the call before them in their chunk threw, and that ends the map. */
  drop(range: Range): void
  /** Takes rows back that have not begun; `singly`: each travels alone from now on. */
  giveBack(range: Range, singly?: boolean): void
  /** Takes a chunk back of which nothing has begun. */
  unsend(chunk: Chunk): void
  /** The worker stopped a chunk that overran, behind its first `done` rows. */
  overran(chunk: Chunk, done: number): void
  /** Tries a row again whose worker died or overran its limit; false: it has no retries left. */
  retry(index: number, attempts: number): boolean
  /** A chunk came back from `worker`, with outcomes of `items` of its rows. */
  report(worker: number, chunk: Chunk, items: number, times: ChunkTimes, gapMs: number | undefined): void
  /** A chunk will not come back: its worker died. */
  lost(): void
}

/** Rows `[start, end)` of a map that travel to a worker together. */
export class Chunk {
  readonly run: ChunkedMap
  readonly start: number
  readonly end: number
  /** After so many ms the worker gives the rest back; Infinity: the chunk is never cut. */
  readonly stopMs: number
  /** Its number at the worker that it was sent to. */
  n = -1
  /** Outcomes that are here already are those of `[start, start + settled)`. */
  settled = 0
  /** The last row with an outcome failed. */
  lastFailed = false
  /** Since when its worker had nothing to do, where the work before it there was of the same map. */
  idleSinceMs: number | undefined
  /** How long it should last. */
  readonly expectedUs: number

  constructor(run: ChunkedMap, range: Range, stopMs: number, expectedUs: number) {
    this.expectedUs = expectedUs
    this.run = run
    this.start = range.start
    this.end = range.end
    this.stopMs = stopMs
  }

  get length(): number {
    return this.end - this.start
  }

  /** Whether its row, the only one, must have its worker to itself: its buffers move there. */
  get hasTransfer(): boolean {
    return this.run.rows.transfers.has(this.start)
  }
}
