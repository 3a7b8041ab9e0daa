import { setImmediate as turn } from 'node:timers/promises'
import { OVER_BEFORE_A_WORKER } from '../engines/choose.ts'
import type { Executor } from '../executors/executor.ts'
import { InlineExecutor } from '../executors/inline.ts'
import { ProcessPoolExecutor } from '../executors/processes.ts'
import { ThreadPoolExecutor } from '../executors/threads.ts'
import type { MapOptions } from '../map/options.ts'
import type { MapResult } from '../map/result.ts'
import { after } from '../timer.ts'
import type { Station } from './grid.ts'
import { type Measured, measureMap } from './measure-map.ts'
import type { Configuration, Objective, TuneEngine } from './result.ts'
import type { Subject } from './subject.ts'

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

  /** The engine that a map of the kernel chooses by itself; undefined: none, it is over before a worker would begin. Errors: those of `map`. */
  async chosenEngine(workers: number): Promise<TuneEngine | undefined> {
    const pool = new ThreadPoolExecutor({ maxWorkers: workers })
    try {
      const map = this.#map(pool, {})
      await map
      const { engine, why } = map.stats
      return why === OVER_BEFORE_A_WORKER ? undefined : (engine as TuneEngine)
    } finally {
      await pool.shutdown()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#executors.values()].map((executor) => executor.terminateWorkers()))
  }

  #run(executor: Executor, configuration: Configuration, signal: AbortSignal): Promise<Measured> {
    const { chunksize, engine, workers } = configuration
    return measureMap(() => this.#map(executor, { chunksize, signal }), {
      onResult: this.#objective === 'makespan' ? undefined : () => {},
      observes: true,
      verify: (results) =>
        this.#subject.verify(results, `${engine} with ${workers} workers and chunksize ${chunksize}`),
    })
  }

  #map(executor: Executor, options: MapOptions): MapResult<unknown, ArrayLike<unknown>> {
    return executor.map(this.#subject.fn, ...this.#subject.inputs, options)
  }

  #executorOf({ engine, workers }: Station): Executor {
    const key = `${engine} ${workers}`
    const executor = this.#executors.get(key) ?? openExecutor(engine, workers)
    this.#executors.set(key, executor)
    return executor
  }
}

/** Opens the executor that runs an engine. */
export function openExecutor(engine: Station['engine'], maxWorkers: number): Executor {
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
