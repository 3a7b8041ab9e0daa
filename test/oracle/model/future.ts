import type { ActingFuture, Reading, State, Task, WaitOptions } from '../play.ts'
import { STOP } from '../play.ts'
import type { Json, Told } from '../scenario.ts'
import type { Clock } from './clock.ts'

/** Whose behaviour is modelled. */
export type Whose = 'CPython' | 'lanewise'

/** What the model throws: an error in Python's words. */
export class Raised {
  readonly told: Told

  constructor(type: string, msg = '', cause?: string) {
    this.told = { type, msg, ...(cause !== undefined && { cause }) }
  }

  withoutCause(): Raised {
    return new Raised(this.told.type, this.told.msg)
  }
}

/** Told of a step that waits for what only a later step brings. */
export function hangs(): Raised {
  return new Raised('Hangs')
}

type FullState = 'pending' | 'running' | 'cancelled' | 'noticed' | 'finished'

const IN_REPR = { pending: 'pending', running: 'running', cancelled: 'cancelled', noticed: 'cancelled' } as const

/**
 * A future as semantics of both sides have it; they part in one point. CPython tells a cancelled future from one whose cancellation a worker has noticed,
 * and only the latter counts in `wait` and `as_completed`; for lanewise it is done at once.
 */
export class ModelFuture implements ActingFuture, Task {
  protected readonly clock: Clock
  readonly #whose: Whose
  #state: FullState = 'pending'
  #outcome: { value: unknown } | { error: Raised } | undefined
  #callbacks: (() => void)[] = []
  #counts: (() => void)[] = []

  constructor(clock: Clock, whose: Whose) {
    this.clock = clock
    this.#whose = whose
  }

