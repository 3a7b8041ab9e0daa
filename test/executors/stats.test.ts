import { describe, expect, it } from 'vitest'
import { type MapOptions, range } from '../../src/index.ts'
import { executors } from '../support/executors.ts'

const NAMES = { inline: 'inline', thread: 'threads', process: 'processes' }
const double = (x: number): number => x * 2

describe.each(executors)('the stats of a map on a $name', ({ open, kind }) => {
  it('tell what it did, while it runs and afterwards', async () => {
    await using pool = open({ maxWorkers: 2 })
    const map = pool.map(double, range(10), { chunksize: 3 })
    const { stats } = map
    expect(stats).toMatchObject({ engine: NAMES[kind], chunksize: 3, givenBack: 0, firstResultMs: undefined })
    await map
    expect(stats).toBe(map.stats)
    expect(stats.chunks).toBe(4)
    expect(stats.firstResultMs).toBeGreaterThan(0)
    expect(stats.utilisation).toBeGreaterThan(0)
    expect(stats.utilisation).toBeLessThanOrEqual(1)
  })

  it('of no rows say that nothing was done', async () => {
    await using pool = open()
    const map = pool.map(double, [])
    await map
    expect(map.stats).toMatchObject({ chunks: 0, givenBack: 0, utilisation: 0, bytesCopied: 0, chunksize: 'auto' })
  })

  const there = 10 * Float64Array.BYTES_PER_ELEMENT
  it.each<[what: string, fn: (x: number) => unknown, options: MapOptions, bytes: number]>([
    ['numbers for numbers', double, { chunksize: 3 }, 2 * there],
    ['numbers for numbers one by one', double, { chunksize: 1 }, 2 * there],
    ['numbers for texts', (x) => `${x}`, { chunksize: 3 }, there],
  ])('count the bytes of %s there and back', async (_, fn, options, bytes) => {
    await using pool = open({ maxWorkers: 1 }) // of two, one may take a chunk from the other: that is packed twice
    const map = pool.map(fn, range(10), options)
    await map
    expect(map.stats.bytesCopied).toBe(kind === 'inline' ? 0 : bytes)
  })
})
