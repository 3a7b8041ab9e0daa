import { describe, expect, it } from 'vitest'
import { interleave, type RoundsHost } from '../../../src/tune/experiments/interleave.ts'
import { seededRandom } from '../../../src/tune/statistics.ts'

/** A machine on paper: each contender takes its time, or is stopped at the limit. */
function machine(times: readonly number[], endAt = Number.POSITIVE_INFINITY) {
  let now = 0
  const order: number[] = []
  const limits: number[] = []
  const host: RoundsHost<string> = {
    measure: (contender, limitMs) => {
      const ms = times[contender] as number
      order.push(contender)
      limits.push(limitMs)
      now += Math.min(ms, limitMs)
      return Promise.resolve(ms > limitMs ? undefined : { ms, told: `${contender} at ${now}` })
    },
    now: () => now,
    random: seededRandom(3),
    isOver: () => now >= endAt,
    ran: () => {},
  }
  return { host, order, limits }
}

describe('interleave', () => {
  it('runs all contenders once a round, in another order each, after warm-ups that are forgotten', async () => {
    const { host, order } = machine([10, 20, 30, 40, 50])
    const told = await interleave(5, { rounds: 6, budgetMs: 1e6 }, host)
    expect(told.map(({ size }) => size)).toEqual([6, 6, 6, 6, 6])
    expect([...(told[0]?.keys() ?? [])]).toEqual([0, 1, 2, 3, 4, 5])
    expect(order.length).toBe(5 * (3 + 6))
    const rounds = Array.from({ length: 9 }, (_, i) => order.slice(5 * i, 5 * i + 5))
    for (const round of rounds) expect([...round].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(5)
  })

  it('ends when the budget does not hold another round, but not before the second one', async () => {
    const { host } = machine([100, 100])
    const [first] = await interleave(2, { rounds: 50, budgetMs: 2000 }, host)
    expect(first?.size).toBeGreaterThan(4)
    expect(first?.size).toBeLessThanOrEqual(8)
    const [short] = await interleave(2, { rounds: 50, budgetMs: 1 }, machine([100, 100]).host)
    expect(short?.size).toBe(2)
  })

  it('runs what is hopeless no more', async () => {
    const { host, order, limits } = machine([100, 100_000])
    const [quick, slow] = await interleave(2, { rounds: 5, budgetMs: 1e6 }, host)
    expect(quick?.size).toBe(5)
    expect(slow?.size).toBe(0)
    expect(order.filter((contender) => contender === 1).length).toBeLessThanOrEqual(2)
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(1000)
  })

  it('ends with what there is when it is over', async () => {
    const { host } = machine([10, 10], 105)
    const told = await interleave(2, { rounds: 50, budgetMs: 1e6 }, host)
    expect(told.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(0)
    expect(told.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(10)
  })

  it('has nothing to run of no contenders', async () => {
    const { host, order } = machine([])
    expect(await interleave(0, { rounds: 3, budgetMs: 10 }, host)).toEqual([])
    expect(order).toEqual([])
  })
})
