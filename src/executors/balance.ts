import { after, type Disarm } from '../timer.ts'
import type { PoolWorker, Work } from './pool-worker.ts'

/** How soon those are looked at behind whom works wait. */
const LOOK_MS = 5

/** When all workers have stood still for so long, although the pool itself brought them to it, there is one more. */
const STILL_MS = 1000

/** What the pool does for its balance. */
export interface BalanceHost {
  readonly workers: readonly PoolWorker[]
  /** Whether the worker may be given more at `nowMs`. */
  takesWork(worker: PoolWorker, nowMs: number): boolean
  /** Puts works back to their places in the queue. */
  putBack(works: readonly Work[]): void
  /** Hands out what is in the queue. */
  deal(): void
  /** Whether what is first in the queue comes before something that runs, or that a worker begins next. */
  readonly isOutOfOrder: boolean
  /** Starts a worker above the number that the user gave. */
  startExtra(): void
}

/**
 * Moves works that wait at one worker to others: so that no worker is idle while something waits, and nothing waits behind a call that blocks, which may be
 * one that waits for what stands behind it.
 *
 * Works that were sent ahead can begin before earlier ones that wait elsewhere. If such a one then blocks, waiting for one of those, and so do all the other
 * workers, nothing moves that would have moved in order. So after a second one more worker does what comes first, until the others go on.
 */
export class Balance {
  readonly #host: BalanceHost
  #disarm: Disarm | undefined
  #isDisordered = false // by what was taken back

  constructor(host: BalanceHost) {
    this.#host = host
  }

  /** Gives workers that ran dry half of what another one holds and has not begun; whether there was any. */
  level(nowMs: number): boolean {
    if (!this.#isAnyWaiting || !this.#isAnyIdle(nowMs)) return false
    const richest = this.#host.workers.reduce((most, worker) => (worker.waiting > most.waiting ? worker : most))
    const works = richest.giveUp('half')
    this.#host.putBack(works)
    return works.length > 0
  }

  /** Looks after what waits, from now on until nothing does. */
  watch(): void {
    if (this.#disarm !== undefined || this.tendInMs === undefined) return
    this.#disarm = after(LOOK_MS, () => this.#look(), { unref: true })
  }

  /** After how many ms a caller that blocks should call `tend`; undefined: nothing waits. */
  get tendInMs(): number | undefined {
    return this.#isAnyWaiting || this.#isDisordered ? LOOK_MS : undefined
  }

  /** Takes all works back that wait at workers which do not move on. What these have said must be read before. Whether there is something to deal. */
  tend(): boolean {
    const nowMs = performance.now()
    const { workers } = this.#host
    const works: Work[] = []
    for (const worker of workers) {
      if (worker.progress.isLate(nowMs) && this.#isStuck(worker, nowMs)) works.push(...worker.giveUp('all'))
    }
    this.#host.putBack(works)
    this.#isDisordered = (this.#isDisordered || works.length > 0) && this.#host.isOutOfOrder
    const isStill = workers.every(({ load, progress }) => load > 0 && nowMs - progress.movedMs > STILL_MS)
    if (!this.#isDisordered || !isStill) return works.length > 0
    this.#host.startExtra()
    return true
  }

  /** Whether what waits at a late worker is better off elsewhere. While it stays it keeps the process alive. */
  #isStuck(worker: PoolWorker, nowMs: number): boolean {
    // A worker that has begun nothing waits for a processor, no longer than another one would.
    return worker.wasReady ? worker.running() !== undefined : this.#isAnyIdle(nowMs)
  }

  #look(): void {
    this.#disarm = undefined
    for (const worker of [...this.#host.workers]) if (worker.load > 0) worker.hear(() => {})
    if (this.tend()) this.#host.deal()
    this.watch()
  }

  get #isAnyWaiting(): boolean {
    return this.#host.workers.some((worker) => worker.waiting > 0)
  }

  /** Whether a worker could begin something at once. */
  #isAnyIdle(nowMs: number): boolean {
    return this.#host.workers.some((worker) => worker.load === 0 && this.#host.takesWork(worker, nowMs))
  }
}
