import { describe, expect, it } from 'vitest'
import { Future, range, wait } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { failed, noticed, successful } from './ended.ts'
import { Gate } from './gate.ts'

const cancelled = new Future<never>()
cancelled.cancel()

describe.each(pools)('test_wait.py on the $name', ({ kind, open }) => {
  it('counts a future that is there twice once: WaitTests.test_20369', async () => {
    await using executor = open()
    const future = executor.submit(calls.multiply, 1, 2)
    expect(await wait([future, future])).toEqual({ done: new Set([future]), notDone: new Set() })
  })

  it('waits for the first: WaitTests.test_first_completed', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 2 })
    using gate = new Gate(board, 1)
    const first = executor.submit(calls.multiply, 21, 2)
    const second = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    const { done, notDone } = await wait([first, second], { returnWhen: 'FIRST_COMPLETED' })
    expect(done).toEqual(new Set([first]))
    expect(notDone).toEqual(new Set([second]))
    // Upstream's waits behind a cancelled future that no worker has noticed; here that one is done, so that nothing is waited for.
    expect((await wait([cancelled, second], { returnWhen: 'FIRST_COMPLETED' })).done).toEqual(new Set([cancelled]))
  })

  it('does not wait where some are done: WaitTests.test_first_completed_some_already_completed', async () => {
    using board = new Board(kind)
    await using executor = open()
    using gate = new Gate(board, 1)
    const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    const { done, notDone } = await wait([noticed, successful, future], { returnWhen: 'FIRST_COMPLETED' })
    expect(done).toEqual(new Set([noticed, successful]))
    expect(notDone).toEqual(new Set([future]))
  })

  it('waits for the first that fails: WaitTests.test_first_exception', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 3 })
    using fails = new Gate(board, 1)
    using gate = new Gate(board, 2)
    const first = executor.submit(calls.multiply, 2, 21)
    const second = executor.submit(calls.throwAt, board.place, 0, fails.n)
    const third = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    first.addDoneCallback(() => fails.open())
    const { done, notDone } = await wait([first, second, third], { returnWhen: 'FIRST_EXCEPTION' })
    expect(done).toEqual(new Set([first, second]))
    expect(notDone).toEqual(new Set([third]))
  })

  it('waits for one that fails behind some that are done: WaitTests.test_first_exception_some_already_complete', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 2 })
    using gate = new Gate(board, 1)
    const first = executor.submit(calls.divmod, 21, 0)
    const second = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    const { done, notDone } = await wait([successful, cancelled, noticed, first, second], {
      returnWhen: 'FIRST_EXCEPTION',
    })
    expect(done).toEqual(new Set([successful, cancelled, noticed, first]))
    expect(notDone).toEqual(new Set([second]))
  })

  it('does not wait where one has failed: WaitTests.test_first_exception_one_already_failed', async () => {
    using board = new Board(kind)
    await using executor = open()
    using gate = new Gate(board, 1)
    const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    const { done, notDone } = await wait([failed, future], { returnWhen: 'FIRST_EXCEPTION' })
    expect(done).toEqual(new Set([failed]))
    expect(notDone).toEqual(new Set([future]))
  })

  it('waits for all: WaitTests.test_all_completed', async () => {
    await using executor = open()
    const first = executor.submit(calls.divmod, 2, 0)
    const second = executor.submit(calls.multiply, 2, 21)
    const all = new Set([successful, noticed, failed, first, second])
    expect(await wait(all)).toEqual({ done: all, notDone: new Set() })
  })

  it('tells what is done when the time is up: WaitTests.test_timeout', async () => {
    using board = new Board(kind)
    await using executor = open()
    using gate = new Gate(board, 1)
    const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
    const { done, notDone } = await wait([noticed, failed, successful, future], { timeout: 50 })
    expect(done).toEqual(new Set([noticed, failed, successful]))
    expect(notDone).toEqual(new Set([future]))
  })

  it('hears of many that end together: ThreadPoolWaitTests.test_pending_calls_race', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 3 })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(100), (i) => executor.submit(shared.blockAt, board.place, 0, gate.n, i))
    const all = wait(futures)
    gate.open()
    expect((await all).done.size).toBe(100)
  })
})
