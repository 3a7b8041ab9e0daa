import { describe, expect, it } from 'vitest'
import { usableCores } from '../../src/executors/cores.ts'
import { range, repeat, TimeoutError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { executors, pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { Gate } from './gate.ts'

describe.each(executors)('test_thread_pool.py on the $name', ({ kind, open }) => {
  it('runs a map that nobody iterates: ThreadPoolExecutorTest.test_map_submits_without_iteration', async () => {
    using board = new Board(kind)
    await using executor = open()
    executor.map(shared.markAnd, repeat(board.place), range(10), range(10))
    await executor.shutdown()
    expect(Array.from(range(10), (i) => board.count(i))).toEqual(Array(10).fill(1))
  })

  it('has as many workers as there are cores, by itself: ThreadPoolExecutorTest.test_default_workers', async () => {
    await using executor = open()
    expect(executor.maxWorkers).toBe(kind === 'inline' ? 1 : usableCores())
  })

  it('cancels the call that was awaited, too, when the time is up: ThreadPoolExecutorTest.test_executor_map_current_future_cancel', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    using gate = new Gate(board, 9)
    const hold = kind === 'inline' ? shared.waitAt : shared.blockAt
    const first = executor.submit(hold, board.place, 0, gate.n, 'first')
    const map = executor.map(hold, repeat(board.place), [1, 2], [gate.n, gate.n], ['second', 'third'], { timeout: 0 })
    await expect(map.next()).rejects.toThrow(TimeoutError)
    await map.return()
    gate.open()
    expect(await first).toBe('first')
    await executor.shutdown()
    expect([0, 1, 2].map((i) => board.count(i))).toEqual([1, 0, 0])
  })
})

describe.each(pools)('test_thread_pool.py on the $name', ({ kind, open }) => {
  it('never has more workers than were asked for: ThreadPoolExecutorTest.test_saturation', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 4 })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(60), () => executor.submit(calls.nameAt, board.place, 0, gate.n))
    await board.until(0, 4)
    gate.open()
    expect(new Set(await Promise.all(futures)).size).toBe(4)
  })

  it('gives calls that follow each other to one worker: ThreadPoolExecutorTest.test_idle_thread_reuse', async () => {
    await using executor = open({ maxWorkers: 4 })
    const names = new Set<string>()
    for (let i = 0; i < 3; i++) names.add(await executor.submit(shared.workerId))
    expect(names.size).toBe(1)
  })
})
