import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { CancelledError, range, repeat, ShutdownError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { can, executors, fillAhead, type Kind } from '../support/executors.ts'

/** A call that has begun says so and holds its worker until it is let go: on the caller's thread by waiting, elsewhere by blocking. */
function holdOn(kind: Kind['kind']): typeof calls.waitAt {
  return kind === 'inline' ? calls.waitAt : calls.blockAt
}

// What a signal is aborted with may be anything, falsy too.
const reasons = [new RangeError('enough'), 'a word', 0, null]

describe.each(executors)("a pool's own signal on a $name", ({ open, kind, ahead }) => {
  it.each(reasons)(
    'cancels what waits with its reason (%s), lets what runs go on, and shuts the pool down',
    async (reason) => {
      const controller = new AbortController()
      await using pool = open({ maxWorkers: 1, signal: controller.signal })
      using board = new Board(kind)
      const running = pool.submit(holdOn(kind), board.place, 0, 1, 'went on')
      fillAhead({ ahead }, pool, 1)
      const waiting = pool.submit(calls.markAnd, board.place, 2, 0)
      const map = pool.map(calls.markAnd, repeat(board.place), repeat(2), range(5))
      const lazy = pool.map(calls.markAnd, repeat(board.place), repeat(2), range(5), { buffersize: 2 })
      await board.until(0)
      controller.abort(reason)
      expect(waiting.cancelled()).toBe(true)
      await expect(waiting).rejects.toBe(reason)
      await expect(map).rejects.toBe(reason)
      await expect(lazy.next()).rejects.toBe(reason)
      expect(await lazy.next()).toEqual({ done: true, value: undefined })
      expect(() => pool.submit(calls.workerId)).toThrow(ShutdownError)
      expect(running.running()).toBe(true)
      board.mark(1)
      expect(await running).toBe('went on')
      await pool.shutdown()
      expect(board.count(2)).toBe(0)
    },
  )

  it('that is aborted already shuts it down from the start', async () => {
    await using pool = open({ signal: AbortSignal.abort() })
    expect(() => pool.submit(calls.workerId)).toThrow(ShutdownError)
    expect(() => pool.map((x: number) => x, [1])).toThrow(ShutdownError)
  })

  it('is let go of once the pool is shut down', async () => {
    const { signal } = new AbortController()
    const pool = open({ signal })
    await pool.submit((x: number) => x, 1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await pool.shutdown()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe.each(executors)('the signal of a call on a $name', ({ open, kind, ahead }) => {
  it.each(reasons)('cancels it while it waits, with its reason (%s)', async (reason) => {
    const controller = new AbortController()
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const running = pool.submit(holdOn(kind), board.place, 0, 1, 'went on')
    fillAhead({ ahead }, pool, 1)
    const waiting = pool.schedule(calls.markAnd, [board.place, 2, 0], { signal: controller.signal })
    const other = pool.submit((x: number) => x, 7)
    await board.until(0)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(waiting.cancelled()).toBe(true)
    board.mark(1)
    expect(await Promise.all([running, other])).toEqual(['went on', 7])
    expect(board.count(2)).toBe(0)
  })

  it('that is aborted before keeps it from running', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const call = pool.schedule(calls.markAnd, [board.place, 0, 0], { signal: AbortSignal.abort('before') })
    await expect(call).rejects.toBe('before')
    expect(call.cancelled()).toBe(true)
    await pool.shutdown()
    expect(board.count(0)).toBe(0)
  })

  it('is listened to once, by however many calls and maps', async () => {
    await using pool = open({ maxWorkers: 1 })
    const controller = new AbortController()
    const { signal } = controller
    const futures = Array.from(range(30), (i) => pool.schedule(calls.hang, [], i % 2 === 0 ? { signal } : {}))
    const maps = Array.from(range(30), () => pool.map((x: number) => x, range(5), { signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    const ended = maps.map((map) => expect(map).rejects.toBe('enough'))
    controller.abort('enough')
    await Promise.all(ended)
    expect(futures.map((future) => future.done())).toEqual(Array.from(range(30), (i) => i % 2 === 0))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await pool.terminateWorkers()
  })

  it('changes nothing when the call is done, and is let go of', async () => {
    const controller = new AbortController()
    await using pool = open({ maxWorkers: 1 })
    const call = pool.schedule((x: number) => x, [1], { signal: controller.signal })
    expect(await call).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    controller.abort()
    expect(await call).toBe(1)
  })

  it('leaves a call alone that was cancelled by hand', async () => {
    const controller = new AbortController()
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const running = pool.submit(holdOn(kind), board.place, 0, 1, 0)
    fillAhead({ ahead }, pool, 1)
    const waiting = pool.schedule((x: number) => x, [1], { signal: controller.signal })
    expect(waiting.cancel()).toBe(true)
    controller.abort('late')
    await expect(waiting).rejects.toThrow(CancelledError)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    board.mark(1)
    await running
  })
})

describe.each(executors.filter(can('letting be')))('the signal of a call on a $name', ({ open, kind }) => {
  it.each(reasons)(
    'settles it at once when it runs, with its reason (%s); the call holds its worker to its end',
    async (reason) => {
      const controller = new AbortController()
      await using pool = open({ maxWorkers: 1 })
      using board = new Board(kind)
      const running = pool.schedule(holdOn(kind), [board.place, 0, 1, 'unseen'], { signal: controller.signal })
      const behind = pool.submit(calls.markAnd, board.place, 2, 'behind')
      await board.until(0)
      controller.abort(reason)
      expect(running.done()).toBe(true)
      await expect(running).rejects.toBe(reason)
      expect(behind.running()).toBe(false)
      board.mark(1)
      expect(await behind).toBe('behind')
    },
  )
})

describe.each(executors)('the signal of a map on a $name', ({ open, kind, cannot }) => {
  it.each(reasons)('ends it with its reason (%s), and the pool serves the next call', async (reason) => {
    const controller = new AbortController()
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const map = pool.map(holdOn(kind), repeat(board.place), repeat(0), repeat(1), range(6), {
      chunksize: 3,
      signal: controller.signal,
    })
    const collected = map.then((all) => all)
    await board.until(0)
    controller.abort(reason)
    await expect(collected).rejects.toBe(reason)
    board.mark(1)
    expect(await pool.submit((x: number) => x, 7)).toBe(7)
    if (cannot.earshot === undefined) expect(board.count(0)).toBe(1)
    else expect(board.count(0)).toBeLessThanOrEqual(3)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('that is aborted before keeps every call from running', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const map = pool.map(calls.markAnd, repeat(board.place), repeat(0), range(6), {
      signal: AbortSignal.abort('before'),
    })
    await expect(map).rejects.toBe('before')
    await pool.shutdown()
    expect(board.count(0)).toBe(0)
  })

  it('is let go of when the map is over, left, or failed', async () => {
    const { signal } = new AbortController()
    await using pool = open({ maxWorkers: 1 })
    await pool.map((x: number) => x, range(3), { signal })
    await pool.map((x: number) => x, [], { signal })
    for await (const x of pool.map((y: number) => y, range(3), { signal, buffersize: 1 })) if (x === 1) break
    const refuse = (): never => {
      throw new RangeError('no')
    }
    await expect(pool.map(refuse, range(3), { signal })).rejects.toThrow('no')
    await pool.shutdown()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe.each(executors)('cancelOnError on a $name', ({ open, kind, ahead }) => {
  it('lets the first call that fails cancel all that waits, whoever made it', async () => {
    await using pool = open({ maxWorkers: 1, cancelOnError: true })
    using board = new Board(kind)
    const first = pool.submit(holdOn(kind), board.place, 0, 1, 'first')
    const failing = pool.submit(calls.failUntil, board.place, 2, 9, 0)
    fillAhead({ ahead }, pool, 1)
    const waiting = pool.submit(calls.markAnd, board.place, 3, 0)
    const map = pool.map(calls.markAnd, repeat(board.place), repeat(3), range(5), { errors: 'settle' })
    await board.until(0)
    board.mark(1)
    expect(await first).toBe('first')
    await expect(failing).rejects.toThrow(new RangeError('try 1'))
    await expect(waiting).rejects.toThrow(CancelledError)
    for (const outcome of await map) expect(outcome).toMatchObject({ reason: { name: 'CancelledError' } })
    expect(board.count(3)).toBe(0)
    expect(await pool.submit((x: number) => x, 7)).toBe(7)
  })

  it('tells who reads a map as they come of the failure first', async () => {
    await using pool = open({ maxWorkers: 1, cancelOnError: true })
    const refuse = (x: number): number => {
      if (x === 1) throw new RangeError('no')
      return x
    }
    const map = pool.map(refuse, range(9), { chunksize: 1, unordered: true })
    await expect(map).rejects.toThrow('no')
  })

  it('counts an item of a map as a call', async () => {
    await using pool = open({ maxWorkers: 1, cancelOnError: true })
    using board = new Board(kind)
    const map = pool.map(calls.failThenWait, repeat(board.place), repeat(0), range(9), {
      chunksize: 1,
      errors: 'settle',
    })
    const waiting = pool.submit(calls.markAnd, board.place, 1, 0)
    await expect(waiting).rejects.toThrow(CancelledError)
    board.mark(0)
    const outcomes = await map
    expect(outcomes.slice(0, 3)).toMatchObject([{ value: 0 }, { value: 1 }, { reason: { message: 'item 2' } }])
    expect(outcomes.at(-1)).toMatchObject({ reason: { name: 'CancelledError' } })
    expect(board.count(1)).toBe(0)
  })
})
