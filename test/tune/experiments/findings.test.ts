import { describe, expect, it } from 'vitest'
import { bench } from '../../../src/cli/bench.ts'
import { itemCounts } from '../../../src/tune/experiments/heat-map.ts'
import { fitScalability, workerCounts } from '../../../src/tune/experiments/scaling.ts'
import { BRIEF, EXPERIMENTS } from '../../../src/tune/experiments/table.ts'
import { breakEvenMs, type TinyJob } from '../../../src/tune/experiments/tiny-jobs.ts'
import { workloadOf } from '../../../src/tune/workloads.ts'

describe('the experiments', () => {
  it('are E1 to E10, each with a claim, a grid and workloads that are there; help names them all', () => {
    expect(EXPERIMENTS.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, i) => `E${i + 1}`))
    for (const { name, title, claim, grid, workloads } of EXPERIMENTS) {
      expect(bench.help).toMatch(new RegExp(`\\b${name} +${title.split(' ')[0]?.toLowerCase()}`))
      expect([claim.length > 20, grid.length > 20]).toEqual([true, true])
      for (const workload of workloads) expect(workloadOf(workload).name).toBe(workload)
    }
    for (const name of BRIEF) expect(EXPERIMENTS.map((each) => each.name)).toContain(name)
    const seconds = EXPERIMENTS.filter(({ name }) => BRIEF.includes(name)).reduce((sum, each) => sum + each.seconds, 0)
    expect(seconds).toBeLessThanOrEqual(300)
  })
})

describe('the law of scalability', () => {
  const law = (serial: number, crosstalk: number) =>
    [1, 2, 4, 8].map((workers) => {
      const median = 1 / (1 + serial * (workers - 1) + crosstalk * workers * (workers - 1))
      return { workers, efficiency: { median, low: median, high: median } }
    })

  it.each([
    [0.05, 0.01],
    [0.3, 0],
    [0, 0.02],
    [0, 0],
  ])('is found in points that follow it: serial %f, crosstalk %f', (serial, crosstalk) => {
    const fitted = fitScalability(law(serial, crosstalk))
    expect(fitted?.serial).toBeCloseTo(serial, 9)
    expect(fitted?.crosstalk).toBeCloseTo(crosstalk, 9)
  })

  it('has no share below 0, and is not known by two points', () => {
    const quicker = law(-0.05, 0)
    expect(fitScalability(quicker)).toEqual({ serial: 0, crosstalk: 0 })
    expect(fitScalability(law(0.1, 0).slice(0, 2))).toBeUndefined()
  })
})

it('counts workers in powers of two up to as many as there are, and to twice that', () => {
  expect(workerCounts(1)).toEqual([1, 2])
  expect(workerCounts(2)).toEqual([1, 2, 4])
  expect(workerCounts(6)).toEqual([1, 2, 4, 6, 12])
})

it('counts items in steps of 8 up to what the job takes', () => {
  expect(itemCounts(1000)).toEqual([8, 64, 512, 1000])
  expect(itemCounts(512)).toEqual([8, 64, 512])
  expect(itemCounts(1)).toEqual([1])
})

describe('the break-even of tiny jobs', () => {
  const job = (plainMs: number, overPlainMs: number): TinyJob => {
    const interval = (median: number) => ({ median, low: median, high: median })
    const autoMs = plainMs + overPlainMs
    return {
      items: 1,
      plainMs,
      autoMs,
      idealMs: plainMs / 2,
      lossMs: interval(autoMs - plainMs / 2),
      overPlainMs: interval(overPlainMs),
    }
  }

  it('lies where auto stops taking longer, between two jobs by a straight line', () => {
    expect(breakEvenMs([job(1, 1), job(3, -1)])).toBe(2)
    expect(breakEvenMs([job(3, -1), job(1, 3)])).toBe(2.5)
  })

  it('is nowhere if one of both is quicker throughout, or nothing was measured', () => {
    expect(breakEvenMs([job(1, 1), job(3, 1)])).toBeUndefined()
    expect(breakEvenMs([job(1, -1), job(3, -2)])).toBeUndefined()
    expect(breakEvenMs([])).toBeUndefined()
  })
})
