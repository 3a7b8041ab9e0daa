import { Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import {
  BrokenExecutor,
  BrokenProcessPool,
  CancelledError,
  InlineExecutor,
  kernel,
  ProcessPoolExecutor,
  range,
  repeat,
  ShutdownError,
} from '../../src/index.ts'
import { loadNative } from '../../src/native/load.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { pools } from '../support/executors.ts'
import { BROKEN, RUNNING } from './broken.ts'

const ways = ['terminateWorkers', 'killWorkers'] as const

const ENGINES = ['js', 'wasm', ...('binding' in loadNative() ? (['native'] as const) : [])] as const

/** Some 0.1 ms a row. */
const slow = kernel((x: number) => {
  let sum = x
  for (let i = 0; i < 50_000; i++) sum = sum * 0.999 + i
  return sum
})

async function drain(map: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of map);
}

describe.each(pools)('a $name', ({ open, kind }) => {
  describe.each(ways)('ended by %s()', (way) => {
    it('fails what runs, an endless loop too, cancels what waits and is shut down', async () => {
      const pool = open({ maxWorkers: 2 })
      using board = new Board(kind)
      const endless = [0, 1].map((i) => pool.submit(calls.loopAt, board.place, i, i))
      const waiting = pool.submit(calls.markAnd, board.place, 2, 0)
      const map = pool.map(calls.markAnd, repeat(board.place), repeat(2), range(5), { errors: 'settle' })
      await Promise.all([board.until(0), board.until(1)])
      const ended = pool[way]()
      expect(() => pool.submit(calls.workerId)).toThrow(BROKEN[kind]) // CPython's, for a pool that lost its workers
      await ended
      for (const future of endless) {
        const error = await future.exception()
        expect(error).toBeInstanceOf(BROKEN[kind])
        expect(error).toHaveProperty('message', RUNNING[kind])
      }
      expect(waiting.cancelled()).toBe(true)
      for (const outcome of await map) expect(outcome).toMatchObject({ reason: { name: 'CancelledError' } })
      expect(board.count(2)).toBe(0)
    })

    it('keeps the outcomes that a map had, fails the item that runs and cancels those behind it', async () => {
      const pool = open({ maxWorkers: 1 })
      using board = new Board(kind)
      const map = pool.map(calls.loopAt, repeat(board.place), repeat(2), range(5), { chunksize: 1, errors: 'settle' })
      await board.until(2)
      await pool[way]()
      expect(await map).toMatchObject([
        { value: 0 },
        { value: 1 },
        { reason: { name: BROKEN[kind].name, message: RUNNING[kind] } },
        { reason: { name: 'CancelledError' } },
        { reason: { name: 'CancelledError' } },
      ])
    })

    it('has nothing to do where there is no worker, and can be asked for twice', async () => {
      const pool = open()
      await Promise.all([pool[way](), pool[way]()])
      await pool.shutdown()
      expect(() => pool.submit(calls.workerId)).toThrow(ShutdownError)
    })

    it.each(ENGINES)(
      'fails a map of a kernel that runs on %s, and cancels one that waits behind it',
      async (engine) => {
        const pool = open({ maxWorkers: 2, engine })
        const running = pool.map(slow, range(1e7))
        const waiting = pool.map(slow, range(10)).then(undefined, (reason: unknown) => reason)
        await running.next()
        await pool[way]()
        await expect(drain(running)).rejects.toMatchObject({ constructor: BROKEN[kind], message: RUNNING[kind] })
        // A process pool has no threads of its own for them: its maps take turns on the caller's.
        if (kind === 'thread' || engine === 'native') expect(await waiting).toBeInstanceOf(CancelledError)
        expect(() => pool.submit(calls.workerId)).toThrow(BROKEN[kind])
      },
    )

    it.runIf(kind === 'thread').each(ENGINES)(
      'fails a map of a kernel on %s whose workers had left it before they ended',
      async (engine) => {
        const pool = open({ maxWorkers: 2, engine })
        const running = pool.map(slow, range(1e7))
        await running.next()
        const failed = drain(running).then(undefined, (reason: unknown) => reason)
        const { terminate } = Worker.prototype
        // Until nobody is in the map any more.
        const late = vi.spyOn(Worker.prototype, 'terminate').mockImplementation(async function (this: Worker) {
          await failed
          return await terminate.call(this)
        })
        try {
          await pool[way]()
        } finally {
          late.mockRestore()
        }
        expect(await failed).toMatchObject({ constructor: BROKEN[kind], message: RUNNING[kind] })
      },
    )

    it('ends idle workers, and those that are just starting', async () => {
      const idle = open({ maxWorkers: 1 })
      await idle.submit(calls.workerId)
      await idle[way]()
      const starting = open({ maxWorkers: 2 })
      const futures = [starting.submit(calls.workerId), starting.submit(calls.workerId)]
      await starting[way]()
      expect(futures.every((future) => future.done())).toBe(true)
    })

    it('hurries a shutdown that waits', async () => {
      const pool = open({ maxWorkers: 1 })
      using board = new Board(kind)
      const endless = pool.submit(calls.loopAt, board.place, 0, 0)
      await board.until(0)
      const shutdown = pool.shutdown()
      await pool[way]()
      await shutdown
      await expect(endless).rejects.toThrow(BROKEN[kind])
    })
  })
})

describe('the processes of a pool', () => {
  it.each(ways)('are gone when %s() resolves', async (way) => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 })
    using board = new Board('process')
    const pids = await Promise.all([0, 1].map(() => pool.submit(calls.meetAndTellPid, board.place, 0, 2)))
    await pool[way]()
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('that will not hear SIGTERM are ended by killWorkers(), whoever else waits', async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 })
    using board = new Board('process')
    const stubborn = pool.submit(calls.loopDeafly, board.place, 0)
    await board.until(0)
    const asked = pool.terminateWorkers()
    await pool.killWorkers()
    await asked
    await expect(stubborn).rejects.toThrow(BrokenProcessPool)
  })

  it('run their exit handlers when they are shut down', async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 })
    using board = new Board('process')
    await pool.submit(calls.markAtExit, board.place, 0)
    await pool.shutdown()
    expect(board.count(0)).toBe(1)
  })
})

describe('an InlineExecutor', () => {
  it.each(ways)('ended by %s() fails the call that waits for something, and cancels those behind it', async (way) => {
    const pool = new InlineExecutor()
    const running = pool.submit(calls.hang)
    const waiting = pool.submit(calls.workerId)
    while (!running.running()) await new Promise((resolve) => setImmediate(resolve))
    await pool[way]()
    await expect(running).rejects.toThrow(BrokenExecutor)
    await expect(waiting).rejects.toThrow(CancelledError)
    expect(() => pool.submit(calls.workerId)).toThrow(ShutdownError)
  })
})
