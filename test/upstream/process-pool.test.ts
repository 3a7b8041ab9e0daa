import { describe, expect, it } from 'vitest'
import { BrokenExecutor, range, ShutdownError, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls as shared } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { calls } from './calls.ts'
import { collected } from './collected.ts'
import { Gate } from './gate.ts'

const processes = pools.filter(({ kind }) => kind === 'process')
const ABRUPTLY = /was terminated abruptly while the future was running or pending/

describe.each(processes)('test_process_pool.py on the $name', ({ kind, open }) => {
  it('breaks with a child that was killed, under upstream’s rule: ProcessPoolExecutorTest.test_killed_child', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1, onWorkerDeath: 'break' })
    const [pid] = (await executor.submit(shared.workerId)).split('.')
    using gate = new Gate(board, 1)
    const running = executor.submit(shared.blockAt, board.place, 0, gate.n, 'never')
    const pending = executor.submit(calls.multiply, 2, 8)
    await board.until(0)
    process.kill(Number(pid), 'SIGTERM')
    await expect(running.result()).rejects.toThrow(ABRUPTLY)
    await expect(pending.result()).rejects.toThrow(ABRUPTLY)
    expect(() => executor.submit(calls.multiply, 2, 8)).toThrow(BrokenExecutor)
  })

  it('loses no other call with a child that was killed, under ours', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    const [pid] = (await executor.submit(shared.workerId)).split('.')
    using gate = new Gate(board, 1)
    const running = executor.submit(shared.blockAt, board.place, 0, gate.n, 'never')
    const pending = executor.submit(calls.multiply, 2, 8)
    await board.until(0)
    process.kill(Number(pid), 'SIGTERM')
    await expect(running.result()).rejects.toMatchObject({ name: 'WorkerDiedError', signal: 'SIGTERM' })
    expect(await pending).toBe(16)
    expect(await executor.submit(calls.multiply, 3, 8)).toBe(24)
  })

  it('ends the process with SIGTERM: ProcessPoolExecutorTest.test_terminate_workers', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    const future = executor.submit(calls.listenForTerm, board.place, 0, 1)
    await board.until(0)
    await executor.terminateWorkers()
    await expect(future.result()).rejects.toThrow(ABRUPTLY)
    expect(board.count(1)).toBe(1)
  })

  it('ends the process with SIGKILL: ProcessPoolExecutorTest.test_kill_workers', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1 })
    const future = executor.submit(calls.listenForTerm, board.place, 0, 1)
    await board.until(0)
    await executor.killWorkers()
    await expect(future.result()).rejects.toThrow(ABRUPTLY)
    expect(board.count(1)).toBe(0)
  })

  it('breaks where no other worker can be started, and does not hang: ProcessPoolExecutorTest.test_failed_worker_replacement_breaks_pool', async () => {
    using board = new Board(kind)
    const { execPath } = process
    await using executor = open({ maxWorkers: 1, maxTasksPerChild: 1 })
    using gate = new Gate(board, 1)
    const [first, ...others] = Array.from(range(3), (i) => executor.submit(shared.blockAt, board.place, 0, gate.n, i))
    await board.until(0)
    try {
      process.execPath = '/nowhere/node'
      gate.open()
      expect(await first).toBe(0)
      for (const future of others) await expect(future.result()).rejects.toThrow(BrokenExecutor)
    } finally {
      process.execPath = execPath
    }
  })
})

