import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { describe, expectTypeOf, it } from 'vitest'
import { type Executor, type MapOptions, type MapResult, range, repeat, type Settled } from '../../src/index.ts'

declare const executor: Executor
declare const words: string[]
declare const lines: AsyncIterable<string>
declare const signal: AbortSignal
declare const chosen: MapOptions | undefined

describe('map infers the parameters of a lambda', () => {
  it('from one, two, three and more inputs', () => {
    expectTypeOf(executor.map((x) => x * 2, [1, 2, 3])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((word, n) => word.repeat(n), words, range(3))).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map((word, n, flag) => (flag ? word : n), words, [1, 2], repeat(true))).toEqualTypeOf<
      MapResult<string | number>
    >()
    expectTypeOf(executor.map((a, b, c, d) => [a, b, c, d] as const, words, [1], [true], [1n])).toEqualTypeOf<
      MapResult<readonly [string, number, boolean, bigint]>
    >()
    expectTypeOf(executor.map((a, b, c, d, e) => a + b + c + d + e, [1], [2], [3], [4], [5])).toEqualTypeOf<
      MapResult<number>
    >()
  })

  it('from whatever can be iterated', () => {
    expectTypeOf(executor.map((x) => x, new Float32Array(3))).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((x) => x, new BigInt64Array(3))).toEqualTypeOf<MapResult<bigint>>()
    expectTypeOf(executor.map((x) => x, Buffer.from('bytes'))).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((x) => x, new Set<Date>())).toEqualTypeOf<MapResult<Date>>()
    expectTypeOf(executor.map(([key, n]) => `${key}${n}`, new Map<string, number>())).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map((letter) => letter.codePointAt(0), 'text')).toEqualTypeOf<MapResult<number | undefined>>()
    expectTypeOf(executor.map((x) => x, [1, 2] as const)).toEqualTypeOf<MapResult<1 | 2>>()
    expectTypeOf(executor.map((x) => x, range(0, 1, 0.1))).toEqualTypeOf<MapResult<number>>()
  })

  it('from what is iterated with waiting', () => {
    expectTypeOf(executor.map((line) => line.length, lines)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((chunk) => chunk.length, {} as ReadableStream<Uint8Array>)).toEqualTypeOf<
      MapResult<number>
    >()
    expectTypeOf(executor.map((chunk: Buffer) => chunk.length, Readable.from([]))).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((a, b) => a + b, words, lines)).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map((x) => x, {} as string[] | AsyncIterable<string>)).toEqualTypeOf<MapResult<string>>()
  })
})

describe('map answers with the results of the function', () => {
  it('awaited, as the worker awaits them', () => {
    expectTypeOf(executor.map(async (word) => word.length, words)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(async (a, b, c, d) => a + b + c + d, [1], [2], [3], [4])).toEqualTypeOf<
      MapResult<number>
    >()
    expectTypeOf(executor.map((word) => (word === '' ? 0 : Promise.resolve(1)), words)).toEqualTypeOf<
      MapResult<number>
    >()
  })

  it('of functions that take fewer arguments than there are inputs', () => {
    expectTypeOf(executor.map(() => 1, words)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(() => 1, range(3), repeat('x'))).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(() => 1)).toEqualTypeOf<MapResult<number>>()
  })

  it('of functions with optional, default, generic and rest parameters', () => {
    const shorten = (text: string, length?: number): string => text.slice(0, length)
    expectTypeOf(executor.map(shorten, words)).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map(shorten, words, { chunksize: 8 })).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map(shorten, words, [1, 2])).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map((n: number, by = 2) => n * by, [1])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(<T>(value: T) => value, words)).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.map(<A, B>(a: A, b: B): [A, B] => [a, b], words, [1])).toEqualTypeOf<
      MapResult<[string, number]>
    >()
    expectTypeOf(executor.map((...all: number[]) => all.length, [1], [2], [3], [4])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(Math.max, [1], [2], [3], [4])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map(Number.parseInt, words, repeat(16))).toEqualTypeOf<MapResult<number>>()
  })

  it('of functions whose parameters are tuples or literals', () => {
    const span = ([from, to]: [number, number]): number => to - from
    expectTypeOf(
      executor.map(span, [
        [0, 1],
        [2, 5],
      ]),
    ).toEqualTypeOf<MapResult<number>>()
    const side = (way: 'left' | 'right'): boolean => way === 'left'
    expectTypeOf(executor.map(side, ['left', 'right'])).toEqualTypeOf<MapResult<boolean>>()
    // @ts-expect-error no way
    executor.map(side, ['left', 'up'])
  })
})

