import { inspect } from 'node:util'
import { CancelledError, InvalidStateError, TimeoutError } from './errors.ts'
import { invariant } from './invariant.ts'
import { after } from './timer.ts'
import { type End, PromiseWaiter, ThenWaiter, type Waiter } from './waiter.ts'

/**
 * Where a call stands. A future moves down this table, never up; the last three rows are final.
 *
 *   pending    no worker has begun it          cancel() succeeds
 *   running    a worker has begun it           cancel() answers false
 *   cancelled  it never ran                    result() rejects with CancelledError, or with signal.reason
 *   done       it returned                     result() resolves with the value
 *   failed     it threw, or a limit ended it   result() rejects with what it threw
 */
export type FutureState = 'pending' | 'running' | 'cancelled' | 'done' | 'failed'

/** Who runs the call of a future. A future that the user made has none. */
export interface Runner {
  /** Whether a worker has begun the call. */
  hasBegun(): boolean
  /** Takes the call back before it begins; false: too late. */
  takeBack(): boolean
  /** Blocks the calling thread until the future is settled or `timeoutMs` is over. */
  block(timeoutMs: number | undefined): void
}

type Callback = (future: Future<unknown>) => void
type AnyWaiter = Callback | Waiter

/** A future whose call `runner` runs. */
export let futureOf: (runner: Runner) => Future<unknown>

/** The state and the value of a future as they are now. */
export let outcomeOf: (future: Future<unknown>) => { state: FutureState; value: unknown }

/** Cancels a pending future; its `result()` rejects with `reason`. The caller has already taken the call back. */
export let cancelBecause: (future: Future<unknown>, reason: unknown) => void

/** Takes the call of a pending future back from whoever has it; false: it has begun. */
export let takeBack: (future: Future<unknown>) => boolean

/** Calls `fn` when the future is done; at once if it is. For our own waiters: what it throws is not caught. */
export let whenDone: (future: Future<unknown>, fn: (future: Future<unknown>) => void) => void

/** Takes a waiter of `whenDone` back. */
export let forget: (future: Future<unknown>, fn: (future: Future<unknown>) => void) => void

/**
 * One call's outcome, still to come. Awaitable; nothing is a promise until it is awaited, so an error that nobody looks at is silent, as in Python.
 *
 * Cost: about 100 bytes until someone waits for it.
 *
 *     const future = pool.submit(Math.hypot, 3, 4)
 *     await future // → 5
 *     future.done() // → true
 */
export class Future<T> implements PromiseLike<T> {
  #state: FutureState = 'pending'
  #value: unknown // the result, or what was thrown
  #runner: Runner | undefined
  #waiters: AnyWaiter | AnyWaiter[] | undefined // a list from the second on: most futures have one or none
  #noticed = false // setRunningOrNotifyCancel() has told of the cancellation

  /**
   * Cancels the call if it has not begun; true if it is cancelled now.
   * Cost: O(1); exact on threads, where a call that is on its way to a worker can still be taken back.
   */
  cancel(): boolean {
    return this.#state === 'cancelled' || this.#cancel(undefined, true)
  }

  /** Whether the call was cancelled: it never ran. */
  cancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /** Whether a worker has begun the call and it has no outcome; exact on threads, on processes true once it is sent. */
  running(): boolean {
    return this.#state === 'running' || (this.#state === 'pending' && this.#runner?.hasBegun() === true)
  }

  /** Whether there is an outcome: it returned, failed or was cancelled. */
  done(): boolean {
    return this.#state !== 'pending' && this.#state !== 'running'
  }

  /**
   * Resolves with the call's value, or rejects with what it threw, with CancelledError, or with TimeoutError when `timeout` is over first.
   * A timeout changes nothing in the future; 0 or less does not wait.
   *
   * Units:  milliseconds.
   * Errors: at the call, TypeError if `timeout` is no number, RangeError if it is NaN.
   */
  result(timeout?: number): Promise<T> {
    return this.#outcome(timeout, readResult) as Promise<T>
  }

  /**
   * Resolves with what the call threw, or with undefined if it returned; rejects with CancelledError or TimeoutError.
   *
   * Units:  milliseconds.
   * Errors: at the call, as `result`.
   */
  exception(timeout?: number): Promise<unknown> {
    return this.#outcome(timeout, readException)
  }

