import { quantile } from 'd3-array'
import { plannedOf } from '../../chunks/auto.ts'
import type { ChunkLine } from '../../observe/chunk-line.ts'

/**
 * How auto went through a map, by the time it planned a chunk to last.
 *
 *   probe   nothing was measured yet: a row each, or as few as an engine takes
 *   body    chunks as long as they ever get
 *   taper   chunks that shrink towards the end
 */
export type RegimeName = 'probe' | 'body' | 'taper'

export interface Regime {
  readonly name: RegimeName
  readonly chunks: readonly ChunkLine[]
}

/** Plans this near to the longest ones are as long: they differ by the rounding to whole rows. */
const AS_LONG = 0.85

/**
 * Plans above this quantile of those of several rows do not say how long chunks got: after a row that took long, by the system's doing, the next few are
 * planned far longer than auto would have them.
 */
const LONGEST = 0.9

/** How long auto thought that a chunk would last; undefined: it was not auto that sized it, or nothing was measured yet. */
export function plannedMs({ stopMs }: ChunkLine): number | undefined {
  return stopMs === null ? undefined : plannedOf(stopMs)
}

/** Whether auto sized these chunks; undefined: there are too few to tell. */
export function isAutoSized(chunks: readonly ChunkLine[]): boolean | undefined {
  if (chunks.some(({ stopMs }) => stopMs !== null)) return true
  return chunks.every(({ start, end }) => end - start === 1) && chunks.length < 2 ? undefined : false
}

/** The regimes of a map that auto sized, in their order; those that did not occur are left out. `chunks`: as they began. */
export function regimesOf(chunks: readonly ChunkLine[]): Regime[] {
  const planned = chunks.filter((chunk) => plannedMs(chunk) !== undefined)
  const several = planned.filter(({ start, end }) => end - start > 1) // one row is one row, however long its plan
  const longest = quantile(several.length > 0 ? several : planned, LONGEST, plannedMs) ?? 0
  const lastLong = planned.findLastIndex((chunk) => (plannedMs(chunk) ?? 0) >= longest * AS_LONG)
  const regimes: Regime[] = [
    { name: 'probe', chunks: chunks.filter((chunk) => plannedMs(chunk) === undefined) },
    { name: 'body', chunks: planned.slice(0, lastLong + 1) },
    { name: 'taper', chunks: planned.slice(lastLong + 1) },
  ]
  return regimes.filter((regime) => regime.chunks.length > 0)
}

/**
 * What a chunk took over what was planned for as many rows as it finished; undefined where nothing was planned, or where the plan is not told: below the
 * least stop, `floorMs`, stops tell only that the plan was shorter.
 */
export function surprise(chunk: ChunkLine, floorMs: number): number | undefined {
  const planMs = plannedMs(chunk)
  if (planMs === undefined || chunk.done === 0 || chunk.stopMs === null || chunk.stopMs <= floorMs) return undefined
  return chunk.execMs / ((planMs * chunk.done) / (chunk.end - chunk.start))
}

/** The least stop where several chunks have it: then it is the floor that auto sets, and no plan. Else 0. */
export function stopFloor(chunks: readonly ChunkLine[]): number {
  const stops = chunks.flatMap(({ stopMs }) => (stopMs === null ? [] : [stopMs])).sort((a, b) => a - b)
  return stops.length > 1 && stops[0] === stops[1] ? stops[0]! : 0
}
