import { afterAll, describe, expect, it } from 'vitest'
import { range, ShutdownError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { executors, pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { collected } from './collected.ts'
import { Gate } from './gate.ts'
import { Programs } from './program.ts'

const programs = new Programs()
afterAll(() => programs[Symbol.dispose]())

/** A call that goes on behind the end of the program that submitted it. */
const PRINT = `async () => {
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
  console.log('apple')
}`

describe.each(executors)('test_shutdown.py on the $name', ({ name, kind, open }) => {
  it('takes no calls after its shutdown: ExecutorShutdownTest.test_run_after_shutdown', async () => {
    const executor = open()
    await executor.shutdown()
    expect(() => executor.submit(Math.pow, 2, 5)).toThrow(ShutdownError)
    expect(() => executor.submit(Math.pow, 2, 5)).toThrow('cannot schedule new futures after shutdown')
  })

  it('lets a program end when its calls are over: ExecutorShutdownTest.test_interpreter_shutdown', async () => {
    const ended = await programs.run(`new lanewise.${name}().submit(${PRINT})`)
    expect(ended).toEqual({ out: 'apple\n', err: '', code: 0 })
  })

  it('does not keep a program that submits at its very exit: ExecutorShutdownTest.test_submit_after_interpreter_shutdown', async () => {
    const ended = await programs.run(`
      const executor = new lanewise.${name}()
      process.on('exit', () => {
        executor.submit(${PRINT})
        console.log('exit')
      })
      await executor.submit(Math.pow, 2, 5)
    `)
    expect(ended).toEqual({ out: 'exit\n', err: '', code: 0 })
  })

  it('finishes 50 calls: ExecutorShutdownTest.test_hang_issue12364', async () => {
    using board = new Board(kind)
    await using executor = open()
    const futures = Array.from(range(50), (i) => executor.submit(shared.markAnd, board.place, i, i))
    await executor.shutdown()
    expect(futures.every((future) => future.done())).toBe(true)
    expect(await Promise.all(futures)).toEqual([...range(50)])
  })

  it('cancels what has not begun, and finishes what has: ExecutorShutdownTest.test_cancel_futures', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 2 })
    using gate = new Gate(board, 1)
    const hold = kind === 'inline' ? shared.waitAt : shared.blockAt
    const futures = Array.from(range(50), (i) => executor.submit(hold, board.place, 0, gate.n, i))
    await board.until(0)
    const ended = executor.shutdown({ cancelFutures: true })
    gate.open()
    await ended
    const others = futures.filter((future) => !future.cancelled())
    expect(futures.length - others.length).toBeGreaterThan(20)
    expect(others.length).toBeGreaterThan(0)
    for (const future of others) {
      expect(future.done()).toBe(true)
      expect(await future.exception()).toBe(undefined)
    }
  })

  it('does not hold up the exit after a shutdown that does not wait: ExecutorShutdownTest.test_hang_gh83386', async () => {
    const ended = await programs.run(`
      const executor = new lanewise.${name}({ maxWorkers: 3 })
      executor.submit(${PRINT})
      await executor.shutdown({ wait: false })
    `)
    expect(ended).toEqual({ out: 'apple\n', err: '', code: 0 })
  })

  it('shuts down right behind a call that was cancelled: ExecutorShutdownTest.test_hang_gh94440', async () => {
    const executor = open({ maxWorkers: 1 })
    await executor.submit(Math.abs, 1)
    expect(executor.submit(Math.abs, 1).cancel()).toBe(true)
    await executor.shutdown()
  })
})