  /**
   * Blocks the calling thread for the call's value, as Python's `result()` does. Works on threads and inline.
   *
   * Units:  milliseconds.
   * Errors: what the call threw; CancelledError; TimeoutError; InvalidStateError where a wait could never end.
   */
  resultSync(timeout?: number): T {
    checkTimeout(timeout)
    if (!this.done()) {
      if (this.#runner === undefined) {
        throw new InvalidStateError(
          'resultSync would block the only thread that can settle this future; use await, or set its result before',
        )
      }
      this.#runner.block(timeout)
    }
    if (!this.done()) throw new TimeoutError()
    if (this.#state === 'done') return this.#value as T
    throw this.#value
  }

  // biome-ignore lint/suspicious/noThenProperty: a future is awaitable by contract
  then<A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.done()) return this.result().then(onDone, onFailed)
    const waiter = new ThenWaiter(onDone, onFailed)
    this.#add(waiter)
    return waiter.promise as Promise<A | B>
  }

  /**
   * Calls `fn` with this future once it is done or cancelled; at once if it is already. Callbacks run in the order of adding, one added twice runs twice.
   * One that throws is reported as a process warning, and the next one runs.
   *
   * Errors: TypeError for what is no function.
   */
  addDoneCallback(fn: (future: Future<T>) => unknown): void {
    if (typeof fn !== 'function') throw new TypeError(`a done callback must be a function, got ${inspect(fn)}`)
    this.#whenDone(() => runCallback(fn, this))
  }

  /** Sets the result of a future that you made yourself. Errors: InvalidStateError if it is set or cancelled already. */
  setResult(value: T): void {
    this.#refuseIfDone()
    this.#settle('done', value)
  }

  /** Sets the failure of a future that you made yourself. Errors: InvalidStateError if it is set or cancelled already. */
  setException(reason: unknown): void {
    this.#refuseIfDone()
    this.#settle('failed', reason)
  }

  /** Marks the call as taken: true, go on; false, it was cancelled, so leave it be. Errors: InvalidStateError the second time. */
  setRunningOrNotifyCancel(): boolean {
    if (this.#state === 'cancelled' && !this.#noticed) {
      this.#noticed = true
      return false
    }
    if (this.#state !== 'pending') throw new InvalidStateError('Future in unexpected state')
    this.#state = 'running'
    return true
  }

  declare readonly [Symbol.toStringTag]: string

  #inspect(): string {
    const kind = this.#state === 'done' || this.#state === 'failed' ? ` ${typeName(this.#value)}` : ''
    return `Future { <${this.running() ? 'running' : this.#state}>${kind} }`
  }

  #outcome(timeout: number | undefined, read: (end: End, value: unknown) => unknown): Promise<unknown> {
    checkTimeout(timeout)
    const waiter = new PromiseWaiter(read)
    if (this.done()) waiter.settle(this.#state as End, this.#value)
    else if (timeout === undefined) this.#add(waiter)
    else if (timeout <= 0) waiter.settle('cancelled', new TimeoutError())
    else this.#addFor(timeout, waiter)
    return waiter.promise
  }

  #addFor(timeoutMs: number, waiter: PromiseWaiter): void {
    const timed: Waiter = {
      settle: (end, value) => {
        disarm()
        waiter.settle(end, value)
      },
    }
    const disarm = after(timeoutMs, () => {
      this.#remove(timed)
      waiter.settle('cancelled', new TimeoutError()) // either way of reading throws this
    })
    this.#add(timed)
  }

  #whenDone(fn: Callback): void {
    if (this.done()) fn(this)
    else this.#add(fn)
  }

  #add(waiter: AnyWaiter): void {
    if (this.#waiters === undefined) this.#waiters = waiter
    else if (Array.isArray(this.#waiters)) this.#waiters.push(waiter)
    else this.#waiters = [this.#waiters, waiter]
  }

  #remove(waiter: AnyWaiter): void {
    if (this.#waiters === waiter) this.#waiters = undefined
    else if (Array.isArray(this.#waiters)) this.#waiters = this.#waiters.filter((other) => other !== waiter)
  }

  #cancel(reason: unknown, byHand: boolean): boolean {
    if (this.#state !== 'pending') return false
    if (byHand && this.#runner?.takeBack() === false) return false
    this.#settle('cancelled', byHand ? new CancelledError() : reason)
    return true
  }

  #refuseIfDone(): void {
    if (this.done()) throw new InvalidStateError(`a future is set once; this one is ${inspect(this)}`)
  }

  #settle(state: End, value: unknown): void {
    invariant(!this.done(), `a ${this.#state} future cannot become ${state}`)
    this.#state = state
    this.#value = value
    this.#runner = undefined
    const waiters = this.#waiters
    this.#waiters = undefined
    if (waiters === undefined) return
    if (Array.isArray(waiters)) for (const waiter of waiters) this.#tell(waiter, state, value)
    else this.#tell(waiters, state, value)
  }

  #tell(waiter: AnyWaiter, end: End, value: unknown): void {
    if (typeof waiter === 'function') waiter(this)
    else waiter.settle(end, value)
  }

  static {
    Object.defineProperty(Future.prototype, Symbol.toStringTag, { value: 'Future', configurable: true })
    // Defined here: a computed name that is no well-known symbol has no place in isolated declarations.
    Object.defineProperty(Future.prototype, inspect.custom, {
      value(this: Future<unknown>) {
        return this.#inspect()
      },
      configurable: true,
    })
    futureOf = (runner) => {
      const future = new Future<unknown>()
      future.#runner = runner
      return future
    }
    outcomeOf = (future) => ({ state: future.#state, value: future.#value })
    cancelBecause = (future, reason) => {
      if (future.#state === 'pending') future.#settle('cancelled', reason)
    }
    takeBack = (future) => future.#runner?.takeBack() !== false
    whenDone = (future, fn) => future.#whenDone(fn)
    forget = (future, fn) => future.#remove(fn)
  }
}

function readResult(end: End, value: unknown): unknown {
  if (end === 'done') return value
  throw value
}

function readException(end: End, value: unknown): unknown {
  if (end === 'cancelled') throw value
  return end === 'failed' ? value : undefined
}

function runCallback<T>(fn: (future: Future<T>) => unknown, future: Future<T>): void {
  try {
    fn(future)
  } catch (error) {
    process.emitWarning(`exception calling callback for ${inspect(future)}: ${inspect(error)}`, 'LanewiseWarning')
  }
}

/** Errors: TypeError if `timeout` is given and no number, RangeError if it is NaN. */
export function checkTimeout(timeout: unknown): asserts timeout is number | undefined {
  if (timeout === undefined) return
  if (typeof timeout !== 'number') {
    throw new TypeError(
      `timeout must be a number of milliseconds, got ${inspect(timeout)}; leave it out to wait for ever`,
    )
  }
  if (Number.isNaN(timeout)) {
    throw new RangeError('timeout must be a number of milliseconds, got NaN; leave it out to wait for ever')
  }
}

function typeName(value: unknown): string {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return value === null ? 'null' : typeof value
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' ? name : 'object'
}
