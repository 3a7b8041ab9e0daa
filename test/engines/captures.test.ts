import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CapturedTables } from '../../src/engines/tables.ts'
import { InlineExecutor } from '../../src/executors/inline.ts'
import type { PoolOptions } from '../../src/executors/options.ts'
import { ProcessPoolExecutor } from '../../src/executors/processes.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { isNative } from './support/native.ts'
import { bits, numbers, sharedNumbers, TYPES } from './support/values.ts'

const EXECUTORS = { inline: InlineExecutor, threads: ThreadPoolExecutor, processes: ProcessPoolExecutor }
const ENGINES = ['js', 'wasm', 'auto', ...(isNative ? (['native'] as const) : [])] as const
const GRID = (Object.keys(EXECUTORS) as (keyof typeof EXECUTORS)[]).flatMap((executor) =>
  ENGINES.map((engine) => ({ executor, engine })),
)

const LENGTH = 100
const ROWS = 500

/** Reads around the table, in order and out of it. */
const read = (i: number) => table[i - 20]! * gain + table.length
declare const table: Float64Array
declare const gain: number

function plainly(values: ArrayLike<number>, gain: number): string[] {
  return bits(Array.from(range(ROWS), (i) => (values[i - 20] ?? Number.NaN) * gain + values.length))
}

beforeEach(() => vi.stubEnv('LANEWISE_ENGINE', ''))
afterEach(() => vi.unstubAllEnvs())

async function* later(values: Iterable<number>): AsyncGenerator<number> {
  for (const value of values) {
    await Promise.resolve()
    yield value
  }
}

describe.each(GRID)('what a kernel captured, $executor, engine $engine', ({ executor, engine }) => {
  const open = (options?: PoolOptions) => new EXECUTORS[executor]({ maxWorkers: 2, engine, ...options })

  it('is read from arrays of every type, plain and shared', async () => {
    await using pool = open()
    for (const [i, type] of TYPES.entries()) {
      const values = new type(numbers(LENGTH, i))
      const shared = sharedNumbers(type, values)
      for (const table of [values, shared, values.subarray(3, 50), shared.subarray(1)]) {
        const made = kernel(read, { with: { table, gain: 0.1 } })
        expect(bits(await pool.map(made, range(ROWS))), type.name).toEqual(plainly(table, 0.1))
      }
    }
  })

  it('is read by reductions too', async () => {
    await using pool = open()
    const values = Float64Array.from(range(LENGTH))
    const made = kernel(read, { with: { table: values, gain: 2 } })
    const isThere = kernel((i: number) => !Number.isNaN(table[i]!), { with: { table: values } })
    const [most, found] = [pool.reduce(made, range(20, 120), { op: 'max' }), pool.count(isThere, range(300_000))]
    values.fill(Number.NaN)
    expect([await most, await found]).toEqual([99 * 2 + LENGTH, LENGTH])
  })

  it('is what it was at the call', async () => {
    await using pool = open()
    const values = Float64Array.from(numbers(LENGTH, 3))
    const made = kernel(read, { with: { table: values, gain: 2 } })
    const wanted = plainly(values.slice(), 2)
    const maps = [
      pool.map(made, range(ROWS)),
      pool.map(made, range(ROWS), { buffersize: 64 }),
      pool.map(made, later(range(ROWS))),
    ]
    values.fill(7)
    for (const map of maps) expect(bits(await map)).toEqual(wanted)
    expect(bits(await pool.map(made, range(ROWS)))).toEqual(plainly(values, 2))
  })

  it('may be other arrays and numbers, for the same code', async () => {
    await using pool = open()
    const made = kernel(read, { with: { table: new Uint8Array(1), gain: 0 } })
    const variants = [1, 5, 1000].map((length) => ({
      table: Float64Array.from(numbers(length, length)),
      gain: length / 3,
    }))
    const maps = variants.map((captures) => pool.map(made.with(captures), range(ROWS)))
    for (const [i, { table, gain }] of variants.entries()) expect(bits(await maps[i]!)).toEqual(plainly(table, gain))
  })

  it('may be nothing: empty, detached', async () => {
    await using pool = open()
    const detached = new Float64Array(3)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    for (const table of [new Float64Array(0), detached]) {
      const values = await pool.map(kernel(read, { with: { table, gain: 1 } }), range(ROWS))
      expect(values.every(Number.isNaN)).toBe(true)
    }
  })

  it('may be resizable: its length is that of the call', async () => {
    await using pool = open()
    const resizable = new ArrayBuffer(80, { maxByteLength: 800 })
    const growable = new SharedArrayBuffer(80, { maxByteLength: 800 })
    const changes = [
      { table: new Float64Array(resizable), change: () => resizable.resize(16) },
      { table: new Float64Array(growable), change: () => growable.grow(800) },
    ]
    for (const { table, change } of changes) {
      table.set(numbers(10, 1))
      const wanted = plainly(table.slice(), 1)
      const map = pool.map(kernel(read, { with: { table, gain: 1 } }), range(ROWS), { buffersize: 50 })
      change()
      expect(bits(await map)).toEqual(wanted)
    }
  })

  it('must not be overwritten by results', async () => {
    await using pool = open()
    const buffer = new SharedArrayBuffer(8 * 200)
    const table = new Float64Array(buffer, 0, 100)
    const made = kernel(read, { with: { table, gain: 1 } })
    for (const out of [table, new Float64Array(buffer, 8 * 99, 100), new Uint8Array(buffer, 799, 50)]) {
      for (const input of [range(10), later(range(10))]) {
        expect(() => pool.map(made, input, { out })).toThrow(
          new RangeError(
            'out must be apart from what the kernel captures, but it overlaps table, which would be overwritten while it is read; use another array',
          ),
        )
      }
    }
    const apart = new Float64Array(buffer, 8 * 100)
    expect(await pool.map(made, range(10), { out: apart })).toBe(apart)
  })

  it('is a default where an input is missing', async () => {
    await using pool = open()
    const scaled = kernel((x: number, by = 3, plus = -1) => x * by + plus)
    expect([...(await pool.map(scaled, range(3)))]).toEqual([-1, 2, 5])
    expect([...(await pool.map(scaled, range(3), [10, 20]))]).toEqual([-1, 19])
    expect([...(await pool.map(scaled, later(range(3)), { chunksize: 1 }))]).toEqual([-1, 2, 5])
    expect([...(await pool.starmap(scaled, [[1], [1, 2], [1, undefined, 5]] as [number][]))]).toEqual([2, 1, 8])
    const sum = kernel((x: number, y: number) => x + y)
    expect(() => Reflect.apply(pool.map, pool, [sum, [1]])).toThrow(
      'kernel takes 2 inputs, got 1: there is none for y; pass an array, range() or repeat()',
    )
  })
})

