import type { RemoteEngine } from '../engines/engine.ts'
import { Reduction } from '../engines/reduce.ts'
import { type BrokenExecutor, CancelledError, ShutdownError, TimeoutError } from '../errors.ts'
import { describeFunction, isNewFunction } from '../functions/describe.ts'
import { refuseReentry } from '../functions/reentry.ts'
import type { FunctionRef } from '../functions/ref.ts'
import { cancelBecause, type Future, takeBack, whenDone } from '../future.ts'
import { copyNumbers, type NumberArray } from '../inputs/number-array.ts'
import { isRepeat } from '../inputs/repeat.ts'
import { type CollectedRows, collectRows, isAsyncInput, LazyRows, spreadRows } from '../inputs/rows.ts'
import { type KernelParts, kernelParts } from '../kernel/parts.ts'
import { type CallOptions, type MapSettings, parseCallOptions, parseMapArguments } from '../map/options.ts'
import { parseReduceArguments } from '../map/reduce-options.ts'
import { collectResult, stopResult } from '../map/result.ts'
import { type MapHost, MapRun, retriesOfTransfer } from '../map/run.ts'
import type { ChunkEngineName } from '../observe/chunk-line.ts'
import { show } from '../show.ts'
import { after, type Disarm } from '../timer.ts'
import { type Carrier, encodeValue } from '../wire/codec.ts'
import { isTransfer } from '../wire/transfer.ts'
import { onAbort } from './abort.ts'
import { Call, type CallHost, type CallLimits } from './call.ts'
import type { Callable, Executor } from './executor.ts'
import { refOfKernel } from './kernel-ref.ts'
import { type KernelHost, type KernelJoins, KernelRun } from './kernel-run.ts'
import { checkShutdownOptions, type PoolSettings, type ShutdownOptions } from './options.ts'

type AnyFunction = (...args: never[]) => unknown

/** What all executors keep: checks at the door, futures, maps, the order of work, shutdown. */
export abstract class BaseExecutor implements Executor, CallHost, MapHost, KernelHost {
  /** What runs the calls, for `stats.engine`. */
  abstract readonly engine: ChunkEngineName
  protected abstract readonly kind: 'inline' | 'thread' | 'process' | 'nats'
  /** What may be carried beside bytes to a worker. */
  protected abstract readonly carrier: Carrier
  /** How typed arrays are taken over at the call of a map. */
  protected readonly copyNumbers: (values: NumberArray) => NumberArray = copyNumbers
  protected readonly settings: PoolSettings
  /** Kernel maps that are not over. */
  protected readonly kernels: Set<KernelRun> = new Set()
  #isShutDown = false
  #broken: (() => BrokenExecutor) | undefined
  #ended: Promise<void> | undefined
  #onQuiet: (() => void)[] = []
  #stopListening: (() => void) | undefined

  constructor(settings: PoolSettings) {
    this.settings = settings
    if (settings.signal?.aborted === true) this.#isShutDown = true
    else this.#stopListening = onAbort(settings.signal, (reason) => this.#abort(reason))
  }

  /** Puts a call or a map in the line of work. */
  protected abstract enqueue(entry: Call | MapRun): void
  /** Takes out all calls that have not begun; the caller settles them. */
  protected abstract takePendingCalls(): Call[]
  /** Takes back all chunks that have not begun. */
  protected abstract recallChunks(): void
  protected abstract readonly runs: Iterable<MapRun>
  /** Whether nothing is queued and nothing runs. */
  protected abstract readonly isQuiet: boolean
  protected abstract endWorkers(): Promise<void>
  /** What runs fails with when the executor is terminated. */
  protected abstract terminatedError(): BrokenExecutor
  /** `isBusy`: kernel maps had begun, and are broken. */
  protected abstract terminate(signal: 'SIGTERM' | 'SIGKILL', isBusy: boolean): Promise<void>
  abstract block(isDone: () => boolean, timeoutMs: number | undefined, call?: Call): void
  abstract ready(run: MapRun): void
  abstract withdraw(run: MapRun): void
  abstract over(run: MapRun): void
  abstract recall(run: MapRun, index: number): boolean
  abstract isRunning(run: MapRun, index: number): boolean
  abstract cancelled(): void

