import { refuseOverlap } from '../engines/arrays.ts'
import type { EngineName, KernelEnd, RemoteEngine } from '../engines/engine.ts'
import type { PullHost, PullMap } from '../engines/pull.ts'
import type { Reduction } from '../engines/reduce.ts'
import { CapturedTables, refuseCaptured } from '../engines/tables.ts'
import { CancelledError, ShutdownError, TimeoutError } from '../errors.ts'
import { isNumberArray, type NumberArray } from '../inputs/number-array.ts'
import { type CollectedRows, LazyRows } from '../inputs/rows.ts'
import type { KernelParts } from '../kernel/parts.ts'
import type { MapSettings } from '../map/options.ts'
import { tellProgress } from '../map/progress.ts'
import { endRows, MapResult, type MapSource, settleRows, stopResult } from '../map/result.ts'
import { READ_AHEAD } from '../map/run.ts'
import { STOP } from '../memory/control.ts'
import type { MapStats } from '../observe/stats.ts'
import { KernelBatch } from './kernel-batch.ts'
import { columnsOf } from './kernel-columns.ts'
import { KernelReport } from './kernel-report.ts'

/** What an executor does for a kernel map of its own. */
export interface KernelHost {
  readonly maxWorkers: number
  readonly isShutDown: boolean
  /** Worker threads that join kernel maps; undefined on executors without any. */
  readonly joins: KernelJoins | undefined
  /** Where kernels run instead of here; undefined on executors whose workers are on this machine. */
  readonly remote: RemoteEngine | undefined
  /** The map is over: nothing of it runs. */
  kernelOver(run: KernelRun): void
}

export interface KernelJoins {
  /** Workers that are free are to be sent into the map. */
  wanted(run: KernelRun): void
  /** The worker in this seat is to be ended: its kernel does not end by itself. */
  endWorker(run: KernelRun, seat: number): void
}

export interface KernelRunOptions {
  readonly kernel: KernelParts
  readonly rows: CollectedRows | LazyRows
  /** As they were given. */
  readonly inputs: readonly unknown[]
  readonly settings: MapSettings
  readonly asked: EngineName | 'auto'
  readonly isBlocking: boolean
  /** The results are added up, and `await` gives what comes of that. */
  readonly reduction: Reduction | undefined
}

/** While someone waits for a row the ready prefix is looked at so often. */
const LOOK_MS = 1

/** `onProgress` is told so often. Larger: a bar that jumps; smaller: calls for nothing. */
const PROGRESS_MS = 50

/**
 * A kernel map on its way: which rows are read, what came of them.
 *
 * Rows that are there at the call run together, as one batch. Of lazy inputs those that have been read run together, while the
 * next ones are read. Its MapResult gives the results on the other side.
 */
export class KernelRun implements MapSource, PullHost {
  readonly result: MapResult<number, NumberArray | number>
  /** Its place among the calls of submit and map; -1 until a worker is wanted. */
  order = -1
  /** Called when all is over; stops listening to the map's signal. */
  onOver: (() => void) | undefined
  readonly #host: KernelHost
  readonly #kernel: KernelParts
  readonly #tables: CapturedTables
  readonly #rows: CollectedRows | LazyRows
  readonly #settings: MapSettings
  readonly #asked: EngineName | 'auto'
  readonly #isBlocking: boolean
  readonly #reduction: Reduction | undefined
  readonly #began = performance.now()
  readonly #window: number
  readonly #progress: NodeJS.Timeout | undefined
  #look: NodeJS.Timeout | undefined
  /** Results of the batches that have ended. */
  readonly #parts: NumberArray[] = []
  #batch: KernelBatch | undefined
  readonly #report: KernelReport
  #started = 0 // rows that are in a batch, or were
  #done = 0 // rows with a result
  #taken = 0 // results that the reader has
  #isPulling = false
  #isAdvancing = false
  #mustAdvance = false
  #isOver = false
  /** Why nothing further starts: it stands behind the last result. */
  #failure: { reason: unknown } | undefined

