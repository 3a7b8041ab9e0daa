import type { NextChunk } from '../chunks/auto.ts'
import { invariant } from '../invariant.ts'

/**
 * How `chunksize: 'auto'` sizes chunks for a cluster. As src/chunks/auto.ts it chooses how long the next chunk should last and divides by the cost of an
 * item, but here a chunk costs a hundred times as much, and nobody gives back what a chunk has not begun.
 *
 *   m      time / items                               mean cost of an item, both discounted
 *   body   max(100 ms, 200 h, slots / 3,000 s)        a chunk while much is left
 *   left   remaining * m / slots                      time left a slot
 *   time   max(min(body, left / 2), floor)            shrinks by halves at the end
 *   floor  min(body, max(10 ms, 10 h))                a chunk shorter than that pays more for its way than for its work
 */

/** Larger: results in order stall, and the last chunk of a map does; smaller: one submitter cannot feed a thousand slots. */
const LEAST_BODY_MS = 100
/** So many overheads a chunk: half a percent. */
const BODY_OVERHEADS = 200
/** Chunks a second that one submitter settles with ease; measured 4,000. */
const CHUNKS_A_SECOND = 3000
const FLOOR_MS = 10
const FLOOR_OVERHEADS = 10
const PARTS_LEFT = 2
/** No chunk grows more at once: the first ones of one item are mostly overhead. */
const GROWTH = 64
/** What the mean remembers, in chunks. */
const MEMORY = 16
/** What one chunk moves the overhead by. */
const GAIN = 0.1
const LEAST_MEAN_MS = 1e-7

export interface ClusterSizesOptions {
  readonly timeoutMs?: number | undefined
  readonly buffersize?: number | undefined
}

/** Sizes chunks by time. Pure arithmetic: the same calls give the same answers. */
export class ClusterSizes {
  readonly #longestMs: number
  readonly #buffersize: number
  #timeMs = 0
  #items = 0
  #overheadMs = 0
  #largest = 1

  constructor({
    timeoutMs = Number.POSITIVE_INFINITY,
    buffersize = Number.POSITIVE_INFINITY,
  }: ClusterSizesOptions = {}) {
    this.#longestMs = Math.max(1, timeoutMs / 10)
    this.#buffersize = buffersize
  }

  get meanMs(): number | undefined {
    return this.#items > 0 ? Math.max(LEAST_MEAN_MS, this.#timeMs / this.#items) : undefined
  }

  /** What a chunk costs beside its work, on its way: measured. */
  get overheadMs(): number {
    return this.#overheadMs
  }

  /** How long chunks should last while much is left. */
  bodyMs(slots: number): number {
    const body = Math.max(LEAST_BODY_MS, BODY_OVERHEADS * this.#overheadMs, (slots / CHUNKS_A_SECOND) * 1000)
    return Math.min(body, this.#longestMs)
  }

  /** How many of `remaining` rows the next chunk has, for a pool of so many slots. `isOpen`: more rows may come. */
  next(remaining: number, slots: number, isOpen: boolean): NextChunk {
    invariant(slots >= 1, `chunks are sized for 1 slot or more, not ${slots}`)
    const mean = this.meanMs
    if (mean === undefined) return { items: 1, stopMs: Number.POSITIVE_INFINITY }
    const body = this.bodyMs(slots)
    const leftMs = (remaining * mean) / slots
    const floor = Math.min(body, Math.max(FLOOR_MS, FLOOR_OVERHEADS * this.#overheadMs))
    const time = Math.max(Math.min(body, isOpen ? leftMs : leftMs / PARTS_LEFT), floor)
    const roomiest = Math.max(1, Math.floor(this.#buffersize / (2 * slots)))
    const items = Math.max(1, Math.min(Math.round(time / mean), this.#largest * GROWTH, roomiest, remaining))
    return { items, stopMs: Number.POSITIVE_INFINITY }
  }

  /** Rows worth having read ahead of a lazy input. */
  readAhead(slots: number): number {
    const mean = this.meanMs
    return mean === undefined
      ? 0
      : Math.min(this.#buffersize, 2 * slots * Math.max(1, Math.round(this.bodyMs(slots) / mean)))
  }

  /** `items` rows took `execMs` in a worker; `overheadMs`: what this thread, the broker and the host spent beside it. Nonsense is not heard. */
  report(items: number, execMs: number, overheadMs: number | undefined): void {
    if (!(items > 0 && execMs >= 0 && execMs < Number.POSITIVE_INFINITY)) return
    const keep = 1 - 1 / MEMORY
    this.#timeMs = this.#timeMs * keep + execMs
    this.#items = this.#items * keep + items
    this.#largest = Math.max(this.#largest, items)
    if (overheadMs !== undefined && overheadMs >= 0 && overheadMs < Number.POSITIVE_INFINITY) {
      this.#overheadMs += GAIN * (overheadMs - this.#overheadMs)
    }
  }
}
