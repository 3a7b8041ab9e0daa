export {
  BrokenExecutor,
  BrokenProcessPool,
  BrokenThreadPool,
  CancelledError,
  FunctionError,
  InvalidStateError,
  LanewiseError,
  RemoteError,
  ShutdownError,
  TimeoutError,
  WorkerDiedError,
} from './errors.ts'
export type { Callable, Executor } from './executors/executor.ts'
export { InlineExecutor } from './executors/inline.ts'
export type { PoolOptions, ShutdownOptions } from './executors/options.ts'
export { ProcessPoolExecutor } from './executors/processes.ts'
export { ThreadPoolExecutor } from './executors/threads.ts'
export { type Tasks, task, tasks } from './functions/task.ts'
export { Future, type FutureState } from './future.ts'
export { type Range, range } from './inputs/range.ts'
export { type Repeat, repeat } from './inputs/repeat.ts'
export type { Input } from './inputs/rows.ts'
export type { CallOptions, MapOptions } from './map/options.ts'
export type { ErrorPolicy, MapResult, MapStats, Settled } from './map/result.ts'
export { sharedArray } from './memory/shared-array.ts'
export { asCompleted, type ReturnWhen, type WaitOptions, wait } from './wait.ts'
export { registerError } from './wire/errors.ts'
export { transfer } from './wire/transfer.ts'
