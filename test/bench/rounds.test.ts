import { describe, expect, it } from 'vitest'
import starts from '../../bench/cases/cold-start.mjs'
import { runRounds } from '../../bench/harness/rounds.mjs'

const RUNNING = { rounds: 2, seed: 1, timer: 'rounds' }
const NAMES = ['bare worker', 'bare fork']

/** Two configurations of the case, in groups of their own. */
function planned(rounds: number) {
  let round = 0
  return {
    ...starts,
    plan: () => ({
      warmUp: [],
      next: () => (round++ < rounds ? { groups: NAMES.map((name) => [name]), says: `round ${round}` } : undefined),
    }),
  }
}

describe('the rounds of a case', () => {
  it('are those that it plans', async () => {
    const said = new Set<string>()
    const samples = await runRounds('cold-start', planned(2), { ...RUNNING, onProgress: (text) => said.add(text) })
    expect(NAMES.map((name) => samples[name]?.ms.length)).toEqual([2, 2])
    expect(samples['import lanewise']?.ms).toEqual([])
    expect([...said]).toEqual([
      'cold-start: opens starts',
      'cold-start: round 1, 0 of 2 done',
      'cold-start: round 1, 1 of 2 done',
      'cold-start: round 2, 0 of 2 done',
      'cold-start: round 2, 1 of 2 done',
    ])
  })

  it.each([
    ['opens starts', []],
    ['round 1, 0 of 2', [0, 0]],
    ['round 1, 1 of 2', [0, 1]],
  ])('that are whole are told of when it is stopped at %s', async (at, lengths) => {
    const stop = new AbortController()
    const onProgress = (text: string): void => {
      if (text.includes(at)) setImmediate(() => stop.abort()) // with a question under way
    }
    const samples = await runRounds('cold-start', planned(9), { ...RUNNING, onProgress, signal: stop.signal })
    const told = NAMES.flatMap((name) => samples[name]?.ms.length ?? []).sort((a, b) => a - b)
    expect(told).toEqual(lengths)
  })

  it('begin no group when their time is over', async () => {
    let round = 0
    const plan = () => ({
      warmUp: [],
      next: () => (round++ === 0 ? { groups: NAMES.map((name) => [name]), says: 'late', untilMs: 0 } : undefined),
    })
    const samples = await runRounds('cold-start', { ...starts, plan }, RUNNING)
    expect(NAMES.map((name) => samples[name]?.ms.length)).toEqual([0, 0])
  })

  it('fail where a configuration is planned that is not there', async () => {
    const plan = () => ({ warmUp: ['bare spoon'], next: () => undefined })
    await expect(runRounds('cold-start', { ...starts, plan }, RUNNING)).rejects.toThrow(
      'cold-start plans bare spoon, which it does not have',
    )
  })
})
