import { describe, expect, it } from 'vitest'
import { type Contender, type SearchHost, search } from '../../src/tune/search.ts'
import { seededRandom } from '../../src/tune/statistics.ts'

/** A machine on paper: a run takes what `costMs` says of it, and the clock goes on by that. */
class PaperMachine implements SearchHost {
  readonly random = seededRandom(5)
  readonly runs: { contender: number; round: number; ms: number; stopped: boolean }[] = []
  readonly told: number[] = []
  readonly #costMs: (contender: number, round: number) => number
  readonly #endsAfter: number
  #nowMs = 1000

  constructor(costMs: (contender: number, round: number) => number, endsAfter = Number.POSITIVE_INFINITY) {
    this.#costMs = costMs
    this.#endsAfter = endsAfter
  }

  async measure(contender: number, round: number, limitMs: number): Promise<number | undefined> {
    const costMs = this.#costMs(contender, round)
    const stopped = costMs > limitMs
    const ms = Math.min(costMs, limitMs)
    this.#nowMs += ms
    this.runs.push({ contender, round, ms, stopped })
    return stopped ? undefined : costMs
  }

  now(): number {
    return this.#nowMs
  }

  isOver(): boolean {
    return this.runs.length >= this.#endsAfter
  }

  ran(more: number): void {
    this.told.push(more)
  }

  roundsOf(contender: number): number {
    return this.runs.filter((run) => run.contender === contender).length
  }

  get spentMs(): number {
    return this.runs.reduce((sum, { ms }) => sum + ms, 0)
  }
}

/** One pool: auto first, then `sizes` chunk sizes. */
function pool(sizes: number, guessMs = 10): Contender[] {
  const own = Array.from({ length: sizes }, (_, i) => ({ group: 0, stays: false, rank: i + 1, guessMs }))
  return [{ group: 0, stays: true, rank: 0, guessMs }, ...own]
}

function byRound<T extends { readonly round: number }>(runs: readonly T[]): Map<number, T[]> {
  const rounds = new Map<number, T[]>()
  for (const run of runs) rounds.set(run.round, [...(rounds.get(run.round) ?? []), run])
  return rounds
}