describe.each(pools)('test_shutdown.py on the $name', ({ name, kind, open }) => {
  // ThreadPoolShutdownTest.test_threads_terminate, ProcessPoolShutdownTest.test_processes_terminate
  it('ends its workers', async () => {
    using board = new Board(kind)
    const executor = open({ maxWorkers: 3, initializer: calls.markOnExit, initargs: [board.place, 2] })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(3), () => executor.submit(calls.nameAt, board.place, 0, gate.n))
    await board.until(0, 3)
    gate.open()
    expect(new Set(await Promise.all(futures)).size).toBe(3)
    await executor.shutdown()
    expect(board.count(2)).toBe(3)
  })

  // ThreadPoolShutdownTest.test_context_manager_shutdown, ProcessPoolShutdownTest.test_context_manager_shutdown
  it('ends its workers at the end of a block', async () => {
    using board = new Board(kind)
    {
      await using executor = open({ maxWorkers: 2, initializer: calls.markOnExit, initargs: [board.place, 0] })
      expect(await executor.map(Math.abs, range(-5, 5))).toEqual([5, 4, 3, 2, 1, 0, 1, 2, 3, 4])
      expect(board.count(0)).toBe(0)
    }
    expect(board.count(0)).toBeGreaterThan(0)
  })

  // ThreadPoolShutdownTest.test_del_shutdown, ProcessPoolShutdownTest.test_del_shutdown
  it('has all results though nobody holds it', async () => {
    const mapAll = () => open({ maxWorkers: 2 }).map(Math.abs, range(-5, 5))
    const map = mapAll()
    await collected(new WeakRef({})) // a collection has been
    expect(await map).toEqual([5, 4, 3, 2, 1, 0, 1, 2, 3, 4])
  })

  it('keeps no program that nobody shut it down in', async () => {
    const ended = await programs.run(`
      console.log((await new lanewise.${name}({ maxWorkers: 2 }).map(Math.abs, lanewise.range(-2, 2))).join())
    `)
    expect(ended).toEqual({ out: '2,1,0,1\n', err: '', code: 0 })
  })

  // ThreadPoolShutdownTest.test_shutdown_no_wait, ProcessPoolShutdownTest.test_shutdown_no_wait
  it('has all results, and ends its workers, after a shutdown that does not wait', async () => {
    using board = new Board(kind)
    const executor = open({ maxWorkers: 2, initializer: calls.markOnExit, initargs: [board.place, 0] })
    const map = executor.map(Math.abs, range(-5, 5))
    await executor.shutdown({ wait: false })
    expect(await map).toEqual([5, 4, 3, 2, 1, 0, 1, 2, 3, 4])
    await board.until(0)
  })

  it('ends well with a shutdown that cancels and does not wait: ThreadPoolShutdownTest.test_cancel_futures_wait_false', async () => {
    const ended = await programs.run(`
      const executor = new lanewise.${name}()
      executor.submit(${PRINT})
      await executor.shutdown({ wait: false, cancelFutures: true })
    `)
    expect(ended).toMatchObject({ err: '', code: 0 })
    expect(['apple\n', '']).toContain(ended.out)
  })

  it.each([
    ['ProcessPoolShutdownTest.test_shutdown_gh_132969_case_1', 2],
    ['ProcessPoolShutdownTest.test_shutdown_gh_132969_case_2', 4],
  ])('goes on behind a call that failed, with one call a worker: %s', async (_, maxWorkers) => {
    const executor = open({ maxWorkers, maxTasksPerChild: 1 })
    const futures = [
      executor.submit(calls.identity, 1),
      executor.submit(calls.throwThis, new RangeError('failing task')),
      executor.submit(calls.identity, 3),
    ]
    expect(await futures[0]).toBe(1)
    await expect(futures[1]?.result()).rejects.toThrow('failing task')
    await executor.shutdown({ wait: false })
    expect(await futures[2]).toBe(3)
    await executor.shutdown()
  })
})

describe('test_shutdown.py: names of workers', () => {
  const [threads] = pools.filter(({ kind }) => kind === 'thread')

  it('begin with the prefix: ThreadPoolShutdownTest.test_thread_names_assigned', async () => {
    await using executor = threads!.open({ maxWorkers: 5, threadNamePrefix: 'SpecialPool' })
    const error = (await executor.submit(calls.runtimeError).exception()) as Error
    expect(error.stack).toMatch(/— in worker SpecialPool_[0-4] —/)
  })

  it('are numbered without one: ThreadPoolShutdownTest.test_thread_names_default', async () => {
    await using executor = threads!.open({ maxWorkers: 5 })
    const error = (await executor.submit(calls.runtimeError).exception()) as Error
    expect(error.stack).toMatch(/— in worker ThreadPoolExecutor-\d+_[0-4] —/)
  })
})
