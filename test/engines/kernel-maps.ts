import fc from 'fast-check'
import { expect } from 'vitest'
import { TimeoutError } from '../../src/errors.ts'
import type { Executor } from '../../src/executors/executor.ts'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { range } from '../../src/inputs/range.ts'
import { type Kernel, kernel } from '../../src/kernel/kernel.ts'
import type { Kind } from '../support/executors.ts'
import { iterate, logistic } from './support/logistic.ts'
import { isNative } from './support/native.ts'
import { bits, type NumbersConstructor, numbers, sharedNumbers, TYPES } from './support/values.ts'

// Random programs of kernel maps, some of which run beside one another on one pool: each engine, input, output and way to read, stop or leave one.
// Whatever comes of it, each result that is given is that of its row, none is missing but for a reason that the map was given, and the pool goes on.

const ENGINES = ['auto', 'js', 'wasm', ...(isNative ? (['native'] as const) : [])] as const

const KERNELS = {
  cheap: kernel((x: number, y: number) => 2.5 * x + y, { name: 'cheap' }),
  sine: kernel((x: number, y: number) => Math.sin(x) * y, { name: 'sine' }),
  /** Rows differ in cost, up to some µs. */
  steps: kernel(
    (x: number, y: number) => {
      let n = 0
      for (let v = Math.abs(x) % 1000; v > 1 && n < 200; n++) v = v % 2 < 1 ? v / 2 : 3 * v + 1
      return n + y
    },
    { name: 'steps' },
  ),
} satisfies Record<string, Kernel<(x: number, y: number) => number>>

const INPUTS = {
  list: (values: number[]) => values,
  plain: (values: number[]) => Float64Array.from(values),
  floats: (values: number[]) => Float32Array.from(values),
  shared: (values: number[]) => sharedNumbers(Float64Array, values),
  range: (values: number[]) => range(0, values.length),
  generator: function* (values: number[]) {
    yield* values
  },
  async: async function* (values: number[]) {
    for (const [i, value] of values.entries()) {
      if (i % 100 === 50) await new Promise((resolve) => setImmediate(resolve))
      yield value
    }
  },
}

const READS = ['all', 'blocking', 'each', 'some', 'sum', 'count', 'aborted', 'late'] as const

interface Step {
  readonly fn: keyof typeof KERNELS
  readonly engine: (typeof ENGINES)[number]
  readonly rows: number
  readonly seed: number
  readonly x: keyof typeof INPUTS
  readonly y: keyof typeof INPUTS
  readonly out: 'none' | 'plain' | 'shared'
  readonly type: NumbersConstructor
  readonly tuning: { chunksize?: number; buffersize?: number }
  readonly reads: (typeof READS)[number]
  /** Whether the next step begins when this one is over. */
  readonly waits: boolean
}

export interface Program {
  readonly maxWorkers: number
  readonly steps: readonly Step[]
}

export function programs(): fc.Arbitrary<Program> {
  const input = fc.constantFrom(...(Object.keys(INPUTS) as (keyof typeof INPUTS)[]))
  const step = fc.record({
    fn: fc.constantFrom(...(Object.keys(KERNELS) as (keyof typeof KERNELS)[])),
    engine: fc.constantFrom(...ENGINES),
    // None, one, about a block, more than workers take at first.
    rows: fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 60, max: 5000 }),
      fc.integer({ min: 0, max: 40_000 }),
    ),
    seed: fc.integer({ min: 0, max: 24 }),
    x: input,
    y: input,
    out: fc.constantFrom('none', 'none', 'plain', 'shared'),
    type: fc.constantFrom(...TYPES),
    tuning: fc.record(
      { chunksize: fc.integer({ min: 50, max: 3000 }), buffersize: fc.integer({ min: 3000, max: 9000 }) },
      { requiredKeys: [] },
    ),
    reads: fc.constantFrom(...READS),
    waits: fc.boolean(),
  })
  return fc.record({
    maxWorkers: fc.integer({ min: 1, max: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  })
}

/** Runs a program to its end, and throws where a result is missing or is not that of its row. */
export async function runProgram(
  { open, blocks }: Pick<Kind, 'open'> & { blocks: boolean },
  { maxWorkers, steps }: Program,
): Promise<void> {
  const pool = open({ maxWorkers })
  const parts: Promise<void>[] = []
  for (const step of steps) {
    const part = run(pool, blocks || step.reads !== 'blocking' ? step : { ...step, reads: 'all' })
    parts.push(part)
    if (step.waits) await part
  }
  await Promise.all(parts)
  expect([...(await pool.map(logistic, [0, 3]))]).toEqual([0.5, iterate(3)])
  await pool.shutdown()
}

async function run(pool: Executor, { fn, engine, rows, seed, x, y, out, type, tuning, reads }: Step): Promise<void> {
  const compiled: Kernel<(x: number, y: number) => number> = KERNELS[fn]
  const [xs, ys] = [numbers(rows, seed), numbers(rows + 2, seed + 1)]
  const inputs = (): [Iterable<number>, Iterable<number>] =>
    [INPUTS[x](xs), INPUTS[y](ys)] as [Iterable<number>, Iterable<number>]
  const rowOf = (which: keyof typeof INPUTS, values: number[], i: number): number => {
    if (which === 'range') return i
    return which === 'floats' ? Math.fround(values[i]!) : values[i]!
  }
  const expected = Float64Array.from(xs, (_, i) => compiled(rowOf(x, xs, i), rowOf(y, ys, i)))

  if (reads === 'sum' || reads === 'count') {
    const got =
      reads === 'sum'
        ? await pool.reduce(compiled, ...inputs(), { ...tuning, engine, op: 'sum' })
        : await pool.count(compiled, ...inputs(), { ...tuning, engine })
    await using plain = new InlineExecutor({ engine: 'js' })
    const want =
      reads === 'sum' ? await plain.reduce(compiled, ...inputs(), { op: 'sum' }) : expected.filter(Boolean).length
    expect(bits([got])).toEqual(bits([want]))
    return
  }

  const given =
    out === 'none' ? undefined : out === 'plain' ? new type(new Float64Array(rows)) : sharedNumbers(type, rows)
  const want = given === undefined ? expected : new type(expected)
  const stop = new AbortController()
  const limits = { aborted: { signal: stop.signal }, late: { timeout: 2 } }[reads as string]
  const options = { ...tuning, ...limits, engine, ...(given === undefined ? {} : { out: given }) }
  if (reads === 'blocking') {
    const isAsync = x === 'async' || y === 'async'
    if (isAsync) expect(() => pool.mapSync(compiled, ...inputs(), options)).toThrow('an async iterable')
    else expect(bits(pool.mapSync(compiled, ...inputs(), options))).toEqual(bits(want))
    return
  }
  const result = pool.map(compiled, ...inputs(), options)
  if (reads === 'each' || reads === 'some') {
    let count = 0
    for await (const value of result) {
      expect(bits([value])).toEqual(bits([want[count]!]))
      count++
      if (reads === 'some' && count > 100) break
    }
    if (reads === 'each') expect(count).toBe(rows)
    return
  }
  const reason = new Error('enough')
  if (reads === 'aborted') setImmediate(() => stop.abort(reason))
  const [outcome] = await Promise.allSettled([result])
  if (outcome.status === 'fulfilled') expect(bits(outcome.value.subarray(0, rows))).toEqual(bits(want))
  else if (reads === 'aborted') expect(outcome.reason).toBe(reason)
  else if (reads === 'late') expect(outcome.reason).toBeInstanceOf(TimeoutError)
  else throw outcome.reason
}
