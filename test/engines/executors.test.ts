import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BrokenThreadPool, CancelledError, TimeoutError } from '../../src/errors.ts'
import { InlineExecutor } from '../../src/executors/inline.ts'
import type { PoolOptions } from '../../src/executors/options.ts'
import { ProcessPoolExecutor } from '../../src/executors/processes.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import type { NativeSession } from '../../src/native/load.ts'
import type { NativeCode } from '../../src/native/machine-code.ts'
import { axpy } from './support/axpy.ts'
import { iterate, logistic } from './support/logistic.ts'
import { isNative, native } from './support/native.ts'
import { bits, numbers } from './support/values.ts'

const EXECUTORS = { inline: InlineExecutor, threads: ThreadPoolExecutor, processes: ProcessPoolExecutor }
const ENGINES = ['auto', 'js', 'wasm', ...(isNative ? (['native'] as const) : [])] as const

const GRID = (Object.keys(EXECUTORS) as (keyof typeof EXECUTORS)[]).flatMap((executor) =>
  ENGINES.map((engine) => ({ executor, engine })),
)

/** More than a block, and few enough to be sent one by one. */
const ROWS = 2500

/** Iterations of a row that takes about a millisecond. */
const DEAR = 250_000

/** What the addon answers to `wait` while a map goes on. */
const NOT_ENDED = -2

beforeEach(() => vi.stubEnv('LANEWISE_ENGINE', ''))
afterEach(() => vi.unstubAllEnvs())

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

async function* later<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) {
    await Promise.resolve()
    yield value
  }
}

