import { describe, expect, it } from 'vitest'
import { BrokenExecutor, FunctionError, range, registerError, tasks, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { Gate } from './gate.ts'

const throwing = tasks<typeof import('./bad-modules/throws.mjs')>(new URL('./bad-modules/throws.mjs', import.meta.url))
const exiting = tasks<typeof import('./bad-modules/exits.mjs')>(new URL('./bad-modules/exits.mjs', import.meta.url))
const crashing = tasks<typeof import('./bad-modules/crashes.mjs')>(
  new URL('./bad-modules/crashes.mjs', import.meta.url),
)

/** More than a pipe holds. */
const BIG = 'a'.repeat(4 << 20)

class Unbuildable extends Error {
  constructor(first: string, second: string) {
    if (second === undefined) throw new TypeError('takes two arguments')
    super(`${first}-${second}`)
  }
}

// Wherever a call may be hurt: it has the named error, nothing hangs, and the pool goes on.
describe.each(pools)('test_deadlock.py on the $name', ({ kind, open }) => {
  const isProcess = kind === 'process'

  it('fails a call whose arguments throw when they are sent: ExecutorDeadlockTest.test_error_at_task_pickle', async () => {
    await using executor = open({ maxWorkers: 2 })
    const argument = {
      get field(): never {
        throw new RangeError('error in sending')
      },
    }
    await expect(executor.submit(calls.identity, argument).result()).rejects.toThrow('error in sending')
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('fails a call whose module throws in the worker: ExecutorDeadlockTest.test_error_at_task_unpickle', async () => {
    await using executor = open({ maxWorkers: 2 })
    const error = (await executor.submit(throwing.never).exception()) as Error
    expect(error).toBeInstanceOf(FunctionError)
    expect(error.message).toContain('no import')
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('fails a call whose module ends the worker: ExecutorDeadlockTest.test_exit_at_task_unpickle', async () => {
    await using executor = open({ maxWorkers: 1 })
    const error = await executor.submit(exiting.never).exception()
    expect(error).toBeInstanceOf(WorkerDiedError)
    expect(error).toMatchObject({ exitCode: 1 })
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it.each([1, 3])('fails a map whose module ends the worker, in chunks of %i', async (chunksize) => {
    await using executor = open({ maxWorkers: 1 })
    const map = executor.map(exiting.never, [[], [], []] as never, { chunksize })
    await expect(map).rejects.toBeInstanceOf(WorkerDiedError)
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it.runIf(isProcess)(
    'fails a call whose module kills the worker, a process and no thread, which has none to die with: ExecutorDeadlockTest.test_crash_at_task_unpickle',
    async () => {
      await using executor = open({ maxWorkers: 1 })
      const error = await executor.submit(crashing.never).exception()
      expect(error).toMatchObject({ name: 'WorkerDiedError', signal: 'SIGKILL' })
      expect(await executor.submit(calls.identity, 1)).toBe(1)
    },
  )

  it.runIf(isProcess)(
    'is broken by a call that crashes, under upstream’s rule, a process and no thread, which has none to die with: ExecutorDeadlockTest.test_crash_during_func_exec_on_worker',
    async () => {
      await using executor = open({ maxWorkers: 2, onWorkerDeath: 'break' })
      await expect(executor.submit(calls.crash).result()).rejects.toThrow(BrokenExecutor)
      expect(() => executor.submit(calls.identity, 1)).toThrow(BrokenExecutor)
    },
  )

  it('fails a call that ends its worker: ExecutorDeadlockTest.test_exit_during_func_exec_on_worker', async () => {
    await using executor = open({ maxWorkers: 2 })
    await expect(executor.submit(shared.exit, 1).result()).rejects.toMatchObject({
      name: 'WorkerDiedError',
      exitCode: 1,
    })
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('fails a call that throws: ExecutorDeadlockTest.test_error_during_func_exec_on_worker', async () => {
    await using executor = open({ maxWorkers: 2 })
    await expect(executor.submit(calls.runtimeError).result()).rejects.toThrow(RangeError)
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it.runIf(isProcess)(
    'fails a call whose result crashes the worker when it is sent, a process and no thread, which has none to die with: ExecutorDeadlockTest.test_crash_during_result_pickle_on_worker',
    async () => {
      await using executor = open({ maxWorkers: 2 })
      await expect(executor.submit(calls.crashAtSending).result()).rejects.toMatchObject({ signal: 'SIGKILL' })
      expect(await executor.submit(calls.identity, 1)).toBe(1)
    },
  )

  it('fails a call whose result ends the worker when it is sent: ExecutorDeadlockTest.test_exit_during_result_pickle_on_worker', async () => {
    await using executor = open({ maxWorkers: 2 })
    await expect(executor.submit(calls.exitAtSending).result()).rejects.toMatchObject({ exitCode: 1 })
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('fails a call whose result throws when it is sent: ExecutorDeadlockTest.test_error_during_result_pickle_on_worker', async () => {
    await using executor = open({ maxWorkers: 2 })
    const error = await executor.submit(calls.throwAtSending).exception()
    expect(error).toMatchObject({ name: 'RangeError', message: 'error in sending' })
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('builds an error without its constructor, which could throw: ExecutorDeadlockTest.test_error_during_result_unpickle_in_result_handler', async () => {
    registerError(Unbuildable)
    await using executor = open({ maxWorkers: 2 })
    const error = await executor.submit(calls.throwUnbuildable).exception()
    expect(error).toBeInstanceOf(Unbuildable)
    expect(error).toMatchObject({ message: 'a-b' })
    expect(await executor.submit(calls.identity, 1)).toBe(1)
  })

  it('builds an error without its constructor, which could end the program: ExecutorDeadlockTest.test_exit_during_result_unpickle_in_result_handler', async () => {
    let built = 0
    class Exiting extends Error {
      constructor(message: string) {
        super(message)
        built++
      }
    }
    registerError(Exiting)
    await using executor = open({ maxWorkers: 2 })
    const error = await executor.submit(calls.throwExiting).exception()
    expect(error).toBeInstanceOf(Exiting)
    expect(built).toBe(0)
  })

  it('shuts down though a worker dies meanwhile: ExecutorDeadlockTest.test_shutdown_deadlock', async () => {
    using board = new Board(kind)
    const executor = open({ maxWorkers: 2, onWorkerDeath: 'break' })
    using gate = new Gate(board, 1)
    const future = executor.submit(isProcess ? calls.crashAt : calls.exitAt, board.place, 0, gate.n)
    await board.until(0)
    const ended = executor.shutdown()
    gate.open()
    await ended
    await expect(future.result()).rejects.toThrow(BrokenExecutor)
  })

  it('shuts down behind a call that could not be sent: ExecutorDeadlockTest.test_shutdown_deadlock_pickle', async () => {
    const executor = open({ maxWorkers: 2 })
    expect(await executor.submit(calls.identity, 42)).toBe(42)
    const future = executor.submit(calls.identity, () => {})
    await executor.shutdown({ wait: false })
    await expect(future.result()).rejects.toMatchObject({ name: 'DataCloneError' })
    await executor.shutdown()
  })

  it.runIf(isProcess)(
    'has a clean error where a worker crashes while much is written to it, a process and no thread, which has none to die with: ExecutorDeadlockTest.test_crash_big_data',
    async () => {
      await using executor = open({ maxWorkers: 2, onWorkerDeath: 'break' })
      await expect(executor.map(calls.crashWithData, Array(10).fill(BIG), { chunksize: 1 })).rejects.toThrow(
        BrokenExecutor,
      )
    },
  )

  it('takes more calls at once than any channel holds: ExecutorDeadlockTest.test_gh105829_should_not_deadlock_if_wakeup_pipe_full', async () => {
    await using executor = open({ maxWorkers: 2 })
    const futures = Array.from(range(5000), (i) => executor.submit(calls.identity, i)) // before a worker has started
    expect(await Promise.all(futures)).toEqual([...range(5000)])
  })
})
