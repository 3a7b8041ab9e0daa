import { describe, expect, it } from 'vitest'
import { CancelledError, type Executor, ShutdownError } from '../../src/index.ts'
import { executors } from '../support/executors.ts'

/** An async input of which the test gives each row by hand, and sees when it was left. */
class HandFed implements AsyncIterable<number> {
  isLeft = false
  #asked: ((step: IteratorResult<number>) => void)[] = []
  #onAsk: (() => void)[] = [];

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: () =>
        new Promise((resolve) => {
          this.#asked.push(resolve)
          for (const tell of this.#onAsk.splice(0)) tell()
        }),
      return: async () => {
        this.isLeft = true
        return { done: true, value: undefined }
      },
    }
  }

  /** Gives a row once it is asked for. */
  async give(value: number): Promise<void> {
    while (this.#asked.length === 0) await new Promise<void>((resolve) => this.#onAsk.push(resolve))
    this.#asked.shift()?.({ done: false, value })
  }

  /** Resolves when the next row has been asked for. */
  async isAsked(): Promise<void> {
    while (this.#asked.length === 0) await new Promise<void>((resolve) => this.#onAsk.push(resolve))
  }

  end(): void {
    this.#asked.shift()?.({ done: true, value: undefined })
  }
}

/** A map that has given one result and whose reader waits for the next one; `ended`: why it does not come. */
async function waiting(pool: Executor) {
  const input = new HandFed()
  const map = pool.map((x: number) => x, input)
  await input.give(1)
  expect(await map.next()).toEqual({ done: false, value: 1 })
  const ended = map.next().then(undefined, (reason: unknown) => reason)
  await input.isAsked()
  return { input, map, ended }
}

describe.each(executors)('a map on a $name whose async input goes on', ({ open }) => {
  it('reads on until a chunk is full, however the rows of it come', async () => {
    await using pool = open({ maxWorkers: 1 })
    const input = new HandFed()
    const map = pool.map((x: number) => x, input, { chunksize: 3, buffersize: 4 })
    for (let x = 0; x < 12; x++) {
      await input.give(x)
      if (x % 3 !== 2) continue
      for (const value of [x - 2, x - 1, x]) expect(await map.next()).toEqual({ done: false, value })
    }
    await input.isAsked()
    input.end()
    expect(await map.next()).toEqual({ done: true, value: undefined })
  })

  it.each(['terminateWorkers', 'killWorkers'] as const)('ends when %s() ends the workers', async (way) => {
    const pool = open({ maxWorkers: 1 })
    const { input, map, ended } = await waiting(pool)
    await pool[way]()
    expect(await ended).toBeInstanceOf(CancelledError)
    expect(input.isLeft).toBe(true)
    await input.give(2)
    expect(await map.next()).toEqual({ done: true, value: undefined })
  })

  it('runs no row that comes after shutdown(), and says why', async () => {
    const pool = open({ maxWorkers: 1 })
    const { input, ended } = await waiting(pool)
    await pool.shutdown()
    await input.give(2)
    expect(await ended).toBeInstanceOf(ShutdownError)
    expect(input.isLeft).toBe(true)
  })

  it('ends well after shutdown() where no further row comes', async () => {
    const pool = open({ maxWorkers: 1 })
    const input = new HandFed()
    const all = pool.map((x: number) => x, input).then((values) => values)
    await input.give(1)
    await input.isAsked()
    await pool.shutdown()
    input.end()
    expect(await all).toEqual([1])
  })
})
