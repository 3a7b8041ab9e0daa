import { afterEach, describe, expect, it, vi } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import type { TuneOptions, TuneProgress } from '../../src/tune/options.ts'
import type { TuneResult } from '../../src/tune/result.ts'
import { tune } from '../../src/tune/tune.ts'
import { transfer } from '../../src/wire/transfer.ts'

afterEach(() => vi.unstubAllEnvs())

/** Few sizes: over after 31 rounds, and however busy the machine, long before its budget. */
const QUICK = { budget: 20_000, workers: [2], chunks: ['auto', 'N/4P', 'N/P'] }

/** What holds of every result. */
function expectSound(result: TuneResult): void {
  const { configurations, runs, verdict, traces, subject } = result
  expect(JSON.parse(JSON.stringify(result))).toEqual(result) // nothing in it is lost as JSON
  expect(new Set(runs.map(({ configuration }) => configuration)).size).toBe(configurations.length)
  for (const { items, label } of configurations) {
    expect(items).toBe(subject.items)
    expect(label).not.toBe('')
  }
  const seen = new Set<string>()
  for (const { round, configuration, makespanMs, firstMs, p95stallMs, heldBack, utilisation, chunks } of runs) {
    expect(seen.has(`${round} ${configuration}`)).toBe(false)
    seen.add(`${round} ${configuration}`)
    expect(makespanMs).toBeGreaterThan(0)
    expect(firstMs).toBeGreaterThan(0)
    expect(p95stallMs).toBeGreaterThan(0)
    expect(heldBack).toBeGreaterThanOrEqual(0)
    expect(heldBack).toBeLessThan(subject.items)
    expect(utilisation).toBeGreaterThanOrEqual(0)
    expect(utilisation).toBeLessThanOrEqual(1)
    expect(chunks).toBeGreaterThan(0)
  }
  expect(configurations[verdict.best]).toBeDefined()
  for (const { chunks, delivered } of traces) {
    expect(chunks.reduce((sum, { done }) => sum + done, 0)).toBe(subject.items)
    expect(delivered.at(-1)?.[1]).toBe(subject.items)
  }
}

describe('tune', () => {
  it.each(['threads', 'processes', 'inline'] as const)('measures a function on %s', async (engine) => {
    const result = await tune((n: number) => n * 2, range(500), { ...QUICK, engines: [engine] })
    expectSound(result)
    expect(new Set(result.configurations.map((each) => each.engine))).toEqual(new Set([engine]))
    expect(result.plainMs.length).toBeGreaterThan(0)
    expect(result.subject.items).toBe(500)
  })

  it.each(['js', 'wasm'] as const)('measures a kernel on %s', async (engine) => {
    const root = kernel((x: number, y: number) => Math.sqrt(x) + y, { name: 'root' })
    const xs = Float64Array.from({ length: 20_000 }, (_, i) => i)
    const result = await tune(root, xs, repeat(1), { ...QUICK, engines: [engine] })
    expectSound(result)
    expect(result).toMatchObject({ subject: { name: 'root', kind: 'kernel', items: 20_000 } })
    expect(result.traces.length).toBeGreaterThan(0)
  })

  it.each(['first', 'p95stall'] as const)('reads in order where %s is to be small', async (objective) => {
    const result = await tune((n: number) => n * 2, range(500), { ...QUICK, objective })
    expectSound(result)
    expect(result.objective).toBe(objective)
  })

  it('takes async inputs, promises, and rows that a function changes', async () => {
    async function* words(): AsyncGenerator<string[]> {
      yield* [
        ['b', 'a'],
        ['d', 'c'],
        ['f', 'e'],
      ]
    }
    const sorted = async (list: string[]): Promise<string[]> => list.sort()
    const result = await tune(sorted, words(), QUICK)
    expectSound(result)
    expect(result.subject.items).toBe(3)
  })

  it('reads an iterator once, as long as the shortest input', async () => {
    const once = [1, 2, 3, 4][Symbol.iterator]()
    const result = await tune((a: number, b: number) => a + b, once, range(3), QUICK)
    expectSound(result)
    expect(result.subject.items).toBe(3)
  })

  it('tells how it stands', async () => {
    const told: TuneProgress[] = []
    await tune((n: number) => n * 2, range(100), { ...QUICK, onProgress: (at) => told.push(at) })
    expect(told.length).toBeGreaterThan(2)
    for (const { runs, planned, leftMs, best } of told) {
      expect(runs).toBeLessThanOrEqual(planned)
      expect(leftMs).toBeGreaterThanOrEqual(0)
      expect(best?.ms ?? 1).toBeGreaterThan(0)
    }
  })

  it('ends at an aborted signal with what is known so far, or with its reason', async () => {
    const stop = new AbortController()
    const onProgress = ({ runs }: TuneProgress): void => {
      if (runs === 4) stop.abort() // at the fourth run
    }
    const result = await tune((n: number) => n * 2, range(100), {
      ...QUICK,
      budget: 600_000,
      signal: stop.signal,
      onProgress,
    })
    expectSound(result)
    expect(result.runs.length + result.plainMs.length).toBe(4)
    expect(result.traces).toEqual([])
    const before = AbortSignal.abort(new Error('enough'))
    await expect(tune((n: number) => n * 2, range(100), { signal: before })).rejects.toThrow('enough')
  })

  it('leaves nothing running: the pools are gone when it is done', async () => {
    const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
    const before = handles()
    await tune((n: number) => n * 2, range(100), QUICK)
    expect(handles()).toBe(before)
  })

  it('makes no traces where none are wanted', async () => {
    expect((await tune((n: number) => n * 2, range(100), { ...QUICK, traces: false })).traces).toEqual([])
  })

  it('says nothing of auto where it is not run', async () => {
    const { verdict } = await tune((n: number) => n * 2, range(100), { ...QUICK, chunks: [10, 50] })
    expect(verdict.auto).toBeNull()
    expect(verdict.regret).toBeNull()
  })
})