describe('a search', () => {
  it('has all in the first three rounds, the better half in six, the best quarter in fifteen, the best two to the end', async () => {
    const machine = new PaperMachine((i) => 10 + i)
    expect(new Set(await search(pool(16), 1e6, machine))).toEqual(new Set([0, 1, 2]))
    expect(machine.roundsOf(0)).toBe(31)
    expect([1, 2].map((i) => machine.roundsOf(i))).toEqual([31, 31])
    expect([3, 4].map((i) => machine.roundsOf(i))).toEqual([15, 15])
    expect([5, 6, 7, 8].map((i) => machine.roundsOf(i))).toEqual([6, 6, 6, 6])
    expect(Array.from({ length: 8 }, (_, i) => machine.roundsOf(i + 9))).toEqual(Array(8).fill(3))
  })

  it('runs each that competes once a round, in an order of its own', async () => {
    const machine = new PaperMachine(() => 10)
    await search(pool(5), 1e6, machine)
    const rounds = byRound(machine.runs)
    const orders = [...rounds.values()].map((runs) => runs.map(({ contender }) => contender))
    for (const order of orders) expect(new Set(order).size).toBe(order.length)
    expect(new Set(orders.slice(0, 3).map((order) => order.join())).size).toBeGreaterThan(1)
    expect(orders[0]?.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('lets even rounds alone say who goes on', async () => {
    // 1 is the best in odd rounds and the worst in even ones.
    const machine = new PaperMachine((i, round) => (i === 1 ? (round % 2 === 0 ? 18 : 2) : 10 + i / 10))
    await search(pool(8), 1e6, machine)
    expect(machine.roundsOf(1)).toBe(3)
  })

  it('finds the best of noisy ones', async () => {
    const random = seededRandom(11)
    const machine = new PaperMachine((i) => (i === 9 ? 10 : 13) * (1 + 0.1 * random()))
    expect(await search(pool(20), 1e6, machine)).toContain(9)
  })

  it('keeps auto however slow', async () => {
    const machine = new PaperMachine((i) => (i === 0 ? 50 : 10 + i))
    expect(await search(pool(8), 1e6, machine)).toContain(0)
    expect(machine.roundsOf(0)).toBe(31)
  })

  it('stays within its budget, and tries those of a low rank first', async () => {
    const machine = new PaperMachine(() => 100)
    const budgetMs = 8000
    await search(pool(40, 100), budgetMs, machine)
    expect(machine.spentMs).toBeLessThanOrEqual(budgetMs)
    const tried = new Set(machine.runs.map(({ contender }) => contender))
    expect([...tried].toSorted((a, b) => a - b)).toEqual(Array.from({ length: tried.size }, (_, i) => i))
    expect(tried.size).toBeGreaterThan(5)
  })

  it('tries more where guesses were too high, with auto in each round', async () => {
    const machine = new PaperMachine(() => 10)
    await search(pool(30, 1000), 12_000, machine)
    expect(new Set(machine.runs.map(({ contender }) => contender)).size).toBe(31)
    for (const runs of byRound(machine.runs).values()) expect(runs.map(({ contender }) => contender)).toContain(0)
  })

  it('never stops auto, and does not measure others by the plain loop', async () => {
    const plain = { group: 1, stays: false, rank: 0, guessMs: 0.1, isPlain: true }
    const machine = new PaperMachine((i) => (i === 0 ? 1e4 : i === 4 ? 0.1 : 150))
    await search([...pool(3, 150), plain], 1e6, machine)
    expect(machine.runs.filter(({ stopped }) => stopped)).toEqual([])
    expect(machine.roundsOf(0)).toBe(31)
  })

  it('runs one round whatever the budget, with auto and two sizes', async () => {
    const machine = new PaperMachine(() => 1000)
    await search(pool(40, 1000), 1, machine)
    expect(
      machine.runs.map(({ contender, round }) => [contender, round]).toSorted(([a = 0], [b = 0]) => a - b),
    ).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ])
  })

  it('leaves the plain loop out of that round, where there is no time for it', async () => {
    const plain = { group: 1, stays: false, rank: 0, guessMs: 2000, isPlain: true }
    const machine = new PaperMachine(() => 1000)
    await search([...pool(40, 1000), plain], 1, machine)
    expect(new Set(machine.runs.map(({ contender }) => contender))).toEqual(new Set([0, 1, 2]))
  })

  it('stops what is twenty times as slow as the quickest, and does not run it again', async () => {
    const machine = new PaperMachine((i) => (i === 3 ? 1e9 : 10))
    await search(pool(8), 1e6, machine)
    const slow = machine.runs.filter(({ contender }) => contender === 3)
    expect(slow).toEqual([{ contender: 3, round: 0, ms: 200, stopped: true }])
  })

  it('drops a pool that is far behind, and the plain loop, which drops none', async () => {
    const pools = [...pool(2), ...pool(2).map((each) => ({ ...each, group: 1 }))]
    const plain = { group: 2, stays: false, rank: 0, guessMs: 1, isPlain: true }
    const behind = new PaperMachine((i) => (i < 3 ? 10 : i < 6 ? 30 : 40))
    await search([...pools, plain], 1e6, behind)
    expect([0, 3, 6].map((i) => behind.roundsOf(i))).toEqual([31, 3, 3])
    const quick = new PaperMachine((i) => (i < 3 ? 10 : i < 6 ? 12 : 1))
    await search([...pools, plain], 1e6, quick)
    expect([0, 3, 6].map((i) => quick.roundsOf(i))).toEqual([31, 31, 31])
  })

  it('ends where it is told to', async () => {
    const machine = new PaperMachine(() => 10, 7)
    await search(pool(4), 1e6, machine)
    expect(machine.runs.length).toBe(7)
  })

  it('tells how many runs are to come', async () => {
    const machine = new PaperMachine(() => 10)
    await search(pool(4), 1e6, machine)
    expect(machine.told[0]).toBe(14)
    expect(machine.told.at(-1)).toBe(0)
  })
})
