import type { Future } from '../future.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import type { Input } from '../inputs/rows.ts'
import type { Kernel, NumericFunction } from '../kernel/kernel.ts'
import type { CallOptions, MapOptions } from '../map/options.ts'
import type { Settled } from '../map/outcome.ts'
import type { CountOptions, ReduceOptions } from '../map/reduce-options.ts'
import type { MapResult } from '../map/result.ts'
import type { PoolOptions, ShutdownOptions } from './options.ts'

/** A function that can be handed to a worker. */
export type Callable<A extends unknown[] = never[], R = unknown> = (...args: A) => R

type Inputs<A extends unknown[]> = { [K in keyof A]: Input<A[K]> }
type SyncInputs<A extends unknown[]> = { [K in keyof A]: Iterable<A[K]> }
type SettleOptions = MapOptions & { errors: 'settle' }
/** What a kernel's map takes: an input for each parameter, those with a default may be left out, and what stands at the `End`: options. */
type KernelArguments<A extends unknown[], I, End extends unknown[]> = number extends A['length']
  ? [...I[], ...End]
  : A extends []
    ? End
    : A extends [unknown, ...infer Others]
      ? [I, ...KernelArguments<Others, I, End>]
      : A extends [unknown?, ...infer Others]
        ? End | [I, ...KernelArguments<Others, I, End>]
        : never
type MapEnd = [] | [options: MapOptions | undefined]
type CountEnd = [] | [options: CountOptions | undefined]
/** What it gives: the array of the options, or a new one. */
type KernelOutput<I extends readonly unknown[]> = I extends readonly [
  ...unknown[],
  { out: infer O extends NumberArray },
]
  ? O
  : Float64Array<ArrayBuffer>

/** Takes calls and runs them: on worker threads, on child processes, or inline. Python's `concurrent.futures.Executor`. */
export interface Executor extends AsyncDisposable {
  /** Workers at most; they start when there is work for them. */
  readonly maxWorkers: number

  /**
   * Runs `fn(...args)` on a worker. Never blocks; the queue is unbounded. An argument that cannot travel fails the future.
   *
   * Errors: at the call, FunctionError for a function that cannot be handed over, ShutdownError, BrokenExecutor.
   * Cost:   a few microseconds, and a message for all that one turn submits to one worker.
   *
   *     await pool.submit((a, b) => a + b, 1, 2) // → 3
   */
  submit<A extends unknown[], R>(fn: Callable<A, R>, ...args: A): Future<Awaited<R>>

  /**
   * `submit` with a signal, a limit and retries.
   *
   * Errors: as `submit`; TypeError for an option that is unknown or of another type, RangeError for a value.
   *
   *     await pool.schedule((a, b) => a + b, [1, 2], { itemTimeout: 5_000, retries: 1 }) // → 3
   */
  schedule<A extends unknown[], R>(fn: Callable<A, R>, args: A, options?: CallOptions): Future<Awaited<R>>

