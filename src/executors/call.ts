import type { FunctionRef } from '../functions/ref.ts'
import { type Future, futureOf, type Runner } from '../future.ts'
import { isTransfer } from '../wire/transfer.ts'

/** The executor of a call. */
export interface CallHost {
  /** A call that waited was cancelled. */
  cancelled(): void
  /** Blocks the calling thread until `isDone`, or until the time is over. */
  block(isDone: () => boolean, timeoutMs: number | undefined, call?: Call): void
}

/** The worker that a call was sent to. */
export interface CallHolder {
  hasBegun(call: Call): boolean
  /** Takes the call back before it begins; false: too late. */
  takeBack(call: Call): boolean
}

/** Limits of one call; most have none. */
export interface CallLimits {
  readonly itemTimeout: number | undefined
  readonly retries: number
}

const NO_LIMITS: CallLimits = { itemTimeout: undefined, retries: 0 }

/** One call that `submit` or `schedule` made. A million of them may wait, so each holds what it must and no more. */
export class Call implements Runner {
  readonly future: Future<unknown>
  readonly fn: (...args: never[]) => unknown
  readonly ref: FunctionRef
  readonly args: readonly unknown[]
  /** Its place among the calls of submit and map. */
  order = 0
  /** The worker that it was sent to, and its number there. */
  holder: CallHolder | undefined
  n = -1
  expectedUs = 0
  readonly #host: CallHost
  #limits: CallLimits | undefined

  constructor(
    host: CallHost,
    fn: (...args: never[]) => unknown,
    ref: FunctionRef,
    args: readonly unknown[],
    limits: CallLimits | undefined,
  ) {
    this.#host = host
    this.fn = fn
    this.ref = ref
    this.args = args
    this.#limits = limits
    this.future = futureOf(this)
  }

  get limits(): CallLimits {
    return this.#limits ?? NO_LIMITS
  }

  /** Whether an argument's buffers move to the worker: it goes to an idle worker only, and never again. */
  get hasTransfer(): boolean {
    return this.args.some(isTransfer)
  }

  /** Uses up one retry more than `attempts`; false: there are none left. */
  retry(attempts: number): boolean {
    const { itemTimeout, retries } = this.limits
    if (attempts >= retries) return false
    this.#limits = { itemTimeout, retries: retries - attempts - 1 }
    return true
  }

  hasBegun(): boolean {
    return this.holder?.hasBegun(this) === true
  }

  takeBack(): boolean {
    if (this.holder?.takeBack(this) === false) return false
    this.#host.cancelled()
    return true
  }

  block(timeoutMs: number | undefined): void {
    this.#host.block(() => this.future.done(), timeoutMs, this)
  }

  returned(value: unknown): void {
    if (!this.future.done()) this.future.setResult(value)
  }

  failed(reason: unknown): void {
    if (!this.future.done()) this.future.setException(reason)
  }
}
