import { onClock } from '../clock.ts'
import { decodeValue, encodeValue, packList } from '../wire/codec.ts'
import { type ErrorWire, encodeError } from '../wire/errors.ts'
import type { ChunkMessage, RowsMessage } from '../wire/protocol.ts'
import { isThenable } from '../wire/thenable.ts'
import type { Transferable } from '../wire/transfer.ts'
import type { Line } from './line.ts'

/** One input of a chunk. `step` 0: one value that all rows share. */
export interface Column {
  readonly values: ArrayLike<unknown>
  readonly step: 0 | 1
  /** Rows whose value could not be sent, with the reason. */
  readonly failures?: ReadonlyMap<number, unknown> | undefined
}

/** Outcomes that are not numbers wait so long at most for company: short enough for a stream to be smooth, long against a message (10 µs). */
const POST_MS = 5

/**
 * Rows between two looks at the clock at most. When rows become slow, behind many fast ones, so many of them run before a process takes its cancel, or
 * before a chunk that overruns is cut: with more of them, later; with fewer, fast rows pay (a look is 60 ns: half a nanosecond a row).
 */
const MOST_ROWS = 128

/**
 * Runs the rows of a chunk one after the other.
 *
 * As long as they return numbers these are stored in the block; from the first other outcome on they are collected. A thread's block is shared, so that
 * what stands there outlives the worker; all else is posted, every 5 ms or at the end.
 */
export class ChunkRun {
  readonly #message: ChunkMessage
  readonly #n: number
  readonly #fn: (...args: unknown[]) => unknown
  readonly #columns: readonly Column[]
  readonly #failedRows: boolean
  readonly #block: Float64Array | undefined
  readonly #line: Line
  readonly #stopMs: number
  /** A death is laid to the first row that has no answer: so those before a row are out when it begins, and its own before the next work does. */
  readonly #answersEach: boolean

  #row = 0
  #numbers = 0 // rows whose numbers stand in the block
  #told = 0 // rows of these that were posted (processes: nobody else sees their block)
  #from = 0 // first row of #values
  #values: unknown[] = []
  #failures: [row: number, error: ErrorWire][] = []
  #stopped = false // by a row that threw
  #beganMs = 0
  #attempts = 0 // of the row that runs
  // The clock is looked at every #stride rows: about once in 20 to 100 µs, so that it costs under 1 %.
  #stride = 1
  #lookAt = 1
  #lookedMs = 0
  #postedMs = 0

  constructor(
    message: ChunkMessage,
    n: number,
    fn: (...args: unknown[]) => unknown,
    columns: readonly Column[],
    block: Float64Array | undefined,
    line: Line,
  ) {
    this.#message = message
    this.#n = n
    this.#fn = fn
    this.#columns = columns
    this.#failedRows = columns.some((column) => column.failures !== undefined)
    this.#block = block
    this.#answersEach = message.single === true || message.count === 1
    this.#stopMs = message.stopMs ?? Number.POSITIVE_INFINITY
    this.#line = line
  }

  /** Runs the chunk to its end; a promise where it has to wait on its way. */
  go(): Promise<void> | undefined {
    const later = this.#advance()
    return later === undefined ? undefined : this.#goOn(later)
  }

  async #goOn(first: Promise<void>): Promise<void> {
    for (let later: Promise<void> | undefined = first; later !== undefined; later = this.#advance()) await later
  }

  /** Runs rows until the chunk is over, or until a promise has to be waited for. */
  #advance(): Promise<void> | undefined {
    if (this.#beganMs === 0) this.#beganMs = this.#lookedMs = this.#postedMs = performance.now()
    const later = this.#rows()
    if (later === undefined) this.#finish()
    return later
  }

  #rows(): Promise<void> | undefined {
    const { count, timed, spread, retries = 0 } = this.#message
    const n = this.#n
    const line = this.#line
    const block = this.#block
    const [first, second, third] = this.#columns
    const a = first?.values ?? []
    const b = second?.values ?? []
    const c = third?.values ?? []
    const sa = first?.step ?? 0
    const sb = second?.step ?? 0
    const sc = third?.step ?? 0
    const arity = this.#columns.length
    const fn = this.#fn

