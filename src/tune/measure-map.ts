import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { MapResult } from '../map/result.ts'
import type { ChunkLine } from '../observe/chunk-line.ts'
import { type Delivered, deliveryOf, firstMs, p95stallMs } from './delivery.ts'
import type { Run } from './result.ts'

/** What one run told, beside what a `Run` keeps of it. */
export interface Measured {
  readonly run: Omit<Run, 'round' | 'configuration'>
  readonly lines: readonly ChunkLine[]
  readonly delivered: Delivered
  /** Share of the time that this thread was busy: 0 to 1. */
  readonly mainShare: number
  readonly bytesCopied: number
}

/** How a map is measured. */
export interface Measuring {
  /** Reads the results one by one, as a `for await` does, and does this with each; undefined: awaits them all. */
  readonly onResult?: ((result: unknown) => void) | undefined
  /** Listens to chunks, which costs the calling thread about a microsecond each. Without it there are no lines, and nothing is known of their order. */
  readonly observes: boolean
  /** Called with all results when the clock has stopped; throws where they are wrong. */
  readonly verify: (results: ArrayLike<unknown>) => void
}

/** Results that come within so long of one another are one delivery to a reader: less is the time of his own loop. */
const TOGETHER_MS = 0.05

/** Runs the map that `begin` calls, and measures what its caller gets. Errors: those of the map, and of `verify`. */
export async function measureMap(
  begin: () => MapResult<unknown, ArrayLike<unknown>>,
  { onResult, observes, verify }: Measuring,
): Promise<Measured> {
  const lines = new ChunkLines()
  const before = performance.eventLoopUtilization()
  const start = performance.now()
  const map = observes ? lines.during(begin) : begin()
  const read: (readonly [number, number])[] = []
  let results: ArrayLike<unknown>
  let makespanMs: number
  let mainShare: number
  try {
    results = onResult === undefined ? await map : await readInOrder(map, start, read, onResult)
    makespanMs = performance.now() - start
    mainShare = performance.eventLoopUtilization(before).utilization
    await turn() // the last chunk is told of behind its outcomes
  } finally {
    lines.close()
  }
  verify(results)
  const { delivered, heldBack } = deliveryOf(lines.all)
  const seen = read.length > 0 ? read : delivered
  const { chunks, givenBack, utilisation, firstResultMs, bytesCopied } = map.stats
  return {
    run: {
      makespanMs,
      firstMs: firstMs(seen) ?? firstResultMs ?? makespanMs,
      p95stallMs: p95stallMs(seen) ?? makespanMs,
      heldBack,
      chunks,
      givenBack,
      utilisation,
    },
    lines: lines.all,
    delivered: seen,
    mainShare,
    bytesCopied,
  }
}

/** Reads a map as a `for await` does, and notes when there were results and how many. */
async function readInOrder(
  map: MapResult<unknown, ArrayLike<unknown>>,
  start: number,
  read: (readonly [number, number])[],
  onResult: (result: unknown) => void,
): Promise<unknown[]> {
  const results: unknown[] = []
  let deliveredMs = Number.NEGATIVE_INFINITY
  for await (const result of map) {
    results.push(result)
    const now = performance.now() - start
    const last = read.at(-1)
    if (last === undefined || now - deliveredMs > TOGETHER_MS) read.push([now, results.length])
    else read[read.length - 1] = [last[0], results.length]
    deliveredMs = now
    onResult(result)
  }
  return results
}

/** The lines of the chunks of one map, told on the channel `lanewise:chunk`. */
class ChunkLines {
  readonly all: ChunkLine[] = []
  #map: number | undefined
  readonly #onMap = (message: unknown): void => {
    const { event, map } = message as { event: string; map: number }
    if (event === 'start') this.#map ??= map
  }
  readonly #onChunk = (message: unknown): void => {
    const line = message as ChunkLine
    if (this.#map === undefined || line.map === this.#map) this.all.push(line)
  }

  /** Listens from the call of a map on; its number is that of the map that begins meanwhile. */
  during<T>(begin: () => T): T {
    subscribe('lanewise:map', this.#onMap)
    subscribe('lanewise:chunk', this.#onChunk)
    try {
      return begin()
    } finally {
      unsubscribe('lanewise:map', this.#onMap)
    }
  }

  close(): void {
    unsubscribe('lanewise:chunk', this.#onChunk)
  }
}