describe.each(GRID)('a kernel on $executor, engine $engine', ({ executor, engine }) => {
  const open = (options?: PoolOptions) => new EXECUTORS[executor]({ maxWorkers: 2, engine, ...options })
  const [xs, ys] = [numbers(ROWS, 1), numbers(ROWS, 2)]
  const expected = bits(xs.map((x, i) => 3 * x + (ys[i] as number)))

  it('maps arrays to an array of doubles', async () => {
    await using pool = open()
    const result = pool.map(axpy(3), Float64Array.from(xs), ys)
    const values = await result
    expect(values).toBeInstanceOf(Float64Array)
    expect(values.buffer).toBeInstanceOf(ArrayBuffer)
    expect(bits(values)).toEqual(expected)
    expect(await result).toBe(values)
    if (engine !== 'auto') expect(result.stats.engine).toBe(engine)
    expect(result.stats).toMatchObject({ chunksize: 'auto', givenBack: expect.any(Number) })
    expect(result.stats.chunks).toBeGreaterThan(0)
    expect(result.stats.firstResultMs).toBeGreaterThan(0)
    expect(result.stats.utilisation).toBeGreaterThan(0)
    expect(result.stats.utilisation).toBeLessThanOrEqual(1)
  })

  it('yields its results in order, with their index if asked', async () => {
    await using pool = open()
    expect(bits(await collect(pool.map(axpy(3), xs, ys)))).toEqual(expected)
    const entries = await collect(pool.map(axpy(3), xs.slice(0, 3), ys).entries())
    expect(entries.map(([index]) => index)).toEqual([0, 1, 2])
    expect(bits(entries.map(([, value]) => value))).toEqual(expected.slice(0, 3))
  })

  it('gives the same bits for any chunksize, buffersize and kind of input', async () => {
    await using pool = open()
    const options = [
      { chunksize: 1 },
      { chunksize: 777 },
      { buffersize: 1 },
      { buffersize: 100, chunksize: 10 },
      { unordered: true },
      { errors: 'continue' as const },
    ]
    for (const option of options) {
      expect(bits(await pool.map(axpy(3), xs, ys, option)), JSON.stringify(option)).toEqual(expected)
    }
    expect(bits(await collect(pool.map(axpy(3), xs, ys, { buffersize: 100 })))).toEqual(expected)
    expect(bits(await pool.map(axpy(3), later(xs), ys))).toEqual(expected)
    expect(bits(await pool.map(axpy(3), later(xs), later(ys), { buffersize: 7 }))).toEqual(expected)
    expect(
      bits(
        await pool.starmap(
          axpy(3),
          xs.map((x, i) => [x, ys[i] as number] as [number, number]),
        ),
      ),
    ).toEqual(expected)
    expect(bits(await pool.map(axpy(3), xs, repeat(2), { buffersize: 50 }))).toEqual(bits(xs.map((x) => 3 * x + 2)))
  })

  it('stores its results in `out`', async () => {
    await using pool = open()
    const out = sharedArray(Float32Array, ROWS)
    expect(await pool.map(axpy(3), xs, ys, { out })).toBe(out)
    expect(bits(out)).toEqual(bits(new Float32Array(xs.map((x, i) => 3 * x + (ys[i] as number)))))
    const plain = new Float64Array(ROWS + 1)
    expect(await pool.map(axpy(3), later(xs), ys, { out: plain })).toBe(plain)
    expect(bits(plain.subarray(0, ROWS))).toEqual(expected)
  })

  it('yields nothing for no rows', async () => {
    await using pool = open()
    expect(await pool.map(axpy(3), [], range(5))).toEqual(new Float64Array(0))
    expect(await pool.map(axpy(3), later([]), range(5))).toEqual(new Float64Array(0))
    expect(await collect(pool.map(axpy(3), [], []))).toEqual([])
  })

  it.skipIf(executor === 'processes')('blocks where it is told to', async () => {
    await using pool = open()
    expect(bits(pool.mapSync(axpy(3), Float64Array.from(xs), ys))).toEqual(expected)
    expect(bits(pool.mapSync(axpy(3), xs, ys, { buffersize: 100 }))).toEqual(expected)
    const out = new Float64Array(ROWS)
    expect(pool.mapSync(axpy(3), xs, ys, { out })).toBe(out)
    expect(bits(out)).toEqual(expected)
    expect(() =>
      pool.mapSync(axpy(3), range(1e8), range(1e8), { out: sharedArray(Uint8Array, 1e8), timeout: 5 }),
    ).toThrow(TimeoutError)
  })

  it('tells what is wrong with inputs and options at the call', async () => {
    await using pool = open()
    expect(() => pool.map(axpy(3), [1, 'two' as never], range(2))).toThrow("got 'two' as item 1 of input 1")
    expect(() => Reflect.apply(pool.map, pool, [axpy(3), [1]])).toThrow('there is none for y')
    const memory = new Float64Array(10)
    expect(() => pool.map(axpy(3), memory, range(5), { out: memory.subarray(1) })).toThrow('it overlaps input 1')
    expect(() => pool.map(axpy(3), memory, range(5), { out: memory.subarray(1), buffersize: 2 })).toThrow(RangeError)
    expect(() => pool.map(axpy(3), memory, range(5), { out: new Int8Array(4) })).toThrow('got 4 elements for 5 rows')
    expect(() => pool.map(axpy(3), range(5), range(5), { errors: 'settle' })).toThrow('a kernel takes no')
    // None of them left anything behind.
    expect(await pool.map(axpy(3), [1], [2])).toEqual(Float64Array.of(5))
  })

  it('tells what is wrong with lazy inputs at their rows', async () => {
    await using pool = open()
    const bad = pool.map(axpy(3), later([1, 2, null as never]), range(9))
    await expect(bad).rejects.toThrow('got null as item 2 of input 1')
    async function* throwing() {
      yield 1
      throw new RangeError('the source broke')
    }
    const values = pool.map(axpy(3), throwing(), range(9))
    expect(await values.next()).toEqual({ done: false, value: 3 })
    await expect(values.next()).rejects.toThrow('the source broke')
  })

  it('ends with the reason of its signal, at once', async () => {
    await using pool = open()
    const reason = new Error('enough')
    const aborted = AbortSignal.abort(reason)
    await expect(pool.map(axpy(3), xs, ys, { signal: aborted })).rejects.toBe(reason)
    const controller = new AbortController()
    const out = sharedArray(Uint8Array, 1e8)
    const result = pool.map(axpy(3), range(1e8), range(1e8), { out, signal: controller.signal })
    controller.abort(reason)
    await expect(result).rejects.toBe(reason)
  })

  it('ends at its timeout, with what is there', async () => {
    await using pool = open()
    const out = sharedArray(Uint8Array, 1e8)
    await expect(pool.map(axpy(3), range(1e8), range(1e8), { out, timeout: 5 })).rejects.toBeInstanceOf(TimeoutError)
    await expect(pool.map(axpy(3), range(1e8), range(1e8), { out, timeout: 0 })).rejects.toBeInstanceOf(TimeoutError)
  })

  it('stops when its reader leaves', async () => {
    await using pool = open()
    const out = sharedArray(Uint8Array, 1e8)
    for await (const value of pool.map(axpy(3), range(1e8), range(1e8), { out })) {
      expect(value).toBe(0)
      break
    }
    const result = pool.map(axpy(3), range(1e8), range(1e8), { out })
    await result.return()
    await expect(result).rejects.toBeInstanceOf(CancelledError)
  })

  it('finishes before the executor has shut down, unless it is cancelled', async () => {
    const pool = open()
    const result = pool.map(axpy(3), xs, ys)
    await pool.shutdown()
    expect(bits(await result)).toEqual(expected)
    expect(() => pool.map(axpy(3), xs, ys)).toThrow('cannot schedule new futures after shutdown')

    const other = open()
    const cancelled = other.map(axpy(3), range(1e8), range(1e8), { out: sharedArray(Uint8Array, 1e8) })
    await other.shutdown({ cancelFutures: true })
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError)
  })

  it('tells its progress, to the last row', async () => {
    await using pool = open()
    const told: { done: number; total?: number }[] = []
    await pool.map(axpy(3), xs, ys, { onProgress: (progress) => told.push(progress) })
    expect(told.at(-1)).toEqual({ done: ROWS, total: ROWS })
    await pool.map(axpy(3), later(xs), ys, { onProgress: (progress) => told.push(progress) })
    expect(told.at(-1)).toEqual({ done: ROWS })
  })
})

