import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Executor, FunctionError, ThreadPoolExecutor, transfer } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { type Kind, pools } from '../support/executors.ts'

describe('a pool', () => {
  // A thread that takes long to start: its calls must not be forgotten, nor the process end before it.
  it('waits for a worker whose start takes longer than a start should', async () => {
    const program = fileURLToPath(new URL('fixtures/late-start-program.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    expect(stdout).toBe('[ 0, 1, 4, 9 ]\n')
  })

  it.each([
    {
      of: 'call',
      measure: (pool: Executor, buffer: ArrayBuffer) =>
        pool.submit(({ byteLength }: ArrayBuffer) => byteLength, transfer(buffer)),
    },
    {
      of: 'map',
      measure: async (pool: Executor, buffer: ArrayBuffer) => {
        const [length] = await pool.map(({ byteLength }: ArrayBuffer) => byteLength, [transfer(buffer)])
        return length
      },
    },
  ])(
    'takes nothing back from a thread that does not get ready where the buffers of a $of moved',
    async ({ measure }) => {
      using board = new Board('thread')
      const initargs = [board.place, 0, 1, 2]
      await using pool = new ThreadPoolExecutor({ maxWorkers: 3, initializer: calls.holdFirst, initargs })
      const moved = measure(pool, new ArrayBuffer(8))
      await board.until(0, 1)
      const other = pool.submit(Math.abs, -2)
      await board.until(0, 2)
      expect(await pool.submit(Math.abs, -3)).toBe(3)
      expect(await other).toBe(2) // taken back, and run by the one worker that is ready
      board.mark(1)
      expect(await moved).toBe(8)
    },
  )
})

/** The workers that are started from now on, as Node itself tells. */
class Started implements Disposable {
  readonly workers: NodeJS.EventEmitter[] = []
  readonly #channel: string
  readonly #note: (message: unknown) => void

  constructor(kind: Kind['kind']) {
    this.#channel = kind === 'thread' ? 'worker_threads' : 'child_process'
    const key = kind === 'thread' ? 'worker' : 'process'
    this.#note = (message) => this.workers.push(Reflect.get(message as object, key))
    subscribe(this.#channel, this.#note)
  }

  [Symbol.dispose](): void {
    unsubscribe(this.#channel, this.#note)
  }
}

describe.each(pools)('a new $name', ({ kind, open }) => {
  const captured = 1

  it('ends the worker that it started for a function which is refused, and has another one for the next', async () => {
    using started = new Started(kind)
    await using executor = open({ maxWorkers: 1 })
    expect(() => executor.submit(() => captured)).toThrow(FunctionError)
    expect(started.workers).toHaveLength(1)
    const ended = once(started.workers[0]!, 'exit')
    expect(await executor.submit(Math.abs, -1)).toBe(1)
    await ended
    expect(started.workers).toHaveLength(2)
  })

  it('keeps the worker for a function that travels', async () => {
    using started = new Started(kind)
    await using executor = open({ maxWorkers: 1 })
    expect(await executor.submit((n: number) => n + 1, 1)).toBe(2)
    expect(started.workers).toHaveLength(1)
  })
})