  state(): State {
    if (this.cancelled()) return 'cancelled'
    if (this.#state === 'finished') return this.#outcome !== undefined && 'error' in this.#outcome ? 'error' : 'value'
    return this.#state as 'pending' | 'running'
  }

  cancelled(): boolean {
    return this.#state === 'cancelled' || this.#state === 'noticed'
  }

  running(): boolean {
    return this.#state === 'running'
  }

  done(): boolean {
    return this.cancelled() || this.#state === 'finished'
  }

  /** Whether `wait` and `as_completed` take it for done. */
  isCounted(): boolean {
    return this.#state === 'finished' || this.#state === 'noticed' || (this.#whose === 'lanewise' && this.cancelled())
  }

  get hasFailed(): boolean {
    return this.#outcome !== undefined && 'error' in this.#outcome
  }

  cancel(): boolean {
    if (this.#state === 'running' || this.#state === 'finished') return false
    if (this.#state === 'pending') this.#settle('cancelled')
    return true
  }

  /** A worker takes the call; false: it was cancelled. */
  setRunningOrNotifyCancel(): boolean {
    if (this.#state === 'cancelled') {
      this.#state = 'noticed'
      this.#tellCounted()
      return false
    }
    if (this.#state !== 'pending') throw new Raised('RuntimeError', 'Future in unexpected state')
    this.#state = 'running'
    return true
  }

  setResult(value: unknown): void {
    this.#finish({ value })
  }

  setException(error: unknown): void {
    this.#finish({ error: error as Raised })
  }

  /** The outcome, or what `result()` raises without one. */
  result(timeout?: Json): unknown {
    const { outcome } = this.#await(timeout)
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  exception(timeout?: Json): unknown {
    const { outcome } = this.#await(timeout)
    return 'error' in outcome ? outcome.error : undefined
  }

  addDoneCallback(fn: () => void): void {
    if (this.done()) runCallback(fn)
    else this.#callbacks.push(fn)
  }

  /** Calls `fn` once the future counts. */
  whenCounted(fn: () => void): void {
    if (this.isCounted()) fn()
    else this.#counts.push(fn)
  }

  describe(): string {
    return `<Future at 0x? state=${this.#stateInRepr()}>`
  }

  #stateInRepr(): string {
    if (this.#state !== 'finished') return IN_REPR[this.#state]
    const outcome = this.#outcome as { value: unknown } | { error: Raised }
    return 'error' in outcome
      ? `finished raised ${outcome.error.told.type}`
      : `finished returned ${pythonType(outcome.value)}`
  }

  #await(timeout: Json | undefined): { outcome: { value: unknown } | { error: Raised } } {
    if (!this.done() && !this.clock.pass(() => this.done(), timeout as number | undefined) && timeout === undefined) {
      throw hangs()
    }
    if (this.cancelled()) throw new Raised('CancelledError')
    if (this.#outcome === undefined) throw new Raised('TimeoutError')
    return { outcome: this.#outcome }
  }

  #finish(outcome: { value: unknown } | { error: Raised }): void {
    if (this.done()) {
      const state = this.#state === 'noticed' ? 'CANCELLED_AND_NOTIFIED' : this.#state.toUpperCase()
      throw new Raised('InvalidStateError', `${state}: ${this.describe()}`)
    }
    this.#outcome = outcome
    this.#settle('finished')
  }

  #settle(state: 'cancelled' | 'finished'): void {
    this.#state = state
    if (this.isCounted()) this.#tellCounted()
    for (const callback of this.#callbacks.splice(0)) runCallback(callback)
  }

  #tellCounted(): void {
    for (const tell of this.#counts.splice(0)) tell()
  }
}

function runCallback(fn: () => void): void {
  try {
    fn()
  } catch {
    // logged there, a warning here; the next one runs
  }
}

function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as 'string' | 'boolean' | 'object']
}

export function wait(
  clock: Clock,
  whose: Whose,
  futures: readonly ModelFuture[],
  { timeout, returnWhen = 'ALL_COMPLETED' }: WaitOptions,
): { done: ModelFuture[]; notDone: ModelFuture[] } {
  const all = [...new Set(futures)]
  const isEnough = (): boolean => {
    const done = all.filter((future) => future.isCounted())
    if (done.length === all.length) return true
    if (returnWhen === 'FIRST_COMPLETED') return done.length > 0
    return returnWhen === 'FIRST_EXCEPTION' && done.some((future) => future.hasFailed)
  }
  const isKnown = ['ALL_COMPLETED', 'FIRST_COMPLETED', 'FIRST_EXCEPTION'].includes(returnWhen)
  if (!isKnown && (whose === 'lanewise' || !isEnough())) {
    throw new Raised('ValueError', `Invalid return condition: '${returnWhen}'`)
  }
  if (!clock.pass(isEnough, timeout as number | undefined) && timeout === undefined) throw hangs()
  return {
    done: all.filter((future) => future.isCounted()),
    notDone: all.filter((future) => !future.isCounted()),
  }
}

/** CPython begins at the first `next`: takes the futures, starts the clock. lanewise begins at the call. */
export class ModelCompletions implements Reading<ModelFuture> {
  readonly #clock: Clock
  readonly #futures: readonly ModelFuture[]
  readonly #timeout: number
  readonly #ready: ModelFuture[] = []
  #left = 0
  #end: number | undefined
  #isOver = false

  constructor(clock: Clock, whose: Whose, futures: readonly ModelFuture[], timeout: Json | undefined) {
    this.#clock = clock
    this.#futures = [...new Set(futures)]
    this.#timeout = typeof timeout === 'number' ? timeout : Number.POSITIVE_INFINITY
    if (whose === 'lanewise') this.#begin()
  }

  next(): ModelFuture | typeof STOP {
    if (this.#isOver) return STOP
    this.#begin()
    if (this.#ready.length === 0 && this.#left > 0) {
      const left = (this.#end as number) - this.#clock.now
      if (!this.#clock.pass(() => this.#ready.length > 0, left === Number.POSITIVE_INFINITY ? undefined : left)) {
        if (left === Number.POSITIVE_INFINITY) throw hangs()
        this.#isOver = true
        throw new Raised('TimeoutError', `${this.#left} (of ${this.#futures.length}) futures unfinished`)
      }
    }
    const next = this.#ready.shift()
    if (next === undefined) {
      this.#isOver = true
      return STOP
    }
    this.#left--
    return next
  }

  close(): void {
    this.#isOver = true
  }

  #begin(): void {
    if (this.#end !== undefined) return
    this.#end = this.#clock.now + this.#timeout
    this.#left = this.#futures.length
    for (const future of this.#futures) future.whenCounted(() => this.#ready.push(future))
  }
}