  get maxWorkers(): number {
    return this.settings.maxWorkers
  }

  get isShutDown(): boolean {
    return this.#isShutDown
  }

  protected get isBroken(): boolean {
    return this.#broken !== undefined
  }

  get joins(): KernelJoins | undefined {
    return undefined
  }

  get remote(): RemoteEngine | undefined {
    return undefined
  }

  kernelOver(run: KernelRun): void {
    this.kernels.delete(run)
    this.checkQuiet()
  }

  submit<A extends unknown[], R>(fn: Callable<A, R>, ...args: A): Future<Awaited<R>> {
    return this.#call(fn, args, undefined).future as Future<Awaited<R>>
  }

  schedule<A extends unknown[], R>(fn: Callable<A, R>, args: A, options?: CallOptions): Future<Awaited<R>> {
    const { signal, itemTimeout, retries } = parseCallOptions(options, { executor: this.kind })
    if (!Array.isArray(args)) {
      throw new TypeError(`args of schedule must be an array, got ${show(args)}; use [argument, ...]`)
    }
    if (retries > 0 && args.some(isTransfer)) throw retriesOfTransfer()
    const { future } = this.#call(fn, [...args], { itemTimeout, retries })
    const stop = onAbort(signal, (reason) => abortFuture(future, reason))
    if (stop !== undefined) whenDone(future, stop)
    return future as Future<Awaited<R>>
  }

  // Properties, not methods: only so do their forms stand in one place, the interface.
  readonly map: Executor['map'] = (fn: AnyFunction, ...rest: unknown[]) => this.#startMap(fn, rest).result as never

  readonly mapSync: Executor['mapSync'] = (fn: AnyFunction, ...rest: unknown[]): never => {
    this.refuseBlocking?.('mapSync')
    const kernel = kernelParts(fn)
    const { inputs, settings } = parseMapArguments(rest, { executor: this.kind, isKernel: kernel !== undefined })
    const asyncAt = inputs.findIndex(isAsyncInput)
    if (asyncAt !== -1) {
      throw new TypeError(
        `mapSync cannot read input ${asyncAt + 1}, an async iterable, while it blocks the event loop; use await map(...)`,
      )
    }
    const run = kernel
      ? this.#startKernel(kernel, inputs, settings, { isBlocking: true })
      : this.#startRun(fn, inputs, settings)
    let outcome: { value: unknown } | { reason: unknown } | undefined
    collectResult(
      run.result,
      (value) => (outcome = { value }),
      (reason) => (outcome = { reason }),
    )
    if (run instanceof KernelRun) run.block(settings.timeout, (isDone, ms) => this.block(isDone, ms))
    else this.block(() => outcome !== undefined, settings.timeout)
    if (outcome === undefined) stopResult(run.result, new TimeoutError())
    if (run instanceof KernelRun) run.untilReturned()
    const ended = outcome as unknown as { value: unknown } | { reason: unknown }
    if ('reason' in ended) throw ended.reason
    return ended.value as never
  }

  readonly starmap: Executor['starmap'] = (fn: AnyFunction, rows: unknown, ...rest: unknown[]): never => {
    const place = { executor: this.kind, isKernel: kernelParts(fn) !== undefined }
    const { inputs, settings } = parseMapArguments([[], ...rest], place)
    if (inputs.length > 1) {
      throw new TypeError(`starmap takes one input, of rows, got ${show(inputs[1])} too; use map(fn, ...) for several`)
    }
    return this.#start(fn, [spreadRows(rows)], { ...settings, spread: true }).result as never
  }

  readonly reduce: Executor['reduce'] = (kernel: AnyFunction, ...rest: unknown[]) =>
    this.#reduce('reduce', kernel, rest)

