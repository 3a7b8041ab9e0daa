import { Ledger, type Range } from '../chunks/ledger.ts'
import { CancelledError } from '../errors.ts'
import type { FunctionRef } from '../functions/ref.ts'
import type { CollectedRows, LazyRows } from '../inputs/rows.ts'
import type { ChunkEngineName } from '../observe/chunk-line.ts'
import type { MapStats } from '../observe/stats.ts'
import type { Wire } from '../wire/codec.ts'
import { Chunk, type ChunkedMap } from './chunk.ts'
import type { MapSettings } from './options.ts'
import { failAll, type Segment } from './outcome.ts'
import { tellProgress } from './progress.ts'
import { LazyReader, type ReadingMap } from './reader.ts'
import { type ChunkTimes, MapReport } from './report.ts'
import { endRows, MapResult, type MapSource, settleRows, stopResult } from './result.ts'
import { ChunkSizes, type Sizes } from './sizes.ts'

/** What the executor does for a map of its own. */
export interface MapHost {
  readonly maxWorkers: number
  /** What runs the calls, for `stats.engine`. */
  readonly engine: ChunkEngineName
  /** The executor takes no more rows. */
  readonly isShutDown: boolean
  /** Chunks are sized in a way of the executor's own; left out, as those of workers. */
  newSizes?(settings: MapSettings): Sizes
  /** More rows can be handed out. */
  ready(run: MapRun): void
  /** The reader is gone: chunks that are out are taken back, or told to stop at their next row. */
  withdraw(run: MapRun): void
  /** Every row has its outcome. */
  over(run: MapRun): void
  /** Takes back the chunk that holds `index`, if it has not begun. */
  recall(run: MapRun, index: number): boolean
  isRunning(run: MapRun, index: number): boolean
  /** A call failed. */
  failed(): void
}

/** Rows that an async input is read ahead for each worker, unless `buffersize` says otherwise: design.md's default. */
export const READ_AHEAD = 1024

/**
 * One map on its way: which rows are read, handed out, come back, failed or done.
 *
 * Knows no worker and no thread: executors take chunks from it and give it outcomes; its MapResult reads them on the other side.
 */
export class MapRun implements ChunkedMap, MapSource, ReadingMap {
  readonly fn: (...args: never[]) => unknown
  readonly ref: FunctionRef
  readonly settings: MapSettings
  readonly rows: CollectedRows | LazyRows
  readonly repeats: readonly Wire[]
  readonly result: MapResult<unknown, unknown>
  order = 0
  /** Called when all is over; stops listening to the map's signal. */
  onOver: (() => void) | undefined
  readonly #host: MapHost
  readonly #ledger: Ledger
  readonly #sizes: Sizes
  readonly #reader: LazyReader | undefined // of lazy inputs
  readonly #report: MapReport
  readonly #attempts = new Map<number, number>() // of rows that were tried again, by index
  #taken = 0 // outcomes that the reader has
  #out = 0 // rows handed out without an outcome
  #chunksOut = 0 // of which nobody has said what became of them
  #done = 0 // rows with an outcome
  #open: boolean // inputs may hold more rows
  #end: number | undefined // of lazy inputs, once they have ended: rows that can have an outcome
  #gone = false // the reader left, or all is done

