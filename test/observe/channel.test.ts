import { describe, expect, it } from 'vitest'
import { type Executor, type MapOptions, type MapResult, range, repeat, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import * as calls from '../support/calls.mjs'
import { executors, type Kind, pools } from '../support/executors.ts'
import { expectOneClock, expectWholeLine, rowsOf } from './one-clock.ts'
import { Watch } from './watch.ts'

const engines = { inline: 'inline', thread: 'threads', process: 'processes' } as const

describe.each(executors)('a map on $name that somebody looks at', ({ kind, open }) => {
  const half = (x: number): number => x / 2

  it('is told of by its call, its chunks and its end, in that order and with every field', async () => {
    await using pool = open(kind === 'inline' ? {} : { maxWorkers: 2 })
    using watch = new Watch()
    const before = performance.now()
    const result = pool.map(half, range(50), { chunksize: 20 })
    const after = performance.now()
    await result
    await watch.over()

    const engine = engines[kind]
    const { map } = watch.maps[0]!
    const [start, end] = [watch.told[0], watch.told.at(-1)]
    expect(start).toEqual({
      schema: 1,
      event: 'start',
      map,
      fn: 'half',
      engine,
      chunksize: 20,
      workers: pool.maxWorkers,
      items: 50,
      startMs: expect.any(Number),
    })
    const { startMs } = start as { startMs: number }
    expect(startMs).toBeGreaterThanOrEqual(before)
    expect(startMs).toBeLessThanOrEqual(after)
    expect(end).toEqual({
      schema: 1,
      event: 'end',
      map,
      fn: 'half',
      engine,
      items: 50,
      ms: expect.any(Number),
      stats: result.stats,
    })

    expect(watch.chunks).toHaveLength(3)
    for (const chunk of watch.chunks) {
      expectWholeLine(chunk, { map, fn: 'half', engine })
      expect(chunk.worker).toBeLessThan(pool.maxWorkers)
      expect((end as { ms: number }).ms).toBeGreaterThanOrEqual(chunk.atMs)
    }
    expectOneClock(watch.chunks)
    expect(rowsOf(watch.chunks)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it.each([
    { what: 'many small chunks', items: range(3000), options: { chunksize: 2 } },
    { what: 'chunks sized by time', items: range(3000), options: {} },
    {
      what: 'other values than numbers',
      items: Array.from({ length: 300 }, (_, i) => `${i}`),
      options: { chunksize: 7 },
    },
    { what: 'a lazy input', items: range(500), options: { buffersize: 64 } },
    { what: 'one call at a time', items: range(100), options: { chunksize: 1, itemTimeout: 60_000 } },
  ])('has each row of $what in one line', async ({ items, options }) => {
    if (kind === 'inline') Reflect.deleteProperty(options, 'itemTimeout')
    await using pool = open(kind === 'inline' ? {} : { maxWorkers: 2 })
    using watch = new Watch()
    const fn = (x: unknown): unknown => x
    const result = pool.map(fn, items as Iterable<unknown>, options as MapOptions)
    const { length } = await result
    await watch.over()
    expect(rowsOf(watch.chunks)).toEqual(Array.from({ length }, (_, i) => i))
    expect(watch.chunks).toHaveLength(result.stats.chunks)
    expectOneClock(watch.chunks)
    expect(watch.told.at(-1)).toMatchObject({ event: 'end', items: length })
  })
})

interface End {
  readonly how: string
  readonly at: readonly Kind[]
  /** What lines tell of: the rows with outcomes; undefined: the first ones, however many. */
  readonly rows: readonly number[] | ((kind: Kind['kind']) => readonly number[] | undefined)
  readonly end: (pool: Executor, board: Board) => Promise<void>
}

const GATE = 100

/** A map of twenty rows in chunks of ten; row i marks its count i, and waits for the gate. */
function waiting(pool: Executor, board: Board): MapResult<number> {
  return pool.map(calls.waitAt, repeat(board.place), range(20), repeat(GATE), range(20), { chunksize: 10 })
}

const ends: readonly End[] = [
  {
    how: 'has no rows',
    at: executors,
    rows: [],
    end: async (pool) => {
      expect(await pool.map((x: number) => x, [])).toEqual([])
    },
  },
  {
    how: 'was given an aborted signal',
    at: executors,
    rows: [],
    end: async (pool) => {
      const signal = AbortSignal.abort('enough')
      await expect(pool.map((x: number) => x, range(9), { signal })).rejects.toBe('enough')
    },
  },
  {
    how: 'has a row that throws',
    at: executors,
    rows: [0, 1, 2, 3],
    end: async (pool) => {
      const fail = (i: number): number => {
        if (i === 3) throw new RangeError('3')
        return i
      }
      await expect(pool.map(fail, range(10), { chunksize: 10 })).rejects.toThrow('3')
    },
  },
  {
    how: 'is left while a row runs',
    at: executors,
    rows: (kind) => (kind === 'process' ? undefined : [0]), // its word to leave may come behind the gate
    end: async (pool, board) => {
      const map = waiting(pool, board)
      await board.until(0)
      await map.return()
      board.mark(GATE)
    },
  },
  {
    how: 'loses its worker, with the chunk that it had',
    at: pools,
    rows: (kind) => (kind === 'process' ? [0, 1, 2] : []), // whose rows are sent once more, one by one
    end: async (pool) => {
      await expect(pool.map(calls.exitAt, repeat(3), range(10), { chunksize: 10 })).rejects.toThrow(WorkerDiedError)
    },
  },
  {
    how: 'is ended with its pool',
    at: executors,
    rows: [],
    end: async (pool, board) => {
      const map = waiting(pool, board)
      await board.until(0)
      const all = map.then(
        () => 'done',
        () => 'failed',
      )
      await pool.terminateWorkers()
      board.mark(GATE)
      expect(await all).toBe('failed')
    },
  },
]

describe.each(ends)('a map that $how', ({ at, rows, end }) => {
  it.each(at)('is told of as over on $name, behind its last chunk', async ({ kind, open }) => {
    await using pool = open(kind === 'inline' ? {} : { maxWorkers: 1 })
    using board = new Board(kind)
    using watch = new Watch()
    await end(pool, board)
    await watch.over()
    await pool.shutdown()
    expect(watch.maps.map(({ event }) => event)).toEqual(['start', 'end'])
    expect(watch.told.at(-1)).toBe(watch.maps.at(-1))
    const told = rowsOf(watch.chunks)
    expect(told).toEqual((typeof rows === 'function' ? rows(kind) : rows) ?? Array.from(told, (_, i) => i))
    for (const { start, end, done } of watch.chunks) expect(end - start).toBeGreaterThanOrEqual(done)
  })
})

it('tells nobody of a map that was called before', async () => {
  await using pool = executors[0]!.open()
  const before = pool.map((x: number) => x, range(10))
  using watch = new Watch()
  await before
  const after = pool.map((x: number) => x, range(10))
  await after
  await watch.over()
  expect(watch.maps.map(({ event }) => event)).toEqual(['start', 'end'])
  expect(new Set(watch.told.map(({ map }) => map)).size).toBe(1)
})

it('shows that a pool remembers what an item of a function costs, for its own next map', async () => {
  await using pool = executors[0]!.open()
  await using other = executors[0]!.open()
  const fn = (x: number): number => x + 1
  await pool.map(fn, range(5000))
  using watch = new Watch()
  await pool.map(fn, range(5000))
  await other.map(fn, range(5000))
  await watch.over(2)
  const [known, unknown] = watch.maps
    .map(({ map }) => watch.chunks.find((chunk) => chunk.map === map && chunk.start === 0))
    .filter((_, i) => i % 2 === 0)
  expect(known?.stopMs).toBeGreaterThan(0)
  expect(unknown).toMatchObject({ start: 0, end: 1, stopMs: null }) // nothing is known: one item, which cannot overrun
})