  readonly count: Executor['count'] = (kernel: AnyFunction, ...rest: unknown[]) => this.#reduce('count', kernel, rest)

  async shutdown(options?: ShutdownOptions): Promise<void> {
    const { wait, cancelFutures, timeout } = checkShutdownOptions(options)
    this.#close()
    if (cancelFutures) this.cancelPending(() => new CancelledError())
    const ended = this.#endWhenQuiet()
    if (!wait) return
    if (timeout === undefined) return await ended
    let disarm: Disarm | undefined
    const over = new Promise<'over'>((resolve) => {
      disarm = after(timeout, () => resolve('over'))
    })
    if ((await Promise.race([ended, over])) === 'over') await this.#terminate('SIGTERM')
    disarm?.()
  }

  terminateWorkers(): Promise<void> {
    return this.#terminate('SIGTERM')
  }

  killWorkers(): Promise<void> {
    return this.#terminate('SIGKILL')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  /** A call failed. */
  failed(): void {
    if (this.settings.cancelOnError) this.cancelPending(() => new CancelledError())
  }

  /**
   * Has the first worker start, while this thread finds out how a function travels: some ms that a first result would wait for. If the function travels in no
   * way, what is returned ends the worker.
   */
  protected warmUp?(): (() => void) | undefined

  /** Where blocking cannot work: throws, with the reason. */
  protected refuseBlocking?(what: string): void

  /** Cancels all that has not begun. */
  protected cancelPending(reason: () => unknown): void {
    for (const call of this.takePendingCalls()) cancelBecause(call.future, reason())
    this.recallChunks()
    for (const run of [...this.runs, ...this.kernels]) run.cancelPending()
    this.checkQuiet()
  }

  protected markBroken(error: () => BrokenExecutor): void {
    this.#broken = error
  }

  /** Tells those who wait for the end of all work, if it is there. */
  protected checkQuiet(): void {
    if (this.#onQuiet.length > 0 && this.#isAllQuiet) for (const tell of this.#onQuiet.splice(0)) tell()
  }

  #refuseIfClosed(): void {
    refuseReentry()
    if (this.#broken !== undefined) throw this.#broken()
    if (this.#isShutDown) throw new ShutdownError()
  }

  #call(fn: AnyFunction, args: readonly unknown[], limits: CallLimits | undefined): Call {
    this.#refuseIfClosed()
    const call = new Call(this, fn, this.#describe(fn), args, limits)
    this.enqueue(call)
    return call
  }

  #describe(fn: AnyFunction): FunctionRef {
    const kernel = kernelParts(fn)
    if (kernel) return refOfKernel(kernel)
    if (!isNewFunction(fn) || this.#isShutDown || this.#broken !== undefined) return describeFunction(fn)
    const undo = this.warmUp?.()
    try {
      return describeFunction(fn)
    } catch (error) {
      undo?.()
      throw error
    }
  }

  get #isAllQuiet(): boolean {
    return this.isQuiet && this.kernels.size === 0
  }

  #startMap(fn: AnyFunction, rest: readonly unknown[]): MapRun | KernelRun {
    const isKernel = kernelParts(fn) !== undefined
    const { inputs, settings } = parseMapArguments(rest, { executor: this.kind, isKernel })
    return this.#start(fn, inputs, settings)
  }

  #start(fn: AnyFunction, inputs: readonly unknown[], settings: MapSettings): MapRun | KernelRun {
    const kernel = kernelParts(fn)
    return kernel ? this.#startKernel(kernel, inputs, settings) : this.#startRun(fn, inputs, settings)
  }

