import type { Executor, ExecutorClass } from './executors/executor.ts'
import { InlineExecutor as Inline } from './executors/inline.ts'
import { ProcessPoolExecutor as Processes } from './executors/processes.ts'
import { ThreadPoolExecutor as Threads } from './executors/threads.ts'

export {
  BrokenExecutor,
  BrokenProcessPool,
  BrokenThreadPool,
  CancelledError,
  FunctionError,
  InvalidStateError,
  KernelSyntaxError,
  LanewiseError,
  RemoteError,
  ShutdownError,
  TimeoutError,
  WorkerDiedError,
} from './errors.ts'
export type { Callable, Executor, ExecutorClass } from './executors/executor.ts'
export type { PoolOptions, ShutdownOptions } from './executors/options.ts'
export { type Tasks, task, tasks } from './functions/task.ts'
export { Future, type FutureState } from './future.ts'
export { type Range, range } from './inputs/range.ts'
export { type Repeat, repeat } from './inputs/repeat.ts'
export type { Input } from './inputs/rows.ts'
export { type AssemblyKernelOptions, assemblyKernel } from './kernel/assembly-kernel.ts'
export { type Kernel, type KernelCaptures, type KernelOptions, kernel } from './kernel/kernel.ts'
export type { CallOptions, MapOptions } from './map/options.ts'
export type { ErrorPolicy, Settled } from './map/outcome.ts'
export type { CountOptions, ReduceOptions } from './map/reduce-options.ts'
export type { MapResult } from './map/result.ts'
export { sharedArray } from './memory/shared-array.ts'
export type { ChunkLine } from './observe/chunk-line.ts'
export type { MapEvent } from './observe/map-event.ts'
export type { MapStats } from './observe/stats.ts'
export { asCompleted, type ReturnWhen, type WaitOptions, wait } from './wait.ts'
export { registerError } from './wire/errors.ts'
export { transfer } from './wire/transfer.ts'

// The classes under the type of their interface: what they do for one another is nobody's business outside.

/**
 * Runs one call at a time, in order, on the caller's thread: for tests and debugging, and as the plain model of the others. Nothing can stop a call.
 *
 * Errors: as of ThreadPoolExecutor; options that only workers could keep are refused.
 *
 *     const pool = new InlineExecutor()
 *     await pool.map(Math.sqrt, [1, 4, 9]) // → [ 1, 2, 3 ]
 */
export const InlineExecutor: ExecutorClass = Inline
export type InlineExecutor = Executor

/**
 * Runs calls on worker threads of this process, as many as it may use cores. Idle, it keeps nothing alive.
 *
 * Errors: TypeError for an option that is unknown or of another type, RangeError for a value; FunctionError for `initializer`.
 * Cost:   nothing until the first call; then a thread for each call that finds none idle, up to `maxWorkers`.
 *
 *     const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
 *     await pool.map(Math.sqrt, [1, 4, 9]) // → [ 1, 2, 3 ]
 */
export const ThreadPoolExecutor: ExecutorClass = Threads
export type ThreadPoolExecutor = Executor

/**
 * Runs calls on child processes, as many as this process may use cores. Idle, it keeps nothing alive.
 *
 * Errors: as of ThreadPoolExecutor.
 * Cost:   nothing until the first call; then a process for each call that finds none idle, up to `maxWorkers`.
 *
 *     const pool = new ProcessPoolExecutor({ maxWorkers: 2 })
 *     await pool.map(Math.sqrt, [1, 4, 9]) // → [ 1, 2, 3 ]
 */
export const ProcessPoolExecutor: ExecutorClass = Processes
export type ProcessPoolExecutor = Executor
