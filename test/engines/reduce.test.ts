import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LeafFolder, leavesOf as numberOfLeaves, Reduction } from '../../src/engines/reduce.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { STOP } from '../../src/memory/control.ts'
import { axpy } from './support/axpy.ts'
import { run, start, WAYS } from './support/engines.ts'
import { iterate, logistic } from './support/logistic.ts'
import { leavesOf, OPS, type Op, plainReduction, rounding } from './support/tree.ts'
import { bits, numbers } from './support/values.ts'
import { Workers } from './support/workers.ts'

const NaNs = Number.NaN
const Inf = Number.POSITIVE_INFINITY

/** Lengths where a round of 16, a leaf, or a level of the tree begins or ends. */
const LENGTHS = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 1023, 1024, 1025, 2047, 2048, 2049, 3072, 3073, 5000, 7 * 1024]

function reduced(op: Op, parts: readonly ArrayLike<number>[]): number {
  const reduction = new Reduction(op)
  for (const part of parts) reduction.addValues(part)
  return reduction.end()
}

/** Cuts values at those places. */
function cut(values: Float64Array, places: readonly number[]): Float64Array[] {
  const ends = [...new Set(places.map((place) => place % (values.length + 1)))].sort((a, b) => a - b)
  return [...ends, values.length].map((end, i) => values.subarray(i === 0 ? 0 : ends[i - 1], end))
}

describe.each(OPS)('a reduction by %s', (op) => {
  it.each(LENGTHS)('is the tree of the contract for %d rows', (length) => {
    for (const values of [rounding(length), Float64Array.from(numbers(length, 3))]) {
      expect(bits([reduced(op, [values])])).toEqual(bits([plainReduction(op, values)]))
    }
  })

  it('has the same bits however its rows come', () => {
    const property = fc.property(
      fc.integer({ min: 0, max: 6000 }),
      fc.integer(),
      fc.array(fc.nat(), { maxLength: 12 }),
      (length, seed, places) => {
        const values = rounding(length, seed)
        expect(bits([reduced(op, cut(values, places))])).toEqual(bits([plainReduction(op, values)]))
      },
    )
    fc.assert(property, { numRuns: 200 })
  })

  it('takes numbers of leaves for their rows', () => {
    for (const leaves of [1, 2, 3, 255, 256, 257]) {
      const values = rounding(leaves * 1024 - 5, leaves)
      const reduction = new Reduction(op)
      const folded = leavesOf(op, values)
      reduction.addLeaves(folded.slice(0, 1), Math.min(1024, values.length))
      reduction.addLeaves(folded.slice(1), Math.max(0, values.length - 1024))
      expect(bits([reduction.end()])).toEqual(bits([plainReduction(op, values)]))
    }
  })
})

describe('a reduction', () => {
  it.each([
    { values: [], sum: 0, prod: 1, min: Inf, max: -Inf, mean: NaNs, count: 0 },
    { values: [-0], sum: 0, prod: -0, min: -0, max: -0, mean: 0, count: 0 },
    { values: [0, -0], sum: 0, prod: -0, min: -0, max: 0, mean: 0, count: 0 },
    { values: [1, NaNs, -2], sum: NaNs, prod: NaNs, min: NaNs, max: NaNs, mean: NaNs, count: 2 },
    { values: [Inf, -Inf], sum: NaNs, prod: -Inf, min: -Inf, max: Inf, mean: NaNs, count: 2 },
    { values: [0, Inf], sum: Inf, prod: NaNs, min: 0, max: Inf, mean: Inf, count: 1 },
    { values: [1e308, -1e308, 1e308], sum: Inf, prod: -Inf, min: -1e308, max: 1e308, mean: Inf, count: 3 },
    { values: [5e-324, 0.5], sum: 0.5, prod: 0, min: 5e-324, max: 0.5, mean: 0.25, count: 2 },
    {
      values: [0.1, 0.2, 0.3],
      sum: 0.1 + 0.3 + 0.2,
      prod: 0.1 * 0.3 * 0.2,
      min: 0.1,
      max: 0.3,
      mean: (0.1 + 0.3 + 0.2) / 3,
      count: 3,
    },
  ])('of $values', ({ values, ...expected }) => {
    expect(Object.fromEntries(OPS.map((op) => [op, reduced(op, [values])]))).toEqual(expected)
  })
})

describe('a folder of leaves', () => {
  it('begins a leaf anew that was left before its end', () => {
    const values = rounding(2048)
    const leaves = new Map<number, number>()
    const folder = new LeafFolder('sum', 2048, (leaf, total) => leaves.set(leaf, total))
    folder.take(values, 0, 100)
    folder.take(values.subarray(1024), 1024, 1024)
    folder.take(values, 0, 1024)
    const expected = leavesOf('sum', values)
    expect([...leaves]).toEqual([
      [1, expected[1]],
      [0, expected[0]],
    ])
  })
})

describe.each(WAYS)('a map that is folded, %s', (way) => {
  let workers: Workers
  beforeAll(async () => {
    workers = await Workers.open(3)
  })
  afterAll(() => workers[Symbol.asyncDispose]())

  it('gives the number of each leaf, for any chunksize and number of workers', async () => {
    const xs = rounding(10_000)
    const results = xs.map((x, i) => -1.7 * x + i)
    for (const fold of ['sum', 'prod', 'min', 'max', 'count'] as const) {
      const expected = bits(leavesOf(fold, results))
      for (const chunksize of [undefined, 1, 16, 1023, 1024, 1025, 3000, 2 ** 53]) {
        const workersOfMap = 1 + ((chunksize ?? 0) % 3)
        const found = await run(workers, way, axpy(-1.7), [xs, range(10_000)], {
          fold,
          workers: workersOfMap,
          ...(chunksize !== undefined && { chunksize }),
        })
        expect(bits(found), `${fold} by ${chunksize}`).toEqual(expected)
      }
    }
  })

  it.each(LENGTHS.filter((length) => length > 0))('does so for %d rows', async (length) => {
    const xs = rounding(length)
    const found = await run(workers, way, axpy(3), [xs, repeat(0.25)], { fold: 'sum' })
    expect(bits(found)).toEqual(bits(leavesOf('sum', xs.map((x) => 3 * x + 0.25)))) // biome-ignore format: one line
  })

  it('is ready up to whole leaves only, and stops within one', async () => {
    const times = new Float64Array(5000).fill(20_000)
    const running = start(workers, way, logistic, [times], { fold: 'max', workers: 1 })
    while (running.map.ready() < 1024) await setImmediate()
    running.map.stop(STOP.cancelled)
    expect(await running.end).toEqual({ kind: 'stopped', why: STOP.cancelled })
    expect(running.map.ready()).toBeLessThan(5000)
    if (!way.endsWith('inline')) expect(running.map.ready() % 1024).toBe(0)
  })
})

describe.each(['js in workers', 'wasm in workers'] as const)('workers of a map that is folded, %s', (way) => {
  it('may die: what they had begun is computed again', async () => {
    await using workers = await Workers.open(2)
    const times = Float64Array.from({ length: 8000 }, (_, i) => 10_000 + (i % 7))
    const running = start(workers, way, logistic, [times], { fold: 'sum' })
    while (running.map.ready() < 1024) await setImmediate()
    await workers.threads[0]?.terminate()
    expect(await running.end).toEqual({ kind: 'done' })
    const { values } = running.arrays.give(numberOfLeaves(8000))
    expect(bits(values)).toEqual(bits(leavesOf('sum', Array.from(times, iterate))))
  })
})
