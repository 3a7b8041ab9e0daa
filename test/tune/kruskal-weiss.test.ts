import { describe, expect, it } from 'vitest'
import type { ChunkLine } from '../../src/observe/chunk-line.ts'
import { kruskalWeiss } from '../../src/tune/kruskal-weiss.ts'
import { seededRandom } from '../../src/tune/statistics.ts'

/** A chunk of `done` items that took `execMs`. */
function chunkOf(done: number, execMs: number): ChunkLine {
  const line = { schema: 2, map: 0, fn: 'f', engine: 'threads', worker: 0, start: 0, end: done, done } as const
  return { ...line, beginMs: 0, execMs, atMs: execMs, stopMs: null }
}

/** Chunks of these sizes whose items cost `meanMs` and deviate from it by `deviationMs`, each by its own. */
function chunksOf(sizes: readonly number[], meanMs: number, deviationMs: number): ChunkLine[] {
  const random = seededRandom(5)
  return sizes.map((size) => {
    let execMs = 0
    for (let i = 0; i < size; i++) execMs += meanMs + deviationMs * Math.sqrt(12) * (random() - 0.5)
    return chunkOf(size, execMs)
  })
}

const SIZES = Array.from({ length: 400 }, (_, i) => 1 + (i % 50))

describe('the chunksize of Kruskal and Weiss', () => {
  it('follows from the spread that chunks of any size show', () => {
    // (√2 · 100,000 · 0.029 / (0.004 · 4 · √(ln 4)))^(2/3), with σ = 0.004 ms and h = 0.029 ms.
    const byHand = ((Math.SQRT2 * 100_000 * 0.029) / (0.004 * 4 * Math.sqrt(Math.log(4)))) ** (2 / 3)
    const size = kruskalWeiss('threads', 4, 100_000, chunksOf(SIZES, 0.01, 0.004)) ?? Number.NaN
    expect(Math.abs(size / byHand - 1)).toBeLessThan(0.1) // 400 chunks know σ to a twentieth or so
  })

  it('is a chunk a worker where all items cost the same', () => {
    expect(kruskalWeiss('threads', 4, 100_000, chunksOf(SIZES, 0.25, 0))).toBe(25_000)
  })

  it('is an item where they differ by far more than a chunk costs', () => {
    expect(kruskalWeiss('native', 8, 1000, chunksOf(SIZES, 10, 10))).toBe(1)
  })

  it('is not known of one worker, of a few chunks, or of none that ran', () => {
    expect(kruskalWeiss('threads', 1, 1000, chunksOf(SIZES, 1, 1))).toBeUndefined()
    expect(kruskalWeiss('threads', 2, 1000, chunksOf([1, 2, 3], 1, 1))).toBeUndefined()
    const none = Array.from({ length: 20 }, () => chunkOf(0, 0))
    expect(kruskalWeiss('threads', 2, 1000, none)).toBeUndefined()
  })
})