  constructor(
    host: MapHost,
    fn: (...args: never[]) => unknown,
    ref: FunctionRef,
    rows: CollectedRows | LazyRows,
    repeats: readonly Wire[],
    settings: MapSettings,
  ) {
    this.#host = host
    this.fn = fn
    this.ref = ref
    this.rows = rows
    this.repeats = repeats
    this.settings = settings
    const { chunksize, timeout } = settings
    const fixed = chunksize === 'auto' ? undefined : chunksize
    this.#open = 'pull' in rows
    if ('pull' in rows) this.#reader = new LazyReader(rows, this)
    this.#sizes = host.newSizes?.(settings) ?? new ChunkSizes(host, fn, settings)
    this.#ledger = new Ledger({
      length: this.#open ? 0 : rows.length,
      open: this.#open,
      ...(fixed !== undefined && { chunksize: fixed }),
    })
    this.#report = new MapReport({
      fn: ref.name,
      engine: host.engine,
      chunksize,
      workers: host.maxWorkers,
      items: this.#open ? null : rows.length,
    })
    this.result = new MapResult(this, {
      policy: settings.errors,
      unordered: settings.unordered,
      timeoutMs: timeout,
    })
    if (!this.#open) {
      for (const index of rows.transfers) this.#ledger.alone(index)
      endRows(this.result, rows.length)
    }
  }

  /** Reads the first rows of lazy inputs. Apart from the constructor, since a row read may be handed out at once. */
  start(): void {
    if (this.#open) this.#reader?.refill()
    else if (this.rows.length === 0) this.#finishIfOver()
  }

  get stats(): MapStats {
    return this.#report.stats
  }

  get pulled(): number {
    return this.#end ?? this.rows.length
  }

  /** Whether a row may still be handed out, now or later. */
  get isExhausted(): boolean {
    return this.#gone || (!this.#open && this.#ledger.remaining === 0)
  }

  /** Whether rows wait to be handed out, or are out. */
  get hasWork(): boolean {
    return this.#ledger.remaining > 0 || this.#out > 0
  }

  /** Rows that can be handed out now. */
  get remaining(): number {
    return this.#ledger.remaining
  }

  /** The first row that can be handed out now. */
  get firstRow(): number {
    return this.#ledger.first ?? this.rows.length
  }

  /** The next rows for `worker`; undefined where there are none now. */
  take(worker: number): Chunk | undefined {
    if (this.#gone || this.#ledger.remaining === 0) return undefined
    const size = this.#sizes.next(worker, this.#ledger.remaining, this.#open ? undefined : this.rows.length)
    const range = this.#ledger.take(size?.items ?? 1)
    if (range === undefined) return undefined
    this.#out += range.end - range.start
    this.#chunksOut++
    this.stats.chunks++
    return new Chunk(this, range, size?.stopMs ?? Number.POSITIVE_INFINITY, this.#sizes.expectedUs(range))
  }

  /** Whether a second chunk may wait at a worker while the first one runs. */
  get mayPrefetch(): boolean {
    return this.#sizes.mayPrefetch
  }

  /** What a chunk of a numeric size is measured to last, in ms; undefined: not yet. */
  get chunkMs(): number | undefined {
    return this.#sizes.chunkMs
  }

  // What whoever has a chunk asks and tells.

  get isObserved(): boolean {
    return this.#report.wantsChunks
  }

  retriesLeft(index: number): number {
    return this.settings.retries - (this.#attempts.get(index) ?? 0)
  }

  settle(segment: Segment): void {
    this.#record(segment)
    if (segment.failures !== undefined) this.#host.failed() // which may cancel others, and they come after it
  }

  fail({ start, end }: Range, error: () => unknown): void {
    if (start < end) this.settle(failAll(start, end, error))
  }

  drop(range: Range): void {
    this.#settleAsCancelled(range, true)
  }

  giveBack(range: Range, singly = false): void {
    const count = range.end - range.start
    if (count <= 0) return
    this.#out -= count
    if (this.#gone) {
      this.#finishIfOver()
      return
    }
    this.#ledger.giveBack(range, { singly })
    this.#host.ready(this)
  }

  unsend(chunk: Chunk): void {
    this.stats.chunks--
    this.#chunksOut--
    this.giveBack(chunk)
  }

  overran(chunk: Chunk, done: number): void {
    this.stats.givenBack += chunk.length - done
    this.giveBack({ start: chunk.start + done, end: chunk.end })
  }

  retry(index: number, attempts: number): boolean {
    const used = (this.#attempts.get(index) ?? 0) + attempts + 1
    if (used > this.settings.retries || this.#gone) return false
    this.#attempts.set(index, used)
    this.giveBack({ start: index, end: index + 1 }, true)
    return true
  }

  report(worker: number, chunk: Chunk, items: number, times: ChunkTimes, gapMs: number | undefined): void {
    this.#chunksOut--
    this.#report.chunkCame(worker, chunk, items, times)
    this.#sizes.report(worker, items, times.execMs, gapMs)
    this.#reportIfOver()
  }

  lost(): void {
    this.#chunksOut--
    this.#reportIfOver()
  }

  // What MapResult asks.

  taken(count: number): void {
    this.#taken += count
    this.#reader?.refill()
  }

  left(): void {
    if (this.#gone) return
    this.#gone = true
    this.#ledger.clear()
    if (this.#open) this.#leaveInputs()
    this.#host.withdraw(this)
    this.#finishIfOver()
  }

  cancelRow(index: number): boolean {
    if (!this.#ledger.drop(index) && !(this.#host.recall(this, index) && this.#ledger.drop(index))) return false
    this.#settleAsCancelled({ start: index, end: index + 1 }, false)
    return true
  }

  isRunning(index: number): boolean {
    return this.#host.isRunning(this, index)
  }

  // What the reader of lazy inputs asks and tells.

  get isReading(): boolean {
    return this.#open && !this.#gone
  }

  get isShutDown(): boolean {
    return this.#host.isShutDown
  }

  /** As many as may be out and not yet read by the consumer; whole chunks only, where their size is given. */
  get wanted(): number {
    const { buffersize, chunksize } = this.settings
    const { maxWorkers } = this.#host
    const wanted = this.#taken + (buffersize ?? Math.max(READ_AHEAD * maxWorkers, this.#sizes.readAhead(maxWorkers)))
    return chunksize === 'auto' ? wanted : wanted - (wanted % chunksize)
  }

  get known(): number {
    return this.#ledger.length
  }

  rowsCame(): void {
    if (!this.isReading) return
    const rows = this.rows as LazyRows
    this.#ledger.grow(rows.length)
    const refused = this.settings.retries > 0 ? [...rows.transfers] : []
    for (const index of rows.transfers) this.#ledger.alone(index)
    if (rows.ended) this.#close(rows.failure)
    for (const index of refused) this.#refuse(index, retriesOfTransfer())
    if (this.#ledger.remaining > 0) this.#host.ready(this)
  }

  cutOff(end: number, reason: unknown): void {
    this.#close({ reason }, end)
  }

  // What the executor asks at its end.

  /** The executor takes no more rows than those that have come, told of by their inputs or not. */
  takeArrived(): void {
    this.#reader?.takeArrived()
  }

  /** Cancels all rows that were not handed out. */
  cancelPending(): void {
    for (const range of this.#ledger.clear()) this.#settleAsCancelled(range, false)
  }

  /** Ends the map at once: its reader gets `reason`. */
  stop(reason: unknown): void {
    stopResult(this.result, reason)
  }

  /** The executor broke: each row without an outcome fails with what `error` makes. */
  break(error: () => unknown): void {
    if (this.#open) {
      this.#ledger.grow(this.rows.length) // those too that have come and were not told of
      this.#close({ reason: error() })
    }
    for (const { start, end } of this.#ledger.clear()) {
      this.#out += end - start
      this.#record(failAll(start, end, error))
    }
  }

  #record(segment: Segment): void {
    const { start, values } = segment
    this.#out -= values.length
    this.#done += values.length
    this.#report.outcomesCame()
    this.rows.release(start, start + values.length)
    settleRows(this.result, segment)
    tellProgress(this.settings.onProgress, this.#done, this.#open ? undefined : this.rows.length)
    this.#finishIfOver()
  }

  #settleAsCancelled({ start, end }: Range, wasOut: boolean): void {
    if (start >= end) return
    if (!wasOut) this.#out += end - start
    this.#record(failAll(start, end, () => new CancelledError()))
  }

  #finishIfOver(): void {
    if (this.#out > 0 || this.#ledger.remaining > 0 || (this.#open && !this.#gone)) return
    this.#gone = true
    this.onOver?.()
    this.onOver = undefined
    this.#host.over(this)
    this.#reportIfOver()
  }

  /** The last chunk is told of behind its outcomes. */
  #reportIfOver(): void {
    if (this.#gone && this.#out === 0 && this.#chunksOut === 0) this.#report.over(this.#done)
  }

  /** Fails a row that was not handed out. */
  #refuse(index: number, error: Error): void {
    this.#ledger.drop(index)
    this.#out++
    this.settle({ start: index, values: [undefined], failures: new Map([[index, Object.assign(error, { index })]]) })
  }

  #close(failure: { reason: unknown } | undefined, end: number = this.rows.length): void {
    this.#open = false
    this.#end = end
    this.#ledger.close()
    this.#leaveInputs()
    endRows(this.result, end, failure)
    this.#finishIfOver()
  }

  #leaveInputs(): void {
    ;(this.rows as LazyRows).leave()
  }
}

/** What a `transfer()` is refused with that may have to be sent again. */
export function retriesOfTransfer(): TypeError {
  return new TypeError('a call with transfer() cannot be retried: its buffers have moved; leave retries out')
}
