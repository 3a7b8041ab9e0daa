import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClusterSizes } from '../../src/cluster/sizes.ts'

/** Rows of a chunk of each round, for a map of `rows` that take `itemMs` each, on so many slots. */
function rounds(rows: number, itemMs: number, slots: number, overheadMs = 1): number[] {
  const sizes = new ClusterSizes()
  const taken: number[] = []
  for (let left = rows; left > 0; ) {
    const { items } = sizes.next(left, slots, false)
    taken.push(items)
    left -= items
    sizes.report(items, items * itemMs, overheadMs)
  }
  return taken
}

describe('chunks of a cluster under auto', () => {
  it('hand out each row once, whatever they take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
        fc.integer({ min: 1, max: 2000 }),
        (rows, itemMs, slots) => {
          const taken = rounds(rows, itemMs, slots)
          expect(taken.every((items) => Number.isInteger(items) && items >= 1)).toBe(true)
          expect(taken.reduce((sum, items) => sum + items, 0)).toBe(rows)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('begin with one row, then last 100 ms and more', () => {
    const taken = rounds(100_000, 1, 4)
    expect(taken[0]).toBe(1)
    expect(taken.slice(4, 40).every((items) => items >= 100)).toBe(true)
  })

  it('grow with what a chunk costs on its way', () => {
    const sizes = new ClusterSizes()
    for (let i = 0; i < 100; i++) sizes.report(100, 100, 5)
    expect(sizes.bodyMs(4)).toBeGreaterThan(900)
    expect(new ClusterSizes().bodyMs(4)).toBe(100)
  })

  it('grow with the pool, since one submitter settles so many a second', () => {
    expect(new ClusterSizes().bodyMs(3000)).toBe(1000)
  })

  it('shrink by halves at the end, not below what they cost', () => {
    const taken = rounds(10_000, 1, 4)
    const tail = taken.slice(-30)
    expect(tail.at(-1)).toBeLessThanOrEqual(10)
    expect(tail[0]).toBeGreaterThan(tail[28] ?? 0)
  })

  it('leave room in a buffer, and in a timeout, for some of them', () => {
    const sizes = new ClusterSizes({ buffersize: 80, timeoutMs: 500 })
    sizes.report(100, 10, 1)
    expect(sizes.next(1e6, 4, true).items).toBe(10)
    expect(sizes.bodyMs(4)).toBe(50)
  })

  it('do not hear nonsense', () => {
    const sizes = new ClusterSizes()
    for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY]) sizes.report(1, ms, 1)
    sizes.report(0, 1, 1)
    expect(sizes.meanMs).toBeUndefined()
    expect(sizes.next(10, 1, false).items).toBe(1)
  })
})
