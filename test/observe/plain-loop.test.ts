import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { ProcessPoolExecutor, range, ThreadPoolExecutor } from '../../src/index.ts'
import { whyPlainLoop } from '../../src/map/plain-loop.ts'
import type { MapEnded } from '../../src/observe/map-event.ts'

describe('a plain loop is faster', () => {
  it('where all rows together are less work than three chunks cost', () => {
    expect(whyPlainLoop({ chunksize: 'auto', chunks: 2, busyMs: 0.041 })).toBe(
      'a plain loop is faster: all rows together are 41 µs of work, and a message to a worker and back takes some 29 µs',
    )
    expect(whyPlainLoop({ chunksize: 'auto', chunks: 2, busyMs: 0 })).toContain('all rows together are 0 µs of work')
    expect(whyPlainLoop({ chunksize: 'auto', chunks: 2, busyMs: 0.1 })).toBeUndefined()
  })

  it('where a chunk of a numeric size is less work than to hand it out', () => {
    expect(whyPlainLoop({ chunksize: 1, chunks: 10_000, busyMs: 10 })).toBe(
      "a plain loop is faster than chunks of 1: one is 1 µs of work, and to hand it out takes the calling thread some 8 µs; leave chunksize at 'auto'",
    )
    expect(whyPlainLoop({ chunksize: 1, chunks: 10_000, busyMs: 100 })).toBeUndefined()
    expect(whyPlainLoop({ chunksize: 'auto', chunks: 10_000, busyMs: 10 })).toBeUndefined() // a clock too coarse for its chunks
  })
})

/** What `stats.why` is when the next map ends. */
function whyOfNext(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      const told = message as { event: string } & MapEnded
      if (told.event !== 'end') return
      unsubscribe('lanewise:map', listener)
      resolve(told.stats.why)
    }
    subscribe('lanewise:map', listener)
  })
}

describe.each([
  ['threads', () => new ThreadPoolExecutor({ maxWorkers: 2 })],
  ['processes', () => new ProcessPoolExecutor({ maxWorkers: 2 })],
])('stats.why of a map on %s', (_, open) => {
  it('says that a plain loop is faster, of few cheap rows', async () => {
    await using pool = open()
    const whys = new Set<string | undefined>()
    // A worker may be kept waiting inside of a row by whatever else the machine does.
    for (let i = 0; i < 200 && ![...whys].some((why) => why !== undefined); i++) {
      const why = whyOfNext()
      const map = pool.map((x: number) => x + 1, range(10))
      await map
      whys.add(await why)
      expect(map.stats.why).toBe([...whys].at(-1))
    }
    expect([...whys].at(-1)).toMatch(/^a plain loop is faster: all rows together are \d+ µs of work/)
  })

  it('says nothing of rows that cost something, of none, and of a map that failed', async () => {
    await using pool = open()
    const spin = (ms: number): number => {
      const end = performance.now() + ms
      while (performance.now() < end);
      return ms
    }
    const fail = (): never => {
      throw new Error('no')
    }
    for (const [fn, rows] of [
      [spin, [1, 1]],
      [spin, []],
      [fail, [1, 2, 3]],
    ] as const) {
      const why = whyOfNext()
      await pool.map(fn, rows).then(
        () => {},
        () => {},
      )
      expect(await why).toBeUndefined()
    }
  })
})
