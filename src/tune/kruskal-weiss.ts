import { chunkCosts } from '../chunks/auto.ts'
import type { ChunkLine } from '../observe/chunk-line.ts'
import type { TuneEngine } from './result.ts'

/** What a chunk costs a worker beside its rows, in milliseconds: those of auto, and of a pipe to a process, which it does not know. */
const OVERHEAD_MS: Record<TuneEngine, number> = {
  threads: chunkCosts('push').overheadMs,
  processes: 0.1,
  inline: 0,
  js: chunkCosts('pull').overheadMs,
  wasm: chunkCosts('pull').overheadMs,
  native: chunkCosts('native').overheadMs,
}

/** With fewer chunks the spread of costs is a guess. */
const FEWEST_CHUNKS = 8

/**
 * The fixed chunksize that theory chooses: `(√2 N h / (σ P √(ln P)))^(2/3)`, for items whose costs are independent, from their spread σ and the overhead h of a chunk; between 1 and N/P.
 *
 * σ is what the chunks of a recorded run show: with m the mean cost of an item, the mean of `(time - k m)² / k` over chunks of k items. Costs that follow a trend or come in clusters
 * make it larger than neighbours differ. Undefined where there are too few chunks, or one worker.
 * Source: C. Kruskal, A. Weiss, "Allocating independent subtasks on parallel processors", IEEE Transactions on Software Engineering 11(10), 1985, equation for fixed-size chunking.
 */
export function kruskalWeiss(
  engine: TuneEngine,
  workers: number,
  items: number,
  chunks: readonly ChunkLine[],
): number | undefined {
  const ran = chunks.filter(({ done }) => done > 0)
  if (workers < 2 || ran.length < FEWEST_CHUNKS) return undefined
  const deviationMs = deviationOf(ran)
  const most = Math.max(1, items / workers)
  const size =
    ((Math.SQRT2 * items * OVERHEAD_MS[engine]) / (deviationMs * workers * Math.sqrt(Math.log(workers)))) ** (2 / 3)
  return Math.round(Math.min(most, Math.max(1, size)))
}

/** σ of an item's cost, in milliseconds, from chunks that have items. */
function deviationOf(ran: readonly ChunkLine[]): number {
  const items = ran.reduce((sum, { done }) => sum + done, 0)
  const meanMs = ran.reduce((sum, { execMs }) => sum + execMs, 0) / items
  const squares = ran.reduce((sum, { done, execMs }) => sum + (execMs - done * meanMs) ** 2 / done, 0)
  return Math.sqrt(squares / (ran.length - 1)) // one degree of freedom went into the mean
}
