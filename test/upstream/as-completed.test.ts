import { describe, expect, it } from 'vitest'
import { asCompleted, Future, range, TimeoutError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { collected } from './collected.ts'
import { failed, noticed, successful } from './ended.ts'
import { Gate } from './gate.ts'

describe.each(pools)('test_as_completed.py on the $name', ({ kind, open }) => {
  it('yields all of them: AsCompletedTests.test_no_timeout', async () => {
    await using executor = open()
    const all = new Set([
      noticed,
      failed,
      successful,
      executor.submit(calls.multiply, 2, 21),
      executor.submit(calls.multiply, 7, 6),
    ])
    expect(new Set(await collect(asCompleted(all)))).toEqual(all)
  })

  it.each([0, 100])(
    'yields what is done when the time of %i ms is up: AsCompletedTests.test_future_times_out',
    async (timeout) => {
      using board = new Board(kind)
      await using executor = open()
      using gate = new Gate(board, 1)
      const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 0)
      const yielded = new Set<unknown>()
      const read = async (): Promise<void> => {
        for await (const one of asCompleted([noticed, failed, successful, future], { timeout })) yielded.add(one)
      }
      await expect(read()).rejects.toThrow(TimeoutError)
      expect(yielded).toEqual(new Set([noticed, failed, successful]))
    },
  )

  it('yields a future that is there several times once: AsCompletedTests.test_duplicate_futures', async () => {
    await using executor = open()
    const future = executor.submit(calls.multiply, 2, 21)
    expect(await collect(asCompleted([future, future, future]))).toEqual([future])
  })
})

describe('test_as_completed.py', () => {
  it.each([undefined, 30_000])(
    'keeps no future that it has yielded, with timeout %s: AsCompletedTests.test_free_reference_yielded_future',
    async (timeout) => {
      const futures = someFutures() // made elsewhere: what this frame has held, it may hold on to
      const completions = asCompleted(futures, timeout === undefined ? {} : { timeout })
      const nextWeakly = async (): Promise<WeakRef<Future<string>> | undefined> => {
        const { done, value } = await completions.next()
        if (done === true) return undefined
        futures.delete(value)
        const [first] = futures
        if (first?.done() === false) first.setResult('test')
        return new WeakRef(value)
      }
      let yielded = 0
      for (let ref = await nextWeakly(); ref !== undefined; ref = await nextWeakly()) {
        yielded++
        expect(await collected(ref)).toBe(true)
      }
      expect(yielded).toBe(10)
    },
  )

  it('says how many are left: AsCompletedTests.test_correct_timeout_exception_msg', async () => {
    const running = new Future<never>()
    running.setRunningOrNotifyCancel()
    const read = collect(asCompleted([noticed, new Future<never>(), running, successful], { timeout: 0 }))
    await expect(read).rejects.toThrow('2 (of 4) futures unfinished')
  })
})

/** Eight that are pending, one that was cancelled, one that is done. */
function someFutures(): Set<Future<string>> {
  const futures = Array.from(range(10), () => new Future<string>())
  futures[8]?.cancel()
  futures[9]?.setResult('done')
  return new Set(futures)
}

async function collect<T>(iterator: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of iterator) all.push(one)
  return all
}
