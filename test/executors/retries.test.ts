import { describe, expect, it } from 'vitest'
import { InlineExecutor, range, repeat, TimeoutError, transfer, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { can, executors, pools } from '../support/executors.ts'

describe.each(executors)('retries on a $name', ({ open, kind }) => {
  it('tries a call that throws again, at once, until it returns', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const future = pool.schedule(calls.failUntil, [board.place, 0, 3, 'in the end'], { retries: 5 })
    expect(await future).toBe('in the end')
    expect(board.count(0)).toBe(3)
  })

  it('fails with what the last try threw', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const future = pool.schedule(calls.failUntil, [board.place, 0, 9, 'never'], { retries: 2 })
    await expect(future).rejects.toThrow(new RangeError('try 3'))
    expect(board.count(0)).toBe(3)
  })

  it.each([1, 4, 'auto' as const])(
    'tries each item of a map apart from the others, in chunks of %s',
    async (chunksize) => {
      await using pool = open({ maxWorkers: 2 })
      using board = new Board(kind)
      const tries = [1, 2, 3, 4, 1, 2, 3]
      const outcomes = await pool.map(calls.failUntil, repeat(board.place), range(7), tries, range(7), {
        retries: 2,
        chunksize,
        errors: 'settle',
      })
      const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason))
      expect(values.toSpliced(3, 1)).toEqual([0, 1, 2, 4, 5, 6])
      expect(values[3]).toMatchObject({ name: 'RangeError', message: 'try 3', index: 3 })
      expect([...range(7)].map((i) => board.count(i))).toEqual([1, 2, 3, 3, 1, 2, 3])
    },
  )

  it.each([1, 4, 'auto' as const])(
    'gives each try the arguments as they were sent, in chunks of %s',
    async (chunksize) => {
      await using pool = open({ maxWorkers: 1 })
      const take = (item: { queue: number[] }, view: Float64Array): unknown => {
        const here = globalThis as { lanewiseTries?: number }
        here.lanewiseTries = (here.lanewiseTries ?? 0) + 1
        const seen = [item.queue.shift(), view[0]]
        view[0] = 7
        if (here.lanewiseTries % 3 !== 0) throw new RangeError('again')
        return seen
      }
      const rows = Array.from(range(5), (i): [{ queue: number[] }, Float64Array] => [
        { queue: [i] },
        Float64Array.of(i),
      ])
      const items = rows.map(([item]) => item)
      const views = rows.map(([, view]) => view)
      const expected = rows.map((_, i) => [i, i])
      const options = { retries: 2, chunksize }
      expect(await pool.map(take, items, views, options)).toEqual(expected)
      expect(await pool.starmap(take, rows, options)).toEqual(expected)
      expect(await pool.schedule(take, rows[3]!, { retries: 2 })).toEqual([3, 3])
    },
  )
})

describe.each(pools)('retries on a $name', ({ open, kind }) => {
  it('tries a call again whose worker died', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const future = pool.schedule(calls.exitUntil, [board.place, 0, 3, 'in the end'], { retries: 2 })
    expect(await future).toBe('in the end')
    expect(board.count(0)).toBe(3)
  })

  it('tells of the last death when none is left', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const future = pool.schedule(calls.exitUntil, [board.place, 0, 9, 'never'], { retries: 1 })
    await expect(future).rejects.toThrow(WorkerDiedError)
    expect(board.count(0)).toBe(2)
  })

  it('counts throws and deaths together', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const future = pool.schedule(calls.throwThenExit, [board.place, 0], { retries: 3 })
    await expect(future).rejects.toThrow(WorkerDiedError) // throws, exits, throws, exits
    expect(board.count(0)).toBe(4)
  })

  it.each([1, 4, 'auto' as const])(
    'tries only the item of a map that was deadly, in chunks of %s',
    async (chunksize) => {
      await using pool = open({ maxWorkers: 2 })
      using board = new Board(kind)
      const tries = [1, 1, 2, 4, 1, 1, 3]
      const outcomes = await pool.map(calls.exitUntil, repeat(board.place), range(7), tries, range(7), {
        retries: 2,
        chunksize,
        errors: 'settle',
      })
      const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason))
      expect(values.toSpliced(3, 1)).toEqual([0, 1, 2, 4, 5, 6])
      expect(values[3]).toMatchObject({ name: 'WorkerDiedError', exitCode: 3, index: 3 })
      expect([...range(7)].map((i) => board.count(i))).toEqual([1, 1, 2, 3, 1, 1, 3])
    },
  )
})

describe.each(pools.filter(can('initializer')))('retries on a $name', ({ open, kind }) => {
  // Each try that overruns ends its worker, so the workers are counted: a call on a busy machine may be over its limit before it has told of itself.
  it('tries a call again that overran its itemTimeout', async () => {
    using board = new Board(kind)
    await using pool = open({ maxWorkers: 1, initializer: calls.markAnd, initargs: [board.place, 0, 'ready'] })
    const future = pool.schedule(calls.loopUntil, [board.place, 0, 2, 'in the end'], { retries: 1, itemTimeout: 250 })
    expect(await future).toBe('in the end')
    expect(board.count(0)).toBe(2)
  })

  it('tells of the limit when none is left', async () => {
    using board = new Board(kind)
    await using pool = open({ maxWorkers: 1, initializer: calls.markAnd, initargs: [board.place, 0, 'ready'] })
    const future = pool.schedule(calls.loop, [], { retries: 1, itemTimeout: 50 })
    await expect(future).rejects.toThrow(TimeoutError)
    expect(board.count(0)).toBe(2)
  })
})

describe.each(executors)('retries with transfer() on a $name', ({ open }) => {
  it('are refused for a call, before anything moves', async () => {
    await using pool = open()
    const buffer = new ArrayBuffer(8)
    expect(() => pool.schedule((b: ArrayBuffer) => b.byteLength, [transfer(buffer)], { retries: 1 })).toThrow(TypeError)
    expect(buffer.byteLength).toBe(8)
  })

  it('are refused for a map, before anything starts', async () => {
    await using pool = open()
    const buffer = new ArrayBuffer(8)
    expect(() => pool.map((b: ArrayBuffer) => b.byteLength, [transfer(buffer)], { retries: 1 })).toThrow(TypeError)
    expect(buffer.byteLength).toBe(8)
  })

  it('fail their item alone where the input is pulled lazily', async () => {
    await using pool = open()
    const buffer = new ArrayBuffer(8)
    const outcomes = await pool.map(
      (b: ArrayBuffer) => b.byteLength,
      [new ArrayBuffer(1), transfer(buffer), new ArrayBuffer(3)],
      { retries: 1, buffersize: 2, errors: 'settle' },
    )
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { name: 'TypeError', index: 1 } },
      { status: 'fulfilled', value: 3 },
    ])
  })
})

it('retries of an inline call that returns a promise wait for it', async () => {
  await using pool = new InlineExecutor()
  using board = new Board('inline')
  expect(await pool.schedule(calls.failUntil, [board.place, 0, 2, 'later'], { retries: 1 })).toBe('later')
})