describe('options of map', () => {
  it('stand last, as an object, a variable, or undefined', () => {
    const all = { timeout: 1_000, chunksize: 'auto', buffersize: 9, unordered: true, errors: 'raise', signal } as const
    expectTypeOf(executor.map((word) => word.length, words, all)).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.map((word) => word.length, words, { itemTimeout: 5, retries: 2 })).toEqualTypeOf<
      MapResult<number>
    >()
    const onProgress = ({ done, total }: { done: number; total?: number }): void => console.log(done, total)
    executor.map((word) => word.length, words, { onProgress })
    for (const options of [undefined, chosen]) {
      expectTypeOf(executor.map((a) => a, words, options)).toEqualTypeOf<MapResult<string>>()
      expectTypeOf(executor.map((a, b) => a + b, words, words, options)).toEqualTypeOf<MapResult<string>>()
      expectTypeOf(executor.map((a, b, c) => a + b + c, words, words, words, options)).toEqualTypeOf<
        MapResult<string>
      >()
      expectTypeOf(executor.map((a, b, c, d) => a + b + c + d, words, words, words, words, options)).toEqualTypeOf<
        MapResult<string>
      >()
    }
  })

  it("make settled outcomes of the results under errors: 'settle'", () => {
    const errors = 'settle'
    expectTypeOf(executor.map((a) => a.length, words, { errors })).toEqualTypeOf<MapResult<Settled<number>>>()
    expectTypeOf(executor.map((a, b) => a + b, words, words, { errors })).toEqualTypeOf<MapResult<Settled<string>>>()
    expectTypeOf(executor.map((a, b, c) => a + b + c, words, words, words, { errors })).toEqualTypeOf<
      MapResult<Settled<string>>
    >()
    expectTypeOf(executor.map((a, b, c, d) => a + b + c + d, [1], [2], [3], [4], { errors })).toEqualTypeOf<
      MapResult<Settled<number>>
    >()
    expectTypeOf(executor.map((a) => a.length, words, { errors: 'continue' })).toEqualTypeOf<MapResult<number>>()
  })

  it('are refused where one is misspelt, of another type, or of another world', () => {
    // @ts-expect-error chunksize is one word
    executor.map((word: string) => word.length, words, { chunkSize: 8 })
    // @ts-expect-error also behind four inputs
    executor.map((...all: number[]) => all.length, [1], [2], [3], [4], { chunkSize: 8 })
    // @ts-expect-error a chunksize is a number or 'auto'
    executor.map((word: string) => word.length, words, { chunksize: 'all' })
    // @ts-expect-error a time is a number of milliseconds
    executor.map((word: string) => word.length, words, { timeout: '5s' })
    // @ts-expect-error there is no such policy
    executor.map((word: string) => word.length, words, { errors: 'ignore' })
    // @ts-expect-error a signal, not its controller
    executor.map((word: string) => word.length, words, { signal: new AbortController() })
  })
})

describe('map refuses', () => {
  it('inputs that do not fit the function', () => {
    // @ts-expect-error numbers for a function of strings
    executor.map((word: string) => word.length, [1, 2])
    // @ts-expect-error the second input
    executor.map((word: string, n: number) => word.repeat(n), words, words)
    // @ts-expect-error the fourth
    executor.map((a: number, b: number, c: number, d: string) => `${a}${b}${c}${d}`, [1], [2], [3], [4])
    // @ts-expect-error a promise has to be awaited first
    executor.map((word: string) => word.length, Promise.resolve(words))
  })

  it('what cannot be iterated, and no input at all', () => {
    // @ts-expect-error no iterable
    executor.map((n: number) => n, 5)
    // @ts-expect-error an object is neither an input nor options
    executor.map((n: number) => n, { length: 3 })
    // @ts-expect-error an input is missing
    executor.map((n: number) => n)
    // @ts-expect-error the second input is missing
    executor.map((a: number, b: number) => a + b, [1])
    // @ts-expect-error no function
    executor.map('Math.sqrt', [1])
  })
})

