import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { BrokenThreadPool, CancelledError, ShutdownError, TimeoutError } from '../../src/errors.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import type { Input } from '../../src/inputs/rows.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import type { CountOptions } from '../../src/map/reduce-options.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { axpy } from '../engines/support/axpy.ts'
import { logistic } from '../engines/support/logistic.ts'
import { isNative } from '../engines/support/native.ts'
import { OPS, type Op, plainReduction, rounding } from '../engines/support/tree.ts'
import { bits } from '../engines/support/values.ts'
import { executors, pools } from '../support/executors.ts'

const ENGINES = ['auto', 'js', 'wasm', ...(isNative ? (['native'] as const) : [])] as const
const GRID = executors.flatMap((executor) => ENGINES.map((engine) => ({ ...executor, engine })))

/** From here on workers fold: 256 leaves. */
const FOLDED = 256 * 1024

/** Rows that nobody has memory for, as results. */
const HUGE = 2 ** 33

const square = kernel((x: number) => x * x)

const counted = range(0.1, 0.7 * (2 ** 20 + 1025), 0.7)
const countedSum = bits([plainReduction('sum', Float64Array.from(counted).map((x) => 3 * x - 1))]) // biome-ignore format: one line

/** One list of numbers as each kind of input. */
const kinds: Record<string, (xs: Float64Array) => Input<number>> = {
  array: (xs) => [...xs],
  'typed array': (xs) => xs,
  'shared array': (xs) => sharedArray(Float64Array, xs),
  set: (xs) => new Map(xs.entries()).values(),
  'async generator': async function* (xs) {
    yield* xs
  },
}

beforeEach(() => vi.stubEnv('LANEWISE_ENGINE', ''))
afterEach(() => vi.unstubAllEnvs())

