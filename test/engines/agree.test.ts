import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { axpy } from './support/axpy.ts'
import { run, WAYS } from './support/engines.ts'
import { bits, numbers, sharedNumbers, TYPES } from './support/values.ts'
import { Workers } from './support/workers.ts'

const FACTOR = -1.7

/** The naive kernel. */
function plain(xs: ArrayLike<number>, ys: ArrayLike<number>, a: number = FACTOR): Float64Array {
  return Float64Array.from(
    { length: Math.min(xs.length, ys.length) },
    (_, i) => a * (xs[i] as number) + (ys[i] as number),
  )
}

describe.each(WAYS)('a kernel map, %s', (way) => {
  let workers: Workers
  beforeAll(async () => {
    workers = await Workers.open(2)
  })
  afterAll(() => workers[Symbol.asyncDispose]())

  it('agrees with the naive kernel at every length past two vectors, and at lengths around a block', async () => {
    const lengths = [...Array.from({ length: 35 }, (_, i) => i + 1), 511, 512, 513, 2047, 2048, 2049, 4096, 70_001]
    for (const length of lengths) {
      const [xs, ys] = [numbers(length, 1), numbers(length, 2)]
      const results = await run(workers, way, axpy(FACTOR), [Float64Array.from(xs), ys])
      expect(bits(results), `${length} rows`).toEqual(bits(plain(xs, ys)))
    }
  })

  it('gives the same bits for any chunksize', async () => {
    const [xs, ys] = [Float64Array.from(numbers(3001, 3)), Float64Array.from(numbers(3001, 4))]
    const expected = bits(plain(xs, ys))
    for (const chunksize of [1, 2, 7, 512, 3000, 3001, 2 ** 53]) {
      expect(bits(await run(workers, way, axpy(FACTOR), [xs, ys], { chunksize })), `by ${chunksize}`).toEqual(expected)
    }
  })

  it('reads shared and plain arrays of every type alike', async () => {
    for (const [i, type] of TYPES.entries()) {
      const xs = new type(numbers(1000, i))
      const expected = bits(plain(xs, xs))
      expect(bits(await run(workers, way, axpy(FACTOR), [xs, xs])), type.name).toEqual(expected)
      const shared = sharedNumbers(type, xs)
      expect(bits(await run(workers, way, axpy(FACTOR), [shared, shared])), `shared ${type.name}`).toEqual(expected)
    }
  })

  it('stores results as the type of `out` converts them', async () => {
    const [xs, ys] = [numbers(1000, 5), numbers(1000, 6)]
    for (const type of TYPES) {
      const expected = new type(plain(xs, ys))
      const out = new type(new Float64Array(1001).fill(1))
      expect(await run(workers, way, axpy(FACTOR), [xs, ys], { out })).toBe(out)
      expect(bits(out.subarray(0, 1000)), type.name).toEqual(bits(expected))
      expect(out[1000], 'the row behind the last').toBe(1)
      const shared = sharedNumbers(type, 1000)
      await run(workers, way, axpy(FACTOR), [xs, ys], { out: shared })
      expect(bits(shared), `shared ${type.name}`).toEqual(bits(expected))
    }
  })

  it('overwrites an input that is `out` too, plain or shared', async () => {
    for (const length of [1, 5, 2049, 5000]) {
      const [xs, ys] = [numbers(length, 7), numbers(length, 8)]
      const expected = bits(plain(xs, ys))
      for (const x of [Float64Array.from(xs), sharedArray(Float64Array, xs)]) {
        await run(workers, way, axpy(FACTOR), [x, ys], { out: x })
        expect(bits(x)).toEqual(expected)
      }
      const y = sharedArray(Float64Array, ys)
      await run(workers, way, axpy(FACTOR), [xs, y], { out: y })
      expect(bits(y)).toEqual(expected)
    }
  })

  it('counts a range and repeats a value without memory for them', async () => {
    const counted = range(0.1, 5000, 0.7)
    const results = await run(workers, way, axpy(FACTOR), [counted, repeat(-3)])
    expect(bits(results)).toEqual(bits(plain([...counted], new Float64Array(counted.length).fill(-3))))
    expect(bits(await run(workers, way, axpy(FACTOR), [repeat(true), range(3)]))).toEqual(
      bits(plain([1, 1, 1], [0, 1, 2])),
    )
  })

  it('runs kernels of no input and of many', async () => {
    const none = kernel(() => Math.PI)
    const out = new Float64Array(1000)
    expect([...(await run(workers, way, none, [range(1000)], { out }))]).toEqual(new Array(1000).fill(Math.PI))
    const many = kernel<(...args: number[]) => number>(
      (a, b, c, d, e, f, g, h, i, j, k, l) => a - b + c * d - e / f + g * h - i + j * k - l,
    )
    const columns = Array.from({ length: 12 }, (_, i) => new TYPES[i % TYPES.length]!(numbers(1500, i)))
    const wanted = Array.from({ length: 1500 }, (_, row) => many.fn(...columns.map((column) => column[row] as number)))
    expect(bits(await run(workers, way, many, columns))).toEqual(bits(wanted))
  })

  it('takes any iterable of numbers and truth values, and stops at the shortest', async () => {
    const results = await run(workers, way, axpy(2), [new Set([1, 2, 3, 4]), [true, false, 7], numbers(50, 1)])
    expect([...results]).toEqual([3, 4, 13])
  })

  it('is not disturbed by what happens to plain arrays after the call', async () => {
    const [x, y] = [Float64Array.of(1, 2, 3), [4, 5, 6]]
    const running = run(workers, way, axpy(10), [x, y])
    x.fill(0)
    structuredClone(x, { transfer: [x.buffer] })
    y.fill(0)
    expect([...(await running)]).toEqual([14, 25, 36])
  })

  it('keeps maps apart that run at the same time', async () => {
    const factors = Array.from({ length: 100 }, (_, i) => i - 50)
    const ys = Float64Array.from(numbers(3000, 9))
    const results = await Promise.all(factors.map((a) => run(workers, way, axpy(a), [range(3000), ys], { workers: 1 })))
    for (const [i, result] of results.entries()) {
      const a = factors[i] as number
      expect(bits(result), `factor ${a}`).toEqual(bits(plain([...range(3000)], ys, a)))
    }
  })

  it('runs with fewer and with more workers than there are threads', async () => {
    const expected = bits(plain([...range(10_000)], [...range(10_000)]))
    for (const count of [1, 3, 64, 256]) {
      const results = await run(workers, way, axpy(FACTOR), [range(10_000), range(10_000)], { workers: count })
      expect(bits(results), `${count} workers`).toEqual(expected)
    }
  })
})