    while (this.#row < count && !this.#stopped && !line.mustLeave(n)) {
      const row = this.#row
      if (row >= this.#lookAt) {
        const now = performance.now()
        this.#look(row, now)
        if (now - this.#beganMs > this.#stopMs) return
        const pause = line.pause(now)
        if (pause !== undefined) return pause
      }
      line.begun(row + 1)
      if (timed === true) line.started(n)
      else if (this.#answersEach) line.flush() // the answers before it
      let value: unknown
      try {
        if (this.#failedRows) this.#refuse(row)
        if (retries > 0 && this.#mayTryAgain) value = this.#callOnCopies(row)
        else if (spread === true) value = fn(...(a[row] as unknown[]))
        else if (arity === 1) value = fn(a[row * sa])
        else if (arity === 2) value = fn(a[row * sa], b[row * sb])
        else if (arity === 3) value = fn(a[row * sa], b[row * sb], c[row * sc])
        else value = fn(...this.#columns.map((column) => column.values[row * column.step]))
      } catch (error) {
        this.#failed(row, error)
        continue
      }
      if (typeof value === 'number' && block !== undefined && this.#numbers === row) {
        block[row] = value
        this.#numbers = row + 1
        this.#row = row + 1
        line.numbers(row + 1)
        if (this.#attempts > 0) this.#retriesOver()
      } else if (isThenable(value)) {
        return Promise.resolve(value).then(
          (settled) => this.#returned(row, settled),
          (error) => this.#failed(row, error),
        )
      } else this.#returned(row, value)
    }
  }

  get #mayTryAgain(): boolean {
    return this.#attempts < (this.#message.retries ?? 0)
  }

  /** Calls the function on copies: a try that changes its arguments, and then fails, leaves them as they were sent to the next one. */
  #callOnCopies(row: number): unknown {
    const args = this.#columns.map(({ values, step }) => (step === 0 ? values[0] : this.#copy(values[row])))
    return this.#message.spread === true ? this.#fn(...(args[0] as unknown[])) : this.#fn(...args)
  }

  #copy(value: unknown): unknown {
    return typeof value === 'number' ? value : decodeValue(encodeValue(value, this.#line.carrier))
  }

  /** Row `row` is over: moves the next look at the clock, and posts what has waited long enough. */
  #look(row: number, now: number): void {
    const sinceUs = (now - this.#lookedMs) * 1000
    if (sinceUs < 20) this.#stride = Math.min(this.#stride * 2, MOST_ROWS)
    else if (sinceUs > 100 && this.#stride > 1) this.#stride >>= 1
    this.#lookedMs = now
    this.#lookAt = row + this.#stride
    if (now - this.#postedMs > POST_MS) {
      this.#postedMs = now
      this.#post()
    }
  }

  #refuse(row: number): void {
    for (const { failures } of this.#columns) if (failures?.has(row) === true) throw failures.get(row)
  }

  #returned(row: number, value: unknown): void {
    if (this.#values.length === 0) this.#from = row
    this.#values.push(value)
    this.#next(row)
  }

  #failed(row: number, error: unknown): void {
    if (this.#mayTryAgain) {
      this.#attempts++
      this.#line.retried(this.#attempts)
      return
    }
    if (this.#values.length === 0) this.#from = row
    this.#failures.push([row, encodeError(error, this.#line.carrier)])
    this.#values.push(undefined)
    if (this.#message.raise === true) this.#stopped = true
    this.#next(row)
  }

  #next(row: number): void {
    this.#row = row + 1
    if (this.#attempts > 0) this.#retriesOver()
    if (this.#message.single === true) this.#post()
  }

  #retriesOver(): void {
    this.#attempts = 0
    this.#line.retried(0)
  }

  /** Posts the outcomes that the caller cannot see. */
  #post(): void {
    this.#postNumbers()
    if (this.#values.length === 0) return
    const transferList: Transferable[] = []
    const rows = this.#takeRows(transferList)
    this.#line.post(this.#n, { n: this.#n, rows }, transferList, true)
  }

  #postNumbers(): void {
    const row = this.#told
    const from = this.#storeNumbers()
    if (from === undefined) return
    const rows = { from: row, list: { from, count: this.#told - row } }
    this.#line.post(this.#n, { n: this.#n, rows }, [], true)
  }

  /** Puts the numbers that the caller does not see into the next message. The answer is where they stand there; undefined: there are none. */
  #storeNumbers(): number | undefined {
    const { store } = this.#line
    if (store === undefined || this.#block === undefined || this.#told === this.#numbers) return undefined
    const from = store.used
    store.add(this.#block, this.#told, this.#numbers)
    this.#told = this.#numbers
    return from
  }

  #takeRows(transferList: Transferable[]): RowsMessage {
    const values = this.#values
    const failures = this.#failures
    const { carrier, store } = this.#line
    const list = packList(values, 0, values.length, carrier, transferList, store)
    this.#values = []
    if (failures.length === 0) return { from: this.#from, list }
    this.#failures = []
    return { from: this.#from, list, failures }
  }

  #finish(): void {
    this.#postEnd(performance.now() - this.#beganMs)
    if (this.#answersEach) this.#line.flush()
  }

  #postEnd(execMs: number): void {
    const n = this.#n
    const began = this.#message.observed === true ? onClock(this.#beganMs) : undefined
    const done = this.#row
    const isOfNumbers = this.#told === 0 && this.#numbers === done
    const from = isOfNumbers ? this.#storeNumbers() : undefined
    if (from !== undefined) {
      const over = { n, done, from, execMs: [execMs] }
      this.#line.post(n, began === undefined ? over : { ...over, began: [began] }, [], false)
      return
    }
    this.#postNumbers()
    const transferList: Transferable[] = []
    const over = { n, done, numbers: this.#numbers - this.#told, execMs }
    const timed = began === undefined ? over : { ...over, began }
    const message = this.#values.length === 0 ? timed : { ...timed, last: this.#takeRows(transferList) }
    this.#line.post(n, message, transferList, false)
  }
}
