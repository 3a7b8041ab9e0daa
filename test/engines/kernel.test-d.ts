import { describe, expectTypeOf, it } from 'vitest'
import type { Executor } from '../../src/executors/executor.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { type Kernel, kernel } from '../../src/kernel/kernel.ts'
import type { MapResult } from '../../src/map/result.ts'

declare const executor: Executor
declare function later(): AsyncGenerator<number>
declare const two: Kernel<(x: number, y: number) => number>

describe('a kernel', () => {
  it('is called with numbers, and maps to an array of doubles', async () => {
    expectTypeOf(two(1, 2)).toEqualTypeOf<number>()
    expectTypeOf(two.with({ a: 3 })).toEqualTypeOf(two)
    const result = executor.map(two, new Float32Array(3), [1, 2, 3])
    expectTypeOf(result).toEqualTypeOf<MapResult<number, Float64Array<ArrayBuffer>>>()
    expectTypeOf(await result).toEqualTypeOf<Float64Array<ArrayBuffer>>()
    expectTypeOf(executor.map(two, range(3), repeat(true), { chunksize: 4 })).toEqualTypeOf(result)
    expectTypeOf(executor.mapSync(two, range(3), new Set([1]))).toEqualTypeOf<Float64Array<ArrayBuffer>>()
    expectTypeOf(executor.starmap(two, [[1, 2]])).toEqualTypeOf(result)
  })

  it('maps to the array that it is given', async () => {
    const out = new Int16Array(3)
    expectTypeOf(await executor.map(two, range(3), range(3), { out })).toEqualTypeOf<Int16Array<ArrayBuffer>>()
    expectTypeOf(executor.mapSync(two, range(3), range(3), { out })).toEqualTypeOf<Int16Array<ArrayBuffer>>()
  })

  it('is made of functions with defaults, of truth values, and of any number of parameters', async () => {
    const made = kernel((x: number, isUp: boolean, by = 1) => (isUp ? x + by : x))
    expectTypeOf(made).toEqualTypeOf<Kernel<(x: number, isUp: boolean, by?: number) => number>>()
    expectTypeOf(made.fn).toEqualTypeOf<(x: number, isUp: boolean, by?: number) => number>()
    const doubles = expectTypeOf<MapResult<number, Float64Array<ArrayBuffer>>>()
    doubles.toEqualTypeOf(executor.map(made, [1], [true]))
    doubles.toEqualTypeOf(executor.map(made, [1], [true], { chunksize: 3 }))
    doubles.toEqualTypeOf(executor.map(made, [1], [true], range(3)))
    doubles.toEqualTypeOf(executor.map(made, [1], [true], range(3), { onProgress: ({ done }) => done }))
    const out = new Int8Array(3)
    expectTypeOf(await executor.map(made, [1], [true], { out })).toEqualTypeOf<Int8Array<ArrayBuffer>>()
    const isEven = kernel((n: number) => n % 2 === 0)
    expectTypeOf(isEven(2)).toEqualTypeOf<number>()
    expectTypeOf(executor.map(isEven, range(3))).toEqualTypeOf<MapResult<number, Float64Array<ArrayBuffer>>>()
    const any: Kernel = kernel((x: number) => x)
    expectTypeOf(executor.map(any, range(3), range(3))).toEqualTypeOf<MapResult<number, Float64Array<ArrayBuffer>>>()
  })

  it('is reduced to a number, and counted', () => {
    expectTypeOf(executor.reduce(two, [1], [2], { op: 'sum' })).toEqualTypeOf<Promise<number>>()
    expectTypeOf(
      executor.reduce(two, range(3), repeat(true), { op: 'mean', chunksize: 'auto', timeout: 5 }),
    ).toEqualTypeOf<Promise<number>>()
    expectTypeOf(executor.count(two, new Set([1]), later())).toEqualTypeOf<Promise<number>>()
    expectTypeOf(executor.count(two, [1], [2], { engine: 'js', buffersize: 3 })).toEqualTypeOf<Promise<number>>()
    expectTypeOf(executor.count(two, [1], [2], undefined)).toEqualTypeOf<Promise<number>>()
    const made = kernel((x: number, isUp: boolean, by = 1) => (isUp ? x + by : x))
    void executor.reduce(made, [1], [true], { op: 'min' })
    void executor.reduce(made, [1], [true], range(3), { op: 'max' })
    void executor.count(made, [1], [true])
    void executor.count(made, [1], [true], range(3), { signal: undefined })
    const any: Kernel = kernel((x: number) => x)
    void executor.reduce(any, range(3), range(3), { op: 'prod' })
    void executor.count(any, range(3))
  })

  it('is reduced by what there is, and only kernels are', () => {
    // @ts-expect-error there is no op
    void executor.reduce(two, [1], [2])
    // @ts-expect-error nor in the options
    void executor.reduce(two, [1], [2], { chunksize: 3 })
    // @ts-expect-error there is no such op
    void executor.reduce(two, [1], [2], { op: 'average' })
    // @ts-expect-error one input is missing
    void executor.reduce(two, [1], { op: 'sum' })
    // @ts-expect-error a count has no op
    void executor.count(two, [1], [2], { op: 'sum' })
    // @ts-expect-error kernels do not throw
    void executor.count(two, [1], [2], { errors: 'settle' })
    // @ts-expect-error a plain function
    void executor.reduce((x: number) => x, [1], { op: 'sum' })
    // @ts-expect-error text is no number
    void executor.count(two, ['1'], [2])
  })

  it('is made of functions over numbers alone', () => {
    // @ts-expect-error it gives a text
    kernel((x: number) => String(x))
    // @ts-expect-error texts cannot be captured
    kernel((x: number) => x, { with: { a: '1' } })
    // @ts-expect-error an async function gives a promise
    kernel(async (x: number) => x)
  })

  it('takes no other inputs', () => {
    // @ts-expect-error text is no number
    void executor.map(two, ['1'], [2])
    // @ts-expect-error one input is missing
    void executor.map(two, [1])
    // @ts-expect-error big integers are no numbers
    two(1n, 2)
  })
})