describe.each(GRID)('a reduction on a $name, engine $engine', ({ open, engine }) => {
  const crew = [1, 2, 3].map((maxWorkers) => open({ maxWorkers, engine }))
  const [pool] = crew as [ReturnType<typeof open>]
  afterAll(() => Promise.all(crew.map((each) => each.shutdown())))

  function reduce(op: Op, xs: Input<number>, ys: Input<number>, options?: CountOptions, by = pool): Promise<number> {
    return op === 'count' ? by.count(axpy(3), xs, ys, options) : by.reduce(axpy(3), xs, ys, { ...options, op })
  }

  it('has the bits of the tree for any tuning, number of workers and kind of input', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...OPS),
      fc.oneof(fc.constantFrom(0, 1, 15, 16, 17, 1023, 1024, 1025), fc.integer({ min: 0, max: 5000 })),
      fc.constantFrom(...Object.keys(kinds)),
      fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 3000 })),
      fc.oneof(fc.constant(undefined), fc.integer({ min: 3000, max: 4000 })),
      fc.nat({ max: 2 }),
      async (op, length, kind, chunksize, buffersize, by) => {
        const xs = rounding(length, length)
        const found = await reduce(op, kinds[kind]?.(xs) ?? xs, range(1e9), { chunksize, buffersize }, crew[by])
        expect(bits([found])).toEqual(bits([plainReduction(op, xs.map((x, i) => 3 * x + i))])) // biome-ignore format: one line
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })

  it.each([-1024, -1, 0, 1, 1024])('has them where workers begin to fold, %d rows from there', async (more) => {
    const xs = sharedArray(Float64Array, rounding(FOLDED + more))
    const results = xs.map((x) => 3 * x + 0.25)
    for (const [i, op] of OPS.entries()) {
      const chunksize = ['auto' as const, 1000, 1024, 5000, 100_000, 2 ** 40][i] ?? 'auto'
      const found = await reduce(op, xs, repeat(0.25), { chunksize }, crew[i % 3])
      expect(bits([found]), `${op} by ${chunksize}`).toEqual(bits([plainReduction(op, results)]))
    }
  })

  it('has them over a million rows and more, counted or plain', async () => {
    expect(bits([await reduce('sum', counted, repeat(-1))])).toEqual(countedSum)
    expect(bits([await reduce('sum', Float64Array.from(counted), repeat(-1), {}, crew[1])])).toEqual(countedSum)
  })

  it('takes its inputs as they are at the call', async () => {
    const xs = rounding(FOLDED)
    const expected = plainReduction('sum', xs.map((x) => 3 * x)) // biome-ignore format: one line
    const sum = reduce('sum', xs, repeat(0))
    xs.fill(0)
    expect(await sum).toBe(expected)
  })

  it('of nothing is 0, 1, Infinity, -Infinity, NaN and 0', async () => {
    for (const nothing of [[], kinds['async generator']?.(new Float64Array()) ?? []]) {
      const found = await Promise.all(OPS.map((op) => reduce(op, nothing, range(5))))
      expect(found).toEqual(OPS.map((op) => plainReduction(op, [])))
    }
  })

  it('makes no array of all results, and ends at its timeout', async () => {
    const huge = pool.reduce(axpy(3), range(HUGE), range(HUGE), { op: 'max', timeout: 20 })
    await expect(huge).rejects.toBeInstanceOf(TimeoutError)
    await expect(pool.count(axpy(3), range(HUGE), repeat(1), { timeout: 0 })).rejects.toBeInstanceOf(TimeoutError)
  })

  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(pool.count(axpy(3), [1], [2], { signal })).rejects.toBe(reason)
    const controller = new AbortController()
    const sum = pool.reduce(axpy(3), range(HUGE), range(HUGE), { op: 'sum', signal: controller.signal })
    controller.abort(reason)
    await expect(sum).rejects.toBe(reason)
  })

  it('tells its progress, to the last row', async () => {
    const told: { done: number; total?: number }[] = []
    const onProgress = (progress: { done: number; total?: number }): void => void told.push(progress)
    for (const rows of [5000, 3 * FOLDED + 5]) {
      told.length = 0
      await pool.reduce(axpy(3), range(rows), range(rows), { op: 'sum', onProgress })
      expect(told.at(-1)).toEqual({ done: rows, total: rows })
      const counts = told.map(({ done }) => done)
      expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b))
    }
    await pool.count(axpy(3), kinds['async generator']?.(rounding(3000)) ?? [], range(1e9), { onProgress })
    expect(told.at(-1)).toEqual({ done: 3000 })
  })

  it('reads no more than its buffer has room for', async () => {
    let most = 0
    let done = 0
    async function* counted() {
      for (let i = 0; i < 1000; i++) {
        most = Math.max(most, i - done)
        yield i
      }
    }
    const onProgress = (progress: { done: number }): void => {
      done = progress.done
    }
    const sum = await pool.reduce(axpy(1), counted(), repeat(0), { op: 'sum', buffersize: 10, onProgress })
    expect(sum).toBe(499_500)
    expect(most).toBeLessThanOrEqual(10)
  })

  it('rejects with what its inputs throw, and with what is no number', async () => {
    function* throwing() {
      yield 1
      throw new RangeError('the source broke')
    }
    await expect(pool.reduce(axpy(3), throwing(), range(9), { op: 'sum' })).rejects.toThrow('the source broke')
    await expect(pool.count(axpy(3), throwing(), range(9), { buffersize: 5 })).rejects.toThrow('the source broke')
    await expect(pool.count(axpy(3), [1, 'two' as never], range(9))).rejects.toThrow("got 'two' as item 1 of input 1")
    await expect(Reflect.apply(pool.count, pool, [axpy(3), [1]])).rejects.toThrow('there is none for y')
  })
})

