import { describe, expect, it } from 'vitest'
import { autoNs, average, bestNs, claimingNs, ENGINES, regret, scenarios } from './regret.ts'
import { compileTwin, SlotClaims } from './twin.ts'

// A twelfth of the random maps; all of them, and their best fixed chunksizes, are in regret.soak.ts.

describe.each(ENGINES)('AutoChunks over random maps on the %s engine', (engine) => {
  const some = scenarios(engine).filter((_, i) => i % 12 === 0)

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

describe('what workers run over random maps on the pull engine', () => {
  // It forgets by worker, takes up last what came back first, and its readings of the slot are not all of one moment.
  it('loses on average what AutoChunks loses, within a point', async () => {
    const module = await compileTwin()
    const some = scenarios('pull').filter((_, i) => i % 12 === 0)
    const ours = average(
      some.map((scenario) =>
        regret(
          claimingNs(scenario, (length, workers) => new SlotClaims(module, length, workers)),
          scenario.bestNs,
        ),
      ),
    )
    const model = average(some.map((scenario) => regret(autoNs(scenario), scenario.bestNs)))
    expect(Math.abs(ours - model)).toBeLessThan(0.01)
  }, 120_000)
})
