import { describe, expect, it } from 'vitest'
import { range, repeat, TimeoutError, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { pools } from '../support/executors.ts'

// Longer than a loaded machine keeps a call of no length waiting; each test waits once for it.
const LIMIT_MS = 250

describe.each(pools)('itemTimeout on a $name', ({ open, kind }) => {
  it('ends an endless call with TimeoutError, and the pool serves the next one', async () => {
    await using pool = open({ maxWorkers: 1 })
    const endless = pool.schedule(calls.loop, [], { itemTimeout: 50 })
    const next = pool.submit(calls.workerId)
    await expect(endless).rejects.toThrow(TimeoutError)
    await expect(endless).rejects.toThrow('the call ran longer than its itemTimeout of 50 ms, and its worker was ended')
    await expect(next).resolves.toMatch(/^\d+\.\d+$/)
  })

  it('ends a promise that never settles', async () => {
    await using pool = open({ maxWorkers: 1 })
    await expect(pool.schedule(calls.hang, [], { itemTimeout: 50 })).rejects.toThrow(TimeoutError)
  })

  it('counts from the begin of a call, not while it waits in the line', async () => {
    await using pool = open({ maxWorkers: 1 })
    await using clock = open({ maxWorkers: 2 })
    using board = new Board(kind)
    const first = pool.submit(calls.blockAt, board.place, 0, 1, 'first')
    const limited = pool.schedule(calls.markAnd, [board.place, 2, 'limited'], { itemTimeout: LIMIT_MS })
    await board.until(0)
    await expect(clock.schedule(calls.loop, [], { itemTimeout: LIMIT_MS + 50 })).rejects.toThrow(TimeoutError)
    board.mark(1)
    expect(await Promise.all([first, limited])).toEqual(['first', 'limited'])
  })

  it('is a limit of the call that has it, not of the one before', async () => {
    await using pool = open({ maxWorkers: 1 })
    const limited = pool.schedule(calls.workerId, [], { itemTimeout: 1 << 30 })
    const other = pool.schedule(calls.loop, [], { itemTimeout: 50 })
    await expect(limited).resolves.toMatch(/^\d+\.\d+$/)
    await expect(other).rejects.toThrow('itemTimeout of 50 ms')
  })

  it('is not over because the caller was too busy to hear of the result', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const worker = await pool.submit(calls.workerId)
    const limited = pool.schedule(calls.blockAt, [board.place, 0, 1, 'in time'], { itemTimeout: LIMIT_MS })
    const behind = pool.submit(calls.workerId)
    await board.until(0)
    await new Promise((resolve) => setImmediate(resolve)) // what the worker has said by now is read
    board.mark(1)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LIMIT_MS + 100)
    expect(await limited).toBe('in time')
    expect(await behind).toBe(worker)
  })

  it('does not keep the worker from being told of as dead by other means', async () => {
    await using pool = open({ maxWorkers: 1 })
    await expect(pool.schedule(calls.exit, [5], { itemTimeout: 60_000 })).rejects.toThrow(WorkerDiedError)
  })

  it.each([1, 3, 'auto' as const])('fails that item of a map which overran, in chunks of %s', async (chunksize) => {
    await using pool = open({ maxWorkers: 2 })
    using board = new Board(kind)
    const outcomes = await pool.map(calls.loopAt, repeat(board.place), repeat(4), range(9), {
      itemTimeout: LIMIT_MS,
      chunksize,
      errors: 'settle',
    })
    const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason))
    expect(values.toSpliced(4, 1)).toEqual([0, 1, 2, 3, 5, 6, 7, 8])
    expect(values[4]).toMatchObject({ name: 'TimeoutError', code: 'ERR_LANEWISE_TIMEOUT', index: 4 })
    // What has begun, and returned a number, never runs twice.
    expect([...range(9)].map((i) => board.count(i))).toEqual(Array(9).fill(1))
  })
})
