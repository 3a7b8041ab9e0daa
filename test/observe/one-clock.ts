import { expect } from 'vitest'
import type { ChunkLine } from '../../src/index.ts'

/** Rows with an outcome, as the lines of their chunks have it. */
export function rowsOf(chunks: readonly ChunkLine[]): number[] {
  const rows = chunks.flatMap(({ start, done }) => Array.from({ length: done }, (_, i) => start + i))
  return rows.sort((a, b) => a - b)
}

/** Expects all fields that a line has, of a chunk that ran to its end and had no limit. */
export function expectWholeLine(chunk: ChunkLine, of: Pick<ChunkLine, 'map' | 'fn' | 'engine'>): void {
  expect(chunk).toEqual({
    schema: 2,
    ...of,
    worker: expect.any(Number),
    start: expect.any(Number),
    end: expect.any(Number),
    done: chunk.end - chunk.start,
    beginMs: expect.any(Number),
    execMs: expect.any(Number),
    atMs: expect.any(Number),
    stopMs: null,
  } satisfies Record<keyof ChunkLine, unknown>)
}

const NANOSECOND = 1e-6 // the clock's numbers are large, and round

/** Expects what docs/observe.md says of times: a worker's chunks follow one another, and none is known before it is over. */
export function expectOneClock(chunks: readonly ChunkLine[]): void {
  const free = new Map<number, number>()
  for (const { worker, beginMs, execMs, atMs } of chunks.toSorted((a, b) => a.beginMs - b.beginMs)) {
    expect(beginMs).toBeGreaterThanOrEqual((free.get(worker) ?? 0) - NANOSECOND)
    expect(execMs).toBeGreaterThanOrEqual(0)
    expect(atMs).toBeGreaterThanOrEqual(beginMs + execMs)
    free.set(worker, beginMs + execMs)
  }
}