describe('captured arrays', () => {
  it('on shared memory are used where they lie, others are copied once a map', () => {
    const [shared, plain] = [sharedArray(Float64Array, [1, 2]), Uint16Array.of(3, 4, 5)]
    const tables = new CapturedTables([shared, plain])
    expect(tables.borrow()[1]).toBe(plain)
    expect(tables.bytesCopied).toBe(0)
    const [first, second] = tables.share()
    expect(first).toBe(shared)
    expect(second).toEqual(plain)
    expect(second?.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(tables.share()[1]).toBe(second)
    expect(tables.bytesCopied).toBe(6)
    tables.release()
  })

  it('go to the native engine as doubles: where they lie, or copied once a map', () => {
    const [shared, plain] = [sharedArray(Float64Array, [1, 2]), Float64Array.of(3, 4, 5)]
    const [bytes, detached] = [sharedArray(Uint8Array, [6, 7]), new Float64Array(3)]
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    const given = [shared, plain, bytes, detached]
    const tables = new CapturedTables(given)
    const borrowed = tables.of('native', true)
    expect(borrowed.map((table, i) => table === given[i])).toEqual([true, true, false, true])
    expect(borrowed[2]).toEqual(Float64Array.of(6, 7))
    expect(tables.bytesCopied).toBe(16)

    const later = new CapturedTables(given)
    const doubles = later.of('native', false)
    expect(doubles.map((table) => Object.prototype.toString.call(table))).toEqual(
      given.map(() => '[object Float64Array]'),
    )
    expect(doubles[0]).toBe(shared)
    expect(doubles[1]).toEqual(plain)
    expect(doubles[1]?.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(doubles[3]?.length).toBe(0)
    expect(later.of('native', false)).toBe(doubles)
    expect(later.bytesCopied).toBe(24 + 16)
    // Another engine takes over: what lies on shared memory serves it as it is.
    expect(later.of('wasm', false)[2]).toBe(bytes)
    for (const each of [tables, later]) each.release()
  })

  it('are an error with their size where there is no memory for a copy, and nothing is lost', async () => {
    for (const [i, engine] of ENGINES.filter((engine) => engine !== 'auto').entries()) {
      const table = new Float32Array(2 ** (17 + 2 * i)) // no block of that size is left from the engine before
      const made = kernel((i: number) => table[i]! * gain, { with: { table, gain: 2 } })
      const bytes = (engine === 'native' ? 8 : 4) * table.length
      const refused = class extends SharedArrayBuffer {
        constructor(byteLength: number) {
          if (byteLength >= bytes) throw new RangeError('Array buffer allocation failed')
          super(byteLength)
        }
      }
      await using pool = new ThreadPoolExecutor({ maxWorkers: 1, engine })
      vi.stubGlobal('SharedArrayBuffer', refused)
      try {
        expect(() => pool.map(made, range(5))).toThrow(
          new RangeError(
            `no memory for the arrays that a kernel captures: ${bytes} bytes were asked for; make them smaller`,
          ),
        )
      } finally {
        vi.unstubAllGlobals()
      }
      expect([...(await pool.map(made, range(5)))]).toEqual([0, 0, 0, 0, 0])
    }
  })

  it('are an error with their size where there is no memory for them in a module', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const table = sharedArray(Uint8Array, 2 ** 24)
    const made = kernel((i: number) => table[i]!, { with: { table } })
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory')
    })
    await using inline = new InlineExecutor({ engine: 'wasm' })
    expect(() => inline.map(made, range(5))).toThrow(
      /^no memory for the arrays that a kernel captures: 13\d{7} bytes were asked for; make them smaller$/,
    )
    grow.mockRestore()
    expect([...(await inline.map(made, range(5)))]).toEqual([0, 0, 0, 0, 0])
    expect([...(await pool.map(made, range(5), { engine: 'wasm' }))]).toEqual([0, 0, 0, 0, 0])
  })
})
