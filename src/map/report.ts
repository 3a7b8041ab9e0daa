import { chunkLog } from '../observe/log.ts'
import { type MapStats, newStats } from '../observe/stats.ts'

/** What is told of a chunk that came back. */
interface Chunk {
  readonly start: number
  readonly end: number
  readonly stopMs: number
}

/** What a map tells of itself while it runs: its `stats`, and its lines of the chunk log. */
export class MapReport {
  readonly stats: MapStats
  readonly #fn: string
  readonly #workers: number
  readonly #began = performance.now()
  readonly #number = chunkLog?.nextMap() ?? 0
  #busyMs = 0

  /** `fn`: the function's name. */
  constructor(engine: string, chunksize: number | 'auto', fn: string, workers: number) {
    this.stats = newStats(engine, chunksize)
    this.#fn = fn
    this.#workers = workers
  }

  /** Outcomes came, the first ones or more. */
  outcomesCame(): void {
    this.stats.firstResultMs ??= performance.now() - this.#began
  }

  /** A chunk came back from `worker`, where `done` of its rows took `execMs`. */
  chunkCame(worker: number, chunk: Chunk, done: number, execMs: number): void {
    this.#log(worker, chunk, done, execMs)
    this.#busyMs += execMs
    const elapsed = performance.now() - this.#began
    this.stats.utilisation = Math.min(1, this.#busyMs / (elapsed * this.#workers))
  }

  /** The map is over: whoever reads the log now finds all of it there. */
  over(): void {
    chunkLog?.flush()
  }

  #log(worker: number, { start, end, stopMs }: Chunk, done: number, execMs: number): void {
    if (chunkLog === undefined) return
    const { engine } = this.stats
    const atMs = performance.now() - this.#began
    chunkLog.add({
      schema: 1,
      map: this.#number,
      fn: this.#fn,
      engine,
      worker,
      start,
      end,
      done,
      atMs,
      execMs,
      stopMs: Number.isFinite(stopMs) ? stopMs : null,
    })
  }
}
