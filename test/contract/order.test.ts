import { describe, expect, it } from 'vitest'
import { type Executor, type Future, range, repeat, TimeoutError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { can, pools } from '../support/executors.ts'

// Counts of a board: what holds a worker, and gates that are open from the start or never.
const HELD = 0
const RELEASE = 1
const OPEN = 2
const SLOW = 3
const GO = 4
const CHAIN = 10
const LINKS = 200

/** Starts both workers, and has the pool see that `blockAt` takes no time, as long as its gate is open. */
async function measure(executor: Executor, { place }: Board): Promise<void> {
  await Promise.all([1, 2].map(() => executor.submit(calls.meet, place, 8, 2)))
  for (let i = 0; i < 100; i++) await executor.submit(calls.blockAt, place, 9, OPEN, i)
}

/** Submits `length` calls, each of which waits until the one before it has begun. */
function submitChain(executor: Executor, { place }: Board, length: number): Future<unknown>[] {
  return Array.from(range(length), (i) => executor.submit(calls.blockAt, place, CHAIN + i, gateOf(i), i))
}

/** The gate of a chain's call. */
function gateOf(i: number): number {
  return i === 0 ? OPEN : CHAIN + i - 1
}

// CPython begins a call only when all before it have begun: so those that wait for earlier ones end.
describe.each(pools)('calls of the $name begin in their order', ({ kind, open }) => {
  it('of a map, while one worker is held', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    const held = executor.submit(calls.blockAt, board.place, HELD, RELEASE, 'held')
    await board.until(HELD)
    board.mark(OPEN)
    const gates = [OPEN, OPEN, CHAIN + 1]
    const map = executor.map(
      calls.blockAt,
      repeat(board.place),
      [CHAIN, CHAIN + 1, CHAIN + 2],
      gates,
      ['a', 'b', 'c'],
      {
        chunksize: 1,
      },
    )
    expect(await map).toEqual(['a', 'b', 'c'])
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })

  it('of submit, while one worker is held', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    board.mark(OPEN)
    const held = executor.submit(calls.blockAt, board.place, HELD, RELEASE, 'held')
    const links = submitChain(executor, board, 5)
    expect(await Promise.all(links)).toEqual([0, 1, 2, 3, 4])
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })

  it('of a function that was quick so far, and now holds a worker with others behind it', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    board.mark(OPEN)
    await measure(executor, board)
    const held = executor.submit(calls.blockAt, board.place, HELD, RELEASE, 'held')
    const links = submitChain(executor, board, LINKS)
    expect(await Promise.all(links)).toEqual([...range(LINKS)])
    expect(held.done()).toBe(false)
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })

  it('of a map of such a function', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    board.mark(OPEN)
    await measure(executor, board)
    const held = executor.submit(calls.blockAt, board.place, HELD, RELEASE, 'held')
    const gates = Array.from(range(LINKS), gateOf)
    const map = executor.map(calls.blockAt, repeat(board.place), range(CHAIN, CHAIN + LINKS), gates, range(LINKS), {
      chunksize: 1,
    })
    expect(await map).toEqual([...range(LINKS)])
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })
})

describe.each(pools.filter(can('blocking')))('calls of the $name begin in their order', ({ kind, open }) => {
  it('while the caller blocks', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    board.mark(OPEN)
    await measure(executor, board)
    const held = executor.submit(calls.blockAt, board.place, HELD, RELEASE, 'held')
    const links = submitChain(executor, board, LINKS)
    expect(links.map((link) => link.resultSync(5000))).toEqual([...range(LINKS)])
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })
})

describe.each(pools.filter(can('recall')))('calls of the $name begin in their order', ({ kind, open }) => {
  it('where a later one was sent to a worker that is slow to begin it', async () => {
    await using executor = open({ maxWorkers: 2 })
    using board = new Board(kind)
    const { place } = board
    board.mark(OPEN)
    await measure(executor, board)
    await Promise.all([
      executor.submit(calls.blockAt, place, 9, OPEN, 0),
      executor.submit(calls.blockAfterwards, place, SLOW, GO),
    ])
    await board.until(SLOW)
    const held = executor.submit(calls.blockAt, place, HELD, RELEASE, 'held')
    const dropped = executor.submit(calls.blockAt, place, 9, OPEN, 'dropped') // on the slow worker
    const links = submitChain(executor, board, 2) // behind held, and on the slow worker
    await board.until(HELD)
    expect(dropped.cancel()).toBe(true)
    await expect(links[1]?.result(50)).rejects.toThrow(TimeoutError) // by then the first link is taken back
    board.mark(GO)
    expect(await Promise.all(links)).toEqual([0, 1])
    board.mark(RELEASE)
    expect(await held).toBe('held')
  })
})

describe.each(pools.filter(can('preparation')))('calls of the $name begin in their order', ({ kind, open }) => {
  it('on the workers that get ready, while another does not', async () => {
    using board = new Board(kind)
    const initargs = [board.place, HELD, RELEASE, 1]
    await using executor = open({ maxWorkers: 2, initializer: calls.holdFirst, initargs })
    const first = executor.submit(calls.markAnd, board.place, CHAIN, 1)
    await board.until(HELD)
    const second = executor.submit(calls.markAnd, board.place, CHAIN, 2)
    expect(await second).toBe(2)
    expect(await first).toBe(1)
    board.mark(RELEASE)
  })
})
