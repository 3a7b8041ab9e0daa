import { describe, expect, it } from 'vitest'
import { type MapResult, range, repeat, TimeoutError } from '../../src/index.ts'
import { tasksOf } from '../../src/map/result.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { executors } from '../support/executors.ts'
import { calls } from './calls.ts'
import { collected } from './collected.ts'
import { Gate } from './gate.ts'

const products = Array.from({ length: 10 }, (_, i) => i ** i)

describe.each(executors)('executor.py on the $name', ({ kind, open }) => {
  const blockAt = kind === 'inline' ? shared.waitAt : shared.blockAt

  it('gives the value of one submit: ExecutorTest.test_submit', async () => {
    await using executor = open()
    expect(await executor.submit(Math.pow, 2, 8)).toBe(256)
  })

  it('passes an object of named arguments on, and refuses a call without a function: ExecutorTest.test_submit_keyword', async () => {
    await using executor = open()
    expect(await executor.submit(calls.multiply, 2, 8)).toBe(16)
    expect(await executor.submit(calls.capture, 1, { self: 2, fn: 3 })).toEqual([1, { self: 2, fn: 3 }])
    const submit = executor.submit.bind(executor) as (...args: unknown[]) => unknown
    expect(() => submit({ fn: calls.capture, arg: 1 })).toThrow(TypeError)
    expect(() => submit()).toThrow(TypeError)
  })

  it('maps as the array does, with and without chunks: ExecutorTest.test_map', async () => {
    await using executor = open()
    expect(await executor.map(Math.pow, range(10), range(10))).toEqual(products)
    expect(await executor.map(Math.pow, range(10), range(10), { chunksize: 3 })).toEqual(products)
  })

  it('goes on behind an error, in a chunk too: ExecutorTest.test_map_exception', async () => {
    await using executor = open()
    const map = executor.map(calls.divmod, [5, 5, 5, 5], [2, 3, 0, 5], { errors: 'continue' })
    expect(await nextOf(map)).toEqual([2, 1])
    expect(await nextOf(map)).toEqual([1, 2])
    await expect(map.next()).rejects.toThrow(RangeError)
    expect(await nextOf(map)).toEqual([1, 0])
    expect(await map.next()).toEqual({ done: true, value: undefined })
    expect(await map.next()).toEqual({ done: true, value: undefined })

    const chunks = executor.map(calls.divmod, [5, 5, 5, 5], [2, 0, 3, 5], { errors: 'continue', chunksize: 3 })
    expect(await nextOf(chunks)).toEqual([2, 1])
    await expect(chunks.next()).rejects.toThrow(RangeError)
    expect(await nextOf(chunks)).toEqual([1, 2])
    expect(await nextOf(chunks)).toEqual([1, 0])
    expect(await chunks.next()).toEqual({ done: true, value: undefined })
  })

  it('tells a TimeoutError of a call from its own: ExecutorTest.test_map_timeout_from_callable', async () => {
    await using executor = open()
    for (const timeout of [undefined, 30_000]) {
      const map = executor.map(calls.timeoutOnOne, [0, 1, 2, 3], { timeout, errors: 'continue' })
      expect(await nextOf(map)).toBe(0)
      await expect(map.next()).rejects.toMatchObject({ name: 'TimeoutError', message: 'mine' })
      expect(await nextOf(map)).toBe(2)
      expect(await nextOf(map)).toBe(3)
      expect((await map.next()).done).toBe(true)
    }
  })

  it('keeps what came before the time was up, and is spent then: ExecutorTest.test_map_timeout', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    using gate = new Gate(board, 2)
    board.mark(0)
    board.mark(1)
    const map = executor.map(blockAt, repeat(board.place), [10, 11, 12], [0, 1, gate.n], ['a', 'b', 'c'], {
      timeout: 100,
      chunksize: 1,
    })
    await settled(map, 2)
    expect(await nextOf(map)).toBe('a')
    expect(await nextOf(map)).toBe('b')
    await expect(map.next()).rejects.toThrow(TimeoutError)
    expect((await map.next()).done).toBe(true)
  })

  it('ends when it is left, in the middle of a chunk too: ExecutorTest.test_map_close', async () => {
    await using executor = open()
    for (const chunksize of [1, 4]) {
      const map = executor.map(calls.identity, range(8), { chunksize })
      expect(await nextOf(map)).toBe(0)
      await map.return()
      expect((await map.next()).done).toBe(true)
      expect((await map.next()).done).toBe(true)
    }
  })

  it('refuses a buffersize that is no integer: ExecutorTest.test_map_buffersize_type_validation', async () => {
    await using executor = open()
    for (const buffersize of ['foo', 2.5] as number[]) {
      const map = () => executor.map(String, range(4), { buffersize })
      expect(map).toThrow(TypeError)
      expect(map).toThrow(/buffersize must be an integer/)
    }
  })

  it('refuses a buffersize below 1: ExecutorTest.test_map_buffersize_value_validation', async () => {
    await using executor = open()
    for (const buffersize of [0, -1]) {
      const map = () => executor.map(String, range(4), { buffersize })
      expect(map).toThrow(RangeError)
      expect(map).toThrow(/buffersize must be/)
    }
  })

  it.each([1, 2, 4, 8])(
    'gives all results with a buffersize of %i: ExecutorTest.test_map_buffersize',
    async (buffersize) => {
      await using executor = open()
      expect(await executor.map(String, [0, 1, 2, 3], { buffersize })).toEqual(['0', '1', '2', '3'])
    },
  )

  it.each([1, 2, 4, 8])(
    'zips with a buffersize of %i: ExecutorTest.test_map_buffersize_on_multiple_iterables',
    async (buffersize) => {
      await using executor = open()
      expect(await executor.map(calls.multiply, [0, 1, 2, 3], range(4), { buffersize })).toEqual([0, 1, 4, 9])
    },
  )

  it('reads an endless input: ExecutorTest.test_map_buffersize_on_infinite_iterable', async () => {
    await using executor = open()
    const map = executor.map(String, naturals(), { buffersize: 2 })
    expect(await nextOf(map)).toBe('0')
    expect(await nextOf(map)).toBe('1')
    expect(await nextOf(map)).toBe('2')
    await map.return()
  })

  it('reads several endless inputs: ExecutorTest.test_map_buffersize_on_multiple_infinite_iterables', async () => {
    await using executor = open()
    const map = executor.map(calls.multiply, naturals(), naturals(), { buffersize: 2 })
    for (const square of [0, 1, 4, 9]) expect(await nextOf(map)).toBe(square)
    await map.return()
  })

  it('makes nothing of an empty input: ExecutorTest.test_map_buffersize_on_empty_iterable', async () => {
    await using executor = open()
    const map = executor.map(String, [], { buffersize: 2 })
    expect((await map.next()).done).toBe(true)
  })

  it('makes nothing of no input: ExecutorTest.test_map_buffersize_without_iterable', async () => {
    await using executor = open()
    const map = executor.map as (...args: unknown[]) => MapResult<unknown>
    expect((await map.call(executor, String, { buffersize: 2 }).next()).done).toBe(true)
  })

  it('pulls just buffersize elements when nobody reads: ExecutorTest.test_map_buffersize_when_buffer_is_full', async () => {
    await using executor = open()
    const input = naturals()
    executor.map(String, input, { buffersize: 2 })
    await executor.shutdown()
    expect(input.next().value).toBe(2)
  })

  it('shuts down right behind more calls than workers: ExecutorTest.test_shutdown_race_issue12456', async () => {
    await using executor = open({ maxWorkers: 2 })
    const map = executor.map(String, [2, 2, 2])
    await executor.shutdown()
    expect(await map).toEqual(['2', '2', '2'])
  })

  it('lets go of the arguments of a call that is over: ExecutorTest.test_no_stale_references', async () => {
    await using executor = open()
    const submitWeakly = async (): Promise<WeakRef<object>> => {
      const argument = { big: 'object' }
      await executor.submit(calls.makeObject, argument as never)
      return new WeakRef(argument)
    }
    expect(await collected(await submitWeakly())).toBe(true)
  })

  it('refuses 0 and -1 workers: ExecutorTest.test_max_workers_negative', () => {
    for (const maxWorkers of [0, -1]) expect(() => open({ maxWorkers })).toThrow(/maxWorkers must be greater than 0/)
  })

  it.each([1, 5])(
    'keeps no result that it has given, in chunks of %i: ExecutorTest.test_free_reference',
    async (chunksize) => {
      await using executor = open()
      const map = executor.map(calls.makeObject, range(10), { chunksize })
      const nextWeakly = async (): Promise<WeakRef<object> | undefined> => {
        const { done, value } = await map.next()
        return done === true ? undefined : new WeakRef(value)
      }
      let given = 0
      for (let ref = await nextWeakly(); ref !== undefined; ref = await nextWeakly()) {
        given++
        expect(await collected(ref)).toBe(true)
      }
      expect(given).toBe(10)
    },
  )

  it.each([undefined, null, 0, '', false, Number.NaN])(
    'takes %s for an error where it was thrown: ExecutorTest.test_swallows_falsey_exceptions',
    async (falsy) => {
      await using executor = open()
      await expect(executor.submit(calls.throwThis, falsy).result()).rejects.toBe(falsy)
      await expect(executor.map(calls.throwThis, [falsy])).rejects.toBe(falsy)
      expect(await executor.map(calls.throwThis, [falsy], { errors: 'settle' })).toEqual([
        { status: 'rejected', reason: falsy },
      ])
    },
  )
})

async function nextOf<T>(map: AsyncIterator<T>): Promise<T> {
  const { done, value } = await map.next()
  expect(done).not.toBe(true)
  return value
}

function* naturals(): Generator<number, never> {
  for (let i = 0; ; i++) yield i
}

/** Resolves when the first `count` rows of a map have their outcomes here. */
function settled(map: MapResult<unknown>, count: number): Promise<void> {
  const view = tasksOf(map)
  const isThere = (): boolean =>
    Array.from({ length: count }, (_, i) => view.state(i)).every((state) => state === 'done' || state === 'failed')
  return new Promise((resolve) => {
    const look = (): void => {
      if (isThere()) resolve()
    }
    view.onSettle(look)
    look()
  })
}