describe('the result of map', () => {
  it('is awaited for an array, and iterated by values or by entries with their index', async () => {
    const lengths = executor.map((word) => word.length, words)
    expectTypeOf(await lengths).toEqualTypeOf<number[]>()
    for await (const length of lengths) expectTypeOf(length).toEqualTypeOf<number>()
    for await (const entry of lengths.entries()) expectTypeOf(entry).toEqualTypeOf<[index: number, value: number]>()
    expectTypeOf(lengths.then((all) => all.length)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(await Promise.all([lengths, executor.map(() => 'a', [1])])).toEqualTypeOf<[number[], string[]]>()
    expectTypeOf(lengths).toExtend<AsyncDisposable>()
  })

  it('tells values and reasons apart under settle', async () => {
    for await (const outcome of executor.map((word) => word.length, words, { errors: 'settle' })) {
      if (outcome.status === 'fulfilled') expectTypeOf(outcome.value).toEqualTypeOf<number>()
      else expectTypeOf(outcome.reason).toEqualTypeOf<unknown>()
      // @ts-expect-error a value only where it was fulfilled
      console.log(outcome.value)
    }
  })

  it('is no array', () => {
    // @ts-expect-error await it first
    executor.map((word) => word.length, words).length satisfies number
    // @ts-expect-error how it went is not for others to set
    executor.map((word) => word.length, words).stats = {}
  })
})

describe('starmap', () => {
  it('reads rows of arguments', () => {
    const rows: [string, number][] = [['a', 1]]
    expectTypeOf(executor.starmap((word, n) => word.repeat(n), rows)).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.starmap((word: string, n: number) => word.repeat(n), [['a', 1]])).toEqualTypeOf<
      MapResult<string>
    >()
    expectTypeOf(executor.starmap((key, n) => key.repeat(n), new Map([['a', 1]]))).toEqualTypeOf<MapResult<string>>()
    expectTypeOf(executor.starmap(Math.max, [[1, 2, 3], [4]])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(executor.starmap((word, n) => word.repeat(n), rows, { errors: 'settle' })).toEqualTypeOf<
      MapResult<Settled<string>>
    >()
    // @ts-expect-error a row of the wrong types
    executor.starmap((word: string, n: number) => word.repeat(n), [[1, 'a']])
    // @ts-expect-error a row that is too short
    executor.starmap((word: string, n: number) => word.repeat(n), [['a']])
    // @ts-expect-error misspelt
    executor.starmap((word: string, n: number) => word.repeat(n), rows, { bufferSize: 2 })
  })
})

describe('mapSync', () => {
  it('has the forms of map, and gives arrays', () => {
    expectTypeOf(executor.mapSync((word) => word.length, words)).toEqualTypeOf<number[]>()
    expectTypeOf(executor.mapSync((a, b) => a + b, words, words)).toEqualTypeOf<string[]>()
    expectTypeOf(executor.mapSync((a, b, c) => a + b + c, [1], [2], range(3))).toEqualTypeOf<number[]>()
    expectTypeOf(executor.mapSync((a, b, c, d) => a + b + c + d, [1], [2], [3], [4])).toEqualTypeOf<number[]>()
    expectTypeOf(executor.mapSync((word) => word.length, words, undefined)).toEqualTypeOf<number[]>()
    expectTypeOf(executor.mapSync((word) => word.length, words, { errors: 'settle' })).toEqualTypeOf<
      Settled<number>[]
    >()
    expectTypeOf(executor.mapSync((a, b, c) => a + b + c, [1], [2], [3], { errors: 'settle' })).toEqualTypeOf<
      Settled<number>[]
    >()
    // @ts-expect-error misspelt
    executor.mapSync((word: string) => word.length, words, { chunkSize: 8 })
    // @ts-expect-error it cannot wait for an async input
    executor.mapSync((line: string) => line.length, lines)
  })
})
