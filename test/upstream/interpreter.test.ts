import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { BrokenExecutor, CancelledError, FunctionError, range } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { workerId } from '../support/calls.mjs'
import { calls as shared } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { countUp, getState } from './calls.mjs'
import { calls } from './calls.ts'
import { Gate } from './gate.ts'

// An interpreter of its own for each worker is what threads and processes have here.
describe.each(pools)('test_interpreter_pool.py on the $name', ({ kind, open }) => {
  it('runs the initializer in each worker: InterpreterPoolExecutorTest.test_init_func', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 2, initializer: calls.setState, initargs: ['set'] })
    const futures = [0, 1].map(() => executor.submit(calls.meetWithState, board.place, 0, 2))
    expect(await Promise.all(futures)).toEqual(['set', 'set'])
  })

  it('keeps the state of a module apart in each worker, and from here: InterpreterPoolExecutorTest.test_init_with___main___global', async () => {
    await using one = open({ maxWorkers: 1, initializer: calls.setState, initargs: [1] })
    await using other = open({ maxWorkers: 1, initializer: calls.setState, initargs: [2] })
    expect(await Promise.all([one, other].map((pool) => pool.submit(calls.getState)))).toEqual([1, 2])
    expect(getState()).toBe('uninitialized')
    const here = countUp()
    expect(await one.submit(calls.countUp)).toBe(1)
    expect(await one.submit(calls.countUp)).toBe(2)
    expect(await other.submit(calls.countUp)).toBe(1)
    expect(countUp()).toBe(here + 1)
  })

  it('refuses an initializer that closes over something: InterpreterPoolExecutorTest.test_init_closure', () => {
    let closedOver = 0
    expect(() => open({ initializer: () => closedOver++ })).toThrow(FunctionError)
  })

  it('refuses a method as initializer: InterpreterPoolExecutorTest.test_init_instance_method', () => {
    class Spam {
      value = 0
      init(): void {
        this.value++
      }
    }
    expect(() => open({ initializer: new Spam().init })).toThrow(FunctionError)
  })

  it('is broken by an initializer that throws, and reports it: InterpreterPoolExecutorTest.test_init_exception_in_func', async () => {
    const warned = once(process, 'warning')
    await using executor = open({ initializer: calls.failInitializer })
    const error = (await executor.submit(calls.getState).exception()) as Error
    expect(error).toBeInstanceOf(BrokenExecutor)
    expect(error.cause).toMatchObject({ name: 'RangeError', message: 'error in initializer' })
    const [warning] = await warned
    expect(warning.message).toContain('error in initializer')
  })

  it('refuses a function that closes over something: InterpreterPoolExecutorTest.test_submit_closure', async () => {
    await using executor = open()
    const spam = 5
    expect(() => executor.submit(() => spam + 1)).toThrow(FunctionError)
  })

  it('refuses a class: InterpreterPoolExecutorTest.test_submit_local_instance', async () => {
    await using executor = open()
    class Spam {}
    expect(() => executor.submit(Spam as unknown as () => unknown)).toThrow(FunctionError)
    const future = executor.submit(calls.identity, { method: () => {} })
    await expect(future.result()).rejects.toMatchObject({ name: 'DataCloneError' })
  })

  it('refuses a method: InterpreterPoolExecutorTest.test_submit_instance_method', async () => {
    await using executor = open()
    class Spam {
      value = 1
      run(): number {
        return this.value
      }
    }
    expect(() => executor.submit(new Spam().run)).toThrow(FunctionError)
  })

  it('lets a function see its module: InterpreterPoolExecutorTest.test_submit_func_globals', async () => {
    await using executor = open({ maxWorkers: 1 })
    await executor.submit(calls.setState, 'of the module')
    expect(await executor.submit(calls.getState)).toBe('of the module')
  })

  it('brings an error with its type, text and cause: InterpreterPoolExecutorTest.test_submit_exception_in_func', async () => {
    await using executor = open()
    const error = (await executor.submit(calls.errorWithCause).exception()) as Error
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('outer')
    expect(error.cause).toBeInstanceOf(TypeError)
    expect((error.cause as Error).message).toBe('inner')
  })

  it('never has more workers than were asked for: InterpreterPoolExecutorTest.test_saturation', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 2 })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(30), () => executor.submit(calls.nameAt, board.place, 0, gate.n))
    await board.until(0, 2)
    gate.open()
    expect(new Set(await Promise.all(futures)).size).toBe(2)
  })

  it.each([
    ['InterpreterPoolExecutorTest.test_blocking', undefined],
    ['InterpreterPoolExecutorTest.test_blocking_with_limited_workers', 4],
  ])('goes on with others while calls are blocked: %s', async (_, maxWorkers) => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers })
    const gates = Array.from(range(10), (i) => new Gate(board, 10 + i))
    using _all = {
      [Symbol.dispose]: () => {
        for (const gate of gates) gate.open()
      },
    }
    const futures = gates.map(({ n }) => executor.submit(shared.blockAt, board.place, 0, n, n))
    for (const [i, gate] of gates.entries()) {
      await board.until(0, i + 1)
      gate.open()
    }
    expect(await Promise.all(futures)).toEqual(gates.map(({ n }) => n))
  })

  it('gives calls that follow each other to one worker: InterpreterPoolExecutorTest.test_idle_thread_reuse', async () => {
    await using executor = open({ maxWorkers: 4 })
    const names = new Set<string>()
    for (let i = 0; i < 3; i++) names.add(await executor.submit(shared.workerId))
    expect(names.size).toBe(1)
  })

  it('fails the call whose arguments cannot travel, and goes on: InterpreterPoolExecutorTest.test_pickle_errors_propagate', async () => {
    await using executor = open({ maxWorkers: 1 })
    const bad = executor.submit(calls.identity, Symbol('no clone'))
    const good = executor.submit(calls.identity, 'fine')
    await expect(bad.result()).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await good).toBe('fine')
  })

  it('leaves the event loop to others while a call blocks its worker: AsyncioTest.test_run_in_executor', async () => {
    using board = new Board(kind)
    await using executor = open()
    using gate = new Gate(board, 1)
    const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 'result')
    await board.until(0) // which needs the event loop
    gate.open()
    expect(await future).toBe('result')
  })

  it('rejects who awaits a call that is cancelled: AsyncioTest.test_run_in_executor_cancel', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    using gate = new Gate(board, 1)
    const running = executor.submit(shared.blockAt, board.place, 0, gate.n, 'result')
    const pending = executor.submit(calls.identity, 'never')
    const awaited = (async () => await pending)()
    await board.until(0)
    expect(pending.cancel()).toBe(true)
    await expect(awaited).rejects.toThrow(CancelledError)
    gate.open()
    expect(await running).toBe('result')
  })

  it('runs calls elsewhere than here: AsyncioTest.test_default_executor', async () => {
    await using executor = open()
    expect(await executor.submit(shared.workerId)).not.toBe(workerId())
  })
})