describe.each(pools)('test_process_pool.py on the $name', ({ kind, open }) => {
  it('gives each future an error of its own when it breaks: ProcessPoolExecutorTest.test_broken_process_pool_traceback', async () => {
    await using executor = open({ maxWorkers: 1, onWorkerDeath: 'break' })
    const futures = [
      executor.submit(shared.exit, 3),
      executor.submit(shared.workerId),
      executor.submit(shared.workerId),
    ]
    const errors = await Promise.all(futures.map((future) => future.exception()))
    for (const error of errors) expect(error).toBeInstanceOf(BrokenExecutor)
    expect(new Set(errors).size).toBe(3)
  })

  it.each([6, 50, 40])(
    'maps 40 rows in chunks of %i: ProcessPoolExecutorTest.test_map_chunksize',
    async (chunksize) => {
      await using executor = open()
      const powers = Array.from(range(40), (i) => i ** i)
      expect(await executor.map(Math.pow, range(40), range(40), { chunksize })).toEqual(powers)
      expect(() => executor.map(Math.pow, range(40), range(40), { chunksize: -1 })).toThrow(RangeError)
    },
  )

  it('shows where in the worker a call threw: ProcessPoolExecutorTest.test_traceback', async () => {
    await using executor = open()
    const error = (await executor.submit(calls.runtimeError).exception()) as Error
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('123')
    expect(error.stack).toMatch(/— in worker .*\n.*runtimeError.*calls\.mjs/)
  })

  it('says with which code a worker ended: ProcessPoolExecutorTest.test_traceback_when_child_process_terminates_abruptly', async () => {
    await using broken = open({ maxWorkers: 1, onWorkerDeath: 'break' })
    const { cause } = (await broken.submit(shared.exit, 99).exception()) as Error
    expect(cause).toBeInstanceOf(WorkerDiedError)
    expect(cause).toMatchObject({ exitCode: 99, message: expect.stringContaining('exited with code 99') })

    await using replaced = open({ maxWorkers: 1 })
    expect(await replaced.submit(shared.exit, 99).exception()).toMatchObject({ exitCode: 99 })
  })

  it('lets go of arguments in the worker: ProcessPoolExecutorTest.test_ressources_gced_in_workers', async () => {
    await using executor = open({ maxWorkers: 1 })
    await executor.submit(calls.rememberWeakly, { some: 'object' })
    expect(await executor.submit(calls.forgetIt)).toBe(true)
  })

  it('starts as many workers as were asked for, no more: ProcessPoolExecutorTest.test_saturation', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 3 })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(45), () => executor.submit(calls.nameAt, board.place, 0, gate.n))
    await board.until(0, 3)
    gate.open()
    expect(new Set(await Promise.all(futures)).size).toBe(3)
  })

  it('starts no second worker while one is idle: ProcessPoolExecutorTest.test_idle_process_reuse_one', async () => {
    await using executor = open({ maxWorkers: 4 })
    const names = new Set<string>()
    for (let i = 0; i < 3; i++) names.add(await executor.submit(shared.workerId))
    expect(names.size).toBe(1)
  })

  it('starts a worker only where none is idle: ProcessPoolExecutorTest.test_idle_process_reuse_multiple', async () => {
    await using executor = open({ maxWorkers: 5 })
    const submit = () => executor.submit(shared.workerId)
    const names = [await submit()]
    for (let i = 0; i < 2; i++) names.push(...(await Promise.all([submit(), submit()])))
    names.push(await submit())
    expect(new Set(names).size).toBeLessThanOrEqual(3)
  })

  it('replaces a worker after as many calls as it may take: ProcessPoolExecutorTest.test_max_tasks_per_child', async () => {
    await using executor = open({ maxWorkers: 1, maxTasksPerChild: 3 })
    const names: string[] = []
    for (let i = 0; i < 4; i++) names.push(await executor.submit(shared.workerId))
    expect(new Set(names.slice(0, 3)).size).toBe(1)
    expect(names[3]).not.toBe(names[0])
  })

  it.each([
    [1, 2, 6],
    [2, 2, 8],
  ])(
    'works off a backlog with %i workers for %i calls each: ProcessPoolExecutorTest.test_max_tasks_per_child_pending_tasks_gh115634',
    async (maxWorkers, maxTasksPerChild, count) => {
      await using executor = open({ maxWorkers, maxTasksPerChild })
      const futures = Array.from(range(count), (i) => executor.submit(calls.multiply, i, 2))
      expect(await Promise.all(futures)).toEqual(Array.from(range(count), (i) => i * 2))
    },
  )

  it('has all results though it was shut down at once: ProcessPoolExecutorTest.test_max_tasks_early_shutdown', async () => {
    await using executor = open({ maxWorkers: 3, maxTasksPerChild: 1 })
    const futures = Array.from(range(6), (i) => executor.submit(calls.multiply, i, i))
    await executor.shutdown()
    expect(futures.map((future) => future.done())).toEqual(Array(6).fill(true))
    expect(await Promise.all(futures)).toEqual([0, 1, 4, 9, 16, 25])
  })

  it('still replaces workers after a shutdown that does not wait: ProcessPoolExecutorTest.test_shutdown_no_wait_max_tasks_gh119592', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1, maxTasksPerChild: 1 })
    using gate = new Gate(board, 1)
    const futures = Array.from(range(3), (i) => executor.submit(shared.blockAt, board.place, 0, gate.n, i))
    await board.until(0)
    await executor.shutdown({ wait: false })
    gate.open()
    expect(await Promise.all(futures)).toEqual([0, 1, 2])
  })

  it('finishes the calls of an executor that nobody holds: ProcessPoolExecutorTest.test_gc_during_max_tasks_worker_exit_gh152967', async () => {
    using board = new Board(kind)
    using gate = new Gate(board, 1)
    const submitAll = () => {
      const executor = open({ maxWorkers: 1, maxTasksPerChild: 1 })
      return Array.from(range(3), (i) => executor.submit(shared.blockAt, board.place, 0, gate.n, i))
    }
    const futures = submitAll()
    await board.until(0)
    await collected(new WeakRef({})) // a collection has been
    gate.open()
    expect(await Promise.all(futures)).toEqual([0, 1, 2])
  })

  it('starts no other worker after it was terminated: ProcessPoolExecutorTest.test_force_shutdown_during_max_tasks_worker_exit', async () => {
    using board = new Board(kind)
    await using executor = open({ maxWorkers: 1, maxTasksPerChild: 1 })
    using gate = new Gate(board, 1)
    const [running, ...pending] = Array.from(range(3), (i) =>
      executor.submit(shared.blockAt, board.place, 0, gate.n, i),
    )
    await board.until(0)
    const terminated = executor.terminateWorkers()
    gate.open()
    await terminated
    await running?.exception() // whichever came first
    for (const future of pending) expect(future.cancelled()).toBe(true)
    expect(board.count(0)).toBe(1)
  })

  it('breaks where no worker can be started at all: ProcessPoolExecutorTest.test_python_finalization_error', async () => {
    await using executor = open({ maxWorkers: 2, execArgv: ['--no-such-flag'] })
    await expect(executor.map(calls.multiply, Array(10).fill(2), Array(10).fill(3))).rejects.toThrow(BrokenExecutor)
    expect(() => executor.submit(calls.multiply, 2, 3)).toThrow(BrokenExecutor)
  })

  describe.each(['terminateWorkers', 'killWorkers'] as const)('%s', (end) => {
    it('lets no running call finish: ProcessPoolExecutorTest.test_force_shutdown_workers', async () => {
      using board = new Board(kind)
      await using executor = open({ maxWorkers: 1 })
      using gate = new Gate(board, 1)
      const future = executor.submit(shared.blockAt, board.place, 0, gate.n, 'finished')
      await board.until(0)
      await executor[end]()
      await expect(future.result()).rejects.toThrow(ABRUPTLY)
    })

    it('does no harm to a broken pool: ProcessPoolExecutorTest.test_force_shutdown_workers_dead_workers', async () => {
      await using executor = open({ maxWorkers: 1, onWorkerDeath: 'break' })
      await expect(executor.submit(shared.exit, 1).result()).rejects.toThrow(BrokenExecutor)
      await executor[end]()
    })

    it('is a plain shutdown before any work: ProcessPoolExecutorTest.test_force_shutdown_workers_not_started_yet', async () => {
      await using executor = open({ maxWorkers: 1 })
      await executor[end]()
      expect(() => executor.submit(shared.workerId)).toThrow(ShutdownError)
    })

    it('ends a pool that is idle: ProcessPoolExecutorTest.test_force_shutdown_workers_stops_pool', async () => {
      await using executor = open({ maxWorkers: 1 })
      const [pid] = (await executor.submit(shared.workerId)).split('.')
      await executor[end]()
      expect(() => executor.submit(shared.workerId)).toThrow(ShutdownError)
      if (kind === 'process') expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
    })
  })
})
