import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  CancelledError,
  type ErrorPolicy,
  type MapOptions,
  type MapResult,
  range,
  repeat,
  type Settled,
  TimeoutError,
} from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { executors } from '../support/executors.ts'

const PROCESS_RUNS = 40
const RUNS = 100

/** Numbers, strings and objects come back, and some calls throw: what a map yields depends on `x` and `y` alone. */
function outcomeOf(x: number, y: number): unknown {
  if (x % 5 === 3) throw new RangeError(`no ${x}`)
  if (x % 4 === 1) return `${x}:${y}`
  return x % 4 === 2 ? { x, y } : x + y / 2
}

type Outcome = { value: unknown } | { error: string }

function expectedOf(xs: readonly number[]): Outcome[] {
  return xs.map((x, i) => {
    try {
      return { value: outcomeOf(x, i) }
    } catch (error) {
      return { error: String(error) }
    }
  })
}

/** One list of numbers as each kind of input. */
const kinds: Record<string, (xs: readonly number[]) => Iterable<number> | AsyncIterable<number>> = {
  array: (xs) => [...xs],
  'typed array': (xs) => Float64Array.from(xs),
  'view of integers': (xs) => Int32Array.from([7, ...xs]).subarray(1),
  set: (xs) => new Map(xs.map((x, i) => [i, x])).values(),
  generator: function* (xs) {
    yield* xs
  },
  'async generator': async function* (xs) {
    yield* xs
  },
  'Node stream': (xs) => Readable.from(xs),
  // Not Readable.toWeb: on Node 20 that throws in the background when its stream is left early.
  'web stream': (xs) =>
    new ReadableStream<number>({
      start: (controller) => {
        for (const x of xs) controller.enqueue(x)
        controller.close()
      },
    }) as never,
}

const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 })
const inputKind = fc.constantFrom(...Object.keys(kinds))
const tuning = fc.record(
  {
    chunksize: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 70 })),
    buffersize: fc.integer({ min: 1, max: 200 }),
  },
  { requiredKeys: [] },
)

/** A numeric chunksize above buffersize is refused by name, and has its own test. */
function fitted({ chunksize, buffersize }: MapOptions): MapOptions {
  const tooSmall = typeof chunksize === 'number' && buffersize !== undefined && buffersize < chunksize
  return {
    ...(chunksize !== undefined && { chunksize }),
    ...(buffersize !== undefined && !tooSmall && { buffersize }),
  }
}

async function readAll(result: MapResult<unknown>): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (;;) {
    try {
      const step = await result.next()
      if (step.done === true) return outcomes
      outcomes.push({ value: step.value })
    } catch (error) {
      outcomes.push({ error: String(error) })
    }
  }
}

