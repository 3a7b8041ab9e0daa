import { once } from 'node:events'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CancelledError, Future, InvalidStateError, TimeoutError } from '../../src/index.ts'

const OSError = class extends Error {}

/** One future in each state, as upstream's tests have them. */
function futures(): Record<'pending' | 'running' | 'cancelled' | 'noticed' | 'failed' | 'successful', Future<unknown>> {
  const all = {
    pending: new Future<unknown>(),
    running: new Future<unknown>(),
    cancelled: new Future<unknown>(),
    noticed: new Future<unknown>(),
    failed: new Future<unknown>(),
    successful: new Future<unknown>(),
  }
  all.running.setRunningOrNotifyCancel()
  all.cancelled.cancel()
  all.noticed.cancel()
  all.noticed.setRunningOrNotifyCancel()
  all.failed.setException(new OSError('told'))
  all.successful.setResult(42)
  return all
}

describe('test_future.py: callbacks', () => {
  it('see the result: FutureTests.test_done_callback_with_result', async () => {
    const seen: unknown[] = []
    const future = new Future<number>()
    future.addDoneCallback((done) => seen.push(done, done.done()))
    future.setResult(5)
    expect(seen).toEqual([future, true])
    expect(await future.result()).toBe(5)
  })

  it('see the error: FutureTests.test_done_callback_with_exception', async () => {
    const seen: Promise<unknown>[] = []
    const future = new Future<number>()
    future.addDoneCallback((done) => seen.push(done.exception()))
    const error = new Error('test')
    future.setException(error)
    expect(await Promise.all(seen)).toEqual([error])
  })

  it('see that it was cancelled: FutureTests.test_done_callback_with_cancel', () => {
    const seen: boolean[] = []
    const future = new Future<number>()
    future.addDoneCallback((done) => seen.push(done.cancelled()))
    expect(future.cancel()).toBe(true)
    expect(seen).toEqual([true])
  })

  it('that throw are reported, and the next ones run: FutureTests.test_done_callback_raises', async () => {
    const warned = once(process, 'warning')
    const called: string[] = []
    const future = new Future<number>()
    future.addDoneCallback(() => {
      called.push('raising')
      throw new Error('doh!')
    })
    future.addDoneCallback(() => called.push('following'))
    future.setResult(5)
    expect(called).toEqual(['raising', 'following'])
    const [warning] = await warned
    expect(warning.message).toMatch(/exception calling callback[\s\S]*doh!/)
  })

  it('are called at once on one that has a result: FutureTests.test_done_callback_already_successful', () => {
    const future = new Future<number>()
    future.setResult(5)
    const seen: unknown[] = []
    future.addDoneCallback((done) => seen.push(done))
    expect(seen).toEqual([future])
  })

  it('are called at once on one that failed: FutureTests.test_done_callback_already_failed', async () => {
    const error = new Error('test')
    const future = new Future<number>()
    future.setException(error)
    const seen: Promise<unknown>[] = []
    future.addDoneCallback((done) => seen.push(done.exception()))
    expect(await Promise.all(seen)).toEqual([error])
  })

  it('are called at once on one that was cancelled: FutureTests.test_done_callback_already_cancelled', () => {
    const future = new Future<number>()
    future.cancel()
    const seen: boolean[] = []
    future.addDoneCallback((done) => seen.push(done.cancelled()))
    expect(seen).toEqual([true])
  })

  it('that are called at once and throw are reported: FutureTests.test_done_callback_raises_already_succeeded', async () => {
    const warned = once(process, 'warning')
    const future = new Future<number>()
    future.setResult(5)
    future.addDoneCallback(() => {
      throw new Error('doh!')
    })
    const [warning] = await warned
    expect(warning.message).toMatch(/exception calling callback[\s\S]*doh!/)
  })
})

