import { describe, expect, it } from 'vitest'
import {
  CancelledError,
  InlineExecutor,
  InvalidStateError,
  ProcessPoolExecutor,
  range,
  repeat,
  ThreadPoolExecutor,
  TimeoutError,
  WorkerDiedError,
} from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { executors } from '../support/executors.ts'

const blocking = executors.filter(({ kind }) => kind !== 'process')

describe.each(blocking)('blocking on a $name', ({ open }) => {
  it('gives the value of a call in the very turn that made it', async () => {
    await using pool = open({ maxWorkers: 1 })
    expect(pool.submit((x: number) => x + 1, 1).resultSync()).toBe(2)
    expect(pool.submit((x: number) => ({ x }), 1).resultSync()).toEqual({ x: 1 })
    expect(pool.submit(() => undefined).resultSync()).toBe(undefined)
  })

  it('throws what the call threw', async () => {
    await using pool = open({ maxWorkers: 1 })
    const refuse = (): never => {
      throw Object.assign(new TypeError('no'), { detail: 5 })
    }
    const future = pool.submit(refuse)
    expect(() => future.resultSync()).toThrow(TypeError)
    expect(() => future.resultSync()).toThrow(expect.objectContaining({ message: 'no', detail: 5 }))
  })

  it('gives the results of a map in order, of every chunksize and policy', async () => {
    await using pool = open({ maxWorkers: 2 })
    for (const chunksize of [1, 3, 100, 'auto' as const]) {
      expect(pool.mapSync((x: number) => x * 2, range(10), { chunksize })).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
      expect(pool.mapSync((a: string, b: number) => a.repeat(b), 'abc', [1, 2, 3, 4], { chunksize })).toEqual([
        'a',
        'bb',
        'ccc',
      ])
    }
    const odd = (x: number): number => {
      if (x % 2 === 1) throw new RangeError(`odd ${x}`)
      return x
    }
    expect(() => pool.mapSync(odd, range(6))).toThrow(expect.objectContaining({ message: 'odd 1', index: 1 }))
    expect(pool.mapSync(odd, range(3), { errors: 'settle' })).toMatchObject([
      { value: 0 },
      { reason: { message: 'odd 1', index: 1 } },
      { value: 2 },
    ])
    expect(() => pool.mapSync(odd, range(4), { errors: 'continue' })).toThrow(AggregateError)
    expect(pool.mapSync(odd, [])).toEqual([])
  })

  it('reads its inputs as they are needed under buffersize', async () => {
    await using pool = open({ maxWorkers: 1 })
    const pulled: number[] = []
    function* numbers(): Generator<number> {
      for (let i = 0; i < 9; i++) {
        pulled.push(i)
        yield i
      }
    }
    expect(pool.mapSync((x: number) => x, numbers(), { buffersize: 2 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(pulled).toHaveLength(9)
  })

  it('throws what an input throws', async () => {
    await using pool = open({ maxWorkers: 1 })
    function* failing(): Generator<number> {
      yield 1
      throw new RangeError('input')
    }
    expect(() => pool.mapSync((x: number) => x, failing())).toThrow(new RangeError('input'))
    expect(() => pool.mapSync((x: number) => x, failing(), { buffersize: 5 })).toThrow(new RangeError('input'))
    expect(pool.mapSync((x: number) => x, [1])).toEqual([1])
  })

  it('refuses async inputs by their place', async () => {
    await using pool = open({ maxWorkers: 1 })
    async function* numbers(): AsyncGenerator<number> {
      yield 1
    }
    // @ts-expect-error an async input, for callers without types
    expect(() => pool.mapSync((_: number, x: number) => x, [1], numbers())).toThrow('mapSync cannot read input 2')
  })

  it('sees at the call a signal that is aborted', async () => {
    await using pool = open({ maxWorkers: 1 })
    const signal = AbortSignal.abort('before')
    expect(() => pool.schedule((x: number) => x, [1], { signal }).resultSync()).toThrow(expect.anything())
    let thrown: unknown
    try {
      pool.mapSync((x: number) => x, [1], { signal })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe('before')
  })

  it('runs what waits in the line before it', async () => {
    await using pool = open({ maxWorkers: 1 })
    const order: number[] = []
    const futures = Array.from(range(5), (i) => pool.submit((x: number) => x, i))
    for (const future of futures) future.addDoneCallback((done) => order.push(done.resultSync()))
    expect(futures[4]!.resultSync()).toBe(4)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  it('works in a callback of a future, of one that could not be sent too', async () => {
    await using pool = open({ maxWorkers: 1 })
    const inner: unknown[] = []
    const block = (): unknown => inner.push(pool.submit((x: number) => x, 7).resultSync())
    const first = pool.submit((x: number) => x, 1)
    const unsent = pool.submit((f: unknown) => f, Symbol('not to be cloned'))
    const last = pool.submit((x: number) => x, 2)
    for (const future of [first, unsent, last]) future.addDoneCallback(block)
    await unsent.exception()
    expect(last.resultSync()).toBe(2)
    expect(inner).toEqual([7, 7, 7])
    expect(await unsent.exception()).toMatchObject({ name: 'DataCloneError' })
  })

  it('works in onProgress', async () => {
    await using pool = open({ maxWorkers: 1 })
    const inner: unknown[] = []
    const onProgress = (): unknown => inner.push(pool.submit((x: number) => x, 7).resultSync())
    expect(pool.mapSync((x: number) => x, range(4), { chunksize: 2, onProgress })).toEqual([0, 1, 2, 3])
    expect(new Set(inner)).toEqual(new Set([7]))
  })

  it('goes on after the pool is shut down, for what was submitted before', async () => {
    const pool = open({ maxWorkers: 1 })
    const future = pool.submit((x: number) => x, 1)
    void pool.shutdown()
    expect(future.resultSync()).toBe(1)
    await pool.shutdown()
  })

  it('is over at once for a future that is done or cancelled', async () => {
    await using pool = open({ maxWorkers: 1 })
    const done = pool.submit((x: number) => x, 1)
    await done
    expect(done.resultSync(0)).toBe(1)
    const cancelled = pool.submit((x: number) => x, 1)
    cancelled.cancel()
    expect(() => cancelled.resultSync()).toThrow(CancelledError)
  })
})

describe('blocking on a ThreadPoolExecutor', () => {
  it('gives what a promise in the worker becomes', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const later = async (x: number): Promise<number> => {
      await new Promise((resolve) => setImmediate(resolve))
      return x
    }
    expect(pool.submit(later, 3).resultSync()).toBe(3)
    expect(pool.mapSync(later, range(5), { chunksize: 2 })).toEqual([0, 1, 2, 3, 4])
  })

  it('waits for the initializer too', async () => {
    const initializer = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      ;(globalThis as { ready?: boolean }).ready = true
    }
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, initializer })
    expect(pool.mapSync(() => (globalThis as { ready?: boolean }).ready, range(3), { chunksize: 1 })).toEqual([
      true,
      true,
      true,
    ])
  })

  it('throws when the initializer fails', async () => {
    await using pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: () => {
        throw new RangeError('not ready')
      },
    })
    expect(() => pool.submit((x: number) => x, 1).resultSync()).toThrow('A thread initializer failed')
  })

  it('throws TimeoutError when its time is over, and the call goes on', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    using board = new Board('thread')
    const held = pool.submit(calls.blockAt, board.place, 0, 1, 'held')
    expect(() => held.resultSync(20)).toThrow(TimeoutError)
    expect(() => held.resultSync(0)).toThrow(TimeoutError)
    expect(() => held.resultSync(-1)).toThrow(TimeoutError)
    expect(() => pool.mapSync((x: number) => x, [1], { timeout: 20 })).toThrow(TimeoutError)
    board.mark(1)
    expect(held.resultSync()).toBe('held')
  })

  it('ends a map whose time is over: nothing further of it starts', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    using board = new Board('thread')
    expect(() =>
      pool.mapSync(calls.blockAt, repeat(board.place), repeat(0), repeat(1), range(5), { timeout: 200, chunksize: 2 }),
    ).toThrow(TimeoutError)
    board.mark(1)
    expect(pool.submit((x: number) => x, 1).resultSync()).toBe(1)
    expect(board.count(0)).toBeLessThanOrEqual(1)
  })

  it('keeps an itemTimeout meanwhile', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    expect(() => pool.schedule(calls.loop, [], { itemTimeout: 60 }).resultSync()).toThrow('itemTimeout of 60 ms')
    expect(() => pool.mapSync(calls.loop, range(2), { itemTimeout: 60 })).toThrow('itemTimeout of 60 ms')
  })

  // The event loop stands still from the first line of each of these on: not even that a worker is online has been told.
  it('hears of a worker that exits', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    expect(() => pool.submit(calls.exit, 4).resultSync()).toThrow('exited with code 4')
    expect(pool.submit((x: number) => x, 1).resultSync()).toBe(1)
    const outcomes = pool.mapSync(calls.exitAt, repeat(2), range(5), { chunksize: 3, errors: 'settle' })
    expect(outcomes).toMatchObject([
      { value: 0 },
      { value: 1 },
      { reason: { name: 'WorkerDiedError', exitCode: 3, index: 2 } },
      { value: 3 },
      { value: 4 },
    ])
  })

  it('hears in a callback of a dead call what became of those behind it', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const deadly = pool.submit(calls.exit, 4)
    const behind = pool.submit((x: number) => x, 5)
    let heard: unknown
    deadly.addDoneCallback(() => {
      heard = behind.resultSync()
    })
    await expect(deadly).rejects.toThrow('exited with code 4')
    expect(heard).toBe(5)
  })

  it('hears of a worker that runs out of memory, at its first call and at a later one', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } })
    expect(() => pool.submit(calls.exhaust).resultSync()).toThrow(WorkerDiedError)
    expect(pool.submit((x: number) => x, 1).resultSync()).toBe(1)
    await pool.submit((x: number) => x, 1)
    expect(() => pool.submit(calls.exhaust).resultSync()).toThrow(WorkerDiedError)
    expect(pool.submit((x: number) => x, 1).resultSync()).toBe(1)
  })

  it('hears of a worker that an uncaught error ends', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const stray = (): Promise<void> =>
      new Promise(() => {
        setImmediate(() => {
          throw new RangeError('stray')
        })
      })
    expect(() => pool.submit(stray).resultSync()).toThrow(WorkerDiedError)
    expect(pool.submit((x: number) => x, 1).resultSync()).toBe(1)
  })

  it('hears of one that exits before it can take a call', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1, initializer: () => process.exit(7) })
    expect(() => pool.submit((x: number) => x, 1).resultSync()).toThrow('A thread initializer failed')
  })

  it('in onProgress, while a chunk tells of its rows in parts, mixes none of them up', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const inner: unknown[] = []
    const onProgress = (): unknown => inner.push(pool.submit((x: number) => x, 7).resultSync())
    const slowly = (x: number): unknown => {
      const end = performance.now() + 4 // two rows a message
      while (performance.now() < end);
      if (x === 5) throw new RangeError('five')
      return x < 3 ? x + 100 : `${x}`
    }
    const outcomes = await pool.map(slowly, range(12), { chunksize: 12, onProgress, errors: 'settle' })
    const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason)))
    expect(values).toEqual([100, 101, 102, '3', '4', 'RangeError: five', '6', '7', '8', '9', '10', '11'])
    expect(new Set(inner)).toEqual(new Set([7]))
  })

  it('replaces workers after maxTasksPerChild', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1, maxTasksPerChild: 2 })
    const ids = pool.mapSync(calls.workerId, range(6), { chunksize: 1 })
    expect(new Set(ids).size).toBe(3)
    expect([ids[0], ids[2], ids[4]]).toEqual([ids[1], ids[3], ids[5]])
  })

  it('on one pool while another has work in flight leaves that alone', async () => {
    await using one = new ThreadPoolExecutor({ maxWorkers: 1 })
    await using other = new ThreadPoolExecutor({ maxWorkers: 1 })
    const map = other.map((x: number) => x * 2, range(100), { chunksize: 7 })
    expect(one.mapSync((x: number) => x + 1, range(100), { chunksize: 7 })).toEqual([...range(1, 101)])
    expect(await map).toEqual([...range(0, 200, 2)])
  })

  it('between two reads of a map in flight loses nothing of it', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2 })
    const values: unknown[] = []
    for await (const value of pool.map((x: number) => ({ x }), range(50), { chunksize: 3, buffersize: 9 })) {
      values.push(value)
      if (values.length % 10 === 0) expect(pool.submit((x: number) => x, 5).resultSync()).toBe(5)
    }
    expect(values).toEqual(Array.from(range(50), (x) => ({ x })))
  })
})

