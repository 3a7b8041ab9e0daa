import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChunkLine } from '../../src/observe/chunk-line.ts'
import { deliveryOf, firstMs, p95stallMs } from '../../src/tune/delivery.ts'

function chunk(start: number, end: number, atMs: number, done = end - start): ChunkLine {
  return {
    schema: 2,
    map: 0,
    fn: 'f',
    engine: 'threads',
    worker: 0,
    start,
    end,
    done,
    beginMs: 0,
    execMs: 1,
    atMs,
    stopMs: null,
  }
}

describe('what a reader gets', () => {
  it('waits for the chunks before it', () => {
    const { delivered, heldBack } = deliveryOf([chunk(10, 30, 1), chunk(0, 10, 2), chunk(30, 35, 3)])
    expect(delivered).toEqual([
      [2, 30],
      [3, 35],
    ])
    expect(heldBack).toBe(20)
  })

  it('waits for rows that were given back', () => {
    const { delivered, heldBack } = deliveryOf([chunk(0, 10, 1, 4), chunk(10, 20, 2), chunk(4, 10, 5)])
    expect(delivered).toEqual([
      [1, 4],
      [5, 20],
    ])
    expect(heldBack).toBe(10)
  })

  it('is nothing of no chunks, and a chunk of which nothing was done gives none', () => {
    expect(deliveryOf([])).toEqual({ delivered: [], heldBack: 0 })
    expect(deliveryOf([chunk(0, 5, 1, 0)])).toEqual({ delivered: [], heldBack: 0 })
    expect(firstMs([])).toBeUndefined()
    expect(p95stallMs([])).toBeUndefined()
  })

  it('has all rows in the end, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 99, noNaN: true }))),
        (all) => {
          let start = 0
          const lines = all.map(([length, atMs]) => {
            start += length
            return chunk(start - length, start, atMs)
          })
          const { delivered } = deliveryOf(lines)
          expect(delivered.at(-1)?.[1] ?? 0).toBe(start)
          for (const [i, [atMs, items]] of delivered.entries()) {
            expect(atMs).toBeGreaterThanOrEqual(delivered[i - 1]?.[0] ?? 0)
            expect(items).toBeGreaterThan(delivered[i - 1]?.[1] ?? 0)
          }
        },
      ),
    )
  })
})

describe('the waits of a reader', () => {
  it('are those between deliveries, the first one from the call', () => {
    expect(firstMs([[3, 1]])).toBe(3)
    expect(p95stallMs([[3, 1]])).toBe(3)
    expect(
      p95stallMs([
        [1, 1],
        [2, 2],
        [12, 3],
      ]),
    ).toBeCloseTo(9.1, 12)
  })
})
