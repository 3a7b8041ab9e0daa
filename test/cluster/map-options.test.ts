import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RefusedByHostsError } from '../../src/cluster/errors.ts'
import { kernel, type MapOptions, range } from '../../src/index.ts'
import { loadNative } from '../../src/native/load.ts'
import { calls, server, World } from './world.ts'

const double = kernel((x: number) => x * 2)
const doubled = Float64Array.from({ length: 5000 }, (_, i) => 2 * i)

/** How each option of `map` shows that it is kept; those that the laws of all executors are about are not asked again. */
const kept: Record<keyof MapOptions, ((world: World) => Promise<void>) | 'a law' | 'test/executors'> = {
  timeout: 'a law',
  unordered: 'a law',
  errors: 'a law',
  signal: 'test/executors',
  itemTimeout: 'test/executors',
  retries: 'test/executors',
  chunksize: async (world) => {
    await using pool = world.executor()
    for (const [chunksize, chunks] of [
      [1, 10],
      [3, 4],
      [10, 1],
      [99, 1],
    ] as const) {
      const map = pool.map(calls.square, range(10), { chunksize })
      await map
      expect(map.stats).toMatchObject({ chunksize, chunks })
      const ofKernel = pool.map(double, range(10), { chunksize })
      await ofKernel
      expect(ofKernel.stats).toMatchObject({ chunksize, chunks })
    }
  },
  buffersize: async (world) => {
    await using pool = world.executor()
    for (const fn of [calls.square, double]) {
      let pulled = 0
      const rows = function* (): Generator<number> {
        for (;;) yield pulled++
      }
      await using map = pool.map(fn as (x: number) => number, rows(), { buffersize: 6, chunksize: 2 })
      for (let read = 0; read < 20; read++) {
        expect(pulled).toBeLessThanOrEqual(read + 6)
        expect(await map.next()).toEqual({ done: false, value: fn === double ? 2 * read : read * read })
      }
    }
  },
  engine: async (world) => {
    await using pool = world.executor({ engine: 'js' })
    for (const engine of ['auto', 'js', 'wasm'] as const) {
      expect(await pool.map(double, range(5000), { engine })).toEqual(doubled)
    }
    expect(() => pool.map(calls.square, [1], { engine: 'js' })).toThrow('engine is for kernels')
  },
  out: async (world) => {
    await using pool = world.executor()
    const out = new Float64Array(new SharedArrayBuffer(5000 * 8))
    expect(await pool.map(double, range(5000), { out, chunksize: 777 })).toBe(out)
    expect(Float64Array.from(out)).toEqual(doubled)
    expect(() => pool.map(calls.square, [1], { out })).toThrow('out is for kernels')
  },
  onProgress: async (world) => {
    await using pool = world.executor()
    for (const fn of [calls.square, double]) {
      const told: { done: number; total?: number }[] = []
      await pool.map(fn as (x: number) => number, range(100), { chunksize: 10, onProgress: (p) => void told.push(p) })
      expect(told.at(-1)).toEqual({ done: 100, total: 100 })
      expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b))
    }
  },
}

const tests = Object.entries(kept).flatMap(([name, test]) => (typeof test === 'string' ? [] : [{ name, test }]))

describe.skipIf(server === undefined)('a map on hosts', { timeout: 60_000 }, () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  }, 60_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  it.each(tests)('keeps its $name', async ({ test }) => {
    expect.hasAssertions()
    await test(world)
  })

  it('takes no option that there is not', async () => {
    await using pool = world.executor()
    expect(() => pool.map(calls.square, [1], { chunkSize: 2 } as MapOptions)).toThrow('did you mean chunksize?')
    expect(() => pool.map(double, [1], { retries: 1 })).toThrow('a kernel takes no retries')
    expect(() => pool.schedule(calls.square, [1], { timeout: 2 } as object)).toThrow("schedule has no option 'timeout'")
  })
})

describe.skipIf(server === undefined)('a map of a kernel with an engine by name', { timeout: 60_000 }, () => {
  it('is refused, with the reason, where no host has that, and runs where one has', async () => {
    await using world = await World.open({ hosts: 0 })
    const without = world.addHost([], { LANEWISE_NATIVE: 'nowhere.node' })
    await without.says(/slots/)
    await using pool = world.executor()
    const refused = pool.map(double, range(5000), { engine: 'native' })
    await expect(refused).rejects.toThrow(RefusedByHostsError)
    await expect(refused).rejects.toThrow(/: the native engine was asked for, and is not there/)
    expect(await pool.map(double, range(5000))).toEqual(doubled)
    if (!('binding' in loadNative())) return
    await world.addHost().says(/slots/)
    expect(await pool.map(double, range(5000), { engine: 'native' })).toEqual(doubled)
  })
})
