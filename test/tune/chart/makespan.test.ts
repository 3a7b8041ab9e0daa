import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../src/tune/chart/layout.ts'
import { makespanFigure, sweepOf } from '../../../src/tune/chart/makespan.ts'
import type { Configuration, Run, TuneResult } from '../../../src/tune/result.ts'
import { single } from '../fixture.ts'

/** A result with these times by chunksize, in ms, each run once a round; the verdict is for `best`. */
function resultOf(times: Record<string, number>, best: string): TuneResult {
  const names = Object.keys(times)
  const configurations = names.map(
    (name): Configuration => ({
      engine: 'threads',
      workers: 2,
      chunksize: name === 'auto' ? 'auto' : Number(name),
      items: 100,
      label: name,
    }),
  )
  const runs = [0, 1, 2].flatMap((round) =>
    names.map((name, configuration): Run => {
      const makespanMs = times[name]!
      return {
        ...single().runs[0]!,
        round,
        configuration,
        makespanMs,
        chunks: name === 'auto' ? 10 : 100 / Number(name),
      }
    }),
  )
  const auto = names.indexOf('auto')
  const verdict = { ...single().verdict, best: names.indexOf(best), auto: auto === -1 ? null : auto }
  return { ...single(), configurations, runs, verdict }
}

describe('the valley', () => {
  it('ends where the line between two measured sizes crosses 5 %', () => {
    const [low, high] = sweepOf(resultOf({ 1: 100, 10: 10, 100: 10.5 }, '10'))!.valley
    // Between 1 and 10 the logarithm falls by one a decade: 5 % lie log10(1.05) below 10.
    expect(low).toBeCloseTo(10 ** (1 - Math.log10(1.05)), 6)
    expect(high).toBe(100)
  })

  it('is the best size alone where all others are slower at once', () => {
    expect(sweepOf(resultOf({ 7: 1 }, '7'))!.valley).toEqual([7, 7])
  })

  it('stops at the first size outside, though one beyond it is quick again', () => {
    const [, high] = sweepOf(resultOf({ 1: 10, 2: 20, 4: 10 }, '1'))!.valley
    expect(high).toBeLessThan(2)
  })
})

describe('the finding', () => {
  const findingOf = (times: Record<string, number>, best: string): string =>
    (makespanFigure(resultOf(times, best)) as Figure).finding

  it('says what the best takes, how wide the valley is, and what auto takes', () => {
    expect(findingOf({ 1: 50, 10: 10, 20: 10.2, 50: 30, auto: 11 }, '10')).toBe(
      'The best fixed chunksize is 10, with 10 ms; from 10 to 20 it stays within 5 % of that. Auto takes 11 ms, 10 % more, in chunks of 10 on average.',
    )
  })

  it('says why the verdict is for another size than the one with the lowest median', () => {
    expect(findingOf({ 1: 50, 10: 10, 20: 9.9 }, '10')).toContain(
      '20 has a lower median, 9.9 ms: the verdict takes the middle of those',
    )
  })

  it('says that auto is quicker, or just as long', () => {
    expect(findingOf({ 1: 50, 10: 10, auto: 8 }, '10')).toContain('Auto takes 8 ms, 20 % less,')
    expect(findingOf({ 1: 50, 10: 10, auto: 10 }, '10')).toContain('Auto takes 10 ms, just as long,')
  })

  it('takes the best of what ran where the verdict names what did not', () => {
    const result = resultOf({ 1: 50, 10: 10 }, '10')
    const runs = result.runs.filter(({ configuration }) => configuration !== 1)
    expect(sweepOf({ ...result, runs })!.best.configuration.chunksize).toBe(1)
  })
})
