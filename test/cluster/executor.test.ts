import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrokenExecutor, CancelledError, kernel, range, repeat, ShutdownError, TimeoutError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { poolOf, server, World } from './world.ts'

// What is otherwise than on one machine, or looks at hosts.

/** Some 0.1 ms a row. */
const slow = kernel((x: number) => {
  let sum = x
  for (let i = 0; i < 50_000; i++) sum = sum * 0.999 + i
  return sum
})

describe.skipIf(server === undefined)('a NatsExecutor of one slot', { timeout: 60_000 }, () => {
  const pool = poolOf(1)
  let world: World
  beforeAll(async () => {
    world = await World.open({ hosts: 0 })
    await world.openPool(1)
  }, 60_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  it('has sent four calls, which count as running and run; the next one waits, and can be cancelled', async () => {
    await using executor = world.executor({ pool })
    using board = new Board('process')
    const futures = Array.from(range(5), (i) => executor.submit(calls.blockAt, board.place, i, 9, i))
    await board.until(0)
    expect(futures.map((future) => future.running())).toEqual([true, true, true, true, false])
    expect(futures.map((future) => future.cancel())).toEqual([false, false, false, false, true])
    board.mark(9)
    expect(await Promise.all(futures.slice(0, 4))).toEqual([0, 1, 2, 3])
    await expect(futures[4]).rejects.toThrow(CancelledError)
    expect(board.count(4)).toBe(0)
  })

  it('has a host end a call whose signal was aborted, and serve the next one', async () => {
    await using executor = world.executor({ pool })
    using board = new Board('process')
    const stop = new AbortController()
    const endless = executor.schedule(calls.loopAt, [board.place, 0, 0], { signal: stop.signal })
    const next = executor.submit(calls.markAnd, board.place, 1, 'next')
    await board.until(0)
    stop.abort('enough')
    await expect(endless).rejects.toBe('enough')
    expect(await next).toBe('next')
    expect(executor.stats()).toMatchObject({ republished: 0, crashed: 0 })
  })

  it.each(['terminateWorkers', 'killWorkers'] as const)(
    'ended by %s() fails what was sent, cancels what waits, and leaves its hosts to others',
    async (way) => {
      const executor = world.executor({ pool })
      using board = new Board('process')
      const sent = Array.from(range(4), (i) => executor.submit(calls.loopAt, board.place, 0, i))
      const waiting = executor.submit(calls.markAnd, board.place, 9, 0)
      const map = executor.map(calls.markAnd, repeat(board.place), repeat(9), range(5), { errors: 'settle' })
      const ofKernel = executor.map(slow, range(5)).then(undefined, (reason: unknown) => reason)
      await board.until(0)
      await executor[way]()
      for (const future of sent) await expect(future).rejects.toThrow(BrokenExecutor)
      await expect(waiting).rejects.toThrow(CancelledError)
      for (const outcome of await map) expect(outcome).toMatchObject({ reason: { name: 'CancelledError' } })
      expect(await ofKernel).toBeInstanceOf(CancelledError)
      expect(() => executor.submit(calls.workerId)).toThrow(ShutdownError)
      await executor.shutdown()
      await using other = world.executor({ pool })
      expect(await other.submit(calls.markAnd, board.place, 10, 'served')).toBe('served')
      expect([1, 2, 3, 9].map((n) => board.count(n))).toEqual([0, 0, 0, 0])
    },
  )

  it('ended by terminateWorkers() fails a map of a kernel that was begun, and a shutdown that waits for it ends', async () => {
    const executor = world.executor({ pool })
    const running = executor.map(slow, range(1e6))
    await running.next()
    const rest = (async () => {
      for await (const _ of running);
    })()
    const failed = rest.then(undefined, (reason: unknown) => reason)
    const shutdown = executor.shutdown()
    await executor.terminateWorkers()
    expect(await failed).toBeInstanceOf(BrokenExecutor)
    await shutdown
  })

  it('ends a map of a kernel at its timeout, and waits at its shutdown for one that goes on', async () => {
    const executor = world.executor({ pool })
    await expect(executor.map(slow, range(1e6), { timeout: 50 })).rejects.toThrow(TimeoutError)
    const all = executor.map(slow, range(300), { chunksize: 100 })
    await executor.shutdown()
    expect((await all).length).toBe(300)
  })
})
