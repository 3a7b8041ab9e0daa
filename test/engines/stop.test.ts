import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { type KernelParts, kernelParts } from '../../src/kernel/parts.ts'
import { STOP } from '../../src/memory/control.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { axpy } from './support/axpy.ts'
import { type Running, run, start, WAYS } from './support/engines.ts'
import { iterate, logistic, throwingKernel } from './support/logistic.ts'
import { bits } from './support/values.ts'
import { Workers } from './support/workers.ts'

/** Iterations of a row that takes about a millisecond, so that a thousand of them outlast whatever the test does. */
const DEAR = 250_000

let workers: Workers
beforeAll(async () => {
  workers = await Workers.open(2)
})
afterAll(() => workers[Symbol.asyncDispose]())

/** Resolves when so many rows are ready. */
async function ready({ map }: Running, rows: number): Promise<void> {
  while (map.ready() < rows) await setImmediate()
}

/** The rows that are ready have the results of the plain function. */
function expectPrefix({ map, arrays }: Running, times: ArrayLike<number>): void {
  const { values } = arrays.give(map.ready())
  expect(bits(values)).toEqual(bits(Array.from(times).slice(0, map.ready()).map(iterate)))
}

describe.each(WAYS)('a kernel map that is stopped, %s', (way) => {
  it('ends without its other rows, though nobody has begun', async () => {
    // 100 million rows: more than any engine runs before the next statement.
    const running = start(workers, way, axpy(1), [range(1e8), range(1e8)], { out: sharedArray(Uint8Array, 1e8) })
    running.map.stop(STOP.cancelled)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.cancelled })
    expect(running.map.ready()).toBeLessThan(1e8)
  })

  it('ends at its deadline', async () => {
    const options = { out: sharedArray(Uint8Array, 1e8), timeoutMs: 1 }
    const running = start(workers, way, axpy(1), [range(1e8), range(1e8)], options)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.deadline })
    expect(running.map.ready()).toBeLessThan(1e8)
  })

  it.each([0, -1, -Infinity])('ends at once with a timeout of %d', async (timeoutMs) => {
    const running = start(workers, way, axpy(1), [range(1e8), range(1e8)], {
      out: sharedArray(Uint8Array, 1e8),
      timeoutMs,
    })
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.deadline })
  })

  it('stays done when it is stopped after its end', async () => {
    const running = start(workers, way, axpy(1), [range(10), range(10)])
    expect(await running.end).toEqual({ kind: 'done' })
    running.map.stop(STOP.cancelled)
    expect(running.map.ready()).toBe(10)
    expect([...running.arrays.give(10).values]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
  })

  it('leaves room for the next one', async () => {
    for (let i = 0; i < 100; i++) {
      const running = start(workers, way, axpy(1), [range(1e5), range(1e5)])
      running.map.stop(STOP.cancelled)
      await running.end
      running.arrays.release()
    }
    expect([
      ...(await run(workers, way, axpy(3), [
        [1, 2],
        [0, 1],
      ])),
    ]).toEqual([3, 7])
  })
})

describe.each(WAYS)('a kernel map of dear rows, %s', (way) => {
  it('stops in the middle, and what is ready is right', async () => {
    // Machine code takes dozens of rows together, and would be done with all before this thread sees that three are ready.
    const rest = way === 'native' ? Number.POSITIVE_INFINITY : DEAR
    const times = new Float64Array(1000).fill(DEAR, 0, 10).fill(rest, 10)
    const running = start(workers, way, logistic, [times], { chunksize: 1 })
    await ready(running, 3)
    running.map.stop(STOP.cancelled)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.cancelled })
    expect(running.map.ready()).toBeLessThan(1000)
    expectPrefix(running, times)
  })
})

describe.each(WAYS.filter((way) => !way.endsWith('inline')))('a kernel map whose costs jump, %s', (way) => {
  it('gives back what overruns, and others take it', async () => {
    // Chunks are sized by cheap rows until they meet dear ones. Where just those end with a chunk, once more.
    const times = Float64Array.from({ length: 60_000 }, (_, i) => (i % 30_000 < 29_900 ? 1 : DEAR))
    let running: Running
    do {
      running = start(workers, way, logistic, [times])
      expect(await running.end).toEqual({ kind: 'done' })
    } while (running.map.work.givenBack === 0)
    expectPrefix(running, times)
  })

  it('never cuts a chunk of numeric size', async () => {
    const times = Float64Array.from({ length: 1000 }, (_, i) => (i < 900 ? 1 : 20_000))
    const running = start(workers, way, logistic, [times], { chunksize: 70 })
    expect(await running.end).toEqual({ kind: 'done' })
    expect(running.map.work).toMatchObject({ chunks: 15, givenBack: 0 })
  })
})

