import { CancelledError, InvalidStateError, TimeoutError } from '../errors.ts'
import type { MapStats } from '../observe/stats.ts'
import { after, type Disarm } from '../timer.ts'
import { Collector } from './collector.ts'
import { type ErrorPolicy, kept, type Segment } from './outcome.ts'
import { type TaskSource, Tasks } from './tasks.ts'

/** What the rows' side of a map does for its reader's side. */
export interface MapSource extends TaskSource {
  readonly stats: MapStats
  /** The reader has taken `count` more outcomes: a buffered map may hand out as many more rows. */
  taken(count: number): void
  /** The reader waits for an outcome: a source that is not told of them looks for some. */
  awaited?(): void
  /** The reader is gone: nothing further starts, what runs stops at its next item. */
  left(): void
}

export interface ResultOptions {
  policy: ErrorPolicy
  unordered: boolean
  /** Milliseconds from now for the whole iteration. */
  timeoutMs: number | undefined
  /** Kernels: what `await` gives, which is made as the map runs; asked for once. */
  whole?: (() => unknown) | undefined
}

type Reading = 'values' | 'entries' | 'await'

interface Waiter {
  resolve: (result: IteratorResult<unknown>) => void
  reject: (reason: unknown) => void
}

type AnyResult = MapResult<unknown, unknown>

/** Gives a map outcomes of some rows; each row once. */
export let settleRows: (result: AnyResult, segment: Segment) => void

/** Tells a map how many outcomes there will be, and what is raised behind the last one, if anything is. */
export let endRows: (result: AnyResult, end: number, failure?: { reason: unknown }) => void

/** Ends a map now with `reason`; results that were not read are dropped. */
export let stopResult: (result: AnyResult, reason: unknown) => void

/** Collects a map without a promise, for callers that block. */
export let collectResult: (
  result: AnyResult,
  resolve: (all: unknown) => void,
  reject: (reason: unknown) => void,
) => void

/** A view of each call of a map. Ask for it in the turn of the call of `map`. */
export let tasksOf: (result: AnyResult) => Tasks

/**
 * The results of a `map`, in the order of its inputs: awaited (any number of times, the same array) or iterated once, by values or by `entries()`.
 *
 * A hand-written iterator, never a generator: a generator could not go on after an error, and left before its first `next()` it would run no clean-up.
 * Outcomes come in segments and are kept so, until they are read: one array a chunk, not one object an item.
 */
export class MapResult<R, All = R[]> implements AsyncIterableIterator<R>, PromiseLike<All>, AsyncDisposable {
  readonly #source: MapSource
  readonly #policy: ErrorPolicy
  readonly #unordered: boolean
  readonly #deadline: number
  readonly #whole: (() => unknown) | undefined

  // Unread segments: by their first row when results come in order, else in order of arrival under 0, 1, 2 …
  readonly #segments = new Map<number, Segment>()
  #arrived = 0
  #opened = 0
  #segment: Segment | undefined // the one that is being read
  #offset = 0 // in #segment
  #read = 0 // outcomes taken so far

  #end: number | undefined // how many outcomes there will be, once that is known
  #failure: { reason: unknown } | undefined // what stands at the end instead of `done`
  #finished = false
  #isServing = false
  #reading: Reading | undefined
  readonly #waiting: Waiter[] = []
  #collector: Collector | undefined
  #collected: Promise<All> | undefined
  #disarm: Disarm | undefined
  #tasks: Tasks | undefined

  constructor(source: MapSource, options: ResultOptions) {
    this.#source = source
    this.#policy = options.policy
    this.#unordered = options.unordered
    this.#whole = options.whole
    this.#deadline = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY)
  }

  /** How the map went so far; the same object each time. */
  get stats(): MapStats {
    return this.#source.stats
  }

  /**
   * The next result; done after the last. Overlapping calls are answered in order.
   *
   * Errors: what a call threw, as `errors` has it; CancelledError; TimeoutError; InvalidStateError at the call, where the map is read another way.
   */
  next(): Promise<IteratorResult<R>> {
    this.#readAs('values')
    return this.#next() as Promise<IteratorResult<R>>
  }