describe.each(ENGINES.filter((engine) => engine !== 'auto'))('a kernel on worker threads, engine %s', (engine) => {
  it('yields rows while others run', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine })
    const times = new Float64Array(2000).fill(DEAR)
    const result = pool.map(logistic, times)
    expect(await result.next()).toEqual({ done: false, value: iterate(DEAR) })
    await result.return()
    // 2,000 rows of a millisecond had not ended by then.
    expect(result.stats.chunks).toBeLessThan(2000)
  })

  it('computes dear rows together, as many as its vectors hold', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine })
    const map = pool.map(logistic, new Float64Array(64).fill(DEAR))
    expect(await map).toEqual(new Float64Array(64).fill(iterate(DEAR)))
    const lanes = engine === 'js' ? 1 : engine === 'wasm' ? 2 : 4
    expect(map.stats.chunks).toBeLessThanOrEqual(64 / lanes)
    const exact = pool.map(logistic, new Float64Array(4).fill(DEAR), { chunksize: 1 })
    await exact
    expect(exact.stats.chunks).toBe(4)
  })

  it('shares its workers with calls and other maps, in order', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine })
    const times = [1, 20_000, 3]
    const before = pool.map((x: number) => x + 1, range(1000))
    const kernels = Array.from({ length: 20 }, () => pool.map(logistic, times))
    const call = pool.submit((x: number) => x * 2, 21)
    expect(await before).toEqual([...range(1, 1001)])
    for (const result of await Promise.all(kernels)) expect(bits(result)).toEqual(bits(times.map(iterate)))
    expect(await call).toBe(42)
  })

  it('stops a kernel that never ends, and ends no other worker', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine, onWorkerDeath: 'break' })
    await expect(pool.map(logistic, [Number.POSITIVE_INFINITY], { timeout: 10 })).rejects.toBeInstanceOf(TimeoutError)
    expect([...(await pool.map(logistic, [0, 1]))]).toEqual([0.5, iterate(1)])
  })

  it('ends with the pool when its workers are terminated', async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, engine })
    const result = pool.map(logistic, [0, Number.POSITIVE_INFINITY], { chunksize: 1 })
    await result.next()
    const rest = collect(result).catch((error: unknown) => error)
    await pool.terminateWorkers()
    expect(await rest).toBeInstanceOf(BrokenThreadPool)
  })

  it('blocks with a timeout', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine })
    expect(() => pool.mapSync(logistic, new Float64Array(200_000).fill(DEAR), { timeout: 20 })).toThrow(TimeoutError)
    expect([...pool.mapSync(logistic, [1, 2])]).toEqual([1, 2].map(iterate))
  })
})

describe.skipIf(!isNative)('a kernel that never ends, on the native engine', () => {
  const endless = [0, Number.POSITIVE_INFINITY]

  it('is stopped by its signal and by its timeout, whoever waits for it', async () => {
    for (const Executor of Object.values(EXECUTORS)) {
      await using pool = new Executor({ maxWorkers: 2, engine: 'native' })
      const controller = new AbortController()
      const map = pool.map(logistic, endless, { signal: controller.signal, chunksize: 1 })
      expect(await map.next()).toEqual({ done: false, value: 0.5 })
      const reason = new Error('enough')
      controller.abort(reason)
      await expect(map.next()).rejects.toBe(reason)
      await expect(pool.map(logistic, endless, { timeout: 20 })).rejects.toBeInstanceOf(TimeoutError)
      expect([...(await pool.map(logistic, [0, 1]))]).toEqual([0.5, iterate(1)])
    }
  })

  it('is stopped by its timeout where the caller blocks', async () => {
    for (const Executor of [InlineExecutor, ThreadPoolExecutor]) {
      await using pool = new Executor({ maxWorkers: 2, engine: 'native' })
      expect(() => pool.mapSync(logistic, endless, { timeout: 20 })).toThrow(TimeoutError)
      expect([...pool.mapSync(logistic, [0, 1])]).toEqual([0.5, iterate(1)])
    }
  })
})

