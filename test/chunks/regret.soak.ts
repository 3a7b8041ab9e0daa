import { describe, expect, it } from 'vitest'
import { autoNs, average, bestNs, claimingNs, ENGINES, regret, scenarios } from './regret.ts'
import { compileTwin, SlotClaims } from './twin.ts'

const percent = (share: number): number => Math.round(1e4 * share) / 100

describe.each(ENGINES)('AutoChunks over 600 random maps on the %s engine', (engine) => {
  const all = scenarios(engine)

  it('loses on average what the reference loses, within 2 points, against what this simulator finds to be best', () => {
    const found = all.map((scenario) => {
      const best = bestNs(scenario)
      return {
        ours: regret(autoNs(scenario), best),
        reference: regret(scenario.referenceNs, scenario.bestNs),
        best: best / scenario.bestNs,
      }
    })
    const [ours, reference] = [average(found.map(({ ours }) => ours)), average(found.map(({ reference }) => reference))]
    console.log(`${engine}: mean regret ${percent(ours)} %, of the reference ${percent(reference)} %`)
    expect(Math.abs(ours - reference)).toBeLessThan(0.02)
    // The logarithm of another library now and then rounds another way, and a pause falls into another chunk.
    expect(found.filter(({ best }) => Math.abs(best - 1) > 0.01)).toHaveLength(0)
  })
})

it('what workers run loses on average what AutoChunks loses, within a point', async () => {
  const module = await compileTwin()
  const found = scenarios('pull').map((scenario) => {
    const ours = claimingNs(scenario, (length, workers) => new SlotClaims(module, length, workers))
    return { ours: regret(ours, scenario.bestNs), model: regret(autoNs(scenario), scenario.bestNs) }
  })
  const [ours, model] = [average(found.map(({ ours }) => ours)), average(found.map(({ model }) => model))]
  console.log(`pull: mean regret ${percent(ours)} % of what workers run, ${percent(model)} % of AutoChunks`)
  expect(Math.abs(ours - model)).toBeLessThan(0.01)
})
