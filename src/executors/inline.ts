import { onClock } from '../clock.ts'
import { BrokenExecutor, InvalidStateError } from '../errors.ts'
import type { Chunk, ChunkedMap } from '../map/chunk.ts'
import type { MapRun } from '../map/run.ts'
import { decodeValue, encodeValue, type Wire } from '../wire/codec.ts'
import { decodeError, encodeError } from '../wire/errors.ts'
import { isThenable } from '../wire/thenable.ts'
import { BaseExecutor } from './base.ts'
import { Call, type CallHolder } from './call.ts'
import { type PoolOptions, parsePoolOptions } from './options.ts'
import { WorkQueue } from './queue.ts'

/** The event loop gets its turn so often: a deadline, a signal or a `return()` is seen this soon. */
const TURN_MS = 10

/** A chunk in hand: rows from `next` to `end`, counted from its first one, have not begun. */
interface Held {
  readonly chunk: Chunk
  next: number
  end: number
  readonly beganMs: number
}

type Outcome = { value: unknown } | { reason: unknown }

/**
 * Runs one call at a time, in order, on the caller's thread, from a later turn on: the plain model that the other executors are held to.
 *
 * Values and errors are copied as on their way to a worker and back, so that types arrive alike. Nothing can stop a call that has begun.
 */
