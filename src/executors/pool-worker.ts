import { inspect } from 'node:util'
import { TimeoutError } from '../errors.ts'
import { Chunk } from '../map/chunk.ts'
import type { Segment } from '../map/outcome.ts'
import type { MapRun } from '../map/run.ts'
import { decodeValue } from '../wire/codec.ts'
import { decodeError } from '../wire/errors.ts'
import type { FromWorker } from '../wire/protocol.ts'
import { Aftermath, type DeadWorker, type Death, type Overrun, type Remains } from './aftermath.ts'
import { Call, type CallHolder } from './call.ts'
import { type AnsweringWorker, ChunkAnswers } from './chunk-answers.ts'
import { Join } from './join.ts'
import { type LimitedWorker, Limits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import { Progress } from './progress.ts'

/** What travels to a worker under one number. */
export type Work = Call | Chunk | Join

/** What a worker tells its pool. */
export interface WorkerHost {
  /** A call could not be packed. */
  unsent(call: Call, error: unknown): void
  /** Outcomes came, or the worker is ready: more work can be handed out. */
  progressed(worker: PoolWorker): void
  /** The initializer failed. */
  initializerFailed(worker: PoolWorker, reason: unknown): void
  /** The worker is gone; its calls that had not begun are in `returned`. */
  leaves(worker: PoolWorker): void
  /** And its other works are settled. */
  ended(worker: PoolWorker, death: Death): void
  /** What the works of a dying worker fail with where the whole pool ends; undefined: they fail alone. */
  poolEnds(worker: PoolWorker, death: Death): (() => unknown) | undefined
  /** A call failed. */
  failed(): void
}

/**
 * One worker as its pool sees it: the works that are out, in the order in which it runs them.
 *
 * Threads and processes differ in how a message travels and in what can be known of a work that is under way; what an answer means is the same.
 */
export abstract class PoolWorker implements CallHolder, LimitedWorker, DeadWorker, AnsweringWorker {
  readonly index: number
  readonly name: string
  /** Weak, so that a pool that nobody holds can go. What is out holds it by itself: every call and map knows its pool. */
  readonly #host: WeakRef<WorkerHost>
  #endsFor: WorkerHost | undefined // who has told the worker to end waits to hear of it
  protected readonly outbox: Outbox
  /** Works without a final answer, by number; in the order of sending. */
  protected readonly works: Map<number, Work> = new Map()
  protected next = 0
  /** Works sent so far, for maxTasksPerChild. */
  sent = 0
  /** No more work goes here. */
  isEnding = false
  protected readonly answers: ChunkAnswers = new ChunkAnswers(this, this.works)
  /** Calls that had not begun when the worker died, in their order. */
  readonly returned: Call[] = []
  #overrun: Overrun | undefined
  protected readonly limits: Limits = new Limits(this)
  readonly progress: Progress = new Progress()
  #freeSinceMs = 0
  #lastMap = -1 // the order of its map, if it was a chunk that was settled then

  constructor(index: number, name: string, host: WorkerHost, outbox: Outbox) {
    this.index = index
    this.name = name
    this.#host = new WeakRef(host)
    this.outbox = outbox
  }

  /** Undefined: the pool is gone, and nobody waits for anything here. */
  protected get host(): WorkerHost | undefined {
    return this.#endsFor ?? this.#host.deref()
  }

  /** Whether one more work can be numbered. */
  get hasSlot(): boolean {
    return true
  }

  /** The initializer is through. */
  get wasReady(): boolean {
    return this.progress.isReady
  }

  /** Works that are out. */
  get load(): number {
    return this.works.size
  }

  /** Adds a work to the next message. A call whose arguments cannot travel is not sent. */
  add(work: Work): void {
    const n = this.next
    if (work instanceof Chunk) {
      work.n = n
      if (this.works.size === 0 && work.run.order === this.#lastMap) work.idleSinceMs = this.#freeSinceMs
      this.sendChunk(n, work)
    } else if (work instanceof Join) {
      work.n = n
      this.outbox.addJoin(n, work)
    } else {
      work.expectedUs = this.outbox.paceOf(work).us
      try {
        this.outbox.addCall(n, work)
      } catch (error) {
        this.host?.unsent(work, error)
        return
      }
      work.holder = this
      work.n = n
    }
    this.next = n + 1
    this.sent++
    this.progress.added(work, this.works.size === 0)
    if (this.works.size === 0) this.setBusy(true)
    this.works.set(n, work)
    this.numbered(n)
    this.limits.watch(work)
  }

  /** A map is over: what was broadcast for it can go. */
  forget(run: MapRun): void {
    this.outbox.forget(run)
    this.flush()
  }

  /** Sends what was added. */
  flush(): void {
    if (!this.outbox.isEmpty) this.post()
  }

  abstract hasBegun(work: Work): boolean
  abstract takeBack(work: Work): boolean
  /** Tells the worker to leave a chunk at its next row. */
  abstract leave(chunk: Chunk): void

  /** Ends an idle worker; its exit handlers run. */
  end(): void {
    this.#endsFor = this.#host.deref()
    this.sendEnd()
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#endsFor = this.#host.deref()
    this.sendKill(signal)
  }

  protected abstract sendEnd(): void
  protected abstract sendKill(signal: 'SIGTERM' | 'SIGKILL'): void

  protected abstract sendChunk(n: number, chunk: Chunk): void
  /** Called before the message with work `n` is sent. */
  protected abstract numbered(n: number): void
  protected abstract post(): void
  /** Reads what the worker has said by now, then calls `then`. */
  abstract hear(then: () => void): void
  /** Keeps the process alive, or lets it end. */
  protected abstract setBusy(busy: boolean): void
  /** For how long the running call with a limit has run. */
  abstract runningMs(): number
  abstract retriesAtEnd(): number
  abstract remains(chunk: Chunk): Remains

  /** Takes works back that have not begun, all of them or the later half; the caller hands them to other workers. */
  giveUp(share: 'half' | 'all'): Work[] {
    const waiting = [...this.works.values()].filter((work) => !hasMoved(work) && !this.hasBegun(work))
    let from = 0
    if (share === 'half') {
      // The first one is about to begin, unless something runs before it.
      from = waiting.length === this.works.size ? 1 : 0
      from += Math.floor((waiting.length - from) / 2)
    }
    // From the end: the worker must not begin one whose forerunners were taken.
    const taken: Work[] = []
    for (const work of waiting.slice(from).reverse()) {
      if (!this.takeBack(work)) break
      taken.push(work)
    }
    return taken.reverse()
  }

  /** Takes back the calls that have not begun. */
  takeBackCalls(): Call[] {
    return [...this.works.values()].filter((work): work is Call => work instanceof Call && this.takeBack(work))
  }

  /** Takes back the chunks of a map that have not begun. */
  takeBackChunks(run: MapRun): Chunk[] {
    return this.chunksOf(run).filter((chunk) => this.takeBack(chunk))
  }

  /** Works that could be taken back. */
  get waiting(): number {
    return this.wasReady ? Math.max(0, this.works.size - 1) : this.works.size
  }

  running(): Work | undefined {
    for (const work of this.works.values()) if (this.hasBegun(work)) return work
    return undefined
  }

  /** Chunks of a map that are out, begun or past taking back. */
  chunksOf(run: MapRun): Chunk[] {
    return [...this.works.values()].filter((work): work is Chunk => work instanceof Chunk && work.run === run)
  }

  holds(isIt: (work: Work) => boolean): Work | undefined {
    for (const work of this.works.values()) if (isIt(work)) return work
    return undefined
  }

  /** The final answer of `work` is here. */
  settled(work: Work): void {
    this.progress.settled(work, work instanceof Call ? this.outbox.paceOf(work) : undefined)
    this.#lastMap = work instanceof Chunk ? work.run.order : -1
    this.#dropped(work)
  }

  #dropped({ n }: Work): void {
    this.works.delete(n)
    if (this.works.size > 0) return
    this.#freeSinceMs = performance.now()
    // Whoever ended it waits for its end, though its last answer came meanwhile.
    if (this.#endsFor === undefined) this.setBusy(false)
  }

  /** A work was taken back. */
  protected takenBack(work: Work): void {
    if (work instanceof Call) work.holder = undefined
    this.sent--
    this.progress.takenBack(work, this.works.size === 1)
    this.#dropped(work)
  }

  /** All is read that the worker has said by now. */
  protected heard(): void {
    this.progress.heard(this.#first)
  }

  get #first(): Work | undefined {
    return this.works.values().next().value
  }

  protected read(message: FromWorker): void {
    if (message === null) return
    if ('ready' in message) {
      this.progress.becameReady(this.#first)
      this.becameReady()
    } else if ('broken' in message)
      this.host?.initializerFailed(this, decodeError(message.broken, { worker: this.name }))
    else if ('n' in message) this.#readOutcome(message)
  }

  protected becameReady(): void {}

  #readOutcome(message: Extract<FromWorker, { n: number }>): void {
    const { n } = message
    if ('started' in message) return
    const work = this.works.get(n)
    if (work === undefined) return // its future was settled by a limit
    if (work instanceof Join) {
      this.#readJoin(work, message)
      return
    }
    if (!(work instanceof Chunk)) {
      this.settled(work)
      if ('value' in message) this.#returned(work, message.value)
      else if ('error' in message) {
        work.failed(decodeError(message.error, { worker: this.name }))
        this.host?.failed()
      }
      return
    }
    if ('rows' in message) this.answers.rows(work, message.rows)
    else if ('from' in message) this.answers.numberChunksOver(message)
    else if ('done' in message) this.answers.over(work, message)
  }

  #readJoin(join: Join, message: Extract<FromWorker, { n: number }>): void {
    const { map, seat } = join
    if ('cameBack' in message) map.cameBack()
    if ('claims' in message) map.claimed(this.index, message.claims)
    if (!('left' in message)) return
    this.settled(join)
    map.left(seat, message.failure && { reason: decodeError(message.failure, { worker: this.name }) })
  }

  #returned(call: Call, wire: Parameters<typeof decodeValue>[0]): void {
    try {
      call.returned(decodeValue(wire))
    } catch (error) {
      call.failed(error)
    }
  }

  takeNumbers(chunk: Chunk, count: number): Segment | undefined {
    return this.answers.takeNumbers(chunk, count)
  }

  abstract numbersOf(chunk: Chunk, from: number, to: number): Float64Array

  /** The worker is gone. Every work that was out is settled, or goes back to where it came from. */
  protected died(death: Death): void {
    this.isEnding = true
    this.limits.stop()
    const works = [...this.works.values()].map((work) => ({ work, hasBegun: this.wasReady && this.hasBegun(work) }))
    const poolEnds = this.#overrun === undefined ? this.host?.poolEnds(this, death) : undefined
    if (death.cause !== undefined && this.wasReady && !works.some(({ hasBegun }) => hasBegun)) {
      process.emitWarning(`${this.name} was idle, and ended: ${inspect(death.cause)}`, 'LanewiseWarning')
    }
    this.works.clear()
    const lost = works.filter(({ work, hasBegun }) => !this.#runsAgain(work, hasBegun, poolEnds))
    this.setBusy(false)
    // First of all: who hears of an outcome below may block on a call that was here.
    this.host?.leaves(this)
    const aftermath = new Aftermath(this, death, this.#overrun, poolEnds)
    for (const { work, hasBegun } of lost) {
      if (work instanceof Chunk) aftermath.endChunk(work, hasBegun)
      else if (work instanceof Join) aftermath.endJoin(work, hasBegun)
      else if (aftermath.endCall(work)) this.host?.failed()
    }
    this.host?.ended(this, death)
  }

  /** Whether a work of the dead worker is a single call that goes to another one. */
  #runsAgain(work: Work, hasBegun: boolean, poolEnds: (() => unknown) | undefined): boolean {
    if (!(work instanceof Call)) return false
    work.holder = undefined
    if (work.future.done()) return false
    const isLost = work.hasTransfer || (hasBegun && (poolEnds !== undefined || !work.retry(this.retriesAtEnd())))
    if (!isLost) this.returned.push(work)
    return !isLost
  }

  /** Ends the worker, whose kernel does not end by itself. */
  endStuck(): void {
    if (this.isEnding) return
    this.#endBecause(this.running(), 'a kernel did not stop when it was told to, and its worker was ended')
  }

  #endBecause(work: Work | undefined, message: string): void {
    const row = work instanceof Chunk ? this.remains(work).inRow : undefined
    this.#overrun = { work, row, error: new TimeoutError(message) }
    this.isEnding = true
    this.kill('SIGKILL')
  }

  overran(work: Work, limitMs: number): void {
    this.#endBecause(work, `the call ran longer than its itemTimeout of ${limitMs} ms, and its worker was ended`)
  }

  get out(): Iterable<Work> {
    return this.works.values()
  }

  /** Whether an `itemTimeout` ended the worker. */
  get isOverrun(): boolean {
    return this.#overrun !== undefined
  }
}

/** Whether a work that was sent can be sent nowhere else: its buffers are gone. */
function hasMoved(work: Work): boolean {
  return !(work instanceof Join) && work.hasTransfer
}
