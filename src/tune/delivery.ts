import type { ChunkLine } from '../observe/chunk-line.ts'
import { quantile } from './statistics.ts'

/** Results in order, as a reader gets them: so many of them until so many milliseconds after the call; both rising. */
export type Delivered = readonly (readonly [atMs: number, items: number])[]

/** What the order of a run looked like. */
export interface Delivery {
  readonly delivered: Delivered
  /** Most results that were there and not yet deliverable. */
  readonly heldBack: number
}

/**
 * What a reader of results in order gets, and when, of the chunks of one map: those that came back may lie before others that have not.
 *
 * Cost: O(n log n) in the chunks.
 */
export function deliveryOf(lines: readonly ChunkLine[]): Delivery {
  const ends = new Map<number, number>() // of rows that have an outcome, by the first of them
  const delivered: (readonly [number, number])[] = []
  let [ready, settled, heldBack] = [0, 0, 0]
  for (const { start, done, atMs } of [...lines].sort((a, b) => a.atMs - b.atMs)) {
    if (done === 0) continue
    ends.set(start, start + done)
    settled += done
    const before = ready
    for (let end = ends.get(ready); end !== undefined; end = ends.get(ready)) {
      ends.delete(ready)
      ready = end
    }
    if (ready > before) delivered.push([atMs, ready])
    heldBack = Math.max(heldBack, settled - ready)
  }
  return { delivered, heldBack }
}

/** Milliseconds until the first result in order; undefined where there was none. */
export function firstMs(delivered: Delivered): number | undefined {
  return delivered[0]?.[0]
}

/**
 * The 95th percentile of the time that a reader waits between two deliveries, the first of them counted from the call.
 *
 * Results that come together are one delivery: counted one by one, those of a long chunk would be hundreds of waits of no time.
 */
export function p95stallMs(delivered: Delivered): number | undefined {
  if (delivered.length === 0) return undefined
  return quantile(
    delivered.map(([atMs], i) => atMs - (delivered[i - 1]?.[0] ?? 0)),
    0.95,
  )
}
