import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { ProcessPoolExecutor, range, repeat, WorkerDiedError } from '../../src/index.ts'

describe('a map whose chunks travel together to processes', () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 2 })
  afterAll(() => pool.shutdown())

  /** What one row comes to: mostly a number. */
  const outcome = (x: number, y: number, every: number): unknown => {
    const kind = x % every === 0 ? (x / every) % 4 : 0
    if (kind === 1) return `text ${x}`
    if (kind === 2) throw new RangeError(`no ${x}`)
    return kind === 3 ? undefined : x * 1000 + y
  }

  it('has the outcome of each row where it belongs, whatever calls return', async () => {
    const cases = fc.record({
      rows: fc.integer({ min: 0, max: 3000 }),
      chunksize: fc.integer({ min: 2, max: 60 }),
      every: fc.integer({ min: 1, max: 400 }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, chunksize, every }) => {
        const numbers = Float64Array.from(range(rows), (i) => i / 2)
        const options = { chunksize, errors: 'settle' } as const
        const outcomes = await pool.map(outcome, range(rows), numbers, repeat(every), options)
        expect(outcomes).toEqual(Array.from(range(rows), (x) => settled(x, () => outcome(x, x / 2, every))))
      }),
      { numRuns: 40 },
    )
  })

  it('yields the rows before the first that fails, and then its error', async () => {
    const map = pool.map(outcome, range(5000), repeat(1), repeat(1000), { chunksize: 10 })
    const seen: unknown[] = []
    const read = async (): Promise<void> => {
      for await (const value of map) seen.push(value)
    }
    await expect(read()).rejects.toMatchObject({ message: 'no 2000', index: 2000 })
    expect(seen).toEqual(Array.from(range(2000), (x) => outcome(x, 1, 1000)))
  })

  it('loses none where a worker dies among them, but the row that it died of', async () => {
    const deadly = (x: number): number => (x === 1234 ? process.exit(3) : x + 1)
    for (let round = 0; round < 5; round++) {
      const outcomes = await pool.map(deadly, range(3000), { chunksize: 20, errors: 'settle' })
      expect(outcomes.flatMap(({ status }, x) => (status === 'rejected' ? [x] : []))).toEqual([1234])
      expect(outcomes[1234]).toMatchObject({ reason: { exitCode: 3, index: 1234 } })
      expect((outcomes[1234] as PromiseRejectedResult).reason).toBeInstanceOf(WorkerDiedError)
      expect(outcomes.every((one, x) => x === 1234 || (one.status === 'fulfilled' && one.value === x + 1))).toBe(true)
    }
  })

  it('keeps two maps apart that run at once', async () => {
    const maps = [1, 2, 3].map((k) =>
      pool.map((x: number, factor: number) => x * factor, range(2000), repeat(k), { chunksize: 7 }),
    )
    const results = await Promise.all(maps)
    for (const [i, values] of results.entries()) expect(values).toEqual(Array.from(range(2000), (x) => x * (i + 1)))
  })
})

function settled(index: number, call: () => unknown): unknown {
  try {
    return { status: 'fulfilled', value: call() }
  } catch (reason) {
    return { status: 'rejected', reason: Object.assign(reason as Error, { index }) }
  }
}
