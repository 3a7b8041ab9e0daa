import { Chunk } from '../map/chunk.ts'
import { after, type Disarm } from '../timer.ts'
import { Join } from './join.ts'
import type { Work } from './pool-worker.ts'

/** The worker whose calls may have an `itemTimeout`. */
export interface LimitedWorker {
  /** No more is to be looked at. */
  readonly isEnding: boolean
  /** Works that are out, the running one among them. */
  readonly out: Iterable<Work>
  running(): Work | undefined
  /** For how long the running call with a limit has run. */
  runningMs(): number
  /** Reads what the worker has said by now, then calls `then`. */
  hear(then: () => void): void
  /** The call that runs overran its limit. */
  overran(work: Work, limitMs: number): void
}

/** Looks when a limit could be over, and tells the worker of a call that overran its own. One timer a worker, whatever waits there. */
export class Limits {
  readonly #worker: LimitedWorker
  #disarm: Disarm | undefined
  #lookAtMs = Number.POSITIVE_INFINITY // when #disarm's timer looks

  constructor(worker: LimitedWorker) {
    this.#worker = worker
  }

  /** A work is sent, or waits still: it may begin at any time. */
  watch(work: Work): void {
    const limit = limitOf(work)
    if (limit !== undefined) this.#lookIn(limit)
  }

  /** Looks now. */
  check(): void {
    this.stop()
    if (this.#worker.isEnding) return
    if (this.#leftMs() > 0) this.#watchAll()
    else this.#worker.hear(() => this.#judge()) // the caller may have been too busy to hear that it is done
  }

  stop(): void {
    this.#disarm?.()
    this.#lookAtMs = Number.POSITIVE_INFINITY
  }

  #judge(): void {
    if (this.#worker.isEnding) return
    const work = this.#worker.running()
    const limit = work && limitOf(work)
    if (work === undefined || limit === undefined || this.#leftMs() > 0) this.#watchAll()
    else this.#worker.overran(work, limit)
  }

  /** How long the running call may go on; Infinity: as long as it likes. */
  #leftMs(): number {
    const work = this.#worker.running()
    const limit = work && limitOf(work)
    return limit === undefined ? Number.POSITIVE_INFINITY : limit - this.#worker.runningMs()
  }

  #watchAll(): void {
    this.#lookIn(this.#leftMs())
    const running = this.#worker.running()
    for (const work of this.#worker.out) if (work !== running) this.watch(work)
  }

  /** Looks in `ms`, or before. */
  #lookIn(ms: number): void {
    const atMs = performance.now() + ms
    if (atMs >= this.#lookAtMs) return
    this.#disarm?.()
    this.#lookAtMs = atMs
    this.#disarm = after(ms, () => this.check(), { unref: true })
  }
}

function limitOf(work: Work): number | undefined {
  if (work instanceof Join) return undefined
  return work instanceof Chunk ? work.run.settings.itemTimeout : work.limits.itemTimeout
}
