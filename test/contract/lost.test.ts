import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Future, range, repeat, type Settled } from '../../src/index.ts'
import { executors, pools } from '../support/executors.ts'

type Way = 'throws' | 'rejects' | 'exits' | 'is killed' | 'cannot be sent'

/** Row `i`, with a value of one kind or another, if it is not among those that die. */
function rowOf(deaths: Record<number, Way>, i: number): unknown {
  switch (deaths[i]) {
    case 'throws':
      throw new RangeError(`row ${i}`)
    case 'rejects':
      return new Promise((_, reject) => setImmediate(() => reject(new RangeError(`row ${i}`))))
    case 'exits':
      return process.exit(3)
    case 'is killed':
      // A thread has no signal of its own, but it can be ended from inside as abruptly.
      if (process.getBuiltinModule('node:worker_threads').isMainThread) process.kill(process.pid, 'SIGKILL')
      else process.exit(3)
      for (;;);
    case 'cannot be sent':
      return () => i
    case undefined:
  }
  const kinds: unknown[] = [i, { i }, `${i}`, undefined, Float64Array.of(i), -0]
  return kinds[i % kinds.length]
}

const REASONS: Record<Way, object> = {
  throws: { name: 'RangeError' },
  rejects: { name: 'RangeError' },
  exits: { name: 'WorkerDiedError', exitCode: 3 },
  'is killed': { name: 'WorkerDiedError' },
  'cannot be sent': { name: 'DataCloneError' },
}

function expectRow(outcome: Settled<unknown>, deaths: Record<number, Way>, i: number, index: object): void {
  const death = deaths[i]
  if (death === undefined) expect(outcome).toEqual({ status: 'fulfilled', value: rowOf({}, i) })
  else expect(outcome).toMatchObject({ status: 'rejected', reason: { ...REASONS[death], ...index } })
}

const size = fc.integer({ min: 1, max: 60 })
const ways = fc.constantFrom<Way>('throws', 'rejects', 'exits', 'is killed', 'cannot be sent')

/** Some rows of the first 60, more than one of them side by side now and then. */
const someDeaths = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 59 }), ways), { minLength: 1, maxLength: 3 })
  .map((pairs): Record<number, Way> => Object.fromEntries(pairs))

const tuning = fc.record({
  chunksize: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 20 })),
  buffersize: fc.option(fc.integer({ min: 20, max: 60 }), { nil: undefined }),
  unordered: fc.boolean(),
})

// Each death costs the start of a worker, a process more than a thread.
const RUNS = { inline: 0, thread: 30, process: 12 }

describe.each(pools)('whatever dies on a $name', ({ open, kind }) => {
  const pool = open({ maxWorkers: 2 })
  afterAll(() => pool.shutdown())
  const options = { numRuns: RUNS[kind], interruptAfterTimeLimit: 20_000 } // so that a failure is told before the test is given up

  it('each row of a map has its outcome, and each other row its value', async () => {
    const property = fc.asyncProperty(size, someDeaths, tuning, async (rows, deaths, tuned) => {
      const result = pool.map(rowOf, repeat(deaths), range(rows), { ...tuned, errors: 'settle' })
      const outcomes: Settled<unknown>[] = []
      for await (const [i, outcome] of result.entries()) {
        expect(outcomes[i]).toBe(undefined)
        outcomes[i] = outcome
      }
      expect(Object.keys(outcomes)).toHaveLength(rows)
      for (const [i, outcome] of outcomes.entries()) expectRow(outcome, deaths, i, { index: i })
    })
    await fc.assert(property, options)
  })

  it('each future of many has its outcome, and each other one its value', async () => {
    const property = fc.asyncProperty(size, someDeaths, async (rows, deaths) => {
      const futures = Array.from(range(rows), (i): Future<unknown> => pool.submit(rowOf, deaths, i))
      const outcomes = await Promise.allSettled(futures)
      for (const [i, outcome] of outcomes.entries()) expectRow(outcome, deaths, i, {})
    })
    await fc.assert(property, options)
  })

  it('maps and calls that are under way together are told apart', async () => {
    const property = fc.asyncProperty(size, size, someDeaths, tuning, async (some, more, deaths, tuned) => {
      const settle = { ...tuned, errors: 'settle' as const, unordered: false }
      const one = pool.map(rowOf, repeat(deaths), range(some), settle)
      const futures = Array.from(range(20), (i): Future<unknown> => pool.submit(rowOf, deaths, i))
      const other = pool.map(rowOf, repeat({}), range(more), settle)
      for (const [i, outcome] of (await other).entries()) expectRow(outcome, {}, i, {})
      for (const [i, outcome] of (await one).entries()) expectRow(outcome, deaths, i, { index: i })
      for (const [i, outcome] of (await Promise.allSettled(futures)).entries()) expectRow(outcome, deaths, i, {})
    })
    await fc.assert(property, options)
  })

  it("a map under 'raise' yields what stands before the first death in input order, then that", async () => {
    const property = fc.asyncProperty(size, someDeaths, tuning, async (rows, deaths, tuned) => {
      const result = pool.map(rowOf, repeat(deaths), range(rows), { ...tuned, unordered: false })
      const first = Math.min(...Object.keys(deaths).map(Number))
      let i = 0
      const read = async (): Promise<void> => {
        for await (const value of result) expectRow({ status: 'fulfilled', value }, {}, i++, {})
      }
      if (first < rows) await expect(read()).rejects.toMatchObject({ ...REASONS[deaths[first]!], index: first })
      else await read()
      expect(i).toBe(Math.min(first, rows))
    })
    await fc.assert(property, options)
  })
})

describe.each(executors)('an unordered map on a $name that an error ends', ({ open }) => {
  it('ends with that error, not with what became of the rows behind it', async () => {
    await using pool = open({ maxWorkers: 1 })
    const deaths: Record<number, Way> = { 2: 'throws' }
    const map = pool.map(rowOf, repeat(deaths), range(20), { unordered: true, chunksize: 20 })
    await expect(map).rejects.toMatchObject({ name: 'RangeError', message: 'row 2', index: 2 })
  })
})
