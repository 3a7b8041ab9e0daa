import { clock } from '../clock.ts'
import { invariant } from '../invariant.ts'
import type { KernelCode } from '../kernel/code.ts'
import { STOP, type Stop } from '../memory/control.ts'
import { controlBlock, type Slot } from '../memory/slots.ts'
import { after, type Disarm } from '../timer.ts'
import {
  type EngineName,
  type KernelEnd,
  type KernelJob,
  type KernelMap,
  longestChunkMs,
  type WorkerCode,
} from './engine.ts'
import type { JoinMessage } from './pull-worker.ts'
import { wholeLeaves } from './reduce.ts'

/** What an executor does for a map whose workers claim chunks by themselves. */
export interface PullHost {
  /** The map has rows for workers: `join()` gives what to send to one that is free. */
  wantsWorkers(map: PullMap): void
  /** The worker of `seat` is in an endless loop: it is to be ended. */
  endWorker(map: PullMap, seat: number): void
  ended(map: PullMap, end: KernelEnd): void
}

/**
 * A worker that has not left so long after the stop word is in an endless loop. Larger: the loop burns a core for longer;
 * smaller: a worker that had no processor for a while is ended for nothing.
 */
const STUCK_MS = 100

/**
 * A map on worker threads: they claim chunks from its slot, by themselves, and answer once, when there is nothing left to
 * claim. They are sent again if rows come back to a map that all had left.
 *
 *   waiting    for a slot of the control block
 *   running    workers may join, and are in it
 *   stopping   the stop word is set: nobody joins, those in it leave within a block
 *   ended      nobody is in it, and its slot serves another map
 */
export class PullMap implements KernelMap {
  readonly engine: EngineName
  readonly #job: KernelJob
  readonly #code: WorkerCode
  readonly #host: PullHost
  readonly #deadline: number
  readonly #disarm: Disarm
  /** By seat: whether a worker was sent there and has not left. */
  readonly #seats: boolean[]
  #inside = 0
  #slot: Slot | undefined
  #giveUpWaiting: () => void = () => {}
  #told: Stop | undefined
  #failure: { reason: unknown } | undefined
  /** A worker died in it. */
  #loss: { reason: unknown } | undefined
  /** What its workers did before one of them died. */
  #before: Work = NO_WORK
  #reached = 0 // rows finished when it ended
  #hasEnded = false

  constructor(job: KernelJob, code: WorkerCode, host: PullHost) {
    this.engine = code.engine
    this.#job = job
    this.#code = code
    this.#host = host
    this.#deadline = clock() + job.timeoutMs
    this.#seats = new Array(job.workers).fill(false)
    // Workers look at the deadline too, between two blocks; one that is in an endless loop does not.
    this.#disarm = after(job.timeoutMs, () => this.stop(STOP.deadline), { unref: true })
  }

