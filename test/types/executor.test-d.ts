import { describe, expectTypeOf, it } from 'vitest'
import {
  asCompleted,
  type Executor,
  type Future,
  InlineExecutor,
  type MapResult,
  ProcessPoolExecutor,
  range,
  repeat,
  type Settled,
  ThreadPoolExecutor,
  task,
  wait,
} from '../../src/index.ts'

declare const executor: Executor
declare const words: string[]
declare const lines: AsyncIterable<string>
declare const signal: AbortSignal

describe('submit', () => {
  it('takes the arguments of the function and promises its result, awaited', () => {
    expectTypeOf(executor.submit((n: number) => `${n}`, 1)).toEqualTypeOf<Future<string>>()
    expectTypeOf(executor.submit(async () => 1)).toEqualTypeOf<Future<number>>()
    expectTypeOf<Awaited<Future<string>>>().toEqualTypeOf<string>()
    // @ts-expect-error a string is no number
    executor.submit((n: number) => n, 'one')
    // @ts-expect-error an argument is missing
    executor.submit((n: number) => n)
  })

  it('takes options through schedule alone', () => {
    expectTypeOf(executor.schedule((n: number) => n > 0, [1], { retries: 1, signal })).toEqualTypeOf<Future<boolean>>()
    // @ts-expect-error misspelt
    executor.schedule((n: number) => n, [1], { retry: 1 })
  })
})

describe('map', () => {
  it('infers the parameters of a plain lambda from one, two, three and more inputs', () => {
    expectTypeOf(executor.map((word) => word.length, words)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((word, n) => word.repeat(n), words, range(3))).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map((word, n, flag) => (flag ? word : n), words, [1, 2], repeat(true))).toEqualTypeOf<
      MapResult<string | number>
    >()
    const four = (a: string, b: number, c: boolean, d: bigint): [string, number, boolean, bigint] => [a, b, c, d]
    expectTypeOf(executor.map(four, words, [1], [true], [1n])).toEqualTypeOf<
      MapResult<[string, number, boolean, bigint]>
    >()
  })

  it('awaits results, and takes async inputs', () => {
    expectTypeOf(executor.map(async (line) => line.length, lines)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf<Awaited<MapResult<number>>>().toEqualTypeOf<number[]>()
  })

  it('accepts functions with optional and with generic parameters', () => {
    const shorten = (text: string, length?: number): string => text.slice(0, length)
    expectTypeOf(executor.map(shorten, words)).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map(shorten, words, [1, 2])).toEqualTypeOf<MapResult<string>>()
    const identity = <T>(value: T): T => value
    expectTypeOf(executor.map(identity, words)).toEqualTypeOf<MapResult<string>>()
  })

  it('takes options last, and an undefined in their place', () => {
    expectTypeOf(executor.map((word) => word.length, words, { chunksize: 'auto', timeout: 1_000 })).toEqualTypeOf<
      MapResult<number>
    >()
    expectTypeOf(executor.map((word) => word.length, words, undefined)).toEqualTypeOf<MapResult<number>>()
    // @ts-expect-error a chunksize is a number or 'auto'
    executor.map((word: string) => word.length, words, { chunksize: 'all' })
  })

  it("answers with settled outcomes under errors: 'settle'", () => {
    expectTypeOf(executor.map((word) => word.length, words, { errors: 'settle' })).toEqualTypeOf<
      MapResult<Settled<number>>
    >()
    expectTypeOf(executor.map((a, b) => a + b, words, words, { errors: 'settle' })).toEqualTypeOf<
      MapResult<Settled<string>>
    >()
  })

  it('refuses inputs that do not fit the function', () => {
    // @ts-expect-error numbers for a function of strings
    executor.map((word: string) => word.length, [1, 2])
    // @ts-expect-error no iterable
    executor.map((n: number) => n, 5)
  })

  it('blocks for an array in mapSync, and reads rows of arguments in starmap', () => {
    expectTypeOf(executor.mapSync((word) => word.length, words)).toEqualTypeOf<number[]>()
    const rows: [string, number][] = [['a', 1]]
    expectTypeOf(executor.starmap((word: string, n: number) => word.repeat(n), rows)).toEqualTypeOf<MapResult<string>>()
    // @ts-expect-error mapSync cannot wait for an async input
    executor.mapSync((line: string) => line.length, lines)
  })

  it('is iterated by values, or by entries with their index', () => {
    const result = executor.map((word) => word.length, words)
    expectTypeOf(result).toExtend<AsyncIterable<number>>()
    expectTypeOf(result.entries()).toExtend<AsyncIterable<[index: number, value: number]>>()
  })
})

describe('the executors', () => {
  it('are one interface', () => {
    expectTypeOf<ThreadPoolExecutor>().toExtend<Executor>()
    expectTypeOf<ProcessPoolExecutor>().toExtend<Executor>()
    expectTypeOf<InlineExecutor>().toExtend<Executor>()
  })

  it('refuse an option that they do not have', () => {
    // @ts-expect-error Python's spelling
    new ThreadPoolExecutor({ max_workers: 2 })
    // @ts-expect-error an initializer is a function
    new ProcessPoolExecutor({ initializer: 'set-up.js' })
    expectTypeOf(new InlineExecutor().maxWorkers).toEqualTypeOf<number>()
  })
})

describe('wait and asCompleted', () => {
  it('keep the type of the futures', () => {
    const futures = [executor.submit(() => 1), executor.submit(() => 2)]
    expectTypeOf(wait(futures)).resolves.toExtend<{ done: Set<Future<number>>; notDone: Set<Future<number>> }>()
    expectTypeOf(asCompleted(futures)).toExtend<AsyncIterable<Future<number>>>()
  })
})

describe('task', () => {
  it('leaves the type of the function as it is', () => {
    const double = task(import.meta, (n: number) => n * 2)
    expectTypeOf(double).toExtend<(n: number) => number>()
    expectTypeOf(executor.map(double, [1, 2])).toEqualTypeOf<MapResult<number>>()
  })
})