export class InlineExecutor extends BaseExecutor {
  override readonly engine = 'inline'
  protected override readonly kind = 'inline'
  protected override readonly carrier = 'inline'
  readonly #queue = new WorkQueue<MapRun>()
  readonly #runs = new Set<MapRun>()
  /** What has begun and has no outcome: a call, or a row of a map. */
  #begun: { call: Call } | { run: ChunkedMap; index: number } | { initializer: true } | undefined
  /** The chunk whose rows run. */
  #chunk: Held | undefined
  /** Of each call: a million of them may wait. */
  readonly #holder: CallHolder = {
    hasBegun: (call) => this.#isRunningCall(call),
    takeBack: (call) => !this.#isRunningCall(call),
  }
  #isPlanned = false
  #isInCall = false // a call is on the stack
  #isTerminated = false
  #isInitialized = false

  constructor(options?: PoolOptions) {
    super(parsePoolOptions(options, 'inline'))
  }

  protected override enqueue(entry: Call | MapRun): void {
    if (entry instanceof Call) entry.holder = this.#holder
    else this.#runs.add(entry)
    this.#queue.push(entry)
    this.#plan()
  }

  override ready(run: MapRun): void {
    this.#queue.putBackMap(run)
    this.#plan()
  }

  override withdraw(run: MapRun): void {
    this.#queue.remove(run)
    if (this.#chunk?.chunk.run === run) this.#giveChunkBack()
  }

  override over(run: MapRun): void {
    this.#queue.remove(run)
    this.#runs.delete(run)
  }

  override recall(run: MapRun, index: number): boolean {
    const held = this.#chunk
    if (held === undefined || held.chunk.run !== run || index < held.chunk.start + held.next) return false
    this.#giveChunkBack()
    return true
  }

  override isRunning(run: MapRun, index: number): boolean {
    return this.#begun !== undefined && 'run' in this.#begun && this.#begun.run === run && this.#begun.index === index
  }

  override cancelled(): void {
    this.checkQuiet()
  }

  override block(isDone: () => boolean, timeoutMs: number | undefined): void {
    if (this.#isInCall) {
      throw new InvalidStateError(
        'a running call of an InlineExecutor cannot block on the same executor; await instead',
      )
    }
    const end = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
    while (!isDone() && performance.now() < end) {
      if (this.#begun !== undefined)
        throw new InvalidStateError(
          `${this.#describeBegun()} returned a promise, which only the event loop can settle; await instead`,
        )
      const later = this.#step()
      if (later === 'nothing') return
    }
  }

  protected override takePendingCalls(): Call[] {
    return this.#queue.drainCalls().filter((call) => !call.future.done())
  }

  protected override recallChunks(): void {
    this.#giveChunkBack()
  }

  protected override get runs(): Iterable<MapRun> {
    return this.#runs
  }

  protected override get isQuiet(): boolean {
    return this.#begun === undefined && !this.#queue.hasCalls && ![...this.#runs].some((run) => run.hasWork)
  }

  protected override async endWorkers(): Promise<void> {}

  protected override terminatedError(): BrokenExecutor {
    return new BrokenExecutor('The executor was terminated abruptly while the future was running or pending.')
  }

  protected override async terminate(): Promise<void> {
    this.#isTerminated = true
    const begun = this.#begun
    if (begun === undefined) return
    const error = this.terminatedError()
    if ('call' in begun) begun.call.failed(error)
    else if ('run' in begun) {
      begun.run.fail({ start: begun.index, end: begun.index + 1 }, () => error)
      begun.run.lost()
    }
    this.#begun = undefined
  }

  #isRunningCall(call: Call): boolean {
    return this.#begun !== undefined && 'call' in this.#begun && this.#begun.call === call
  }

  #describeBegun(): string {
    if (this.#begun === undefined || 'call' in this.#begun) return 'a call'
    return 'index' in this.#begun ? `item ${this.#begun.index} of a map` : 'the initializer'
  }

  /** Begins a turn of its own: never on the stack of the caller. */
  #plan(): void {
    if (this.#isPlanned || this.#begun !== undefined) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      this.#turn()
    })
  }

  #turn(): void {
    const end = performance.now() + TURN_MS
    while (this.#begun === undefined) {
      if (this.#step() === 'nothing') return
      if (performance.now() >= end) {
        this.#plan()
        return
      }
    }
  }

  /** Runs one call. */
  #step(): 'ran' | 'nothing' {
    if (!this.#isInitialized && !this.#initialize()) return 'nothing'
    if (this.#chunk === undefined && !this.#takeNext()) {
      this.checkQuiet()
      return 'nothing'
    }
    if (this.#chunk !== undefined) this.#row()
    return 'ran'
  }

  /** Takes a chunk in hand, or runs a call; false: nothing waits. */
  #takeNext(): boolean {
    let found = false
    this.#queue.offer((entry) => {
      if (found) return 'full'
      if (entry instanceof Call) {
        found = true
        this.#runCall(entry)
        return 'gone'
      }
      const chunk = entry.take(0)
      if (chunk === undefined) return entry.isExhausted ? 'gone' : 'stands'
      found = true
      this.#chunk = { chunk, next: 0, end: chunk.length, beganMs: performance.now() }
      return entry.isExhausted ? 'gone' : 'full'
    })
    return found
  }

  #runCall(call: Call): void {
    let attempts = 0
    const attempt = (): void => {
      this.#begun = { call }
      this.#call(
        call.fn,
        () => call.args.map((arg) => this.#copy(arg)),
        (outcome) => {
          if (this.#isTerminated) return
          if ('reason' in outcome && attempts < call.limits.retries) {
            attempts++
            attempt()
            return
          }
          this.#begun = undefined
          if ('value' in outcome) call.returned(outcome.value)
          else {
            call.failed(outcome.reason)
            this.failed()
          }
        },
      )
    }
    attempt()
  }

  #row(): void {
    const held = this.#chunk
    if (held === undefined) return
    const { chunk } = held
    const { run } = chunk
    const index = chunk.start + held.next
    held.next++
    if (held.next === held.end) this.#chunk = undefined
    let attempts = 0
    const attempt = (): void => {
      this.#begun = { run, index }
      this.#call(
        run.fn,
        () => this.#args(run, index),
        (outcome) => {
          if (this.#isTerminated) return
          if ('reason' in outcome && attempts < run.settings.retries) {
            attempts++
            attempt()
            return
          }
          this.#begun = undefined
          const failed = 'reason' in outcome
          const endsChunk = failed && run.settings.errors === 'raise' && this.#chunk === held
          if (endsChunk) this.#chunk = undefined
          if (endsChunk || held.next === held.end) report(held)
          run.settle({
            start: index,
            values: [failed ? undefined : outcome.value],
            failures: failed ? new Map([[index, outcome.reason]]) : undefined,
          })
          if (endsChunk) run.drop({ start: index + 1, end: chunk.end })
        },
        index,
      )
    }
    attempt()
  }

  #args(run: ChunkedMap, index: number): unknown[] {
    const args = run.rows.row(index).map((value, i) => {
      const repeated = run.repeats[i]
      return repeated === undefined ? this.#copy(value) : decodeValue(repeated)
    })
    return run.settings.spread ? (args[0] as unknown[]) : args
  }

  #call(
    fn: (...args: never[]) => unknown,
    args: () => unknown[],
    done: (outcome: Outcome) => void,
    index?: number,
  ): void {
    const failed = (error: unknown): void => {
      done({ reason: decodeError(encodeError(error, this.carrier), index === undefined ? {} : { index }) })
    }
    const returned = (value: unknown): void => {
      let copy: unknown
      try {
        copy = this.#copy(value)
      } catch (error) {
        failed(error)
        return
      }
      done({ value: copy })
    }
    let value: unknown
    this.#isInCall = true
    try {
      value = fn(...(args() as never[]))
    } catch (error) {
      this.#isInCall = false
      failed(error)
      return
    }
    this.#isInCall = false
    if (!isThenable(value)) {
      returned(value)
      return
    }
    const goOn = (): void => {
      if (this.#begun === undefined) this.#plan()
      this.checkQuiet()
    }
    Promise.resolve(value).then(returned, failed).finally(goOn)
  }

  #copy(value: unknown): unknown {
    const wire: Wire = encodeValue(value, this.carrier)
    return decodeValue(wire)
  }

  #giveChunkBack(): void {
    const held = this.#chunk
    this.#chunk = undefined
    if (held === undefined) return
    const { chunk, next } = held
    held.end = next
    if (next === 0) {
      chunk.run.unsend(chunk)
      return
    }
    if (this.#begun === undefined) report(held) // else when that row has its outcome
    chunk.run.giveBack({ start: chunk.start + next, end: chunk.end })
  }

  /** Runs the initializer before the first call; false: it failed, or its promise has to be awaited. */
  #initialize(): boolean {
    const { initializer, initargs } = this.settings
    this.#isInitialized = true
    if (initializer === undefined) return true
    this.#begun = { initializer: true }
    this.#call(
      initializer,
      () => initargs.map((arg) => this.#copy(arg)),
      (outcome) => {
        this.#begun = undefined
        if ('reason' in outcome) this.#breakBecause(outcome.reason)
      },
    )
    return this.#begun === undefined && !this.isBroken
  }

  #breakBecause(cause: unknown): void {
    const error = (): BrokenExecutor =>
      new BrokenExecutor('An initializer failed, the executor is not usable anymore', { cause })
    process.emitWarning(`Exception in initializer: ${String(cause)}`, 'LanewiseWarning')
    this.markBroken(error)
    for (const call of this.takePendingCalls()) call.failed(error())
    for (const run of [...this.#runs]) run.break(error)
  }
}

/** The rows of a chunk that were not taken from it have their outcomes. */
function report({ chunk, next, beganMs }: Held): void {
  const { run } = chunk
  const began = run.isObserved ? onClock(beganMs) : undefined
  run.report(0, chunk, next, { execMs: performance.now() - beganMs, began }, undefined)
}