  /** Apart from the constructor, since the host is asked for workers at once if there is a slot. */
  start(): void {
    this.#giveUpWaiting = controlBlock().acquire((slot) => {
      this.#slot = slot
      this.#begin(slot, 0)
    }, this.#job.isBlocking)
  }

  /** Whether one more worker would find something to do. */
  get hasRoom(): boolean {
    const slot = this.#slot
    if (slot === undefined || this.#hasEnded || this.#inside === this.#seats.length) return false
    return slot.stopped === STOP.none && slot.hasWork
  }

  /** What to send to a worker that is free. Ask `hasRoom` first. */
  join(): JoinMessage {
    const slot = this.#slot as Slot
    const seat = this.#seats.indexOf(false)
    this.#seats[seat] = true
    this.#inside++
    const { captures, columns, out, rows, fold } = this.#job
    const { memory } = controlBlock()
    return {
      control: memory,
      slot: slot.number,
      generation: slot.generation,
      seat,
      code: this.#code,
      captures,
      columns,
      out,
      rows,
      fold,
      isObserved: this.#job.onClaims !== undefined,
    }
  }

  /** A worker has claimed chunks, and they are over. */
  claimed(worker: number, claims: Float64Array): void {
    this.#job.onClaims?.(worker, claims, 0)
  }

  /** A worker gave rows back after others had left. */
  cameBack(): void {
    if (this.hasRoom) this.#host.wantsWorkers(this)
  }

  /** The worker of `seat` has left: there was nothing to claim, or the map stops; `failure`: or its code threw. */
  left(seat: number, failure?: { reason: unknown }): void {
    this.#failure ??= failure
    this.#leave(seat)
  }

  /** The worker of `seat` is no more. */
  died(seat: number, reason: unknown): void {
    this.#loss ??= { reason }
    this.#slot?.stop(STOP.broken)
    this.#leave(seat)
  }

  ready(): number {
    return this.#hasEnded ? this.#reached : this.#wholeOf(this.#slot?.ready() ?? 0)
  }

  stop(why: Stop): void {
    if (this.#hasEnded) return
    this.#told ??= why
    if (this.#slot === undefined) {
      this.#giveUpWaiting()
      this.#end({ kind: 'stopped', why })
      return
    }
    this.#slot.stop(why)
    if (this.#inside === 0) this.#allHaveLeft(this.#slot)
    else after(STUCK_MS, () => setImmediate(() => this.#endStuckWorkers()), { unref: true })
  }

  get hasBegun(): boolean {
    return this.#slot?.isEntered === true
  }

  get work(): Work {
    return this.#slot === undefined ? this.#before : added(this.#before, this.#slot.work)
  }

  #begin(slot: Slot, from: number): void {
    const { rows, workers, chunksize, timeoutMs } = this.#job
    const longestMs = longestChunkMs(timeoutMs)
    const rememberedMs = paces[this.#code.engine].get(this.#job.code)
    slot.begin({ rows, from, workers, chunksize, deadline: this.#deadline, longestMs, rememberedMs })
    this.#host.wantsWorkers(this)
  }

  #leave(seat: number): void {
    invariant(this.#seats[seat] === true, `a worker leaves the seat ${seat} that it has`)
    this.#seats[seat] = false
    this.#inside--
    if (this.#inside === 0) this.#allHaveLeft(this.#slot as Slot)
    else this.cameBack()
  }

  #allHaveLeft(slot: Slot): void {
    const reached = this.#wholeOf(slot.readyAtLast())
    if (reached === this.#job.rows) this.#end({ kind: 'done' })
    else if (this.#failure !== undefined) this.#end({ kind: 'failed', reason: this.#failure.reason })
    else if (this.#told !== undefined) this.#end({ kind: 'stopped', why: this.#told })
    else if (slot.stopped === STOP.deadline) this.#end({ kind: 'stopped', why: STOP.deadline })
    else if (this.#loss !== undefined) this.#beginAnew(slot, reached, this.#loss.reason)
    else this.#host.wantsWorkers(this) // rows came back when all but one had left, and it did not take them all
  }

  /**
   * A worker died. What was not finished by then is run again, where that cannot be told: a kernel's results depend on its
   * rows alone. But results that have overwritten their own inputs can't be computed twice.
   */
  #beginAnew(slot: Slot, from: number, reason: unknown): void {
    if (this.#job.isInPlace) {
      this.#end({ kind: 'failed', reason })
      return
    }
    this.#loss = undefined
    this.#before = added(this.#before, slot.work)
    this.#begin(slot, from)
  }

  /** Of so many rows those that have results. */
  #wholeOf(ready: number): number {
    const { fold, rows } = this.#job
    return fold === undefined ? ready : wholeLeaves(ready, rows)
  }

  /** Called when all that workers had said by then is read. */
  #endStuckWorkers(): void {
    if (this.#hasEnded) return
    for (const [seat, isIn] of this.#seats.entries()) {
      // One that has not begun is starting up, or busy elsewhere.
      if (isIn && this.#slot?.hasBegun(seat) === true) this.#host.endWorker(this, seat)
    }
  }

  /** What rows of a kernel cost whose loops end by their data says nothing of others: its first block is one row, so that it can be stopped. */
  #remember({ meanMs }: Slot): void {
    const { code } = this.#job
    if (meanMs !== undefined && code.isBounded) paces[this.#code.engine].set(code, meanMs)
  }

  #end(end: KernelEnd): void {
    this.#disarm()
    this.#hasEnded = true
    const slot = this.#slot
    if (slot !== undefined) {
      this.#reached = this.#wholeOf(slot.readyAtLast())
      this.#before = this.work
      this.#remember(slot)
      this.#slot = undefined
      controlBlock().release(slot)
    }
    this.#host.ended(this, end)
  }
}

/** Running time of a row in the last map of a kernel, in ms. */
const paces = { js: new WeakMap<KernelCode, number>(), wasm: new WeakMap<KernelCode, number>() } as const

type Work = KernelMap['work']

const NO_WORK: Work = { chunks: 0, givenBack: 0, busyMs: 0 }

function added(a: Work, b: Work): Work {
  return { chunks: a.chunks + b.chunks, givenBack: a.givenBack + b.givenBack, busyMs: a.busyMs + b.busyMs }
}