  /** Leaves the map: nothing further starts, `next()` is done, `await` rejects with CancelledError. */
  return(): Promise<IteratorResult<R>> {
    this.#leave()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** The results with the index of their row: `[index, value]`. Errors: as `next`. */
  entries(): AsyncIterableIterator<[index: number, value: R]> {
    this.#readAs('entries')
    const entries: AsyncIterableIterator<[number, R]> = {
      next: () => this.#next() as Promise<IteratorResult<[number, R]>>,
      return: () => this.return() as Promise<IteratorResult<never>>,
      [Symbol.asyncIterator]: () => entries,
    }
    return entries
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave()
  }

  // biome-ignore lint/suspicious/noThenProperty: a map is awaitable by contract
  then<A = All, B = never>(
    onDone?: ((all: All) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#readAs('await')
    this.#collected ??= new Promise((resolve, reject) => this.#collect(resolve as (all: unknown) => void, reject))
    return this.#collected.then(onDone, onFailed)
  }

  #readAs(reading: Reading): void {
    this.#reading ??= reading
    if (this.#reading !== reading) {
      const ways = { values: 'iterated', entries: 'iterated by entries()', await: 'awaited' }
      throw new InvalidStateError(
        `a map is read one way: this one is being ${ways[this.#reading]} and cannot be ${ways[reading]} too; collect it once and use the array`,
      )
    }
  }

  #next(): Promise<IteratorResult<unknown>> {
    const ready = this.#waiting.length === 0 ? this.#step() : undefined
    if (ready !== undefined) return ready
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#awaitDeadline()
      this.#source.awaited?.()
    })
  }

  /** The next answer, or undefined where it must be waited for. */
  #step(): Promise<IteratorResult<unknown>> | undefined {
    if (this.#finished) return Promise.resolve({ done: true, value: undefined })
    const segment = this.#current()
    if (segment === undefined) {
      if (this.#read !== this.#end) return undefined
      const failure = this.#failure
      this.#finish()
      return failure === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(failure.reason)
    }
    const index = segment.start + this.#offset
    const failed = segment.failures?.has(index) === true
    const reason = failed ? segment.failures.get(index) : undefined
    let value: unknown = segment.values[this.#offset]
    if (Array.isArray(segment.values)) segment.values[this.#offset] = undefined // nothing here keeps what was given
    // Before the rows behind it are counted as taken: no input is read for a map that is over.
    if (failed && this.#policy === 'raise') this.#finish()
    else this.#advance(1)
    if (this.#policy === 'settle') {
      value = failed ? { status: 'rejected', reason } : { status: 'fulfilled', value }
    } else if (failed) return Promise.reject(reason)
    return Promise.resolve({ done: false, value: this.#reading === 'entries' ? [index, value] : value })
  }

  #current(): Segment | undefined {
    while (this.#segment === undefined || this.#offset === this.#segment.values.length) {
      const key = this.#unordered ? this.#opened : this.#read
      const segment = this.#segments.get(key)
      if (segment === undefined) return undefined
      this.#segments.delete(key)
      this.#opened++
      this.#segment = segment
      this.#offset = 0
    }
    return this.#segment
  }

  #advance(count: number): void {
    this.#offset += count
    this.#read += count
    this.#source.taken(count)
  }

  #serve(): void {
    // An outcome that is taken may move the window, bring rows and end the map: that comes back here, and must wait its turn.
    if (this.#isServing) return
    this.#isServing = true
    if (this.#collector !== undefined) this.#fill(this.#collector)
    while (this.#waiting.length > 0) {
      const answer = this.#step()
      if (answer === undefined) break
      const waiter = this.#waiting.shift()
      if (waiter !== undefined) void answer.then(waiter.resolve, waiter.reject)
    }
    this.#isServing = false
    if (this.#waiting.length > 0) this.#source.awaited?.()
    if (this.#collector !== undefined || this.#waiting.length > 0) return
    this.#disarm?.()
    this.#disarm = undefined
  }

  #collect(resolve: (all: unknown) => void, reject: (reason: unknown) => void): void {
    if (this.#finished) {
      reject(new CancelledError())
      return
    }
    this.#collector = new Collector(this.#policy, this.#whole, resolve, reject)
    this.#fill(this.#collector)
    if (!this.#finished) this.#awaitDeadline()
  }

  #fill(collector: Collector): void {
    for (let segment = this.#current(); segment !== undefined; segment = this.#current()) {
      const failure = collector.add(segment, this.#offset, this.#end)
      if (failure === undefined) this.#advance(segment.values.length - this.#offset)
      else {
        this.#finish()
        collector.reject(failure.reason)
      }
      if (this.#finished) return
    }
    if (this.#read !== this.#end) return
    const failure = this.#failure
    this.#finish()
    collector.finish(this.#read, failure)
  }

  /** Looked at only when someone waits: results that are there are delivered however late. */
  #awaitDeadline(): void {
    if (this.#deadline === Number.POSITIVE_INFINITY) return
    const left = this.#deadline - performance.now()
    if (left <= 0) this.#stop(new TimeoutError())
    else this.#disarm ??= after(left, () => this.#stop(new TimeoutError()))
  }

  #leave(): void {
    if (this.#finished) return
    const collector = this.#collector
    this.#finish()
    collector?.reject(new CancelledError())
    for (const waiter of this.#waiting.splice(0)) waiter.resolve({ done: true, value: undefined })
  }

  /** Ends the iteration here and now with `reason`, for whoever waits or else for whoever asks next. */
  #stop(reason: unknown): void {
    const collector = this.#collector
    const waiting = this.#waiting.splice(0)
    this.#finish()
    if (collector !== undefined) collector.reject(reason)
    else if (waiting.length > 0) {
      waiting[0]?.reject(reason)
      for (const waiter of waiting.slice(1)) waiter.resolve({ done: true, value: undefined })
    } else {
      this.#finished = false
      this.#read = 0
      this.#end = 0
      this.#failure = { reason }
    }
  }

  #finish(): void {
    this.#finished = true
    this.#collector = undefined
    this.#segments.clear()
    this.#segment = undefined
    this.#disarm?.()
    this.#disarm = undefined
    this.#source.left()
  }

  #settle(segment: Segment): void {
    this.#tasks?.note(segment)
    if (this.#finished || segment.values.length === 0) return
    const key = this.#unordered ? this.#arrived++ : segment.start
    const isReadNow =
      this.#collector !== undefined && !this.#isServing && key === (this.#unordered ? this.#opened : this.#read)
    this.#segments.set(key, isReadNow ? segment : kept(segment))
    if (this.#collector !== undefined || this.#waiting.length > 0) this.#serve()
  }

  static {
    settleRows = (result, segment) => result.#settle(segment)
    endRows = (result, end, failure) => {
      result.#end = end
      if (failure !== undefined) result.#failure = failure
      if (!result.#finished) result.#serve()
    }
    stopResult = (result, reason) => {
      if (!result.#finished) result.#stop(reason)
    }
    collectResult = (result, resolve, reject) => {
      result.#readAs('await')
      result.#collect(resolve, reject)
    }
    tasksOf = (result) => {
      const tasks = new Tasks(result.#source, () => result.#finished)
      for (const segment of result.#segments.values()) tasks.note(segment)
      result.#tasks = tasks
      return tasks
    }
  }
}
