import { describe, expect, it } from 'vitest'
import { finalsOf, planRaces, type Race } from '../../bench/harness/race.mjs'
import { median, pairedRatios, seededRandom } from '../../src/tune/statistics.ts'

type Samples = Record<string, { ms: number[]; cpuMs: number[] }>

/** A race on paper: what each takes, and how runs scatter. */
interface Paper {
  readonly policyMs: number
  readonly rivalsMs: readonly number[]
  readonly scatter: number
  readonly laps?: number
}

const NAMES = { policy: 'auto', again: 'auto again' }

function raceOf({ rivalsMs, laps = 1 }: Paper, width = 0.01): Race {
  return {
    work: 'paper',
    ...NAMES,
    rivals: rivalsMs.map((_, i) => `size ${i}`),
    score: ({ policy, best }) => pairedRatios(policy, best),
    width,
    laps,
  }
}

/** Runs a plan, a run taking as long as the paper has it; the rounds, and what is known in the end. */
function runOnPaper(paper: Paper, race: Race, finals: number, budgetMs: number, seed = 1) {
  const random = seededRandom(seed)
  const times = new Map([
    [race.policy, paper.policyMs],
    [race.again, paper.policyMs],
    ...race.rivals.map((name, i) => [name, paper.rivalsMs[i] as number] as const),
  ])
  const samples: Samples = Object.fromEntries([...times.keys()].map((name) => [name, { ms: [], cpuMs: [] }]))
  const { next } = planRaces([race], finals, budgetMs)
  const rounds: (readonly (readonly string[])[])[] = []
  let spentMs = 0
  for (let round = next(samples, 0); round !== undefined; round = next(samples, spentMs)) {
    rounds.push(round.groups)
    for (const group of round.groups) {
      for (const name of group) {
        const ms = (times.get(name) as number) * (1 + paper.scatter * (random() + random() - 1))
        samples[name]?.ms.push(ms)
        spentMs += ms
      }
    }
  }
  return { rounds, spentMs, samples, finals: finalsOf(samples, race) }
}

const EVEN: Paper = { policyMs: 100, rivalsMs: [180, 130, 104, 100, 102, 125, 170, 260], scatter: 0.01 }

describe('races of a policy against its rivals', () => {
  it('has the quicker half in the second heat, and four in the finals, the best among them', () => {
    const { rounds } = runOnPaper(EVEN, raceOf(EVEN), 16, 1e9)
    expect(rounds[0]?.[0]).toHaveLength(2 + 8)
    expect(rounds[1]?.[0]).toHaveLength(2 + 4)
    expect(rounds[2]?.[0]).toHaveLength(2 + 4)
    expect(rounds[2]?.[0]).toEqual(expect.arrayContaining(['auto', 'auto again', 'size 2', 'size 3', 'size 4']))
  })

  it('ends when the interval is narrow, and goes on to the last round where runs scatter', () => {
    const quiet = runOnPaper(EVEN, raceOf(EVEN), 16, 1e9)
    const noisy = runOnPaper({ ...EVEN, scatter: 0.3 }, raceOf(EVEN), 16, 1e9)
    expect(quiet.finals?.policy).toHaveLength(6)
    expect(noisy.finals?.policy).toHaveLength(16)
  })

  it('begins no round when its time is over', () => {
    const whole = runOnPaper(EVEN, raceOf(EVEN, 0), 16, 1e9)
    const cut = runOnPaper(EVEN, raceOf(EVEN, 0), 16, whole.spentMs / 2)
    expect(cut.rounds.length).toBeLessThan(whole.rounds.length)
    expect(cut.spentMs).toBeGreaterThan(whole.spentMs / 2)
    expect(cut.spentMs - whole.spentMs / 2).toBeLessThan(1000) // the round that was on its way
    expect(cut.finals?.policy.length).toBe(cut.rounds.length - 2)
  })

  it('has several finals in a round for short runs, each paired within itself', () => {
    const { rounds, finals, samples } = runOnPaper(EVEN, raceOf({ ...EVEN, laps: 4 }, 0), 3, 1e9)
    expect(rounds.map((groups) => groups.length)).toEqual([1, 1, 4, 4, 4])
    expect(finals?.policy).toHaveLength(12)
    expect(samples['size 3']?.ms).toHaveLength(2 + 12)
  })

  it('finds how far the policy is from the best, and nothing where it is as good: no luck of many rivals', () => {
    const flat: Paper = { policyMs: 100, rivalsMs: Array<number>(12).fill(100), scatter: 0.1 }
    for (const policyMs of [100, 110]) {
      const regrets = Array.from({ length: 60 }, (_, seed) => {
        const { finals } = runOnPaper({ ...flat, policyMs }, raceOf(flat, 0), 8, 1e9, seed)
        return median(pairedRatios(finals?.policy ?? [], finals?.best ?? [])) - 1
      })
      const mean = regrets.reduce((sum, regret) => sum + regret, 0) / regrets.length
      expect(mean).toBeGreaterThan(policyMs / 100 - 1 - 0.01)
      expect(mean).toBeLessThan(policyMs / 100 - 1 + 0.01)
    }
  })

  it('knows nothing before two finals are over', () => {
    const race = raceOf(EVEN)
    const { samples } = runOnPaper(EVEN, race, 16, 1)
    expect(finalsOf(samples, race)).toBeUndefined()
  })
})
