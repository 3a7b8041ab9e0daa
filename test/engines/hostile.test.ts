import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InlineExecutor } from '../../src/executors/inline.ts'
import type { PoolOptions } from '../../src/executors/options.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { isNative } from './support/native.ts'
import { bits, numbers, TYPES } from './support/values.ts'

const EXECUTORS = { inline: InlineExecutor, threads: ThreadPoolExecutor }
const ENGINES = ['js', 'wasm', ...(isNative ? (['native'] as const) : [])] as const
const GRID = (Object.keys(EXECUTORS) as (keyof typeof EXECUTORS)[]).flatMap((executor) =>
  ENGINES.map((engine) => ({ executor, engine })),
)

const ROWS = 5000
const fn = (x: number, y: number) => (x > y ? x - y : y * 0.5)
const made = kernel(fn)

beforeEach(() => vi.stubEnv('LANEWISE_ENGINE', ''))
afterEach(() => vi.unstubAllEnvs())

function detached<T extends { readonly buffer: ArrayBuffer }>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

describe.each(GRID)('arrays that are not what they seem, $executor, engine $engine', ({ executor, engine }) => {
  const open = (options?: PoolOptions) => new EXECUTORS[executor]({ maxWorkers: 2, engine, ...options })
  const [xs, ys] = [Float64Array.from(numbers(ROWS, 1)), Float64Array.from(numbers(ROWS, 2))]
  const wanted = bits(xs.map((x, i) => fn(x, ys[i] as number)))

  it('are refused where their memory is gone', async () => {
    await using pool = open()
    const gone = detached(new Int8Array(4))
    expect(() => pool.map(made, gone, ys)).toThrow(
      /^input 1 is a view whose memory is gone: .* pass a copy that stays$/,
    )
    expect(() => pool.map(made, xs, gone)).toThrow(/^input 2 is a view whose memory is gone/)
  })

  it('are what they were at the call, though they are detached, shrunk or grown right behind it', async () => {
    await using pool = open()
    const resizable = new ArrayBuffer(8 * ROWS, { maxByteLength: 16 * ROWS })
    const growable = new SharedArrayBuffer(8 * ROWS, { maxByteLength: 16 * ROWS })
    const [x, y, plain] = [new Float64Array(resizable), new Float64Array(growable), xs.slice()]
    x.set(xs)
    y.set(ys)
    const maps = [pool.map(made, x, y), pool.map(made, plain, y)]
    resizable.resize(8)
    growable.grow(16 * ROWS)
    detached(plain)
    for (const map of maps) expect(bits(await map)).toEqual(wanted)
  })

  it('lie at any offset', async () => {
    await using pool = open()
    for (const [i, type] of TYPES.entries()) {
      const size = type.BYTES_PER_ELEMENT
      const plain = new type(new ArrayBuffer(size * 210), 3 * size, 207)
      const shared = new type(new SharedArrayBuffer(size * 210), 3 * size, 207)
      for (const view of [plain, shared]) view.set(new type(numbers(207, i)))
      const expected = bits(Array.from(plain, (x) => fn(x, 1)))
      expect(bits(await pool.map(made, plain, repeat(1))), type.name).toEqual(expected)
      expect(bits(await pool.map(made, shared, repeat(1))), type.name).toEqual(expected)
      await pool.map(made, plain, repeat(1), { out: shared })
      expect(bits(shared), type.name).toEqual(bits(new type(Array.from(plain, (x) => fn(x, 1)))))
    }
  })

  it('end with the shortest', async () => {
    await using pool = open()
    const values = await pool.map(made, xs, ys.subarray(0, 123))
    expect(bits(values)).toEqual(wanted.slice(0, 123))
    expect(bits(await Reflect.apply(pool.map, pool, [made, xs, ys, range(77)]))).toEqual(wanted.slice(0, 77))
  })

  it('are refused where they hold no numbers', async () => {
    await using pool = open()
    const no = (...rest: unknown[]) => {
      return () => Reflect.apply(pool.map, pool, [made, xs, ...rest])
    }
    expect(no(BigInt64Array.of(1n))).toThrow(
      new TypeError('a kernel takes numbers, got 1n as item 0 of input 2; convert it first'),
    )
    expect(no([1, '2'])).toThrow("got '2' as item 1 of input 2")
    expect(no(['1'])).toThrow("got '1' as item 0 of input 2")
    expect(no(repeat(null))).toThrow('a kernel takes numbers, got null as the value of input 2; convert it first')
    for (const out of [new BigInt64Array(ROWS), new DataView(new ArrayBuffer(8)), xs.buffer]) {
      expect(no(ys, { out })).toThrow(/^out must be a typed array of numbers, got .*; use a Float64Array$/)
    }
  })

  it('may be written by another thread meanwhile, captured or given', async () => {
    await using pool = open()
    await using writers = new ThreadPoolExecutor({ maxWorkers: 1 })
    const [table, input] = [sharedArray(Float64Array, ROWS), sharedArray(Float64Array, ROWS)]
    table.fill(1)
    input.fill(3)
    const flag = sharedArray(Int32Array, 1)
    const writing = writers.submit(
      (table, input, flag) => {
        for (let round = 0; Atomics.load(flag, 0) === 0; round++) {
          table.fill(1 + (round & 1))
          input.fill(3 + (round & 1))
        }
      },
      table,
      input,
      flag,
    )
    const reads = kernel((i: number, x: number) => x * 10 + table[i]!, { with: { table } })
    for (let round = 0; round < 5; round++) {
      const values = await pool.map(reads, range(ROWS), input)
      expect(values.length).toBe(ROWS)
      expect(values.every((value) => [31, 32, 41, 42].includes(value))).toBe(true)
    }
    Atomics.store(flag, 0, 1)
    await writing
  })
})
