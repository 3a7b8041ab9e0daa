import { inspect } from 'node:util'
import { TimeoutError } from '../errors.ts'
import type { Segment } from '../map/result.ts'
import { Chunk, type MapRun } from '../map/run.ts'
import { decodeValue, unpackList } from '../wire/codec.ts'
import { decodeError, placeError } from '../wire/errors.ts'
import type { ChunkOver, FromWorker, NumberChunksOver, RowsMessage } from '../wire/protocol.ts'
import { Aftermath, type DeadWorker, type Death, type Overrun, type Remains } from './aftermath.ts'
import { Call, type CallHolder } from './call.ts'
import { Join } from './join.ts'
import { type LimitedWorker, Limits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import { Progress } from './progress.ts'

/** What travels to a worker under one number. */
export type Work = Call | Chunk | Join

/**
 * A worker that waits so long between two chunks waited for messages, 20 to 100 µs; longer, for a busy caller. Only that is worth a chunk sent ahead: where the
 * caller was idle, a chunk ahead made a map of cheap rows 10 % slower; where it was busy, 10 % faster (2 cores, Node 20).
 */
const MESSAGES_MS = 0.25

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
export abstract class PoolWorker implements CallHolder, LimitedWorker, DeadWorker {
  readonly index: number
  readonly name: string
  protected readonly host: WorkerHost
  protected readonly outbox: Outbox
  /** Works without a final answer, by number; in the order of sending. */
  protected readonly works: Map<number, Work> = new Map()
  protected next = 0
  /** Works sent so far, for maxTasksPerChild. */
  sent = 0
  /** No more work goes here. */
  isEnding = false
  /** The numbers of the message that is being read, where they came apart from their lists. */
  protected numbers: Float64Array | undefined
  /** Calls that had not begun when the worker died, in their order. */
  readonly returned: Call[] = []
  #overrun: Overrun | undefined
  protected readonly limits: Limits = new Limits(this)
  readonly progress: Progress = new Progress()
  #freeSinceMs = 0
  #lastRun: MapRun | undefined // of the chunk before that, if it was one

  constructor(index: number, name: string, host: WorkerHost, outbox: Outbox) {
    this.index = index
    this.name = name
    this.host = host
    this.outbox = outbox
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
      if (this.works.size === 0 && work.run === this.#lastRun) work.idleSinceMs = this.#freeSinceMs
      this.sendChunk(n, work)
    } else if (work instanceof Join) {
      work.n = n
      this.outbox.addJoin(n, work)
    } else {
      work.expectedUs = this.outbox.paceOf(work).us
      try {
        this.outbox.addCall(n, work)
      } catch (error) {
        this.host.unsent(work, error)
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
  abstract end(): void
  abstract kill(signal: 'SIGTERM' | 'SIGKILL'): void

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
    const waiting = [...this.works.values()].filter((work) => !this.hasBegun(work))
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
  protected settled(work: Work): void {
    this.progress.settled(work, work instanceof Call ? this.outbox.paceOf(work) : undefined)
    this.#lastRun = work instanceof Chunk ? work.run : undefined
    this.#dropped(work)
  }

  #dropped({ n }: Work): void {
    this.works.delete(n)
    if (this.works.size > 0) return
    this.#freeSinceMs = performance.now()
    this.setBusy(false)
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
      this.host.initializerFailed(this, decodeError(message.broken, { worker: this.name }))
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
        this.host.failed()
      }
      return
    }
    if ('rows' in message) {
      const stored = this.takeNumbers(work, message.rows.from)
      const posted = this.#takeRows(work, message.rows)
      // Both are in the books now: who hears of one may block, and so read the next message of this chunk.
      if (stored !== undefined) work.run.settle(stored)
      work.run.settle(posted)
    } else if ('done' in message) {
      if ('from' in message) this.#numberChunksOver(message)
      else this.#chunkOver(work, message)
    }
  }

  #chunkOver(chunk: Chunk, { done, execMs, numbers, last }: ChunkOver): void {
    const stored = this.takeNumbers(chunk, numbers)
    const posted = last === undefined ? undefined : this.#takeRows(chunk, last)
    const gapMs = this.#close(chunk, execMs)
    if (stored !== undefined) chunk.run.settle(stored)
    if (posted !== undefined) chunk.run.settle(posted)
    this.#report(chunk, done, execMs, gapMs)
  }

  /** The outcomes of neighbours are settled together: what one segment costs is more than its numbers do. */
  #numberChunksOver({ n, done, from, execMs }: NumberChunksOver): void {
    const over = execMs.map((ms, i) => {
      const chunk = this.works.get(n + i) as Chunk // each is answered once, and none was taken back: they were sent to a process
      chunk.settled = done
      return { chunk, ms, gapMs: this.#close(chunk, ms) }
    })
    let first = 0
    for (let i = 1; i <= over.length; i++) {
      const { run, start } = (over[i - 1] as { chunk: Chunk }).chunk
      const next = over[i]?.chunk
      if (next?.run === run && next.start === start + done) continue
      run.settle({
        start: start - (i - 1 - first) * done,
        values: (this.numbers as Float64Array).subarray(from + first * done, from + i * done),
      })
      first = i
    }
    for (const { chunk, ms, gapMs } of over) this.#report(chunk, done, ms, gapMs)
  }

  /** Takes a chunk off the books, before its outcomes are told: who hears of them may block on this worker. */
  #close(chunk: Chunk, execMs: number): number | undefined {
    this.chunkOver(chunk.n, chunk)
    this.settled(chunk)
    if (chunk.idleSinceMs === undefined) return undefined
    const gapMs = performance.now() - chunk.idleSinceMs - execMs
    return gapMs > MESSAGES_MS ? gapMs : 0
  }

  #report(chunk: Chunk, done: number, execMs: number, gapMs: number | undefined): void {
    chunk.run.report(this.index, chunk, done, execMs, gapMs)
    this.#rest(chunk, done)
  }

  #readJoin(join: Join, message: Extract<FromWorker, { n: number }>): void {
    const { map, seat } = join
    if ('cameBack' in message) map.cameBack()
    if (!('left' in message)) return
    this.settled(join)
    map.left(seat, message.failure && { reason: decodeError(message.failure, { worker: this.name }) })
  }

  protected chunkOver(_n: number, _chunk: Chunk): void {}

  #returned(call: Call, wire: Parameters<typeof decodeValue>[0]): void {
    try {
      call.returned(decodeValue(wire))
    } catch (error) {
      call.failed(error)
    }
  }

  /** What becomes of the rows behind the last one that ran. */
  #rest(chunk: Chunk, done: number): void {
    const { run, start, end } = chunk
    if (done === chunk.length) return
    const stoppedByError = run.settings.errors === 'raise' && chunk.lastFailed
    if (stoppedByError) run.drop({ start: start + done, end })
    else run.overran(chunk, done)
  }

  /** The numbers of a chunk's first `count` rows that were not taken yet. */
  takeNumbers(chunk: Chunk, count: number): Segment | undefined {
    const from = chunk.settled
    if (count <= from) return undefined
    chunk.settled = count
    return { start: chunk.start + from, values: this.numbersOf(chunk, from, count) }
  }

  /** A copy of the numbers that the worker stored for rows `from` to `to` of a chunk. */
  protected abstract numbersOf(chunk: Chunk, from: number, to: number): Float64Array

  #takeRows(chunk: Chunk, { from, list, failures }: RowsMessage): Segment {
    const start = chunk.start + from
    const { values, failures: unsent } = unpackList(list, this.numbers)
    chunk.settled = from + values.length
    const reasons = new Map<number, unknown>()
    for (const [row, error] of failures ?? []) {
      const index = chunk.start + row
      reasons.set(index, decodeError(error, { index, worker: this.name }))
    }
    for (const [row, error] of unsent ?? []) {
      placeError(error, { index: start + row, worker: this.name })
      reasons.set(start + row, error)
    }
    chunk.lastFailed = reasons.has(start + values.length - 1)
    return { start, values, failures: reasons.size > 0 ? reasons : undefined }
  }

  /** The worker is gone. Every work that was out is settled, or goes back to where it came from. */
  protected died(death: Death): void {
    this.isEnding = true
    this.limits.stop()
    const works = [...this.works.values()].map((work) => ({ work, hasBegun: this.wasReady && this.hasBegun(work) }))
    const poolEnds = this.#overrun === undefined ? this.host.poolEnds(this, death) : undefined
    if (death.cause !== undefined && this.wasReady && !works.some(({ hasBegun }) => hasBegun)) {
      process.emitWarning(`${this.name} was idle, and ended: ${inspect(death.cause)}`, 'LanewiseWarning')
    }
    this.works.clear()
    const lost = works.filter(({ work, hasBegun }) => !this.#runsAgain(work, hasBegun, poolEnds))
    this.setBusy(false)
    // First of all: who hears of an outcome below may block on a call that was here.
    this.host.leaves(this)
    const aftermath = new Aftermath(this, death, this.#overrun, poolEnds)
    for (const { work, hasBegun } of lost) {
      if (work instanceof Chunk) aftermath.endChunk(work, hasBegun)
      else if (work instanceof Join) aftermath.endJoin(work, hasBegun)
      else if (aftermath.endCall(work)) this.host.failed()
    }
    this.host.ended(this, death)
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
