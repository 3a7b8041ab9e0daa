import type { PoolSettings } from './options.ts'
import type { PoolWorker } from './pool-worker.ts'

/** The workers of a pool: which there are, which of them may be given work, how one more is started and how one ends. */
export class Crew {
  readonly workers: PoolWorker[] = []
  readonly #settings: PoolSettings
  readonly #make: (index: number, name: string) => PoolWorker
  readonly #ending = new Set<PoolWorker>() // told to end, not yet gone
  #most = Number.POSITIVE_INFINITY // that could be started

  constructor(settings: PoolSettings, make: (index: number, name: string) => PoolWorker) {
    this.#settings = settings
    this.#make = make
  }

  /** Whether there are as many as there may be. */
  get isComplete(): boolean {
    return this.workers.length >= Math.min(this.#settings.maxWorkers, this.#most)
  }

  /** The machine has no more: fewer still do the work. */
  makeDo(): void {
    this.#most = this.workers.length
  }

  /** One with nothing to do. */
  idle(nowMs: number): PoolWorker | undefined {
    return this.workers.find((worker) => worker.load === 0 && this.takesWork(worker, nowMs))
  }

  /** The one with the least to do of those that have room. */
  leastLoaded(nowMs: number, hasRoom: (worker: PoolWorker) => boolean): PoolWorker | undefined {
    let least: PoolWorker | undefined
    for (const worker of this.workers) {
      if (least !== undefined && worker.load >= least.load) continue
      if (this.takesWork(worker, nowMs) && hasRoom(worker)) least = worker
    }
    return least
  }

  takesWork(worker: PoolWorker, nowMs: number): boolean {
    return !worker.isEnding && worker.hasSlot && !this.#isWornOut(worker) && !worker.progress.isLate(nowMs)
  }

  #isWornOut(worker: PoolWorker): boolean {
    const { maxTasksPerChild } = this.#settings
    return maxTasksPerChild !== undefined && worker.sent >= maxTasksPerChild
  }

  /** Starts one more. Errors: what the system says that has no room for it. */
  start(): PoolWorker {
    const used = new Set(this.workers.map((worker) => worker.index))
    let index = 0
    while (used.has(index)) index++
    const worker = this.#make(index, `${this.#settings.threadNamePrefix}_${index}`)
    this.workers.push(worker)
    return worker
  }

  /** Ends an idle worker that has run its share of tasks, or is one too many. */
  retire(worker: PoolWorker): void {
    const isExtra = this.workers.length > this.#settings.maxWorkers
    if ((isExtra || this.#isWornOut(worker)) && worker.load === 0) this.end(worker)
  }

  end(worker: PoolWorker): void {
    if (worker.isEnding) return
    worker.isEnding = true
    this.#ending.add(worker)
    worker.end()
  }

  /** Ends a worker that was started for nothing, if it can be before its initializer runs. */
  undo(worker: PoolWorker): void {
    if (worker.isEnding || worker.load > 0) return
    worker.isEnding = true
    this.#ending.add(worker)
    worker.kill('SIGTERM')
  }

  /** The worker is no longer among them. */
  leaves(worker: PoolWorker): void {
    const at = this.workers.indexOf(worker)
    if (at !== -1) this.workers.splice(at, 1)
  }

  /** The worker is gone; whether it had been told to. */
  ended(worker: PoolWorker): boolean {
    return this.#ending.delete(worker)
  }
}
