import { describe, expectTypeOf, it } from 'vitest'
import type { Executor } from '../../src/executors/executor.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import type { Kernel } from '../../src/kernel/kernel.ts'
import type { MapResult } from '../../src/map/result.ts'

declare const executor: Executor
declare const kernel: Kernel<(x: number, y: number) => number>

describe('a kernel', () => {
  it('is called with numbers, and maps to an array of doubles', async () => {
    expectTypeOf(kernel(1, 2)).toEqualTypeOf<number>()
    expectTypeOf(kernel.with({ a: 3 })).toEqualTypeOf(kernel)
    const result = executor.map(kernel, new Float32Array(3), [1, 2, 3])
    expectTypeOf(result).toEqualTypeOf<MapResult<number, Float64Array<ArrayBuffer>>>()
    expectTypeOf(await result).toEqualTypeOf<Float64Array<ArrayBuffer>>()
    expectTypeOf(executor.map(kernel, range(3), repeat(true), { chunksize: 4 })).toEqualTypeOf(result)
    expectTypeOf(executor.mapSync(kernel, range(3), new Set([1]))).toEqualTypeOf<Float64Array<ArrayBuffer>>()
    expectTypeOf(executor.starmap(kernel, [[1, 2]])).toEqualTypeOf(result)
  })

  it('maps to the array that it is given', async () => {
    const out = new Int16Array(3)
    expectTypeOf(await executor.map(kernel, range(3), range(3), { out })).toEqualTypeOf<Int16Array<ArrayBuffer>>()
    expectTypeOf(executor.mapSync(kernel, range(3), range(3), { out })).toEqualTypeOf<Int16Array<ArrayBuffer>>()
  })

  it('takes no other inputs', () => {
    // @ts-expect-error text is no number
    void executor.map(kernel, ['1'], [2])
    // @ts-expect-error one input is missing
    void executor.map(kernel, [1])
    // @ts-expect-error big integers are no numbers
    kernel(1n, 2)
  })
})