describe('test_future.py: states', () => {
  it('shows its state: FutureTests.test_repr', () => {
    const { pending, running, cancelled, noticed, failed, successful } = futures()
    expect([pending, running, cancelled, noticed, failed, successful].map((future) => inspect(future))).toEqual([
      'Future { <pending> }',
      'Future { <running> }',
      'Future { <cancelled> }',
      'Future { <cancelled> }',
      'Future { <failed> OSError }',
      'Future { <done> number }',
    ])
  })

  it('can be cancelled while it is pending, and again then: FutureTests.test_cancel', () => {
    const { pending, running, cancelled, noticed, failed, successful } = futures()
    expect(pending.cancel()).toBe(true)
    expect(pending.cancelled()).toBe(true)
    expect(running.cancel()).toBe(false)
    expect(running.running()).toBe(true)
    expect(cancelled.cancel()).toBe(true)
    expect(noticed.cancel()).toBe(true)
    expect(failed.cancel()).toBe(false)
    expect(failed.cancelled()).toBe(false)
    expect(successful.cancel()).toBe(false)
    expect(successful.cancelled()).toBe(false)
  })

  it.each([
    ['cancelled', 'FutureTests.test_cancelled', ['cancelled', 'noticed']],
    ['done', 'FutureTests.test_done', ['cancelled', 'noticed', 'failed', 'successful']],
    ['running', 'FutureTests.test_running', ['running']],
  ] as const)('says %s() in the right states: %s', (question, _, states) => {
    const yes = Object.entries(futures()).filter(([, future]) => future[question]())
    expect(yes.map(([state]) => state)).toEqual(states)
  })

  it('tells of a timeout, a cancellation and an error: FutureTests.test_result_with_timeout', async () => {
    const { pending, running, cancelled, noticed, failed, successful } = futures()
    await expect(pending.result(0)).rejects.toThrow(TimeoutError)
    await expect(running.result(0)).rejects.toThrow(TimeoutError)
    await expect(cancelled.result(0)).rejects.toThrow(CancelledError)
    await expect(noticed.result(0)).rejects.toThrow(CancelledError)
    await expect(failed.result(0)).rejects.toThrow(OSError)
    expect(await successful.result(0)).toBe(42)
  })

  it('wakes who waits for its result: FutureTests.test_result_with_success', async () => {
    const future = new Future<number>()
    const result = future.result(30_000)
    future.setResult(42)
    expect(await result).toBe(42)
  })

  it('wakes who waits when it is cancelled: FutureTests.test_result_with_cancel', async () => {
    const future = new Future<number>()
    const result = future.result(30_000)
    future.cancel()
    await expect(result).rejects.toThrow(CancelledError)
  })

  it('tells of a timeout and a cancellation when it is asked for its error: FutureTests.test_exception_with_timeout', async () => {
    const { pending, running, cancelled, noticed, failed, successful } = futures()
    await expect(pending.exception(0)).rejects.toThrow(TimeoutError)
    await expect(running.exception(0)).rejects.toThrow(TimeoutError)
    await expect(cancelled.exception(0)).rejects.toThrow(CancelledError)
    await expect(noticed.exception(0)).rejects.toThrow(CancelledError)
    expect(await failed.exception(0)).toBeInstanceOf(OSError)
    expect(await successful.exception(0)).toBe(undefined)
  })

  it('wakes who waits for its error: FutureTests.test_exception_with_success', async () => {
    const future = new Future<number>()
    const exception = future.exception(30_000)
    const error = new OSError('told')
    future.setException(error)
    expect(await exception).toBe(error)
  })

  it('keeps its first result: FutureTests.test_multiple_set_result', async () => {
    const future = new Future<number>()
    future.setResult(1)
    expect(() => future.setResult(2)).toThrow(InvalidStateError)
    expect(future.done()).toBe(true)
    expect(await future.result()).toBe(1)
  })

  it('keeps its first error: FutureTests.test_multiple_set_exception', async () => {
    const future = new Future<number>()
    const error = new Error('first')
    future.setException(error)
    expect(() => future.setException(new Error('second'))).toThrow(InvalidStateError)
    expect(await future.exception()).toBe(error)
  })
})
