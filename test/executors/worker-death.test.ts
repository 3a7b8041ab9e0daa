import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  ProcessPoolExecutor,
  range,
  repeat,
  ThreadPoolExecutor,
  TimeoutError,
  transfer,
  WorkerDiedError,
} from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { BROKEN, LATER, RUNNING } from './broken.ts'

describe.each(pools)("onWorkerDeath: 'replace' on a $name", ({ open, kind }) => {
  it('fails the running call alone; those that wait, here or at the dead worker, run elsewhere', async () => {
    await using pool = open({ maxWorkers: 2 })
    using board = new Board(kind)
    const held = pool.submit(calls.blockAt, board.place, 0, 1, 'held')
    const deadly = pool.submit(calls.blockThenExit, board.place, 2, 3, 9)
    await Promise.all([board.until(0), board.until(2)])
    const waiting = Array.from(range(6), (i) => pool.submit(calls.markAnd, board.place, 10 + i, i))
    board.mark(3)
    await expect(deadly).rejects.toThrow(WorkerDiedError)
    const error = await deadly.exception()
    expect(error).toMatchObject({ exitCode: 9, signal: null, code: 'ERR_LANEWISE_WORKER_DIED' })
    expect(String(error)).toMatch(/^WorkerDiedError: \w+-\d+_\d exited with code 9 while it ran a call$/)
    board.mark(1)
    expect(await held).toBe('held')
    expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3, 4, 5])
    expect([...range(6)].map((i) => board.count(10 + i))).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('fails a call whose buffers had moved there, and tries it nowhere else', async () => {
    await using pool = open({ maxWorkers: 2 })
    const buffers = Array.from(range(4), (i) => new ArrayBuffer(i + 1))
    const one = pool.submit(calls.exitAt, transfer(1) as number, 1)
    await expect(one).rejects.toThrow(WorkerDiedError)
    const outcomes = await pool.map(
      calls.exitIfLong,
      buffers.map((buffer) => transfer(buffer)),
      repeat(3),
      { errors: 'settle', chunksize: 4 },
    )
    expect(outcomes).toMatchObject([
      { value: 1 },
      { value: 2 },
      { reason: { name: 'WorkerDiedError', exitCode: 3, index: 2 } },
      { value: 4 },
    ])
    expect(buffers.map((buffer) => buffer.byteLength)).toEqual([0, 0, 0, 0])
  })

  it('outlives a death of each worker, many times over', async () => {
    await using pool = open({ maxWorkers: 2 })
    for (let round = 0; round < 4; round++) {
      const deaths = [pool.submit(calls.exit, 4), pool.submit(calls.exit, 5)]
      const after = pool.submit((x: number) => x, round)
      const errors = await Promise.all(deaths.map((death) => death.exception()))
      expect(errors.map((error) => (error as WorkerDiedError).exitCode)).toEqual([4, 5])
      expect(await after).toBe(round)
    }
  })
})

describe.each(pools)("onWorkerDeath: 'break' on a $name", ({ open, kind }) => {
  const Class = BROKEN[kind]

  it('fails all that runs or waits with the text of CPython, and later calls with theirs', async () => {
    await using pool = open({ maxWorkers: 2, onWorkerDeath: 'break' })
    using board = new Board(kind)
    const held = pool.submit(calls.blockAt, board.place, 0, 1, 'held')
    const deadly = pool.submit(calls.blockThenExit, board.place, 2, 3, 9)
    await Promise.all([board.until(0), board.until(2)])
    const waiting = Array.from(range(4), (i) => pool.submit(calls.markAnd, board.place, 10 + i, i))
    const map = pool.map(calls.markAnd, repeat(board.place), range(20, 25), range(5), { errors: 'settle' })
    board.mark(3)
    for (const future of [held, deadly, ...waiting]) {
      const error = await future.exception()
      expect(error).toBeInstanceOf(Class)
      expect(error).toMatchObject({ message: RUNNING[kind], cause: { name: 'WorkerDiedError', exitCode: 9 } })
    }
    for (const outcome of await map) expect(outcome).toMatchObject({ reason: { message: RUNNING[kind] } })
    expect([...range(25)].filter((i) => i > 3 && board.count(i) > 0)).toEqual([])
    expect(() => pool.submit(calls.workerId)).toThrow(Class)
    expect(() => pool.submit(calls.workerId)).toThrow(LATER[kind])
  })

  it('keeps what a map had before', async () => {
    await using pool = open({ maxWorkers: 1, onWorkerDeath: 'break' })
    const outcomes = await pool.map(calls.exitAt, repeat(3), range(6), { chunksize: 1, errors: 'settle' })
    expect(outcomes.map(({ status }) => status)).toEqual([...Array(3).fill('fulfilled'), ...Array(3).fill('rejected')])
  })

  it('does not count what an itemTimeout ends', async () => {
    await using pool = open({ maxWorkers: 1, onWorkerDeath: 'break' })
    await expect(pool.schedule(calls.loop, [], { itemTimeout: 50 })).rejects.toThrow(TimeoutError)
    expect(await pool.submit((x: number) => x, 1)).toBe(1)
  })

  it('does not count a worker that maxTasksPerChild ends', async () => {
    await using pool = open({ maxWorkers: 1, onWorkerDeath: 'break', maxTasksPerChild: 1 })
    expect(await pool.map((x: number) => x, range(3), { chunksize: 1 })).toEqual([0, 1, 2])
  })
})

describe('a stray error in a thread', () => {
  it('fails the call that runs meanwhile, and is its cause', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const error = await pool.submit(calls.throwStray, true).exception()
    expect(error).toBeInstanceOf(WorkerDiedError)
    expect(error).toMatchObject({ exitCode: 1, cause: { name: 'RangeError', message: 'stray' } })
    expect(await pool.submit((x: number) => x, 1)).toBe(1)
  })

  it('is told as a warning where no call runs, and the next one has a new worker', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const warned = once(process, 'warning')
    const before = await pool.submit(calls.throwStray, false)
    const [warning] = (await warned) as [Error]
    expect(warning.name).toBe('LanewiseWarning')
    expect(warning.message).toMatch(/^ThreadPoolExecutor-\d+_0 was idle, and ended: RangeError/)
    expect(await pool.submit(calls.workerId)).not.toBe(before)
  })
})

describe('a child process', () => {
  it("may send messages of its own, and they are nobody's outcome", async () => {
    await using pool = new ProcessPoolExecutor({ maxWorkers: 1 })
    for (const message of ['ready', 5, true, [1], { said: 1 }, { n: 0, value: 1 }]) {
      expect(await pool.submit(calls.sendAnd, message, 'mine')).toBe('mine')
    }
  })

  it('that cannot be started leaves the work to those that could', async () => {
    await using pool = new ProcessPoolExecutor({ maxWorkers: 3 })
    using board = new Board('process')
    await pool.submit(calls.workerId)
    const held = pool.submit(calls.blockAt, board.place, 0, 1, 'held')
    await board.until(0)
    const { execPath } = process
    process.execPath = `${execPath}-that-is-not-there`
    try {
      const waiting = Array.from(range(4), (i) => pool.submit((x: number) => x, i))
      await new Promise((resolve) => setImmediate(resolve))
      board.mark(1)
      expect(await Promise.all([held, ...waiting])).toEqual(['held', 0, 1, 2, 3])
    } finally {
      process.execPath = execPath
    }
  })
})