  /** `async`, so that whatever is wrong with the call comes by the promise too. */
  async #reduce(owner: 'reduce' | 'count', fn: AnyFunction, rest: readonly unknown[]): Promise<number> {
    const kernel = kernelParts(fn)
    if (!kernel)
      throw new TypeError(`${owner} takes a kernel, got ${show(fn)}; wrap it, as in kernel((x: number) => x * x)`)
    const { inputs, op, settings } = parseReduceArguments(owner, rest)
    const { result } = this.#startKernel(kernel, inputs, settings, { reduction: new Reduction(op) })
    return await new Promise((resolve, reject) => collectResult(result, resolve as (all: unknown) => void, reject))
  }

  #startKernel(
    kernel: KernelParts,
    inputs: readonly unknown[],
    settings: MapSettings,
    { isBlocking = false, reduction }: { isBlocking?: boolean; reduction?: Reduction } = {},
  ): KernelRun {
    const rows = this.#readRows(inputs, settings, true)
    const asked = settings.engine ?? this.settings.engine
    const run = new KernelRun(this, { kernel, rows, inputs, settings, asked, isBlocking, reduction })
    this.kernels.add(run)
    run.onOver = onAbort(settings.signal, (reason) => run.stop(reason))
    run.start()
    return run
  }

  #startRun(fn: AnyFunction, inputs: readonly unknown[], settings: MapSettings): MapRun {
    const ref = this.#describe(fn)
    const rows = this.#readRows(inputs, settings)
    if (settings.retries > 0 && !('pull' in rows) && rows.transfers.size > 0) throw retriesOfTransfer()
    const repeats = inputs.map((input) => (isRepeat(input) ? encodeValue(input.value, this.carrier) : undefined))
    const run = new MapRun(this, fn, ref, rows, repeats, settings)
    if (rows.length > 0 || 'pull' in rows) this.enqueue(run)
    run.onOver = onAbort(settings.signal, (reason) => run.stop(reason))
    run.start()
    return run
  }

  /** `borrow`: arrays are read where they lie, by the end of this turn. */
  #readRows(inputs: readonly unknown[], settings: MapSettings, borrow = false): CollectedRows | LazyRows {
    refuseReentry()
    const isLazy = settings.buffersize !== undefined || inputs.some(isAsyncInput)
    if (this.#broken === undefined && !this.#isShutDown) {
      return isLazy ? new LazyRows(inputs) : collectRows(inputs, { borrow, copy: this.copyNumbers })
    }
    // As upstream, one row is read before the pool says that it takes no more: no rows, no error.
    const rows = new LazyRows(inputs)
    if (inputs.some(isAsyncInput)) return rows
    void rows.pull(1)
    if (rows.failure !== undefined && !isLazy) throw rows.failure.reason
    if (rows.length === 0) return rows
    rows.leave()
    this.#refuseIfClosed()
    return rows
  }

  #abort(reason: unknown): void {
    this.#close()
    for (const run of [...this.runs, ...this.kernels]) run.stop(reason)
    this.cancelPending(() => reason)
    void this.#endWhenQuiet()
  }

  #close(): void {
    this.#isShutDown = true
    for (const run of [...this.runs]) run.takeArrived()
    this.#stopListening?.()
    this.#stopListening = undefined
  }

  async #terminate(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#close()
    // Not by the deaths of workers: rows of a kernel may run elsewhere, and whoever ran some may have left.
    const begun = [...this.kernels].filter((run) => run.hasBegun)
    for (const run of begun) run.break(() => this.terminatedError())
    this.cancelPending(() => new CancelledError())
    for (const run of [...this.runs]) run.break(() => new CancelledError()) // their inputs may have more
    await this.terminate(signal, begun.length > 0)
    await this.#endWhenQuiet()
  }

  #endWhenQuiet(): Promise<void> {
    this.#ended ??= this.#quiet().then(() => this.endWorkers())
    return this.#ended
  }

  async #quiet(): Promise<void> {
    while (!this.#isAllQuiet) await new Promise<void>((resolve) => this.#onQuiet.push(resolve))
  }
}

/** A future whose signal was aborted settles at once; a call that has begun goes on unobserved. */
function abortFuture(future: Future<unknown>, reason: unknown): void {
  if (future.done()) return
  if (!future.running() && takeBack(future)) cancelBecause(future, reason)
  else future.setException(reason)
}
