import { describe, expect, it } from 'vitest'
import { ratioTo, regretOver, regretsOver, type Times } from '../../../src/tune/experiments/regret.ts'
import { median, seededRandom } from '../../../src/tune/statistics.ts'

const byRound = (...values: number[]): Times => new Map(values.map((value, round) => [round, value]))

describe('regret', () => {
  it('is over the best of the others, a number a round', () => {
    expect(regretsOver(byRound(11, 11, 11, 11), [byRound(10, 10, 10, 10), byRound(20, 20, 20, 20)])).toEqual(
      [0, 1, 2, 3].map(() => expect.closeTo(0.1, 12)),
    )
  })

  it('is scored in rounds that the best was not chosen by', () => {
    // One is lucky in the even rounds, the other one in the odd ones: neither is chosen for the rounds of its luck.
    const lucky = [byRound(1, 10, 1, 10), byRound(10, 1, 10, 1)]
    expect(regretsOver(byRound(10, 10, 10, 10), lucky)).toEqual([0, 0, 0, 0])
  })

  it('of many that are all alike is about 0: the luckiest does not win', () => {
    const random = seededRandom(5)
    const noisy = (): Times => byRound(...Array.from({ length: 40 }, () => 100 + 20 * random()))
    const regrets = Array.from({ length: 40 }, () => median(regretsOver(noisy(), Array.from({ length: 30 }, noisy))))
    expect(Math.abs(median(regrets))).toBeLessThan(0.02)
  })

  it('leaves out rounds in which one of both was not run, and is nothing where none is left', () => {
    const others = [
      new Map([
        [1, 10],
        [2, 10],
      ]),
    ]
    expect(regretsOver(byRound(20, 20, 20, 20), others)).toEqual([1, 1])
    expect(regretOver(byRound(20), [])).toBeUndefined()
    expect(regretOver(new Map(), others)).toBeUndefined()
    expect(ratioTo(byRound(1), new Map([[3, 1]]))).toBeUndefined()
  })

  it('has ratios of the rounds of both', () => {
    const ratio = ratioTo(byRound(20, 30, 40), byRound(10, 15, 20))
    expect(ratio).toEqual({ median: 2, low: 2, high: 2 })
  })
})