describe('blocking on an InlineExecutor', () => {
  it('throws InvalidStateError for a call that returns a promise, and says so; the call goes on', async () => {
    await using pool = new InlineExecutor()
    const later = async (x: number): Promise<number> => x
    const future = pool.submit(later, 3)
    expect(() => future.resultSync()).toThrow(InvalidStateError)
    expect(() => future.resultSync()).toThrow('returned a promise, which only the event loop can settle')
    expect(await future).toBe(3)
    expect(() => pool.mapSync(later, range(3))).toThrow('item 0 of a map returned a promise')
  })

  it('throws InvalidStateError inside a running call; the calls go on', async () => {
    const pool = new InlineExecutor()
    const results: unknown[] = []
    const nested = (): string => {
      try {
        results.push(pool.submit((x: number) => x, 1).resultSync())
      } catch (error) {
        results.push(error)
      }
      return 'outer'
    }
    // A closure: InlineExecutor refuses it as the others would, so it comes by way of a global.
    ;(globalThis as { nested?: () => string }).nested = nested
    expect(pool.submit(() => (globalThis as { nested?: () => string }).nested?.()).resultSync()).toBe('outer')
    expect(results).toEqual([expect.any(InvalidStateError)])
    await pool.shutdown()
  })

  it('looks at the time between calls', async () => {
    await using pool = new InlineExecutor()
    expect(() => pool.mapSync((x: number) => x, range(3), { timeout: 0 })).toThrow(TimeoutError)
    expect(() => pool.submit((x: number) => x, 1).resultSync(0)).toThrow(TimeoutError)
  })
})

describe('blocking on a ProcessPoolExecutor', () => {
  it('is refused with the reason, and nothing is lost', async () => {
    await using pool = new ProcessPoolExecutor({ maxWorkers: 1 })
    const future = pool.submit((x: number) => x, 1)
    expect(() => future.resultSync()).toThrow(InvalidStateError)
    expect(() => future.resultSync()).toThrow('resultSync cannot block on a ProcessPoolExecutor')
    expect(() => pool.mapSync((x: number) => x, [1])).toThrow('mapSync cannot block on a ProcessPoolExecutor')
    expect(await future).toBe(1)
    expect(future.resultSync()).toBe(1)
  })
})