describe.each(executors)('reduce and count of a $name', ({ open }) => {
  const pool = open()
  afterAll(() => pool.shutdown())

  it('refuse what is no kernel, with the way out', async () => {
    const plain = (x: number): number => x
    const rule = 'reduce takes a kernel, got [Function: plain]; wrap it, as in kernel('
    await expect(Reflect.apply(pool.reduce, pool, [plain, [1], { op: 'sum' }])).rejects.toThrow(rule)
    await expect(Reflect.apply(pool.count, pool, ['x', [1]])).rejects.toThrow("count takes a kernel, got 'x'; ")
  })

  it.each([
    { out: new Float64Array(1) },
    { unordered: true },
    { unordered: false },
    { errors: 'raise' },
    { itemTimeout: 5 },
    { retries: 0 },
  ])('refuse %o by name, with the way out', async (option) => {
    const [name] = Object.keys(option)
    for (const options of [option, { ...option, op: 'sum' }]) {
      const call = Reflect.apply('op' in options ? pool.reduce : pool.count, pool, [square, [1], options])
      await expect(call).rejects.toThrow(TypeError)
      await expect(call).rejects.toThrow(new RegExp(`^(reduce|count) takes no ${name}: .*; leave it out`))
    }
  })

  it('refuse an unknown option, and an op that there is not', async () => {
    const reduce = (options?: object) => Reflect.apply(pool.reduce, pool, [square, [1], options])
    await expect(reduce({ op: 'sum', chunkSize: 3 })).rejects.toThrow("no option 'chunkSize'; did you mean chunksize?")
    await expect(reduce({ op: 'sums' })).rejects.toThrow("got 'sums'; did you mean 'sum'?")
    await expect(reduce({ op: 'sums' })).rejects.toThrow(RangeError)
    for (const options of [undefined, {}]) {
      await expect(reduce(options)).rejects.toThrow("op must be 'sum', 'prod', 'min', 'max', 'mean', got undefined;")
    }
    await expect(Reflect.apply(pool.count, pool, [square, [1], { op: 'sum' }])).rejects.toThrow('count takes no op: ')
    await expect(pool.count(square, [1], { chunksize: 9, buffersize: 3 })).rejects.toThrow('buffersize counts items')
    await expect(pool.count(square, [1], { chunksize: 0 })).rejects.toThrow('chunksize must be >= 1')
  })

  it('take an option that is undefined for one that was not given', async () => {
    const nothing = { out: undefined, unordered: undefined, errors: undefined, chunksize: undefined, signal: undefined }
    expect(await Reflect.apply(pool.reduce, pool, [square, [1, 2], { ...nothing, op: 'sum' }])).toBe(5)
    expect(await pool.count(square, [0, 2], undefined)).toBe(1)
  })

  it('follow LANEWISE_CHUNKSIZE and LANEWISE_ENGINE', async () => {
    vi.stubEnv('LANEWISE_CHUNKSIZE', '7')
    vi.stubEnv('LANEWISE_ENGINE', 'js')
    expect(await pool.reduce(square, range(4), { op: 'sum', engine: 'wasm' })).toBe(14)
    vi.stubEnv('LANEWISE_CHUNKSIZE', 'x')
    await expect(pool.count(square, range(4))).rejects.toThrow('LANEWISE_CHUNKSIZE must be')
  })

  it('take truth values, and constants of parameters', async () => {
    const scaled = kernel((x: number, isUp: boolean, by = 2) => (isUp ? x * by : -x))
    expect(await pool.reduce(scaled, [1, 2], [true, false], { op: 'sum' })).toBe(0)
    expect(await pool.reduce(scaled, [1, 2], [true, false], [10, 10], { op: 'max' })).toBe(10)
    const isOdd = kernel((n: number) => n % 2 === 1)
    expect(await pool.count(isOdd, range(7))).toBe(3)
    expect(await pool.reduce(isOdd, range(7), { op: 'mean' })).toBe(3 / 7)
  })

  it('finish before the executor has shut down, unless they are cancelled', async () => {
    const other = open()
    const sum = other.reduce(square, range(FOLDED), { op: 'max' })
    await other.shutdown()
    expect(await sum).toBe((FOLDED - 1) ** 2)
    await expect(other.count(square, [1])).rejects.toBeInstanceOf(ShutdownError)

    const third = open()
    const cancelled = third.count(square, range(HUGE))
    await Promise.all([
      expect(cancelled).rejects.toBeInstanceOf(CancelledError),
      third.shutdown({ cancelFutures: true }),
    ])
  })
})

describe.each(pools.filter(({ kind }) => kind === 'thread'))('a reduction on the workers of a $name', ({ open }) => {
  let pool: ReturnType<typeof open>
  beforeAll(() => {
    pool = open({ maxWorkers: 2, engine: 'wasm' })
  })
  afterAll(() => pool.shutdown())

  it.each(ENGINES)('stops a kernel that never ends, engine %s, and runs the next one', async (engine) => {
    const times = sharedArray(Float64Array, FOLDED)
    times[1000] = Number.POSITIVE_INFINITY
    await expect(pool.count(logistic, times, { timeout: 50, engine })).rejects.toBeInstanceOf(TimeoutError)
    expect(await pool.reduce(logistic, [0, 0], { op: 'sum', engine })).toBe(1)
  })

  it('shares them with calls and maps', async () => {
    const sums = Array.from({ length: 8 }, (_, i) => pool.reduce(axpy(i), range(FOLDED), repeat(0), { op: 'max' }))
    const call = pool.submit((x: number) => x * 2, 21)
    const map = pool.map(square, [1, 2])
    expect(await Promise.all(sums)).toEqual(Array.from({ length: 8 }, (_, i) => i * (FOLDED - 1)))
    expect([await call, [...(await map)]]).toEqual([42, [1, 4]])
  })

  it('fails with the pool when they are terminated', async () => {
    const other = open({ maxWorkers: 2, engine: 'wasm' })
    const beginning = new Promise<[Promise<unknown>]>((resolve) => {
      const sum = other.reduce(logistic, repeat(1000, HUGE), { op: 'sum', onProgress: () => resolve([end]) })
      const end = sum.catch((error: unknown) => error)
    })
    const [end] = await beginning
    await other.terminateWorkers()
    expect(await end).toBeInstanceOf(BrokenThreadPool)
  })
})
