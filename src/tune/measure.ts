import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Executor } from '../executors/executor.ts'
import { InlineExecutor } from '../executors/inline.ts'
import { ProcessPoolExecutor } from '../executors/processes.ts'
import { ThreadPoolExecutor } from '../executors/threads.ts'
import type { MapOptions } from '../map/options.ts'
import type { MapResult } from '../map/result.ts'
import type { ChunkLine } from '../observe/chunk-line.ts'
import { after } from '../timer.ts'
import { type Delivered, deliveryOf, firstMs, p95stallMs } from './delivery.ts'
import type { Station } from './grid.ts'
import type { Configuration, Objective, Run, TuneEngine } from './result.ts'
import type { Subject } from './subject.ts'

/** What one run told, beside what a `Run` keeps of it. */
export interface Measured {
  readonly run: Omit<Run, 'round' | 'configuration'>
  readonly lines: readonly ChunkLine[]
  readonly delivered: Delivered
  /** Share of the time that this thread was busy: 0 to 1. */
  readonly mainShare: number
  readonly bytesCopied: number
}

/** Results that come within so long of one another are one delivery to a reader: less is the time of his own loop. */
const TOGETHER_MS = 0.05

/** The pools of a search, one a station, each opened when it is first asked for. Close them at the end. */
export class Pools {
  readonly #subject: Subject
  readonly #objective: Objective
  readonly #signal: AbortSignal | undefined
  readonly #executors = new Map<string, Executor>()

  constructor(subject: Subject, objective: Objective, signal: AbortSignal | undefined) {
    this.#subject = subject
    this.#objective = objective
    this.#signal = signal
  }

  /**
   * Runs a configuration once; undefined where it was stopped, by the signal or after `limitMs`.
   *
   * What a caller gets who awaits the map is measured; where the objective is one of a reader, what he gets. Results are verified when the clock has stopped.
   * Errors: LanewiseError for wrong results; those of `map`.
   */
  async measure(configuration: Configuration, limitMs: number): Promise<Measured | undefined> {
    const executor = this.#executorOf(configuration)
    const stop = new AbortController()
    const abort = (): void => stop.abort()
    if (this.#signal?.aborted) return undefined
    this.#signal?.addEventListener('abort', abort)
    const disarm = after(limitMs, abort)
    try {
      return await this.#run(executor, configuration, stop.signal)
    } catch (error) {
      await turn() // Ctrl-C reaches child processes too: they may be gone before this process hears of it
      if (stop.signal.aborted) return undefined
      throw error
    } finally {
      disarm()
      this.#signal?.removeEventListener('abort', abort)
    }
  }

  /** The engine that a map of the kernel chooses by itself. Errors: those of `map`. */
  async chosenEngine(workers: number): Promise<TuneEngine> {
    const pool = new ThreadPoolExecutor({ maxWorkers: workers })
    try {
      const map = this.#map(pool, {})
      await map
      return map.stats.engine as TuneEngine
    } finally {
      await pool.shutdown()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#executors.values()].map((executor) => executor.terminateWorkers()))
  }

  async #run(executor: Executor, configuration: Configuration, signal: AbortSignal): Promise<Measured> {
    const { chunksize, engine, workers } = configuration
    const lines = new ChunkLines()
    const before = performance.eventLoopUtilization()
    const start = performance.now()
    const map = lines.during(() => this.#map(executor, { chunksize, signal }))
    const read: (readonly [number, number])[] = []
    let results: ArrayLike<unknown>
    let makespanMs: number
    let mainShare: number
    try {
      results = this.#objective === 'makespan' ? await map : await readInOrder(map, start, read)
      makespanMs = performance.now() - start
      mainShare = performance.eventLoopUtilization(before).utilization
      await turn() // the last chunk is told of behind its outcomes
    } finally {
      lines.close()
    }
    this.#subject.verify(results, `${engine} with ${workers} workers and chunksize ${chunksize}`)
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

  #map(executor: Executor, options: MapOptions): MapResult<unknown, ArrayLike<unknown>> {
    return executor.map(this.#subject.fn, ...this.#subject.inputs, options)
  }

  #executorOf({ engine, workers }: Station): Executor {
    const key = `${engine} ${workers}`
    const executor = this.#executors.get(key) ?? open(engine, workers)
    this.#executors.set(key, executor)
    return executor
  }
}

function open(engine: Station['engine'], maxWorkers: number): Executor {
  switch (engine) {
    case 'inline':
      return new InlineExecutor()
    case 'processes':
      return new ProcessPoolExecutor({ maxWorkers })
    case 'threads':
      return new ThreadPoolExecutor({ maxWorkers })
    default:
      return new ThreadPoolExecutor({ maxWorkers, engine })
  }
}

/** Reads a map as a `for await` does, and notes when there were results and how many. */
async function readInOrder(
  map: MapResult<unknown, ArrayLike<unknown>>,
  start: number,
  read: (readonly [number, number])[],
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
