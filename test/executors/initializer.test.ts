import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { range } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { executors, pools } from '../support/executors.ts'
import { BROKEN } from './broken.ts'

type Here = { lanewiseTest?: unknown }

const RUNNING = {
  inline: 'An initializer failed, the executor is not usable anymore',
  thread: 'A thread initializer failed, the thread pool is not usable anymore',
  process: 'A process in the process pool was terminated abruptly while the future was running or pending.',
}
const LATER = {
  ...RUNNING,
  process: 'A child process terminated abruptly, the process pool is not usable anymore',
}

describe.each(executors)('an initializer on a $name', ({ open, kind }) => {
  it('has run, with its arguments, before the first call', async () => {
    const initializer = (...args: unknown[]) => {
      ;(globalThis as Here).lanewiseTest = args
    }
    await using pool = open({ maxWorkers: 1, initializer, initargs: ['a', new Map([[1, 2]])] })
    expect(await pool.submit(() => (globalThis as Here).lanewiseTest)).toEqual(['a', new Map([[1, 2]])])
  })

  it('is waited for where it returns a promise', async () => {
    const initializer = async () => {
      ;(globalThis as Here).lanewiseTest = 'begun'
      await new Promise((resolve) => setImmediate(resolve))
      ;(globalThis as Here).lanewiseTest = 'ready'
    }
    await using pool = open({ maxWorkers: 1, initializer })
    expect(await pool.map(() => (globalThis as Here).lanewiseTest, range(3))).toEqual(['ready', 'ready', 'ready'])
  })

  it('runs once a worker, and only where there is work', async () => {
    using board = new Board(kind)
    await using idle = open({ maxWorkers: 2, initializer: calls.markAnd, initargs: [board.place, 0, 0] })
    await idle.shutdown()
    expect(board.count(0)).toBe(0)
    await using pool = open({ maxWorkers: 1, initializer: calls.markAnd, initargs: [board.place, 0, 0] })
    await pool.map((x: number) => x, range(20), { chunksize: 1 })
    expect(board.count(0)).toBe(1)
  })

  const failures = [
    { how: 'throws', initializer: throwAtOnce },
    { how: 'rejects', initializer: throwLater },
    ...(kind === 'inline' ? [] : [{ how: 'ends its worker', initializer: exit }]),
  ]
  it.each(failures)('that $how breaks it: nothing runs, and all that waits says so', async ({ initializer, how }) => {
    const warned = how === 'ends its worker' ? undefined : once(process, 'warning')
    const Class = BROKEN[kind]
    await using pool = open({ maxWorkers: 1, initializer })
    const futures = [pool.submit((x: number) => x, 1), pool.submit((x: number) => x, 2)]
    const map = pool.map((x: number) => x, range(5), { errors: 'settle', chunksize: 2 })
    const lazy = pool.map((x: number) => x, range(5), { buffersize: 2 })
    for (const future of futures) {
      await expect(future).rejects.toThrow(Class)
      await expect(future).rejects.toThrow(RUNNING[kind])
      expect(await future.exception()).toHaveProperty(
        'cause',
        how === 'ends its worker'
          ? expect.objectContaining({ name: 'WorkerDiedError', exitCode: 7 })
          : expect.objectContaining({ name: 'RangeError', message: 'not ready' }),
      )
    }
    const outcomes = await map
    expect(outcomes).toHaveLength(5)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: Class.name } })
    await expect(lazy).rejects.toThrow(Class)
    expect(() => pool.submit((x: number) => x, 1)).toThrow(Class)
    expect(() => pool.submit((x: number) => x, 1)).toThrow(LATER[kind])
    expect(() => pool.map((x: number) => x, [1])).toThrow(Class)
    expect(await pool.map((x: number) => x, [])).toEqual([])
    if (warned !== undefined) expect(String((await warned)[0])).toContain('Exception in initializer')
  })
})

describe.each(pools)('an initializer on a $name', ({ open, kind }) => {
  it('runs again in the worker that takes over from a dead one', async () => {
    using board = new Board(kind)
    await using pool = open({ maxWorkers: 1, initializer: calls.markAnd, initargs: [board.place, 0, 0] })
    await expect(pool.submit(calls.exit, 3)).rejects.toThrow('exited with code 3')
    await pool.submit(calls.workerId)
    expect(board.count(0)).toBe(2)
  })

  it('breaks the pool when it fails in the worker that takes over, and no outcome before that is lost', async () => {
    using board = new Board(kind)
    const warned = once(process, 'warning')
    await using pool = open({ maxWorkers: 1, initializer: calls.failFrom, initargs: [board.place, 0, 2] })
    expect(await pool.submit((x: number) => x, 1)).toBe(1)
    const deadly = pool.submit(calls.exit, 3)
    const next = pool.submit((x: number) => x, 2)
    await expect(deadly).rejects.toThrow('exited with code 3')
    await expect(next).rejects.toThrow(RUNNING[kind])
    await warned
  })
})

function throwAtOnce(): never {
  throw new RangeError('not ready')
}

async function throwLater(): Promise<never> {
  await new Promise((resolve) => setImmediate(resolve))
  throw new RangeError('not ready')
}

function exit(): never {
  process.exit(7)
}