  /**
   * Runs `fn` on each row of `zip(...inputs)`: results in the order of the rows, each exactly once.
   *
   * Without `buffersize`, sync inputs are collected at the call and the work starts at once; async inputs are read as the window moves.
   * No inputs, no rows. A value that cannot travel fails its row.
   *
   * Errors: at the call, FunctionError, TypeError and RangeError for options and inputs, what an input throws, ShutdownError, BrokenExecutor; from the
   *         result, what a call threw, with its `index`, CancelledError, TimeoutError.
   * Cost:   a copy of the inputs; next to nothing a number, microseconds an object.
   *
   *     await pool.map((n) => n * n, [1, 2, 3]) // → [ 1, 4, 9 ]
   *     await pool.map((word, n) => word.repeat(n), ['a', 'b'], range(1, 3)) // → [ 'a', 'bb' ]
   */
  map<F extends NumericFunction, I extends KernelArguments<Parameters<F>, Input<number | boolean>, MapEnd>>(
    kernel: Kernel<F>,
    ...inputs: I
  ): MapResult<number, KernelOutput<I>>
  map<A, R>(fn: (a: A) => R, as: Input<A>, options: SettleOptions): MapResult<Settled<Awaited<R>>>
  map<A, R>(fn: (a: A) => R, as: Input<A>, options?: MapOptions): MapResult<Awaited<R>>
  map<A, B, R>(
    fn: (a: A, b: B) => R,
    as: Input<A>,
    bs: Input<B>,
    options: SettleOptions,
  ): MapResult<Settled<Awaited<R>>>
  map<A, B, R>(fn: (a: A, b: B) => R, as: Input<A>, bs: Input<B>, options?: MapOptions): MapResult<Awaited<R>>
  map<A, B, C, R>(
    fn: (a: A, b: B, c: C) => R,
    as: Input<A>,
    bs: Input<B>,
    cs: Input<C>,
    options: SettleOptions,
  ): MapResult<Settled<Awaited<R>>>
  map<A, B, C, R>(
    fn: (a: A, b: B, c: C) => R,
    as: Input<A>,
    bs: Input<B>,
    cs: Input<C>,
    options?: MapOptions,
  ): MapResult<Awaited<R>>
  map<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...inputs: [...Inputs<A>, SettleOptions]
  ): MapResult<Settled<Awaited<R>>>
  map<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...inputs: [...Inputs<A>, MapOptions | undefined]
  ): MapResult<Awaited<R>>
  map<A extends unknown[], R>(fn: (...args: A) => R, ...inputs: Inputs<A>): MapResult<Awaited<R>>

  /**
   * `map` that blocks the calling thread and returns the results. On threads and inline; refused on processes, whose pipes need the event loop, and
   * for async inputs.
   *
   * Errors: as `map`, and what its result would reject with; InvalidStateError on processes, and inline where a call returns a promise.
   *
   *     pool.mapSync((n) => n * n, [1, 2, 3]) // → [ 1, 4, 9 ]
   */
  mapSync<F extends NumericFunction, I extends KernelArguments<Parameters<F>, Iterable<number | boolean>, MapEnd>>(
    kernel: Kernel<F>,
    ...inputs: I
  ): KernelOutput<I>
  mapSync<A, R>(fn: (a: A) => R, as: Iterable<A>, options: SettleOptions): Settled<Awaited<R>>[]
  mapSync<A, R>(fn: (a: A) => R, as: Iterable<A>, options?: MapOptions): Awaited<R>[]
  mapSync<A, B, R>(
    fn: (a: A, b: B) => R,
    as: Iterable<A>,
    bs: Iterable<B>,
    options: SettleOptions,
  ): Settled<Awaited<R>>[]
  mapSync<A, B, R>(fn: (a: A, b: B) => R, as: Iterable<A>, bs: Iterable<B>, options?: MapOptions): Awaited<R>[]
  mapSync<A, B, C, R>(
    fn: (a: A, b: B, c: C) => R,
    as: Iterable<A>,
    bs: Iterable<B>,
    cs: Iterable<C>,
    options: SettleOptions,
  ): Settled<Awaited<R>>[]
  mapSync<A, B, C, R>(
    fn: (a: A, b: B, c: C) => R,
    as: Iterable<A>,
    bs: Iterable<B>,
    cs: Iterable<C>,
    options?: MapOptions,
  ): Awaited<R>[]
  mapSync<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...inputs: [...SyncInputs<A>, SettleOptions]
  ): Settled<Awaited<R>>[]
  mapSync<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...inputs: [...SyncInputs<A>, MapOptions | undefined]
  ): Awaited<R>[]
  mapSync<A extends unknown[], R>(fn: (...args: A) => R, ...inputs: SyncInputs<A>): Awaited<R>[]

  /**
   * `map` over rows of arguments, as `itertools.starmap`.
   *
   * Errors: as `map`; TypeError for a row that is not iterable.
   *
   *     await pool.starmap((base, exponent) => base ** exponent, [[2, 5], [3, 2]]) // → [ 32, 9 ]
   */
  starmap<F extends NumericFunction>(
    kernel: Kernel<F>,
    rows: Input<Parameters<F>>,
    options?: MapOptions,
  ): MapResult<number, Float64Array<ArrayBuffer>>
  starmap<A extends unknown[], R>(
    fn: (...args: A) => R,
    rows: Input<A>,
    options: SettleOptions,
  ): MapResult<Settled<Awaited<R>>>
  starmap<A extends unknown[], R>(fn: (...args: A) => R, rows: Input<A>, options?: MapOptions): MapResult<Awaited<R>>

  /**
   * Runs a kernel on each row of `zip(...inputs)`, as `map`, and makes one number of the results: their `op`, of no rows 0, 1, Infinity, -Infinity, NaN.
   *
   * They are added as one tree, whose shape depends on the number of rows alone: the same bits on every executor and engine, for any tuning. Sums begin with
   * 0, so they are never -0; `min` and `max` are those of Math, for which NaN wins and -0 is below 0.
   *
   * Errors: rejects with TypeError for what is no kernel, for options of `map` that have no meaning here, and without `op`; else as `map` of a kernel.
   * Cost:   that of `map`; from 261,121 rows on workers keep a number of each 1,024 results, so no array of all is made (on native: of a million at a time).
   *
   *     await pool.reduce(kernel((x: number) => x * x), [1, 2, 3], { op: 'sum' }) // → 14
   */
  reduce<
    F extends NumericFunction,
    I extends KernelArguments<Parameters<F>, Input<number | boolean>, [options: ReduceOptions]>,
  >(kernel: Kernel<F>, ...inputs: I): Promise<number>

  /**
   * How many results of a kernel are truthy: neither NaN nor a zero. Rows, errors and cost are those of `reduce`.
   *
   *     await pool.count(kernel((n: number) => n % 3 === 0), range(10)) // → 4
   */
  count<F extends NumericFunction, I extends KernelArguments<Parameters<F>, Input<number | boolean>, CountEnd>>(
    kernel: Kernel<F>,
    ...inputs: I
  ): Promise<number>

  /**
   * Takes no more calls; what is queued still runs unless `cancelFutures`. Resolves when all is done, or at once with `wait: false`. May be called again.
   *
   * Errors: rejects with TypeError or RangeError for options.
   */
  shutdown(options?: ShutdownOptions): Promise<void>

  /** Ends all workers now: running calls fail, pending ones are cancelled, the executor is shut down. Processes get SIGTERM. */
  terminateWorkers(): Promise<void>

  /** As `terminateWorkers`, with SIGKILL on processes. */
  killWorkers(): Promise<void>
}

/** A class of executors. */
export interface ExecutorClass {
  new (options?: PoolOptions): Executor
  readonly prototype: Executor
}