describe.each(executors)('every map of a $name', ({ open, kind }) => {
  const numRuns = kind === 'process' ? PROCESS_RUNS : RUNS
  const pool = open({ maxWorkers: 2 })
  afterAll(() => pool.shutdown())

  function policyRun(xs: readonly number[], inputs: string, options: MapOptions): MapResult<unknown> {
    const input = kinds[inputs]?.(xs) ?? xs
    return pool.map(outcomeOf, input, range(1e9), options)
  }

  it('yields one outcome for each row, in input order, whatever the tuning', async () => {
    const property = fc.asyncProperty(numbers, inputKind, tuning, async (xs, inputs, tuned) => {
      const settled = (await policyRun(xs, inputs, { ...fitted(tuned), errors: 'settle' })) as Settled<unknown>[]
      const outcomes = settled.map((outcome) =>
        outcome.status === 'fulfilled' ? { value: outcome.value } : { error: String(outcome.reason) },
      )
      expect(outcomes).toEqual(expectedOf(xs))
    })
    await fc.assert(property, { numRuns })
  })

  it('goes on behind an error, or ends with the first in input order, as its policy says', async () => {
    const policy = fc.constantFrom<ErrorPolicy>('raise', 'continue')
    const property = fc.asyncProperty(numbers, inputKind, tuning, policy, async (xs, inputs, tuned, errors) => {
      const all = expectedOf(xs)
      const first = all.findIndex((outcome) => 'error' in outcome)
      const expected = errors === 'raise' && first !== -1 ? all.slice(0, first + 1) : all
      expect(await readAll(policyRun(xs, inputs, { ...fitted(tuned), errors }))).toEqual(expected)
    })
    await fc.assert(property, { numRuns })
  })

  it('tells of each error at which row it stands', async () => {
    const property = fc.asyncProperty(numbers, tuning, async (xs, tuned) => {
      const settled = (await policyRun(xs, 'array', { ...fitted(tuned), errors: 'settle' })) as Settled<unknown>[]
      const failed = expectedOf(xs).flatMap((outcome, i) => ('error' in outcome ? [i] : []))
      const told = settled.flatMap((o) => (o.status === 'rejected' ? [(o.reason as { index: number }).index] : []))
      expect(told).toEqual(failed)
    })
    await fc.assert(property, { numRuns })
  })

  it('yields the same rows once each, unordered, with their index', async () => {
    const property = fc.asyncProperty(numbers, inputKind, tuning, async (xs, inputs, tuned) => {
      const seen = new Map<number, unknown>()
      const result = policyRun(xs, inputs, { ...fitted(tuned), unordered: true, errors: 'settle' })
      for await (const [index, outcome] of result.entries()) {
        expect(seen.has(index)).toBe(false)
        seen.set(index, (outcome as Settled<unknown>).status)
      }
      const expected = expectedOf(xs).map((outcome) => ('value' in outcome ? 'fulfilled' : 'rejected'))
      expect([...seen].sort(([a], [b]) => a - b).map(([, status]) => status)).toEqual(expected)
    })
    await fc.assert(property, { numRuns })
  })

  it('takes rows of arguments as starmap does', async () => {
    const property = fc.asyncProperty(numbers, tuning, async (xs, tuned) => {
      const rows = xs.map((x, i): [number, number] => [x, i])
      const settled = await pool.starmap(outcomeOf, rows, { ...fitted(tuned), errors: 'settle' })
      const expected = expectedOf(xs).map((outcome) => ('value' in outcome ? outcome.value : outcome.error))
      expect(settled.map((o) => (o.status === 'fulfilled' ? o.value : String(o.reason)))).toEqual(expected)
    })
    await fc.assert(property, { numRuns })
  })

  it('yields what it had when its time was over, and then says so', async () => {
    const timeouts = fc.oneof(
      fc.constantFrom(-Infinity, -1, 0, 0.5, 2 ** 40, Infinity),
      fc.integer({ min: 1, max: 20 }),
    )
    const property = fc.asyncProperty(numbers, inputKind, tuning, timeouts, async (xs, inputs, tuned, timeout) => {
      const options: MapOptions = { ...fitted(tuned), errors: 'continue', timeout }
      const outcomes = await readAll(policyRun(xs, inputs, options))
      const all = expectedOf(xs)
      const last = outcomes.at(-1)
      const isOver = last !== undefined && 'error' in last && last.error === 'TimeoutError'
      expect(isOver && timeout > 1e9).toBe(false)
      if (isOver) expect(outcomes.slice(0, -1)).toEqual(all.slice(0, outcomes.length - 1))
      else expect(outcomes).toEqual(all)
    })
    await fc.assert(property, { numRuns })
  })

  it('can be left after any row, and yields nothing further', async () => {
    const property = fc.asyncProperty(numbers, inputKind, tuning, fc.nat(60), async (xs, inputs, tuned, wanted) => {
      const result = policyRun(xs, inputs, { ...fitted(tuned), errors: 'settle' })
      const outcomes: Outcome[] = []
      while (outcomes.length < wanted) {
        const step = (await result.next()) as IteratorResult<Settled<unknown>, undefined>
        if (step.done === true) break
        const outcome = step.value
        outcomes.push(outcome.status === 'fulfilled' ? { value: outcome.value } : { error: String(outcome.reason) })
      }
      await result.return()
      expect(outcomes).toEqual(expectedOf(xs).slice(0, wanted))
      expect(await result.next()).toEqual({ done: true, value: undefined })
    })
    await fc.assert(property, { numRuns })
  })

  it('repeats one value, so often as is said, or as the others last', async () => {
    const property = fc.asyncProperty(fc.nat(30), fc.nat(30), tuning, async (times, rows, tuned) => {
      const options = fitted(tuned)
      const value = { of: [times] }
      const told = await pool.map((x: { of: number[] }) => x.of[0], repeat(value, times), options)
      expect(told).toEqual(Array(times).fill(times))
      const mixed = await pool.map(
        (x: { of: number[] }, y: number) => y + x.of.length,
        repeat(value),
        range(rows),
        options,
      )
      expect(mixed).toEqual(Array.from(range(rows), (y) => y + 1))
      const shorter = await pool.map((x: number, y: number) => x - y, range(rows), repeat(0.5, times), options)
      expect(shorter).toEqual(Array.from(range(Math.min(rows, times)), (x) => x - 0.5))
    })
    await fc.assert(property, { numRuns: numRuns / 2 })
  })

  it('reads endless inputs as far as it is read, and calls return() of each once', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 40 }), tuning, async (wanted, tuned) => {
      const { chunksize } = fitted(tuned)
      const returned = [0, 0]
      const endless = (which: number): Iterable<number> => ({
        [Symbol.iterator]: () => {
          let i = 0
          return {
            next: () => ({ done: false, value: i++ }),
            return: () => {
              returned[which] = (returned[which] ?? 0) + 1
              return { done: true, value: undefined }
            },
          }
        },
      })
      const buffersize = typeof chunksize === 'number' ? chunksize * 2 : 10
      const options = { ...(chunksize !== undefined && { chunksize }), buffersize }
      const got: number[] = []
      for await (const sum of pool.map((x: number, y: number) => x + y, endless(0), endless(1), options)) {
        got.push(sum)
        if (got.length === wanted) break
      }
      expect(got).toEqual(Array.from({ length: wanted }, (_, i) => 2 * i))
      expect(returned).toEqual([1, 1])
    })
    await fc.assert(property, { numRuns: numRuns / 2 })
  })

  it('delivers what comes before the row at which an input fails, then that error', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.boolean(),
      tuning,
      async (failing, isAsync, tuned) => {
        const error = new Error('the input failed')
        const sync = function* (): Generator<number> {
          yield* range(failing)
          throw error
        }
        const later = async function* (): AsyncGenerator<number> {
          yield* sync()
        }
        const options = fitted({ ...tuned, ...(!isAsync && { buffersize: tuned.buffersize ?? 100 }) })
        if (!isAsync && options.buffersize === undefined) return // sync inputs without a buffer throw at the call
        const outcomes = await readAll(pool.map((x: number) => x, isAsync ? later() : sync(), options))
        expect(outcomes).toEqual([...Array.from(range(failing), (value) => ({ value })), { error: String(error) }])
      },
    )
    await fc.assert(property, { numRuns: numRuns / 2 })
  })

  it('counts to its end by onProgress, and says what it did in stats', async () => {
    const property = fc.asyncProperty(numbers, tuning, async (xs, tuned) => {
      const told: number[] = []
      const options = { ...fitted(tuned), onProgress: (p: { done: number }) => told.push(p.done) }
      const result = pool.map((x: number) => x, xs, options)
      await result
      expect(told.at(-1) ?? 0).toBe(xs.length)
      expect(told).toEqual([...told].sort((a, b) => a - b))
      const { stats } = result
      expect(stats.chunksize).toBe(options.chunksize ?? 'auto')
      if (typeof options.chunksize === 'number')
        expect(stats.chunks).toBeGreaterThanOrEqual(Math.ceil(xs.length / options.chunksize))
    })
    await fc.assert(property, { numRuns })
  })
})

