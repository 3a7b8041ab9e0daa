import { type BrokenExecutor, CancelledError } from '../errors.ts'
import { MAIN_REENTRY } from '../functions/reentry.ts'
import { Chunk } from '../map/chunk.ts'
import { MapRun } from '../map/run.ts'
import { type Death, deathError } from './aftermath.ts'
import { Balance, type BalanceHost } from './balance.ts'
import { BaseExecutor } from './base.ts'
import { type BrokenTexts, brokenPool, INITIALIZER_FAILED, WORKER_DIED } from './broken.ts'
import { Call } from './call.ts'
import { Crew } from './crew.ts'
import { isExiting, watchExit } from './exit.ts'
import { Join } from './join.ts'
import { type KernelJoins, KernelRun } from './kernel-run.ts'
import type { PoolSettings } from './options.ts'
import { Names } from './outbox.ts'
import type { PoolWorker, Work, WorkerHost } from './pool-worker.ts'
import { type Offer, WorkQueue } from './queue.ts'

/** Ends the workers of a pool that nobody holds any more: they are idle, since a call that is out holds its pool. */
const collected = new FinalizationRegistry<readonly PoolWorker[]>((workers) => {
  for (const worker of workers) worker.end()
})

/** What thread pools and process pools share: which worker gets what, what becomes of its work when it dies. */
export abstract class PoolExecutor extends BaseExecutor implements WorkerHost, BalanceHost {
  protected abstract override readonly kind: 'thread' | 'process'
  protected readonly names: Names = new Names()
  protected readonly crew: Crew
  protected readonly balance: Balance = new Balance(this)
  readonly #queue = new WorkQueue<MapRun | KernelRun>()
  readonly #unsent: { call: Call; error: unknown }[] = []
  readonly #runs = new Set<MapRun>()
  #dealing = false
  #dealtMs = 0 // when the round of dealing began that is under way, or was last
  #dealPlanned = false
  #terminated = false
  #onEnded: (() => void)[] = []
  /** What running works fail with, once the pool is broken. */
  #brokenBy: (() => unknown) | undefined

  constructor(settings: PoolSettings) {
    super(settings)
    this.crew = new Crew(settings, (index, name) => this.startWorker(index, name))
    collected.register(this, this.crew.workers)
    watchExit()
  }

  protected abstract startWorker(index: number, name: string): PoolWorker
  /** Whether another call may wait at `worker` behind what runs there. */
  protected abstract hasRoomForCall(worker: PoolWorker): boolean
  /** Whether another chunk of `run` may. */
  protected abstract hasRoomForChunk(worker: PoolWorker, run: MapRun): boolean

  get workers(): readonly PoolWorker[] {
    return this.crew.workers
  }

  // What BaseExecutor asks.

  override get joins(): KernelJoins | undefined {
    return this.kind === 'thread' ? this.#joins : undefined
  }

  protected override enqueue(entry: Call | MapRun): void {
    this.#queue.push(entry)
    if (!(entry instanceof Call)) this.#runs.add(entry)
    this.planDeal()
  }

  override ready(run: MapRun): void {
    this.#queue.putBackMap(run)
    this.planDeal()
  }

  override withdraw(run: MapRun): void {
    this.#queue.remove(run)
    for (const worker of this.workers) {
      for (const chunk of worker.takeBackChunks(run)) run.unsend(chunk)
      for (const chunk of worker.chunksOf(run)) worker.leave(chunk)
    }
    this.planDeal()
  }

