import { describe, expect, it } from 'vitest'
import { range } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { pools } from '../support/executors.ts'

/** What the values are but for their names: ['b', 'b', 'a'] is 0 0 1. */
function pattern(names: readonly string[]): number[] {
  const seen = [...new Set(names)]
  return names.map((name) => seen.indexOf(name))
}

describe.each(pools)('maxTasksPerChild on a $name', ({ open, kind }) => {
  it('replaces a worker after so many calls', async () => {
    await using pool = open({ maxWorkers: 1, maxTasksPerChild: 2 })
    const together = Array.from(range(5), () => pool.submit(calls.workerId))
    expect(pattern(await Promise.all(together))).toEqual([0, 0, 1, 1, 2])
    expect(pattern([await together[4]!, await pool.submit(calls.workerId), await pool.submit(calls.workerId)])).toEqual(
      [0, 0, 1],
    )
  })

  it('counts a chunk as one', async () => {
    await using pool = open({ maxWorkers: 1, maxTasksPerChild: 2 })
    expect(pattern(await pool.map(calls.workerId, range(7), { chunksize: 2 }))).toEqual([0, 0, 0, 0, 1, 1, 1])
  })

  it('loses nothing when each call gets a worker of its own', async () => {
    await using pool = open({ maxWorkers: 2, maxTasksPerChild: 1 })
    const squares = await pool.map((x: number) => x * x, range(8), { chunksize: 1 })
    expect(squares).toEqual([0, 1, 4, 9, 16, 25, 36, 49])
    const ids = await pool.map(calls.workerId, range(4), { chunksize: 1 })
    expect(new Set(ids).size).toBe(4)
  })

  it('does not count a call that was cancelled on its way', async () => {
    await using pool = open({ maxWorkers: 1, maxTasksPerChild: 2 })
    using board = new Board(kind)
    const first = pool.submit(calls.blockAt, board.place, 0, 1, 'first')
    const cancelled = pool.submit(calls.workerId)
    await board.until(0)
    expect(cancelled.cancel()).toBe(true)
    const second = pool.submit(calls.workerId)
    const third = pool.submit(calls.workerId)
    board.mark(1)
    await first
    expect(await second).not.toBe(await third)
  })
})
