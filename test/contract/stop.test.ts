import { describe, expect, it } from 'vitest'
import { CancelledError, type MapOptions, type MapResult, range, repeat, TimeoutError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import * as calls from '../support/calls.mjs'
import { executors, pools } from '../support/executors.ts'

// Cancel means stop, in the middle of a chunk too: how a map is left when some of its items are done, one runs and the others are to come.

interface Way {
  readonly how: string
  readonly options?: MapOptions
  /** Leaves the map; `running` resolves when an item waits inside. */
  readonly leave: (map: MapResult<unknown>, running: Promise<void>, abort: () => void) => Promise<void>
}

const ways: readonly Way[] = [
  {
    how: 'return()',
    leave: async (map, running) => {
      await running
      await map.return()
      expect(await map.next()).toEqual({ done: true, value: undefined })
    },
  },
  {
    how: 'return() of entries()',
    leave: async (map, running) => {
      const entries = map.entries()
      await running
      await entries.return?.()
      expect(await entries.next()).toEqual({ done: true, value: undefined })
    },
  },
  {
    how: 'the end of an await using block',
    leave: async (map, running) => {
      await using _ = map
      await running
    },
  },
  {
    how: 'break in a for await',
    options: { unordered: true, chunksize: 1 },
    leave: async (map, running) => {
      for await (const _ of map) {
        await running
        break
      }
    },
  },
  {
    how: 'an aborted signal',
    leave: async (map, running, abort) => {
      const all = map.then((all) => all)
      await running
      abort()
      await expect(all).rejects.toBe('enough')
    },
  },
  {
    how: 'an expired timeout',
    options: { timeout: 1000 }, // for the first six items on a worker that is there: they take none
    leave: async (map, running) => {
      const ended = map.then(undefined, (reason: unknown) => reason)
      await running
      expect(await ended).toBeInstanceOf(TimeoutError)
    },
  },
  {
    how: 'return() while it is awaited',
    leave: async (map, running) => {
      const all = map.then((all) => all)
      await running
      await map.return()
      await expect(all).rejects.toThrow(CancelledError)
    },
  },
]

const GATE = 1
const BEGUN = 2
const HELD = 3

describe.each(executors)('a map on a $name left in the middle of its chunk', ({ open, kind }) => {
  it.each(ways)('by $how stops at the next item', async ({ leave, options }) => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    await pool.submit(calls.markAnd, board.place, 0, 0) // the worker is there, and has the module
    const controller = new AbortController()
    const map: MapResult<unknown> = pool.map(calls.passUntil, repeat(board.place), repeat(5), range(2000), {
      chunksize: 1000,
      signal: controller.signal,
      ...options,
    })
    await leave(map, board.until(HELD), () => controller.abort('enough'))
    const begun = board.count(BEGUN)
    expect(begun).toBe(6) // items 0 to 5; the last one waits inside
    board.mark(GATE)
    // Once it is through, so is all of the map: one worker does one thing after the other.
    expect(await pool.submit((x: number) => x, 7)).toBe(7)
    if (kind === 'process')
      expect(board.count(BEGUN)).toBeLessThan(100) // the first boundary after 5 ms; an item takes one
    else expect(board.count(BEGUN)).toBe(begun)
    const { stats } = map
    const { chunks } = stats
    await pool.submit((x: number) => x, 7)
    expect(stats.chunks).toBe(chunks)
  })
})

describe.each(pools)('a map on a $name left when its items have become slow', ({ open, kind }) => {
  it('stops, though thousands before were fast', async () => {
    await using pool = open({ maxWorkers: 1 })
    using board = new Board(kind)
    const fast = 100_000
    const map = pool.map(calls.passUntil, repeat(board.place), repeat(fast), range(2 * fast), { chunksize: 2 * fast })
    void map.next().catch(() => {})
    await board.until(HELD)
    await map.return()
    board.mark(GATE)
    expect(await pool.submit((x: number) => x, 7)).toBe(7)
    expect(board.count(BEGUN)).toBeLessThan(500)
  })
})

describe.each(executors)('a map on a $name left in whatever way', ({ open, kind }) => {
  it('leaves its inputs once, and the pool to others', async () => {
    await using pool = open({ maxWorkers: 2 })
    using board = new Board(kind)
    for (const [n, { leave, options }] of ways.entries()) {
      if (options?.timeout !== undefined) continue
      using inner = new Board(kind)
      let returned = 0
      const endless: Iterable<number> = {
        [Symbol.iterator]() {
          let i = 0
          return {
            next: () => ({ done: false, value: i++ }),
            return: () => {
              returned++
              return { done: true, value: undefined }
            },
          }
        },
      }
      const controller = new AbortController()
      const map: MapResult<unknown> = pool.map(calls.passUntil, repeat(inner.place), repeat(5), endless, {
        chunksize: 1,
        buffersize: 20,
        signal: controller.signal,
        ...options,
      })
      await leave(map, inner.until(HELD), () => controller.abort('enough'))
      expect(returned).toBe(1)
      inner.mark(GATE)
      expect(await pool.map(calls.markAnd, repeat(board.place), repeat(n + 10), range(4))).toEqual([0, 1, 2, 3])
      expect(board.count(n + 10)).toBe(4)
    }
  })
})