  override over(run: MapRun): void {
    this.#queue.remove(run)
    if (!this.#runs.delete(run)) return
    this.forget(run)
    this.planDeal()
  }

  /** No chunk of this map will come any more. */
  protected forget(run: MapRun): void {
    for (const worker of this.workers) worker.forget(run)
  }

  override recall(run: MapRun, index: number): boolean {
    for (const worker of this.workers) {
      const chunk = worker.holds((work) => isRowOf(work, run, index))
      if (!(chunk instanceof Chunk)) continue
      if (!worker.takeBack(chunk)) return false
      run.unsend(chunk)
      return true
    }
    return false
  }

  override isRunning(run: MapRun, index: number): boolean {
    return this.workers.some((worker) => {
      const work = worker.holds((other) => isRowOf(other, run, index))
      return work !== undefined && worker.hasBegun(work)
    })
  }

  override cancelled(): void {
    this.planDeal()
  }

  protected override warmUp(): (() => void) | undefined {
    if (this.workers.length > 0 || this.#isOver) return undefined
    try {
      const worker = this.crew.start()
      return () => this.crew.undo(worker)
    } catch {
      return undefined // deal() tries again, and says why
    }
  }

  protected override takePendingCalls(): Call[] {
    const queued = this.#queue.drainCalls()
    return queued.concat(...this.workers.map((worker) => worker.takeBackCalls()))
  }

  protected override recallChunks(): void {
    for (const run of this.#runs) {
      for (const worker of this.workers) for (const chunk of worker.takeBackChunks(run)) run.unsend(chunk)
    }
  }

  protected override get runs(): Iterable<MapRun> {
    return this.#runs
  }

  protected override get isQuiet(): boolean {
    return (
      !this.#queue.hasCalls &&
      this.workers.every((worker) => worker.load === 0) &&
      ![...this.#runs].some((run) => run.remaining > 0)
    )
  }

  protected override async endWorkers(): Promise<void> {
    for (const worker of this.workers) this.crew.end(worker)
    while (this.workers.length > 0) await new Promise<void>((resolve) => this.#onEnded.push(resolve))
  }

  protected override terminatedError(): BrokenExecutor {
    return brokenPool(this.kind, WORKER_DIED[this.kind].running, undefined)
  }

  protected override async terminate(signal: 'SIGTERM' | 'SIGKILL', isBusy: boolean): Promise<void> {
    this.#terminated = true
    // As upstream: a pool that was ended under running calls is broken, an idle one is shut down.
    if (isBusy || this.workers.some((worker) => worker.load > 0)) {
      this.markBroken(() => brokenPool(this.kind, WORKER_DIED[this.kind].later, undefined))
    }
    for (const worker of this.workers) worker.kill(signal)
    while (this.workers.length > 0) await new Promise<void>((resolve) => this.#onEnded.push(resolve))
  }

  /** Sends workers into kernel maps. */
  readonly #joins: KernelJoins = {
    wanted: (run) => {
      if (run.order === -1) this.#queue.push(run)
      else this.#queue.putBackMap(run)
      this.planDeal()
    },
    endWorker: (run, seat) => {
      const isIn = (work: Work): boolean => work instanceof Join && work.run === run && work.seat === seat
      for (const worker of this.workers) if (worker.holds(isIn) !== undefined) worker.endStuck()
    },
  }

  // What workers tell.

  progressed(worker: PoolWorker): void {
    this.crew.retire(worker)
    this.deal()
  }

  unsent(call: Call, error: unknown): void {
    this.#unsent.push({ call, error })
  }

  initializerFailed(_worker: PoolWorker, reason: unknown): void {
    process.emitWarning(`Exception in initializer: ${String(reason)}`, 'LanewiseWarning')
    this.#break(INITIALIZER_FAILED[this.kind], reason)
  }

  leaves(worker: PoolWorker): void {
    this.crew.leaves(worker)
    this.#queue.putBack(worker.returned)
  }

  ended(worker: PoolWorker, death: Death): void {
    const expected = this.crew.ended(worker) || this.#terminated || this.isBroken
    if (!expected && (!worker.wasReady || isReentry(death))) this.#neverReady(worker, death)
    else if (!expected && !worker.isOverrun && this.settings.onWorkerDeath === 'break') {
      this.#break(WORKER_DIED[this.kind], deathError(worker.name, death, 'and its pool broke with it'))
    }
    if (this.#terminated) this.cancelPending(() => new CancelledError())
    if (this.#brokenBy !== undefined) this.#failPending(this.#brokenBy)
    this.deal()
    for (const tell of this.#onEnded.splice(0)) tell()
  }

  poolEnds(worker: PoolWorker, death: Death): (() => unknown) | undefined {
    const { running } = WORKER_DIED[this.kind]
    if (this.#brokenBy !== undefined) return this.#brokenBy
    if (this.#terminated) return () => this.terminatedError()
    if (this.settings.onWorkerDeath !== 'break') return undefined
    return () => brokenPool(this.kind, running, deathError(worker.name, death, 'and its pool broke with it'))
  }

  /** A worker that ends before it can take a call, or because its import makes a pool, would be started again and again. */
  #neverReady(worker: PoolWorker, death: Death): void {
    if (this.settings.initializer === undefined && this.workers.some((other) => other.wasReady)) {
      this.crew.makeDo()
      return
    }
    const cause = deathError(worker.name, death, 'before it could take a call')
    const texts = this.settings.initializer === undefined ? WORKER_DIED : INITIALIZER_FAILED
    this.#break(texts[this.kind], cause)
  }

  // Handing out.

  /** Hands out at the end of this turn: what is submitted in one turn travels together. */
  protected planDeal(): void {
    if (this.#dealPlanned || this.#dealing) return
    this.#dealPlanned = true
    queueMicrotask(() => {
      if (this.#dealPlanned) this.deal()
    })
  }

  deal(): void {
    if (this.#dealing) {
      this.#dealPlanned = true
      return
    }
    if (this.#isOver) return
    this.#dealing = true
    do {
      this.#dealPlanned = false
      this.#dealtMs = performance.now()
      this.#queue.offer((entry) => {
        if (entry instanceof Call) return this.#offerCall(entry)
        return entry instanceof KernelRun ? this.#offerKernel(entry) : this.#offerRun(entry)
      })
      if (this.balance.level(this.#dealtMs)) this.#dealPlanned = true
      for (const worker of this.workers) worker.flush()
    } while (this.#dealPlanned)
    this.#dealing = false
    this.balance.watch()
    // Not before: who waits for one may call us, or block on us.
    for (const { call, error } of this.#unsent.splice(0)) {
      call.failed(error)
      this.failed()
    }
    this.checkQuiet()
  }

  /** Whether no process may get work any more. A thread may: it ends with this one, which can block on it until then. */
  get #isOver(): boolean {
    return this.kind === 'process' && isExiting()
  }

  #offerCall(call: Call): Offer {
    let worker = this.#freeWorker()
    if (worker === undefined && !call.hasTransfer) worker = this.#leastLoaded((other) => this.hasRoomForCall(other))
    if (worker === undefined) return 'full'
    worker.add(call)
    return 'gone'
  }

  #offerRun(run: MapRun): Offer {
    while (run.remaining > 0) {
      const free = this.#freeWorker()
      const worker = free ?? this.#leastLoaded((other) => this.hasRoomForChunk(other, run))
      if (worker === undefined) return 'full'
      const chunk = run.take(worker.index)
      if (chunk === undefined) break
      if (free === undefined && chunk.hasTransfer) {
        run.unsend(chunk)
        return 'full'
      }
      worker.add(chunk)
    }
    return run.isExhausted ? 'gone' : 'stands'
  }

  #offerKernel(run: KernelRun): Offer {
    for (let map = run.joinable; map !== undefined; map = run.joinable) {
      const worker = this.#freeWorker()
      if (worker === undefined) return 'full'
      worker.add(new Join(run, map))
    }
    return 'gone' // until it wants workers again
  }

  /** A worker with nothing to do, or a new one. */
  #freeWorker(): PoolWorker | undefined {
    const idle = this.crew.idle(this.#dealtMs)
    if (idle !== undefined) return idle
    return this.crew.isComplete || this.isBroken || this.#terminated ? undefined : this.#start()
  }

  #start(): PoolWorker | undefined {
    try {
      return this.crew.start()
    } catch (error) {
      if (this.workers.length > 0) return undefined // fewer workers than asked for still do the work
      this.#break(WORKER_DIED[this.kind], error)
      return undefined
    }
  }

  #leastLoaded(hasRoom: (worker: PoolWorker) => boolean): PoolWorker | undefined {
    if (this.settings.cancelOnError) return undefined // what is sent ahead would run before the failure is known here
    return this.crew.leastLoaded(this.#dealtMs, hasRoom)
  }

  // What its balance asks.

  takesWork(worker: PoolWorker, nowMs: number): boolean {
    return this.crew.takesWork(worker, nowMs)
  }

  putBack(works: readonly Work[]): void {
    const calls: Call[] = []
    for (const work of works) {
      if (work instanceof Chunk) work.run.unsend(work)
      else if (work instanceof Join) work.map.left(work.seat)
      else calls.push(work)
    }
    this.#queue.putBack(calls)
  }

  get isOutOfOrder(): boolean {
    const first = this.#queue.first((run) => run instanceof MapRun && run.remaining > 0)
    if (first === undefined) return false
    return this.workers.some((worker) => {
      const work = worker.running() ?? worker.holds(() => true) // what it begins next, and may then wait in
      if (work === undefined || work instanceof Join) return false
      if (work instanceof Call) return work.order > first.order
      return work.run === first ? work.start > first.firstRow : work.run.order > first.order
    })
  }

  startExtra(): void {
    this.#start()
  }

  /** The pool can't go on: all that waits fails with `running`, later calls with `later`. */
  #break({ running, later }: BrokenTexts, cause: unknown): void {
    if (this.isBroken) return
    this.markBroken(() => brokenPool(this.kind, later, cause))
    this.#brokenBy = () => brokenPool(this.kind, running, cause)
    this.#failPending(this.#brokenBy)
    for (const worker of this.workers) worker.kill('SIGTERM')
  }

  #failPending(error: () => unknown): void {
    const calls = this.takePendingCalls()
    this.recallChunks()
    for (const call of calls) call.failed(error())
    for (const run of [...this.#runs, ...this.kernels]) run.break(error)
  }
}

function isReentry({ cause }: Death): boolean {
  return (cause as { code?: unknown } | undefined)?.code === MAIN_REENTRY
}

function isRowOf(work: Work, run: MapRun, index: number): boolean {
  return work instanceof Chunk && work.run === run && work.start <= index && index < work.end
}
