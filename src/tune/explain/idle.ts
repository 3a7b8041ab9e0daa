import { median } from 'd3-array'
import type { LoggedMap } from '../chunk-log.ts'

/** Where the time of a map's workers went: shares of their number times the makespan, which make 1 together. */
export interface Spent {
  readonly busy: number
  /** Before a worker's first chunk. */
  readonly before: number
  /** Between two chunks of a worker. */
  readonly between: number
  /** After its last one. */
  readonly after: number
  /** The mean wait between two chunks of a worker, in milliseconds; 0 where none has two. */
  readonly gapMs: number
  /** The median time from the end of a chunk until its answer was read, in milliseconds; null where the log does not tell, or nobody reads answers. */
  readonly answerMs: number | null
  /** How much sooner it was done than by one worker that never waits. */
  readonly speedup: number
  /**
   * The share of the work that would have to be serial to explain that speed-up; null of one worker. Source: Karp and Flatt, "Measuring parallel processor
   * performance", 1990.
   */
  readonly serialShare: number | null
}

/** Engines whose workers claim their chunks by themselves. */
const CLAIMING: ReadonlySet<string> = new Set(['js', 'wasm', 'native'])

export function spentOf({ workers, chunks, makespanMs, isReckoned, engine }: LoggedMap): Spent {
  const whole = makespanMs * workers.length
  let [busy, before, between, after, gaps] = [0, 0, 0, 0, 0]
  for (const worker of workers) {
    let endMs = 0
    let isFirst = true
    for (const chunk of chunks) {
      if (chunk.worker !== worker) continue
      const waitMs = Math.max(0, chunk.beginMs - endMs)
      if (isFirst) before += waitMs
      else {
        between += waitMs
        gaps++
      }
      isFirst = false
      busy += chunk.execMs
      endMs = Math.max(endMs, chunk.beginMs + chunk.execMs)
    }
    after += Math.max(0, makespanMs - endMs)
  }
  const speedup = makespanMs > 0 ? busy / makespanMs : 1
  const share = (ms: number): number => (whole > 0 ? Math.min(1, ms / whole) : 0)
  return {
    busy: share(busy),
    before: share(before),
    between: share(between),
    after: share(after),
    gapMs: gaps === 0 ? 0 : between / gaps,
    answerMs: isReckoned || CLAIMING.has(engine) ? null : (median(chunks, answerOf) ?? null),
    speedup,
    serialShare: workers.length < 2 ? null : serialShareOf(speedup, workers.length),
  }
}

function answerOf({ beginMs, execMs, atMs }: LoggedMap['chunks'][number]): number {
  return Math.max(0, atMs - beginMs - execMs)
}

function serialShareOf(speedup: number, workers: number): number {
  const share = (1 / Math.max(speedup, 1e-9) - 1 / workers) / (1 - 1 / workers)
  return Math.min(1, Math.max(0, share))
}

/** What a row cost on one worker, over the mean of all; and when that worker ended. */
export interface Lane {
  readonly worker: number
  readonly chunks: number
  readonly rows: number
  readonly slowness: number
  readonly endMs: number
}

/** The lanes of a map, the dearest rows first. */
export function lanesOf({ workers, chunks }: LoggedMap): Lane[] {
  const cost = (own: LoggedMap['chunks']): number =>
    own.reduce((sum, { execMs }) => sum + execMs, 0) / Math.max(1, rowsOf(own))
  const mean = cost(chunks)
  return workers
    .map((worker) => {
      const own = chunks.filter((chunk) => chunk.worker === worker)
      const endMs = own.reduce((most, { beginMs, execMs }) => Math.max(most, beginMs + execMs), 0)
      return { worker, chunks: own.length, rows: rowsOf(own), slowness: mean > 0 ? cost(own) / mean : 1, endMs }
    })
    .sort((a, b) => b.slowness - a.slowness)
}

export function rowsOf(chunks: LoggedMap['chunks']): number {
  return chunks.reduce((sum, { done }) => sum + done, 0)
}
