import { describe, expect, it } from 'vitest'
import { type Executor, range } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { collected } from '../upstream/collected.ts'

const AT_EXIT = 0

describe.each(pools)('a $name that nobody holds', ({ open, kind }) => {
  it('is collected once it is idle, and its workers end', async () => {
    using board = new Board(kind)
    const use = async (): Promise<WeakRef<Executor>> => {
      const pool = open({ maxWorkers: 2 })
      await pool.submit(calls.markAtExit, board.place, AT_EXIT)
      expect(await pool.map((x: number) => ({ x }), range(20))).toHaveLength(20)
      expect(await pool.map(Math.sqrt, range(20), { chunksize: 3 })).toHaveLength(20)
      return new WeakRef(pool)
    }
    await collected(await use())
    await board.until(AT_EXIT)
  })

  it('does first what it was given', async () => {
    using board = new Board(kind)
    const [started, gate] = [1, 2]
    const future = open({ maxWorkers: 1 }).submit(calls.blockAt, board.place, started, gate, 'done')
    const behind = open({ maxWorkers: 1 }).map((x: number) => x + 1, range(3))
    await board.until(started)
    await collected(new WeakRef({})) // a collection has been
    board.mark(gate)
    expect(await future).toBe('done')
    expect(await behind).toEqual([1, 2, 3])
  })

  it('tells who waits for its shutdown', async () => {
    const shutDown = async (): Promise<Promise<void>[]> => {
      const pool = open({ maxWorkers: 2 })
      await pool.submit(Math.sqrt, 4)
      return [pool.shutdown()]
    }
    const [over] = await shutDown()
    await collected(new WeakRef({}))
    expect(await over).toBe(undefined)
  })
})
