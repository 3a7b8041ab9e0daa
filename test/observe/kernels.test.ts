import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Executor, InlineExecutor, range, ThreadPoolExecutor } from '../../src/index.ts'
import { iterate, logistic } from '../engines/support/logistic.ts'
import { isNative } from '../engines/support/native.ts'
import { nativeKernel } from '../support/native-kernel.ts'
import { expectOneClock, expectWholeLine, rowsOf } from './one-clock.ts'
import { Watch } from './watch.ts'

type EngineName = 'js' | 'wasm' | 'native'

interface Way {
  readonly engine: EngineName
  readonly on: string
  readonly open: () => Executor
}

const threads = (): Executor => new ThreadPoolExecutor({ maxWorkers: 2 })
const inline = (): Executor => new InlineExecutor()
const ways: readonly Way[] = [
  { engine: 'js', on: 'threads', open: threads },
  { engine: 'wasm', on: 'threads', open: threads },
  ...(isNative ? [{ engine: 'native', on: 'threads of its own', open: threads } as const] : []),
  { engine: 'js', on: 'the calling thread', open: inline },
  { engine: 'wasm', on: 'the calling thread', open: inline },
]

const TIMES = 300 // about a microsecond a row: too much for the calling thread of a pool

describe.each(ways)('a map of a kernel by $engine on $on that somebody looks at', ({ engine, open }) => {
  const isInline = open === inline

  it('is told of by its call, its chunks and its end, with every field', async () => {
    await using pool = open()
    using watch = new Watch()
    const result = pool.map(logistic, new Float64Array(2500).fill(TIMES), { engine, chunksize: 1000 })
    await result
    await watch.over()

    const [start, end] = [watch.told[0], watch.told.at(-1)]
    const { map } = watch.maps[0]!
    const fn = iterate.name
    expect(start).toEqual({
      schema: 1,
      event: 'start',
      map,
      fn,
      engine,
      chunksize: 1000,
      workers: pool.maxWorkers,
      items: 2500,
      startMs: expect.any(Number),
    })
    expect(end).toEqual({
      schema: 1,
      event: 'end',
      map,
      fn,
      engine,
      items: 2500,
      ms: expect.any(Number),
      stats: result.stats,
    })
    const claimed = watch.chunks.map(({ start, end }) => [start, end]).sort(([a = 0], [b = 0]) => a - b)
    expect(claimed).toEqual(
      isInline
        ? [[0, 2500]]
        : [
            [0, 1000],
            [1000, 2000],
            [2000, 2500],
          ],
    )
    for (const chunk of watch.chunks) {
      expectWholeLine(chunk, { map, fn, engine })
      expect((end as { ms: number }).ms).toBeGreaterThanOrEqual(chunk.atMs)
    }
    expectOneClock(watch.chunks)
  })

  it.each([
    { what: 'chunks sized by time', options: {}, items: 20_000 },
    { what: 'one row each', options: { chunksize: 1 }, items: 3000 },
    { what: 'a lazy input', options: { buffersize: 700 }, items: 3000 },
  ])('has each row of $what in one line', async ({ options, items }) => {
    await using pool = open()
    using watch = new Watch()
    const result = pool.map(logistic, new Float64Array(items).fill(TIMES), { engine, ...options })
    await result
    await watch.over()
    expect(rowsOf(watch.chunks)).toEqual(Array.from({ length: items }, (_, i) => i))
    expect(watch.chunks).toHaveLength(result.stats.chunks)
    expectOneClock(watch.chunks)
    expect(new Set(watch.chunks.map((chunk) => chunk.engine))).toEqual(new Set([engine]))
  })

  it('has stats of every field that docs/observe.md names', async () => {
    await using pool = open()
    const result = pool.map(logistic, new Float64Array(2500).fill(TIMES), { engine, chunksize: 1000 })
    await result
    const { stats } = result
    expect(stats).toEqual({
      engine,
      chunksize: 1000,
      chunks: isInline ? 1 : 3,
      givenBack: 0,
      utilisation: expect.any(Number),
      firstResultMs: expect.any(Number),
      bytesCopied: expect.any(Number),
      why: isInline ? expect.any(String) : undefined,
    })
    expect(stats.utilisation).toBeGreaterThan(0)
    expect(stats.utilisation).toBeLessThanOrEqual(1)
    expect(stats.firstResultMs).toBeGreaterThan(0)
    const page = readFileSync(new URL('../../docs/observe.md', import.meta.url), 'utf8')
    for (const field of Object.keys(stats)) expect(page).toContain(`\n| \`${field}\` |`)
  })

  it('has each row of a sum in one line', async () => {
    await using pool = open()
    using watch = new Watch()
    const rows = 256 * 1024 + 5000 // enough for a number a leaf
    await pool.reduce(logistic, new Float64Array(rows).fill(1), { op: 'sum', engine })
    await watch.over()
    expect(rowsOf(watch.chunks)).toEqual(Array.from({ length: rows }, (_, i) => i))
    expectOneClock(watch.chunks)
  })

  it('is told of as over when it has no rows', async () => {
    await using pool = open()
    using watch = new Watch()
    await pool.map(logistic, [], { engine })
    await watch.over()
    expect(watch.told.map((told) => 'event' in told && [told.event, told.engine, told.items])).toEqual([
      ['start', engine, 0],
      ['end', engine, 0],
    ])
  })
})

describe.each(ways.filter(({ open }) => open === threads))(
  'a map of a kernel by $engine on $on',
  ({ engine, open }) => {
    it('is told of as over when it was stopped, with what its chunks had done', async () => {
      await using pool = open()
      using watch = new Watch()
      const times = new Float64Array(5000).fill(TIMES)
      times[4000] = Number.POSITIVE_INFINITY
      const result = pool.map(logistic, times, { engine, chunksize: 500 })
      let read = 0
      for await (const _ of result) if (++read === 3000) break
      await watch.over()
      await pool.shutdown()
      expect(watch.told.at(-1)).toMatchObject({ event: 'end' })
      const rows = rowsOf(watch.chunks)
      expect(new Set(rows).size).toBe(rows.length)
      expect(rows).not.toContain(4000)
      for (const { start, end, done } of watch.chunks) expect(done).toBeLessThanOrEqual(end - start)
    })
  },
)

it('tells that a kernel ran on the calling thread because there was next to nothing to do', async () => {
  await using pool = threads()
  using watch = new Watch()
  await pool.map(nativeKernel, range(3), range(3))
  await watch.over()
  expect(watch.chunks.map(({ worker, start, end, done }) => [worker, start, end, done])).toEqual([[0, 0, 3, 3]])
  const [start] = watch.maps
  expect(start).toMatchObject({ engine: 'auto' })
})