/** Ways to leave a map of which two results have been asked for, none has come. */
const ways: Record<string, (start: (options?: MapOptions) => MapResult<unknown>) => Promise<unknown>> = {
  'return()': async (start) => await start().return(),
  'return() while a next() waits': async (start) => {
    const result = start()
    const next = result.next()
    await result.return()
    expect(await next).toEqual({ done: true, value: undefined })
  },
  disposal: async (start) => await start()[Symbol.asyncDispose](),
  'an aborted signal': async (start) => {
    const controller = new AbortController()
    const next = start({ signal: controller.signal }).next()
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
  },
  'an expired timeout': async (start) => await expect(start({ timeout: 5 }).next()).rejects.toThrow(TimeoutError),
  'return() while it is awaited': async (start) => {
    const result = start()
    const all = result.then((values) => values)
    await result.return()
    await expect(all).rejects.toThrow(CancelledError)
  },
}

describe.each(executors)('leaving a map of a $name', ({ open, kind }) => {
  const workers = kind === 'inline' ? 1 : 2

  it.each(Object.entries(ways))('by %s starts nothing further', async (_, leave) => {
    for (const chunksize of [1, 3, 'auto'] as const) {
      using board = new Board(kind)
      const pool = open({ maxWorkers: 2 })
      let result: MapResult<unknown> | undefined
      // Each call says by count 0 that it has begun, and waits for count 1.
      const start = (options?: MapOptions): MapResult<unknown> => {
        result = pool.map(calls.waitAt, repeat(board.place), repeat(0), repeat(1), range(50), { chunksize, ...options })
        return result
      }
      const begun = board.until(0, 1)
      const left = leave((options) => start(options))
      await left
      // A call may have begun before the map was left, one a worker; the gate lets it end.
      if (board.count(0) > 0) await begun
      board.mark(1)
      await pool.shutdown()
      expect(board.count(0)).toBeLessThanOrEqual(workers)
      board.mark(0) // lets `begun` end
      await begun
    }
  })
})
