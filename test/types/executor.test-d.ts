import { describe, expectTypeOf, it } from 'vitest'
import {
  type Executor,
  InlineExecutor,
  type MapResult,
  type PoolOptions,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from '../../src/index.ts'

declare const executor: Executor
declare const signal: AbortSignal

describe('the executors', () => {
  it('are one interface', () => {
    expectTypeOf<ThreadPoolExecutor>().toExtend<Executor>()
    expectTypeOf<ProcessPoolExecutor>().toExtend<Executor>()
    expectTypeOf<InlineExecutor>().toExtend<Executor>()
    expectTypeOf<Executor>().toExtend<AsyncDisposable>()
  })

  it('infer as the interface does', () => {
    expectTypeOf(new ThreadPoolExecutor().map((x) => x * 2, [1, 2])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(new ProcessPoolExecutor().mapSync((a, b) => a + b, [1], [2])).toEqualTypeOf<number[]>()
    expectTypeOf(new InlineExecutor().maxWorkers).toEqualTypeOf<number>()
  })

  it('take options, each of which may be undefined', () => {
    const setUp = (path: string, size: number): void => console.log(path, size)
    new ThreadPoolExecutor({ maxWorkers: 2, initializer: setUp, initargs: ['a', 1], signal, cancelOnError: true })
    new ThreadPoolExecutor({ threadNamePrefix: 'lane', resourceLimits: { maxOldGenerationSizeMb: 64 } })
    new ProcessPoolExecutor({ maxTasksPerChild: 10, onWorkerDeath: 'break', env: process.env, execArgv: [] })
    new InlineExecutor(undefined)
    new ThreadPoolExecutor({ maxWorkers: undefined, signal: undefined })
    expectTypeOf<ConstructorParameters<typeof ThreadPoolExecutor>>().toEqualTypeOf<
      [options?: PoolOptions | undefined]
    >()
  })

  it('refuse an option that is misspelt or of another type', () => {
    // @ts-expect-error Python's spelling
    new ThreadPoolExecutor({ max_workers: 2 })
    // @ts-expect-error a number, not an option
    new ThreadPoolExecutor(4)
    // @ts-expect-error an initializer is a function
    new ProcessPoolExecutor({ initializer: 'set-up.js' })
    // @ts-expect-error there is no such rule
    new ProcessPoolExecutor({ onWorkerDeath: 'ignore' })
    // @ts-expect-error how many workers there are is settled
    executor.maxWorkers = 3
  })

  it('end by promises', () => {
    expectTypeOf(executor.shutdown({ wait: false, cancelFutures: true, timeout: 100 })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(executor.terminateWorkers()).toEqualTypeOf<Promise<void>>()
    expectTypeOf(executor.killWorkers()).toEqualTypeOf<Promise<void>>()
    // @ts-expect-error Python's spelling
    void executor.shutdown({ cancel_futures: true })
  })
})
