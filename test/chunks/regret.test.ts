import { describe, expect, it } from 'vitest'
import { autoNs, average, bestNs, ENGINES, regret, scenarios } from './regret.ts'

// A sixth of the random maps; all of them, and their best fixed chunksizes, are in regret.soak.ts.

describe.each(ENGINES)('AutoChunks over random maps on the %s engine', (engine) => {
  const some = scenarios(engine).filter((_, i) => i % 6 === 0)

  it('loses on average what the reference loses, within 2 points', () => {
    const ours = average(some.map((scenario) => regret(autoNs(scenario), scenario.bestNs)))
    const reference = average(some.map(({ referenceNs, bestNs }) => regret(referenceNs, bestNs)))
    expect(Math.abs(ours - reference)).toBeLessThan(0.02)
  })

  it('is held to a simulator that finds the same best fixed chunksizes', () => {
    const short = some.filter(({ length }) => length <= 1000).slice(0, 8)
    expect(short).toHaveLength(8)
    for (const scenario of short) expect(bestNs(scenario) / scenario.bestNs).toBeCloseTo(1, 2)
  })
})