describe('tune refuses', () => {
  const double = (n: number): number => n * 2

  it.each([
    ['wrong results', (n: number) => n + Math.random(), [1, 2], 'ERR_LANEWISE_WRONG_RESULT'],
    ['a row that throws', (n: number) => n.toFixed(-n), [1], 'ERR_LANEWISE_TUNE'],
  ] as [string, (n: number) => unknown, number[], string][])('%s', async (_, fn, rows, code) => {
    await expect(tune(fn, rows, QUICK)).rejects.toMatchObject({ code })
  })

  it('a kernel whose rows are so few that no worker has them, unless engines are named', async () => {
    const root = kernel((x: number) => Math.sqrt(x), { name: 'root' })
    await expect(tune(root, range(5), QUICK)).rejects.toMatchObject({
      code: 'ERR_LANEWISE_TUNE',
      message:
        'root over 5 rows is over before a worker would begin: a map runs it on the calling thread, whatever its chunksize; give more rows, or engines',
    })
    expectSound(await tune(root, range(5), { ...QUICK, engines: ['js'] }))
  })

  it('a closure, as map does', async () => {
    const factor = 3
    await expect(tune((n: number) => n * factor, [1, 2], QUICK)).rejects.toMatchObject({
      code: 'ERR_LANEWISE_FUNCTION',
    })
  })

  it.each([
    ['no rows', double, [[]], RangeError, 'tune needs rows to run, got none'],
    ['no inputs', double, [], RangeError, 'tune needs rows to run, got none'],
    ['no function', 7, [[1]], TypeError, 'tune takes a function or a kernel, got 7; give it one'],
    [
      'a kernel of another copy',
      Object.assign((n: number) => n, { explain: () => '', with: () => {} }),
      [[1]],
      TypeError,
      'is a kernel of another copy of lanewise; run the command of that copy, as npx lanewise in its folder does',
    ],
    ['no iterable', double, [5], TypeError, '5'],
    ['a transfer', double, [[transfer(new ArrayBuffer(8))]], TypeError, 'transfer() moves it once'],
    [
      'an engine of kernels',
      double,
      [[1], { engines: ['wasm'] }],
      RangeError,
      'double is a function, which runs on threads, processes, inline, got wasm',
    ],
    ['an engine that is none', double, [[1], { engines: ['thread'] }], RangeError, "did you mean 'threads'?"],
    ['no engines', double, [[1], { engines: [] }], RangeError, 'engines must have an element'],
    ['no worker', double, [[1], { workers: [0] }], RangeError, 'each of workers must be >= 1, got 0'],
    ['no list', double, [[1], { workers: 2 }], TypeError, 'workers must be an array, got 2; use [1, 2, 4]'],
    ['no budget', double, [[1], { budget: 0 }], RangeError, 'budget must be finite and > 0 milliseconds, got 0'],
    ['NaN', double, [[1], { budget: Number.NaN }], RangeError, 'got NaN'],
    ['an endless budget', double, [[1], { budget: Number.POSITIVE_INFINITY }], RangeError, 'got Infinity'],
    ['a misspelt option', double, [[1], { chunk: [1] }], TypeError, 'did you mean chunks?'],
    [
      'a wish',
      double,
      [[1], { objective: 'fast' }],
      RangeError,
      "objective must be 'makespan', 'first', 'p95stall', got 'fast'",
    ],
  ])('%s', async (_, fn, rest, error, message) => {
    const call = tune as (...args: unknown[]) => Promise<TuneResult>
    const refusal = await call(fn, ...rest).catch((reason: unknown) => reason)
    expect(refusal).toBeInstanceOf(error)
    expect((refusal as Error).message).toContain(message)
  })

  it.each(['LANEWISE_CHUNKSIZE', 'LANEWISE_ENGINE'])('%s, which overrides what it compares', async (name) => {
    vi.stubEnv(name, '5')
    await expect(tune(double, [1], QUICK as TuneOptions)).rejects.toThrow(
      new RangeError(`${name} overrides what tune compares, got '5'; unset it`),
    )
  })
})
