import { describe, expect, it } from 'vitest'
import { type CompareOptions, compare } from '../../src/tune/compare.ts'
import type { BenchResults } from '../../src/tune/measurements.ts'
import { seededRandom } from '../../src/tune/statistics.ts'

/** A day of the bench: each configuration takes what it says, give or take a share of it. */
function bench(
  ms: Record<string, number>,
  { noise = 0.01, rounds = 15, seed = 1, machine = 'here' } = {},
): BenchResults {
  const random = seededRandom(seed)
  const samples = Object.fromEntries(
    Object.entries(ms).map(([name, each]) => [
      name,
      { ms: Array.from({ length: rounds }, () => each * (1 + noise * (2 * random() - 1))) },
    ]),
  )
  return { date: '2026-12-01', machine, cases: { sums: { samples } } }
}

const SAME = { a: 10, b: 20, c: 30 }

describe('a comparison', () => {
  it('of the same with itself finds nothing', () => {
    const result = bench(SAME)
    const found = compare(result, result)
    expect(found).toMatchObject({ schema: 1, kind: 'compare', change: 'same', threshold: 0.05, warnings: [] })
    expect(found.overall).toEqual({ median: 1, low: 1, high: 1 })
    expect(found.rows.map(({ name, change }) => [name, change])).toEqual([
      ['sums: a', 'same'],
      ['sums: b', 'same'],
      ['sums: c', 'same'],
    ])
  })

  it('finds what is slower, and by how much', () => {
    const found = compare(bench(SAME), bench({ ...SAME, b: 26 }, { seed: 2 }))
    expect(found.change).toBe('slower')
    expect(found.rows.map(({ change }) => change)).toEqual(['same', 'slower', 'same'])
    expect(found.rows[1]?.ratio.median).toBeCloseTo(1.3, 1)
    expect(found.sentence).toMatch(/^after is slower: .* over all, most of all sums: b: (29|30|31) %\.$/)
  })

  it('finds what is faster', () => {
    const found = compare(bench(SAME), bench({ ...SAME, b: 10 }, { seed: 2 }), { names: ['main', 'branch'] })
    expect(found.change).toBe('faster')
    expect(found.sentence).toMatch(/^branch is faster/)
  })

  it('is silent about a change below the threshold', () => {
    const slower = bench({ a: 10.8, b: 21.6, c: 32.4 }, { seed: 2 })
    expect(compare(bench(SAME), slower).change).toBe('slower')
    expect(compare(bench(SAME), slower, { threshold: 0.2 }).change).toBe('same')
  })

  it('claims nothing below the noise, in nine of ten repeats', () => {
    const changes = Array.from({ length: 20 }, (_, seed) =>
      compare(bench(SAME, { noise: 0.3, seed }), bench(SAME, { noise: 0.3, seed: seed + 100 })),
    )
    expect(changes.filter(({ change }) => change === 'same').length).toBeGreaterThanOrEqual(18)
  })

  it('pairs rounds: what disturbs both in the same round is no difference', () => {
    const waves = Array.from({ length: 15 }, (_, round) => 10 * (1 + round))
    const results = [1, 1.2].map((factor): BenchResults => {
      return { date: '', machine: '', cases: { x: { samples: { a: { ms: waves.map((each) => each * factor) } } } } }
    })
    const [row] = compare(results[0] as BenchResults, results[1] as BenchResults).rows
    expect(row?.ratio).toMatchObject({ low: expect.closeTo(1.2, 9), high: expect.closeTo(1.2, 9) })
  })

  it('says that few rounds tell nothing', () => {
    const found = compare(bench(SAME, { rounds: 4 }), bench({ ...SAME, a: 99 }, { rounds: 4 }))
    expect(found).toMatchObject({ change: 'unknown', overall: null })
    expect(found.sentence).toBe('Nothing can be told: 4 rounds are paired, and 5 are needed.')
  })

  it('warns of other machines, and of what one side lacks', () => {
    const found = compare(bench(SAME), bench({ a: 10, d: 1 }, { machine: 'there' }))
    expect(found.warnings).toEqual([
      'measured on different machines: here · there',
      '3 configurations are in one of the two alone',
    ])
  })

  it('reads a result of tune and its rounds alike', () => {
    const configuration = { engine: 'threads', workers: 2, chunksize: 'auto', items: 9, label: 'auto' } as const
    const figures = { firstMs: 1, p95stallMs: 1, heldBack: 0, chunks: 1, givenBack: 0, utilisation: 1 }
    const rounds = Array.from({ length: 6 }, (_, round) => ({ round, makespanMs: 5, ...figures }))
    const runs = rounds.map((run) => ({ ...run, configuration: 0 }))
    const lines = rounds.map((run) => {
      return { schema: 1, kind: 'round', subject: 'f', ...configuration, ...run } as const
    })
    const environment = {
      lanewise: '',
      node: '',
      platform: '',
      cpu: '',
      cores: 2,
      workers: 2,
      loadBefore: 0,
      loadAfter: 0,
    }
    const verdict = {
      sentence: '',
      advice: 'auto',
      option: null,
      best: 0,
      auto: 0,
      regret: null,
      noiseFloor: 0,
      boundBy: null,
    } as const
    const subject = { name: 'f', kind: 'function', input: '', items: 9 } as const
    const head = { schema: 1, kind: 'tune', at: '', argv: [], objective: 'makespan' } as const
    const result = {
      ...head,
      environment,
      subject,
      plainMs: [],
      configurations: [configuration],
      runs,
      traces: [],
      verdict,
    }
    const found = compare(result, lines)
    expect(found).toMatchObject({ change: 'same', warnings: [] })
    expect(found.rows[0]?.name).toBe('f: threads × 2, auto, 9 rows')
  })

  it('reads an experiment of the bench, its samples too, and knows a second auto from the first', () => {
    const line = {
      schema: 1,
      kind: 'round',
      experiment: 'E2',
      subject: 'collatz',
      engine: 'wasm',
      workers: 2,
      items: 9,
    }
    const rounds = Array.from({ length: 6 }, (_, round) => [
      { ...line, chunksize: 'auto', label: 'auto', round, makespanMs: 5 },
      { ...line, chunksize: 'auto', label: 'auto again', round, makespanMs: 6 },
      { ...line, chunksize: 3, label: 'N/P', round, makespanMs: 7 },
    ]).flat()
    const samples = {
      schema: 1,
      kind: 'samples',
      experiment: 'E1',
      subject: 'ping',
      unit: 'ms',
      values: [1, 1, 1, 1, 1],
    }
    const experiment = { schema: 1, kind: 'experiment', rounds: [...rounds, samples] } as const
    const { rows } = compare(experiment, experiment)
    expect(rows.map(({ name, beforeMs }) => [name, beforeMs])).toEqual([
      ['E2 collatz: wasm × 2, auto, 9 rows', 5],
      ['E2 collatz: wasm × 2, auto again, 9 rows', 6],
      ['E2 collatz: wasm × 2, 3, 9 rows', 7],
      ['E1 ping', 1],
    ])
  })

  it.each([
    ['nothing in common', bench({ a: 1 }), bench({ b: 1 }), 'before and after have no configuration in common'],
    [
      'no result',
      JSON.parse('{"kind":"pie"}'),
      bench(SAME),
      "before is no result that can be compared: its kind is 'pie'",
    ],
    ['null', JSON.parse('null'), bench(SAME), 'got null'],
    ['another schema', JSON.parse('{"kind":"tune","schema":9}'), bench(SAME), 'its schema is 9, and 1 can be read'],
    ['a torn one', JSON.parse('{"kind":"tune","schema":1}'), bench(SAME), 'it has no runs'],
    ['a foreign line', JSON.parse('[{"kind":"note"}]'), bench(SAME), 'a line of it is'],
    [
      'a time of 0',
      JSON.parse('{"cases":{"x":{"samples":{"a":{"ms":[0]}}}}}'),
      bench(SAME),
      'round 0 of x: a took 0 ms',
    ],
    ['no samples', JSON.parse('{"cases":{"x":{}}}'), bench(SAME), 'its case x has no samples'],
  ])('refuses %s', (_, before, after, message) => {
    expect(() => compare(before, after)).toThrow(message)
    expect(() => compare(before, after)).toThrow(expect.objectContaining({ code: 'ERR_LANEWISE_COMPARE' }))
  })

  it.each([
    [{ threshold: -1 }, RangeError, 'threshold must be a share of at least 0, got -1; use 0.05 for 5 %'],
    [{ threshold: Number.NaN }, RangeError, 'got NaN'],
    [{ threshold: '5%' }, TypeError, "got '5%'"],
    [{ names: ['one'] }, TypeError, 'names must be two strings'],
    [{ treshold: 1 }, TypeError, 'did you mean threshold?'],
  ])('refuses %j', (options, error, message) => {
    expect(() => compare(bench(SAME), bench(SAME), options as CompareOptions)).toThrow(error)
    expect(() => compare(bench(SAME), bench(SAME), options as CompareOptions)).toThrow(message)
  })
})
