import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { InlineExecutor, type MapOptions, type Settled } from '../../src/index.ts'
import { pools } from '../support/executors.ts'

// Tuning is invisible: what the plain executor yields, one call after the other, each other one yields, however it is set up.

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.double() },
  fc.constantFrom(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, ''),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.date(),
  fc.uint8Array(),
  fc.float64Array(),
  fc.array(fc.oneof(fc.integer(), fc.string())),
  fc.array(fc.tuple(fc.string(), fc.integer())).map((pairs) => new Map(pairs)),
  fc.array(fc.integer()).map((members) => new Set(members)),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.object({ maxDepth: 2 }),
  fc.constantFrom(/a+/giu, new TypeError('as a value'), Object.create(null)),
)
const values = fc.array(value, { maxLength: 30 })

const tuning = fc.record({
  chunksize: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 12 })),
  buffersize: fc.option(fc.integer({ min: 12, max: 40 }), { nil: undefined }),
})

/** What a call makes of a value shows how it arrived; some calls throw what they got. */
function seen(x: unknown, i: number): unknown {
  const kind = Object.prototype.toString.call(x)
  if (i % 7 === 5) throw Object.assign(new RangeError(kind), { x, i })
  if (i % 7 === 6) throw x
  return [x, kind, typeof x === 'number' ? Object.is(x, -0) : x instanceof Object]
}

function plain(outcomes: readonly Settled<unknown>[]): unknown[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return outcome.value
    const { reason } = outcome
    if (!(reason instanceof Error)) return ['thrown', reason]
    const { stack: _, ...fields } = reason
    return ['thrown', reason.constructor.name, reason.message, fields]
  })
}

const inline = new InlineExecutor()
afterAll(() => inline.shutdown())

async function expectSame(
  pool: Pick<InlineExecutor, 'map'>,
  xs: readonly unknown[],
  options: MapOptions,
): Promise<void> {
  const indexes = xs.map((_, i) => i)
  const expected = plain(await inline.map(seen, xs, indexes, { errors: 'settle' }))
  const got = plain(await pool.map(seen, xs, indexes, { ...options, errors: 'settle' }))
  if (!isDeepStrictEqual(got, expected)) expect(got).toEqual(expected) // which shows where
  expect(isDeepStrictEqual(got, expected)).toBe(true)
}

describe.each(pools)('a $name yields what an InlineExecutor yields', ({ open, kind }) => {
  const sized = [1, 2, 3].map((maxWorkers) => open({ maxWorkers }))
  afterAll(() => Promise.all(sized.map((pool) => pool.shutdown())))
  afterEach(() => {
    delete process.env.LANEWISE_CHUNKSIZE
  })
  const options = { numRuns: kind === 'process' ? 40 : 80, interruptAfterTimeLimit: 20_000 }

  it('of values of every kind, for any chunksize, buffersize and number of workers', async () => {
    const property = fc.asyncProperty(values, tuning, fc.constantFrom(...sized), async (xs, tuned, pool) => {
      await expectSame(pool, xs, tuned)
    })
    await fc.assert(property, options)
  })

  it('under any LANEWISE_CHUNKSIZE', async () => {
    const forced = fc.oneof(fc.constant('auto'), fc.integer({ min: 1, max: 99 }).map(String))
    const property = fc.asyncProperty(values, tuning, forced, async (xs, tuned, size) => {
      process.env.LANEWISE_CHUNKSIZE = size
      await expectSame(sized[1]!, xs, tuned)
    })
    await fc.assert(property, options)
  })

  it('of numbers, bit for bit', async () => {
    const property = fc.asyncProperty(fc.array(fc.double()), tuning, async (xs, tuned) => {
      const expected = xs.map((x) => x * 3 + 1)
      for (const input of [xs, Float64Array.from(xs)]) {
        const got = await sized[1]!.map((x: number) => x * 3 + 1, input, tuned)
        expect(got.map((x, i) => Object.is(x, expected[i])).includes(false)).toBe(false)
      }
    })
    await fc.assert(property, options)
  })

  it('of single calls', async () => {
    const property = fc.asyncProperty(values, async (xs) => {
      const expected = await Promise.allSettled(xs.map((x, i) => inline.submit(seen, x, i)))
      const got = await Promise.allSettled(xs.map((x, i) => sized[2]!.submit(seen, x, i)))
      expect(isDeepStrictEqual(plain(got), plain(expected))).toBe(true)
    })
    await fc.assert(property, options)
  })
})
