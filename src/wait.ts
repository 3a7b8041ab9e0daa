import { type Checks, readOptions, timeoutMs } from './checks.ts'
import { TimeoutError } from './errors.ts'
import { Future, forget, outcomeOf, whenDone } from './future.ts'
import { show } from './show.ts'
import { after, type Disarm } from './timer.ts'

/** When `wait` resolves; Python's constants. */
export type ReturnWhen = 'ALL_COMPLETED' | 'FIRST_COMPLETED' | 'FIRST_EXCEPTION'

/** For how long `wait` waits, and for what. */
export interface WaitOptions {
  /** Milliseconds; when it is over, `wait` resolves with what is done by then. 0 or less looks once. */
  timeout?: number | undefined
  /** Default `'ALL_COMPLETED'`. FIRST_EXCEPTION without an exception waits for all. */
  returnWhen?: ReturnWhen | undefined
}

type AnyFuture = Future<unknown>

const waitChecks: Checks<{ timeout: number | undefined; returnWhen: ReturnWhen }> = {
  timeout: timeoutMs,
  returnWhen: checkReturnWhen,
}
const asCompletedChecks: Checks<{ timeout: number | undefined }> = { timeout: timeoutMs }

/**
 * Waits until all futures are done, or the first, or the first that failed; then resolves with the two sets. Cancels nothing.
 *
 * Duplicates count once; a cancelled future is done; futures of several executors mix.
 * Units:  milliseconds.
 * Errors: TypeError for what is not a Future, and for an unknown option; RangeError for an unknown `returnWhen`, and for a timeout of NaN.
 * Cost:   O(futures), and a callback on each that is not done.
 *
 *     const futures = [1, 4, 9].map((n) => pool.submit(Math.sqrt, n))
 *     const { done, notDone } = await wait(futures)
 *     done.size // → 3
 *     notDone.size // → 0
 */
export function wait<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: WaitOptions,
): Promise<{ done: Set<F>; notDone: Set<F> }> {
  const { timeout, returnWhen } = readOptions(options, waitChecks, 'wait')
  const notDone = futureSet(futures)
  const done = new Set<F>()
  const isEnough = (future: AnyFuture): boolean =>
    returnWhen === 'FIRST_COMPLETED' || (returnWhen === 'FIRST_EXCEPTION' && outcomeOf(future).state === 'failed')

  let enough = false
  for (const future of notDone) {
    if (!future.done()) continue
    notDone.delete(future)
    done.add(future)
    enough ||= isEnough(future)
  }
  const over = timeout !== undefined && timeout <= 0
  if (enough || over || notDone.size === 0) return Promise.resolve({ done, notDone })

  return new Promise((resolve) => {
    const finish = (): void => {
      disarm()
      for (const future of notDone) forget(future, onDone)
      resolve({ done, notDone })
    }
    const onDone = (future: AnyFuture): void => {
      notDone.delete(future as F)
      done.add(future as F)
      if (isEnough(future) || notDone.size === 0) finish()
    }
    const disarm = after(timeout, finish)
    for (const future of notDone) whenDone(future, onDone)
  })
}

/**
 * Yields the futures as they are done: first those that are, then the others in the order of completion. Cancels nothing and keeps no future that it has yielded.
 *
 * The clock of `timeout` starts at this call; a future that is done is yielded however late.
 * Units:  milliseconds.
 * Errors: TypeError at the call for what is not a Future, and for an unknown option; TimeoutError from `next()`, with CPython's text.
 *
 *     const futures = [1, 4].map((n) => pool.submit(Math.sqrt, n))
 *     const roots: number[] = []
 *     for await (const future of asCompleted(futures)) roots.push(await future)
 *     roots.sort() // → [ 1, 2 ]
 */
export function asCompleted<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: { timeout?: number | undefined },
): AsyncIterableIterator<F> {
  const { timeout } = readOptions(options, asCompletedChecks, 'asCompleted')
  return new Completions(futureSet(futures), timeout)
}

interface Waiter<F> {
  resolve: (result: IteratorResult<F>) => void
  reject: (reason: unknown) => void
}

/** Not a generator: overlapping next() calls are answered in order, and return() is answered while a next() waits. */
class Completions<F extends AnyFuture> implements AsyncIterableIterator<F> {
  readonly #total: number
  readonly #pending: Set<F>
  readonly #deadline: number
  readonly #waiting: Waiter<F>[] = []
  #completed: (F | undefined)[] = []
  #taken = 0 // of #completed: shifting a long array would cost its length each time
  #disarm: Disarm | undefined

  constructor(futures: Set<F>, timeout: number | undefined) {
    this.#total = futures.size
    this.#pending = futures
    this.#deadline = performance.now() + (timeout ?? Number.POSITIVE_INFINITY)
    for (const future of futures) whenDone(future, this.#onDone)
  }

  next(): Promise<IteratorResult<F>> {
    const future = this.#waiting.length === 0 ? this.#take() : undefined
    if (future !== undefined) return Promise.resolve({ done: false, value: future })
    if (this.#pending.size <= this.#waiting.length) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      const left = this.#deadline - performance.now()
      if (left <= 0) this.#expire()
      else this.#disarm ??= after(left, () => this.#expire())
    })
  }

  return(): Promise<IteratorResult<F>> {
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(): F | undefined {
    const future = this.#completed[this.#taken]
    if (future === undefined) return undefined
    this.#completed[this.#taken] = undefined // a yielded future is kept by nobody here
    this.#taken++
    return future
  }

  readonly #onDone = (future: AnyFuture): void => {
    this.#pending.delete(future as F)
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#completed.push(future as F)
    else waiter.resolve({ done: false, value: future as F })
    if (this.#waiting.length === 0) this.#rest()
  }

  #expire(): void {
    const unfinished = `${this.#pending.size} (of ${this.#total}) futures unfinished`
    this.#waiting.shift()?.reject(new TimeoutError(unfinished))
    this.#end()
  }

  #end(): void {
    for (const future of this.#pending) forget(future, this.#onDone)
    this.#pending.clear()
    this.#completed = []
    for (const waiter of this.#waiting.splice(0)) waiter.resolve({ done: true, value: undefined })
    this.#rest()
  }

  #rest(): void {
    this.#disarm?.()
    this.#disarm = undefined
  }
}

function checkReturnWhen(value: unknown): ReturnWhen {
  if (value === undefined) return 'ALL_COMPLETED'
  if (value === 'ALL_COMPLETED' || value === 'FIRST_COMPLETED' || value === 'FIRST_EXCEPTION') return value
  throw new RangeError(
    `Invalid return condition: ${show(value)}; use 'ALL_COMPLETED', 'FIRST_COMPLETED' or 'FIRST_EXCEPTION'`,
  )
}

function futureSet<F extends AnyFuture>(futures: Iterable<F>): Set<F> {
  if (typeof (futures as Partial<Iterable<F>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`futures must be an iterable, got ${show(futures)}; use [future, ...]`)
  }
  const set = new Set(futures)
  for (const future of set) {
    if (!(future instanceof Future)) {
      throw new TypeError(`futures must hold futures only, got ${show(future)}; use what submit() returns`)
    }
  }
  return set
}