describe.skipIf(native === undefined)('mapSync on the native engine', () => {
  it('is over no sooner than all threads have left the arrays that it borrowed', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    const { prototype } = (native as NativeCode).binding.Session
    const { wait } = prototype
    const begin = performance.now()
    const late = vi.spyOn(prototype, 'wait').mockImplementation(function (this: NativeSession, ...args) {
      return performance.now() < begin + 50 ? NOT_ENDED : wait.apply(this, args)
    })
    try {
      expect(() => pool.mapSync(logistic, Float64Array.of(0, Infinity), { timeout: 10 })).toThrow(TimeoutError)
      expect(late.mock.results.at(-1)?.value).not.toBe(NOT_ENDED)
    } finally {
      late.mockRestore()
    }
  })
})

describe.skipIf(native === undefined)('a map on the native engine that is shorter than copies of its arrays', () => {
  const rows = 50_000
  const plain = (seed: number): Float64Array => Float64Array.from(numbers(rows, seed))

  it.each(Object.keys(EXECUTORS) as (keyof typeof EXECUTORS)[])(
    'reads and writes them inside of the call, and tells of it in a later turn, %s',
    async (executor) => {
      await using pool = new EXECUTORS[executor]({ maxWorkers: 2, engine: 'native' })
      const [x, y, out] = [plain(1), plain(2), plain(3)]
      const want = bits(x.map((value, i) => 3 * value + y[i]!))
      let turns = 0
      setImmediate(() => turns++)
      const progress: number[] = []
      const map = pool.map(axpy(3), x, y, { out, onProgress: ({ done }) => progress.push(done) })
      x.fill(0)
      expect(progress).toEqual([])
      expect(await map).toBe(out)
      expect(turns).toBe(1)
      expect(bits(out)).toEqual(want)
      expect(progress).toEqual([rows])
      expect(map.stats).toMatchObject({
        engine: 'native',
        bytesCopied: 0,
        why: expect.stringContaining('it ran before'),
      })
    },
  )

  it('keeps its meaning: read one by one, stopped beforehand, in place', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    const [x, y] = [plain(4), plain(5)]
    const want = bits(x.map((value, i) => 3 * value + y[i]!))
    expect(bits(await collect(pool.map(axpy(3), x, y)))).toEqual(want)
    const reason = new Error('enough')
    await expect(pool.map(axpy(3), x, y, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await pool.map(axpy(3), x, y, { out: x })).toBe(x)
    expect(bits(x)).toEqual(want)
  })
})

describe('a kernel', () => {
  it('is a plain callable with the bits of its maps', async () => {
    await using pool = new ThreadPoolExecutor()
    const fn = axpy(0.1)
    const [xs, ys] = [numbers(60, 3), numbers(60, 4)]
    expect(bits(xs.map((x, i) => fn(x, ys[i] as number)))).toEqual(bits(await pool.map(fn, xs, ys)))
    expect(fn(true as never, 2)).toBe(2.1)
    expect(() => fn('1' as never, 2)).toThrow("axpy takes numbers, got '1' for x")
    expect(() => Reflect.apply(fn, undefined, [1])).toThrow('got undefined for y')
    expect(fn.name).toBe('axpy')
  })

  it('captures what it is given, and refuses what it does not know', async () => {
    await using pool = new ThreadPoolExecutor()
    const fn = axpy(2)
    expect([...(await pool.map(fn.with({ a: -1 }), [1, 2], [0, 0]))]).toEqual([-1, -2])
    expect(fn(1, 0)).toBe(2)
    expect(() => fn.with({ b: 1 })).toThrow('axpy captures no b; it captures a')
    expect(() => fn.with({ a: '1' as never })).toThrow(TypeError)
  })

  it.each(['js', 'wasm'] as const)(
    'on %s begins with what a row cost in its last map, where its loops are bounded',
    async (engine) => {
      await using pool = new ThreadPoolExecutor({ maxWorkers: 1, engine })
      const bounded = kernel((x: number) => x + 1)
      const unbounded = kernel((x: number) => {
        while (x > 1) x /= 2
        return x
      })
      for (const [fn, chunks] of [[bounded, 1] as const, [unbounded, engine === 'js' ? 2 : 1] as const]) {
        await pool.map(fn, range(100_000))
        const map = pool.map(fn, range(2))
        await map
        expect(map.stats.chunks).toBe(chunks) // the first of one row, or of one vector, where nothing is known
      }
    },
  )

  it('follows LANEWISE_ENGINE', async () => {
    vi.stubEnv('LANEWISE_ENGINE', 'js')
    await using pool = new ThreadPoolExecutor({ engine: 'wasm' })
    const result = pool.map(axpy(1), range(10), range(10))
    await result
    expect(result.stats.engine).toBe('js')
  })
})