  /** Errors: RangeError for an `out` that overlaps a lazy input, or what the kernel captures. */
  constructor(host: KernelHost, { kernel, rows, inputs, settings, asked, isBlocking, reduction }: KernelRunOptions) {
    const { chunksize, buffersize, out, onProgress } = settings
    this.#host = host
    this.#kernel = kernel
    this.#tables = new CapturedTables(kernel.tables)
    this.#rows = rows
    this.#settings = settings
    this.#asked = asked
    this.#isBlocking = isBlocking
    this.#reduction = reduction
    this.#window = buffersize ?? READ_AHEAD * host.maxWorkers
    if (out !== undefined) refuseCaptured(out, kernel.code, kernel.tables)
    if (out !== undefined && rows instanceof LazyRows) refuseOverlap(out, inputs.map(asNumberArray), out.length)
    this.result = new MapResult<number, NumberArray | number>(this, {
      policy: settings.errors,
      unordered: settings.unordered,
      timeoutMs: settings.timeout,
      whole: () => this.#whole(),
    })
    this.#report = new KernelReport({
      fn: kernel.code.name,
      asked,
      chunksize,
      items: rows instanceof LazyRows ? null : rows.length,
      tables: this.#tables,
      host,
      began: this.#began,
    })
    if (onProgress !== undefined) this.#progress = setInterval(() => this.#settle(), PROGRESS_MS).unref()
  }

  /** Errors: what is wrong with inputs that are all there. What is wrong with lazy ones stands at their rows. */
  start(): void {
    if (this.#isOver) return // its signal had been aborted
    try {
      if (this.#rows instanceof LazyRows)
        this.#tables.share() // as they are now, for all batches to come
      else if (this.#rows.length > 0) this.#begin()
    } catch (error) {
      this.#finish()
      throw error
    }
    this.#advance()
  }

  /** Blocks until the map is over or the time is up; `wait` lets workers go on meanwhile. */
  block(timeoutMs: number | undefined, wait: (isDone: () => boolean, ms: number) => void): void {
    const end = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
    for (let batch = this.#batch; batch !== undefined; batch = this.#batch) {
      const left = end - performance.now()
      if (left <= 0) return
      const here = batch
      here.block(left, () => this.#batch !== here, wait)
    }
  }

  /** Blocks until arrays that were borrowed of the caller are his again, if he would wait no longer for the map itself. */
  untilReturned(): void {
    this.#batch?.untilReturned()
  }

  // What MapResult asks.

  get stats(): MapStats {
    return this.#report.stats
  }

  get pulled(): number {
    return this.#rows.length
  }

  taken(count: number): void {
    this.#taken += count
    this.#advance()
  }

  awaited(): void {
    if (this.#batch === undefined) return // the results come with the next one
    this.#look ??= setTimeout(() => {
      this.#look = undefined
      if (!this.#settle()) this.awaited()
    }, LOOK_MS)
  }

  left(): void {
    if (!this.#isOver) this.#stop(new CancelledError())
  }

  cancelRow(): boolean {
    return false
  }

  isRunning(): boolean {
    return false
  }

  // What the executor asks.

  /** Nothing further starts; results that are there are given. */
  cancelPending(): void {
    this.#stop(new CancelledError())
  }

  /** Ends the map at once: its reader gets `reason`. */
  stop(reason: unknown): void {
    stopResult(this.result, reason)
  }

  /** The executor broke. */
  break(error: () => unknown): void {
    const reason = error()
    this.#stop(reason)
    this.#failure = { reason } // though what waited was cancelled before
  }

  /** Whether some row was begun, wherever it runs. */
  get hasBegun(): boolean {
    return this.#batch?.hasBegun === true
  }

  /** The map that a worker may join now. */
  get joinable(): PullMap | undefined {
    return this.#batch?.joinable
  }

  // What the engine tells.

  wantsWorkers(): void {
    this.#host.joins?.wanted(this)
  }

  endWorker(_map: PullMap, seat: number): void {
    this.#host.joins?.endWorker(this, seat)
  }

  ended(_map: PullMap, end: KernelEnd): void {
    this.#ended(end)
  }

  /** Reads more rows and runs what has been read, as far as that goes. A loop, since a tiny batch ends while it begins. */
  #advance(): void {
    this.#mustAdvance = true
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (this.#mustAdvance && !this.#isOver) {
      this.#mustAdvance = false
      this.#pull()
      if (this.#batch !== undefined) continue
      const rows = this.#rows
      if (this.#failure === undefined && this.#started < rows.length) {
        try {
          this.#begin()
        } catch (reason) {
          this.#stop(reason)
        }
      } else if (this.#failure !== undefined || !(rows instanceof LazyRows) || rows.ended) this.#finish()
    }
    this.#isAdvancing = false
  }

  /** Runs all rows that are there and have not begun. */
  #begin(): void {
    const start = this.#started
    const count = this.#rows.length - start
    const { chunksize, out, timeout, spread } = this.#settings
    const batch = new KernelBatch({
      kernel: this.#kernel,
      tables: this.#tables,
      columns: columnsOf(this.#rows, start, start + count, spread, this.#kernel),
      start,
      rows: count,
      out: out?.subarray(start),
      chunksize: chunksize === 'auto' ? undefined : chunksize,
      maxWorkers: this.#host.maxWorkers,
      timeoutMs: (timeout ?? Number.POSITIVE_INFINITY) - (performance.now() - this.#began),
      asked: this.#asked,
      fold: this.#rows instanceof LazyRows ? undefined : this.#reduction?.fold, // their batches part leaves
      isBlocking: this.#isBlocking,
      pullHost: this.#host.joins === undefined ? undefined : this,
      onClaims: this.#report.wantsClaims
        ? (worker, claims, firstRow) => this.#claimed(worker, claims, start + firstRow)
        : undefined,
      remote: this.#host.remote,
      onEnd: (end) => this.#ended(end),
    })
    this.#started = start + count
    this.#rows.release(start, start + count)
    this.#batch = batch
    batch.run()
  }

  /** Takes over the results that are ready; false: there are no new ones. */
  #settle(): boolean {
    const batch = this.#batch
    if (batch === undefined) return false
    const ready = batch.ready()
    if (batch.start + ready === this.#done) return false
    const start = this.#done
    let given: ReturnType<KernelBatch['give']>
    try {
      given = batch.give(ready)
    } catch (reason) {
      this.#stop(reason) // the caller has detached `out`
      return false
    }
    this.#done = batch.start + ready
    this.#report.resultsCame(batch)
    settleRows(this.result, { start, values: this.#reduced(batch, given.values, this.#done - start) })
    const rows = this.#rows
    tellProgress(this.#settings.onProgress, this.#done, rows instanceof LazyRows ? undefined : rows.length)
    return true
  }

  /** What the reader is told of results of so many rows. */
  #reduced(batch: KernelBatch, results: NumberArray, rows: number): ArrayLike<unknown> {
    const reduction = this.#reduction
    if (reduction === undefined) return results
    if (batch.isFolded) reduction.addLeaves(results, rows)
    else reduction.addValues(results)
    return { length: rows } // it reads but how many there are
  }

  #claimed(worker: number, claims: Float64Array, firstRow: number): void {
    if (this.#batch !== undefined) this.#report.claimed(this.#batch.engine, worker, claims, firstRow)
  }

  #ended(end: KernelEnd): void {
    const batch = this.#batch as KernelBatch
    if (end.kind === 'failed') this.#failure ??= { reason: end.reason }
    else if (end.kind === 'stopped') {
      this.#failure ??= { reason: end.why === STOP.deadline ? new TimeoutError() : new CancelledError() }
    }
    this.#settle()
    this.#report.batchEnded(batch)
    if (this.#reduction === undefined) this.#parts.push(batch.arrays.whole)
    batch.arrays.release()
    this.#batch = undefined
    this.#advance()
  }

  /** Reads rows of lazy inputs, as many as the window has room for; whole chunks, where their size is given. */
  #pull(): void {
    const rows = this.#rows
    if (!(rows instanceof LazyRows) || this.#isPulling || this.#failure !== undefined || rows.ended) return
    const { chunksize } = this.#settings
    let room = this.#window - (rows.length - this.#taken)
    if (chunksize !== 'auto' && room > chunksize) room -= room % chunksize
    if (room <= 0) return
    const before = rows.length
    const { isShutDown } = this.#host
    const pulled = (): void => {
      this.#isPulling = false
      // As in Python, one row is read to see whether there is one: spent inputs are no error.
      if (isShutDown && rows.length > before) this.#stop(new ShutdownError())
    }
    this.#isPulling = true
    const later = rows.pull(isShutDown ? 1 : room)
    if (later === undefined) pulled()
    else {
      void later.then(() => {
        pulled()
        this.#advance()
      })
    }
  }

  #stop(reason: unknown): void {
    this.#failure ??= { reason }
    if (this.#rows instanceof LazyRows) this.#rows.leave()
    this.#batch?.stop(STOP.cancelled)
    this.#advance()
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#look)
    clearInterval(this.#progress)
    this.#tables.release()
    const failure = this.#failure ?? (this.#rows instanceof LazyRows ? this.#rows.failure : undefined)
    endRows(this.result, this.#done, failure)
    this.#report.over(this.#done)
    this.onOver?.()
    this.onOver = undefined
    this.#host.kernelOver(this)
  }

  /** What `await` gives. */
  #whole(): NumberArray | number {
    if (this.#reduction !== undefined) return this.#reduction.end()
    const { out } = this.#settings
    if (out !== undefined) return out
    if (this.#parts.length === 1) return this.#parts[0] as NumberArray
    const whole = new Float64Array(this.#done)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}

function asNumberArray(input: unknown): NumberArray | undefined {
  return isNumberArray(input) ? input : undefined
}