describe.each(['js in workers', 'wasm in workers'] as const)('workers that die in a kernel map, %s', (way) => {
  it('are replaced, and the map gives what it would have given', async () => {
    const times = Float64Array.from({ length: 60 }, (_, i) => DEAR / 4 + i)
    const running = start(workers, way, logistic, [times])
    await ready(running, 3)
    await workers.threads[0]?.terminate()
    expect(await running.end).toEqual({ kind: 'done' })
    expectPrefix(running, times)
  })

  it('end it where results overwrite their inputs', async () => {
    const times = sharedArray(Float64Array, new Float64Array(1000).fill(DEAR))
    const running = start(workers, way, logistic, [times], { out: times })
    await ready(running, 3)
    await workers.threads[0]?.terminate()
    expect(await running.end).toMatchObject({ kind: 'failed', reason: { message: 'the worker died' } })
  })

  it('are ended where a kernel never ends', async () => {
    const before = [...workers.threads]
    const running = start(workers, way, logistic, [[1, Number.POSITIVE_INFINITY, 2]], { chunksize: 1 })
    while (running.map.work.chunks < 3) await setImmediate()
    running.map.stop(STOP.deadline)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.deadline })
    expect(before.filter((thread) => !workers.threads.includes(thread))).toHaveLength(1)
    expect([...(await run(workers, way, logistic, [[0, 0]]))]).toEqual([0.5, 0.5])
  })
})

describe.each(WAYS.filter((way) => way === 'wasm inline'))('dear rows on the calling thread, %s', (way) => {
  it('are computed in whole groups of what the vectors hold', async () => {
    const { group } = (kernelParts(logistic) as KernelParts).code.wasm.layout
    const running = start(workers, way, logistic, [new Float64Array(40 * group).fill(DEAR)])
    let isOver = false
    void running.end.then(() => {
      isOver = true
    })
    const seen = new Set<number>()
    while (!isOver) {
      seen.add(running.map.ready() % group)
      await setImmediate()
    }
    expect(group).toBeGreaterThan(1)
    expect([...seen]).toEqual([0])
  })
})

describe.each(WAYS.filter((way) => way === 'native'))('a kernel that never ends, %s', (way) => {
  const endless = [1, Number.POSITIVE_INFINITY, 2]

  it('is stopped in the middle of a row, at its deadline or when it is told to', async () => {
    const late = start(workers, way, logistic, [endless], { timeoutMs: 20, chunksize: 1 })
    expect(await late.end).toEqual({ kind: 'stopped', why: STOP.deadline })
    const out = sharedArray(Int16Array, [7, 7, 7])
    const running = start(workers, way, logistic, [endless], { out, chunksize: 1 })
    await ready(running, 1)
    running.map.stop(STOP.cancelled)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.cancelled })
    expect([...(await run(workers, way, logistic, [[0, 0]]))]).toEqual([0.5, 0.5])
  })

  it('holds others up to their deadline, where it has all threads', async () => {
    const running = Array.from({ length: 4 }, () => start(workers, way, logistic, [[Number.POSITIVE_INFINITY]]))
    const beside = start(workers, way, logistic, [[0, 0]], { timeoutMs: 20 })
    expect(await beside.end).toEqual({ kind: 'stopped', why: STOP.deadline })
    for (const { map } of running) map.stop(STOP.cancelled)
    for (const { end } of running) expect(await end).toEqual({ kind: 'stopped', why: STOP.cancelled })
  })
})

describe('a kernel whose code throws', () => {
  it.each(['js in workers', 'js inline'] as const)('ends its map with the error, %s', async (way) => {
    const running = start(
      workers,
      way,
      throwingKernel(),
      [range(100)].map((rows) => [...rows]),
    )
    expect(await running.end).toMatchObject({ kind: 'failed', reason: { name: 'RangeError', message: 'seven' } })
    expect([...(await run(workers, way, throwingKernel(), [[1, 2]]))]).toEqual([1, 2])
  })
})
