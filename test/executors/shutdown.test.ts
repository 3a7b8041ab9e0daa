import { describe, expect, it } from 'vitest'
import { CancelledError, range, repeat, ShutdownError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { executors, fillAhead, type Kind, pools } from '../support/executors.ts'

function holdOn(kind: Kind['kind']): typeof calls.waitAt {
  return kind === 'inline' ? calls.waitAt : calls.blockAt
}

describe.each(executors)('shutdown of a $name', ({ open, kind, ahead }) => {
  it('runs what is queued, of calls and of maps, and takes nothing more', async () => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const first = pool.submit(holdOn(kind), board.place, 0, 1, 'first')
    const futures = Array.from(range(5), (i) => pool.submit((x: number) => x, i))
    const map = pool.map((x: number) => x * 2, range(5), { chunksize: 2 })
    const ended = pool.shutdown()
    expect(() => pool.submit(calls.workerId)).toThrow(ShutdownError)
    expect(() => pool.submit(calls.workerId)).toThrow('cannot schedule new futures after shutdown')
    expect(() => pool.map((x: number) => x, [1])).toThrow(ShutdownError)
    board.mark(1)
    await ended
    expect([first, ...futures].every((future) => future.done())).toBe(true)
    expect(await Promise.all(futures)).toEqual([0, 1, 2, 3, 4])
    expect(await map).toEqual([0, 2, 4, 6, 8])
  })

  it('may be asked for again, at any time', async () => {
    const pool = open({ maxWorkers: 1 })
    const future = pool.submit((x: number) => x, 1)
    await Promise.all([pool.shutdown(), pool.shutdown({ wait: false }), pool.shutdown({ cancelFutures: true })])
    await pool.shutdown()
    await pool[Symbol.asyncDispose]()
    expect(future.done()).toBe(true)
  })

  it('of a pool that never had a call ends at once', async () => {
    expect(await open().shutdown()).toBeUndefined()
  })

  it('with wait: false answers while calls run', async () => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const held = pool.submit(holdOn(kind), board.place, 0, 1, 'held')
    const behind = pool.submit((x: number) => x, 1)
    await board.until(0)
    await pool.shutdown({ wait: false })
    expect(held.done()).toBe(false)
    board.mark(1)
    expect(await Promise.all([held, behind])).toEqual(['held', 1])
  })

  it('with cancelFutures cancels what has not begun, and waits for what has', async () => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const held = pool.submit(holdOn(kind), board.place, 0, 1, 'held')
    fillAhead({ ahead }, pool, 1)
    const futures = Array.from(range(5), (i) => pool.submit(calls.markAnd, board.place, 2, i))
    const map = pool.map(calls.markAnd, repeat(board.place), repeat(2), range(5), { errors: 'settle' })
    await board.until(0)
    const ended = pool.shutdown({ cancelFutures: true })
    expect(futures.every((future) => future.cancelled())).toBe(true)
    await expect(futures[4]).rejects.toThrow(CancelledError)
    for (const outcome of await map) expect(outcome).toMatchObject({ reason: { name: 'CancelledError' } })
    expect(held.done()).toBe(false)
    board.mark(1)
    await ended
    expect(await held).toBe('held')
    expect(board.count(2)).toBe(0)
  })

  it('delivers what a buffered map has handed out, then says why there is no more', async () => {
    const pool = open({ maxWorkers: 1 })
    const map = pool.map((x: number) => x, range(9), { buffersize: 3 })
    expect(await map.next()).toEqual({ done: false, value: 0 })
    await pool.shutdown()
    const values: number[] = []
    await expect(async () => {
      for await (const value of map) values.push(value)
    }).rejects.toThrow(ShutdownError)
    expect(values).toEqual([1, 2, 3])
  })

  it('with a buffered map that nobody reads does not wait for its reader', async () => {
    const pool = open({ maxWorkers: 1 })
    const map = pool.map((x: number) => x, range(9), { buffersize: 3 })
    await pool.shutdown()
    expect(await map.next()).toEqual({ done: false, value: 0 })
  })

  it('takes its timeout as it is: what is done by then is no loss', async () => {
    const pool = open({ maxWorkers: 1 })
    const future = pool.submit((x: number) => x, 1)
    await pool.shutdown({ timeout: 60_000 })
    expect(await future).toBe(1)
  })
})

describe.each(pools)('shutdown of a $name', ({ open, kind, ahead }) => {
  it('with a timeout ends what still runs then, and cancels what waits', async () => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const endless = pool.submit(calls.loopAt, board.place, 0, 0)
    fillAhead({ ahead }, pool, 1)
    const waiting = pool.submit(calls.markAnd, board.place, 1, 0)
    await board.until(0)
    await pool.shutdown({ timeout: 20 })
    await expect(endless).rejects.toThrow('was terminated abruptly while the future was running or pending')
    await expect(waiting).rejects.toThrow(CancelledError)
    expect(board.count(1)).toBe(0)
  })

  it.each([0, -1])('with a timeout of %s ends it without delay', async (timeout) => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const endless = pool.submit(calls.loopAt, board.place, 0, 0)
    await board.until(0)
    await pool.shutdown({ timeout })
    await expect(endless).rejects.toThrow('was terminated abruptly')
  })

  it('that waits can be hurried by one with a timeout', async () => {
    const pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const endless = pool.submit(calls.loopAt, board.place, 0, 0)
    await board.until(0)
    const patient = pool.shutdown()
    await pool.shutdown({ timeout: 20 })
    await patient
    await expect(endless).rejects.toThrow('was terminated abruptly')
  })
})
