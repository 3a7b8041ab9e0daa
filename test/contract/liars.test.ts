import { describe, expect, it } from 'vitest'
import type { MapOptions } from '../../src/index.ts'
import { liars } from '../inputs/spy.ts'
import { executors } from '../support/executors.ts'

// An input that breaks its word fails the map that reads it, with the very error, and nothing else.

const lazily: Record<string, MapOptions> = {
  'with buffersize': { buffersize: 4 },
  unordered: { buffersize: 4, unordered: true },
  "under 'continue'": { buffersize: 4, errors: 'continue' },
  "under 'settle'": { buffersize: 4, errors: 'settle' },
}

/** What `map` throws, or what its result rejects with; undefined as a reason is one too. */
async function reasonOf(map: () => PromiseLike<unknown>): Promise<{ reason: unknown } | 'no error'> {
  try {
    await map()
    return 'no error'
  } catch (reason) {
    return { reason }
  }
}

describe.each(executors)('a map on a $name', ({ open }) => {
  it.each(liars)('fails as its input does that $lie, and the pool serves the next one', async ({ iterator, error }) => {
    await using pool = open({ maxWorkers: 2 })
    const double = (x: unknown): number => 2 * (x as number)
    const liar = { [Symbol.iterator]: iterator } as Iterable<number>
    const late = { [Symbol.asyncIterator]: iterator } as AsyncIterable<number>
    expect(await reasonOf(() => pool.map(double, liar))).toStrictEqual({ reason: error })
    expect(await reasonOf(() => pool.map(double, late))).toStrictEqual({ reason: error })
    for (const [way, options] of Object.entries(lazily)) {
      const reason = await reasonOf(() => pool.map(double, [1, 2], liar, options))
      expect([way, reason]).toStrictEqual([way, { reason: error }])
      expect(await pool.map(double, [1, 2])).toEqual([2, 4])
    }
  })
})
