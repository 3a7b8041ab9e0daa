import { median, shuffled } from './statistics.ts'

/** What a search may measure. */
export interface Contender {
  /** Those of a group are halved among themselves: the chunk sizes of one pool. */
  readonly group: number
  /** Goes on as long as its group does: auto. */
  readonly stays: boolean
  /** Where there is no time for all, those of a low rank come first. */
  readonly rank: number
  /** What one run may take, in milliseconds: a guess. */
  readonly guessMs: number
  /** The plain loop: it falls behind others, and others do not fall behind it, since whoever tunes wants to see them. */
  readonly isPlain?: boolean
}

/** What a search asks of the world; a test gives it another one. */
export interface SearchHost {
  /** Runs a contender once: what is to be small; undefined where it was stopped, after `limitMs`. */
  measure(contender: number, round: number, limitMs: number): Promise<number | undefined>
  /** Milliseconds, of one clock. */
  now(): number
  /** Uniform on [0, 1). */
  random(): number
  /** The search is to end here, with what it has. */
  isOver(): boolean
  /** A run is over; there will be about so many `more`, and they take so long at most. */
  ran(more: number, leftMs: number): void
}

/** One part of a search: until there were so many rounds, or so large a part of the budget is used, with a share of each group. */
interface Stage {
  readonly rounds: number
  readonly share: number
  readonly budget: number
}

// Successive halving. Fewer rounds at first: a good one is lost by chance. More: less time for the last ones, which are what is told.
const STAGES: readonly Stage[] = [
  { rounds: 3, share: 1, budget: 0.45 },
  { rounds: 6, share: 1 / 2, budget: 0.65 },
  { rounds: 15, share: 1 / 4, budget: 0.9 },
  { rounds: 31, share: 0, budget: 1 },
]

/** So many of a group go on whatever the share. With one alone, a valley has no floor to choose the middle of. */
const FEWEST = 2
/** A run is stopped that lasts so many times as long as the quickest: the rest of it would tell nothing. */
const HOPELESS = 20
/** But never sooner: below it the clock and the machine decide. */
const SOONEST_MS = 100
/** A group whose best is so many times slower than the best of all goes no further. */
const FAR_BEHIND = 1.5
/** A contender may be so many times dearer than guessed. */
const CAUTION = 1.5

/**
 * Measures contenders by successive halving, all that compete once a round, in random order: what drifts or disturbs the machine for a while hits them alike.
 *
 * Only even rounds say who goes on; odd ones are for whoever scores the best, which would else be flattered by its own luck.
 * One round is run whatever the budget. Gives those that were left at the end.
 */
export function search(
  contenders: readonly Contender[],
  budgetMs: number,
  host: SearchHost,
): Promise<readonly number[]> {
  return new Search(contenders, budgetMs, host).run()
}

class Search {
  readonly #contenders: readonly Contender[]
  readonly #host: SearchHost
  readonly #budgetMs: number
  readonly #began: number
  readonly #values: number[][] // of even rounds, by contender
  readonly #costs: number[][] // of all rounds, what it took to measure them
  readonly #hopeless = new Set<number>()
  #competing: number[]
  #quickestMs: number
  #round = 0

  constructor(contenders: readonly Contender[], budgetMs: number, host: SearchHost) {
    this.#contenders = contenders
    this.#host = host
    this.#budgetMs = budgetMs
    this.#began = host.now()
    this.#values = contenders.map(() => [])
    this.#costs = contenders.map(() => [])
    this.#competing = contenders.map((_, i) => i)
    this.#quickestMs = Math.min(...contenders.map(({ guessMs }) => guessMs))
  }

  async run(): Promise<readonly number[]> {
    for (const stage of STAGES) {
      this.#competing = this.#thatGoOn(stage)
      while (this.#round < stage.rounds && this.#hasTime(stage)) {
        if (!(await this.#runRound(stage))) return this.#competing
        this.#round++
      }
    }
    return this.#competing
  }

  /** False: the search is over. */
  async #runRound({ rounds }: Stage): Promise<boolean> {
    const order = shuffled(this.#competing, () => this.#host.random())
    for (const [place, i] of order.entries()) {
      const start = this.#host.now()
      const value = await this.#host.measure(i, this.#round, this.#limitMs())
      if (this.#host.isOver()) return false
      this.#note(i, value, this.#host.now() - start)
      const more = order.length - place - 1 + (rounds - this.#round - 1) * order.length
      this.#host.ran(more, Math.max(0, this.#budgetMs - this.#spentMs()))
    }
    this.#competing = this.#competing.filter((i) => !this.#hopeless.has(i))
    return true
  }

  #note(i: number, value: number | undefined, costMs: number): void {
    this.#costs[i]?.push(costMs)
    if (value === undefined) {
      this.#hopeless.add(i)
      return
    }
    this.#quickestMs = Math.min(this.#quickestMs, costMs)
    if (this.#round % 2 === 0) this.#values[i]?.push(value)
  }

  /** Those that compete in a stage: the best of each group, as many as there is time for. */
  #thatGoOn({ share, rounds, budget }: Stage): number[] {
    const isFirst = this.#round === 0
    const groups = isFirst ? this.#groups() : this.#groupsThatGoOn()
    const stays = groups.flat().filter((i) => this.#at(i).stays)
    const sorted = groups.map((group) =>
      group.filter((i) => !this.#at(i).stays).sort((a, b) => this.#order(a) - this.#order(b)),
    )
    const perRoundMs = (budget * this.#budgetMs - this.#spentMs()) / Math.max(1, rounds - this.#round)
    let costMs = stays.reduce((sum, i) => sum + this.#costMs(i), 0)
    const chosen = [...stays]
    // By turns, so that a lack of time is shared.
    for (let place = 0; place < Math.max(...sorted.map(({ length }) => length), 0); place++) {
      for (const group of sorted) {
        const i = group[place]
        if (i === undefined || place >= Math.max(FEWEST, Math.ceil(this.#sizeOfGroup(i) * share))) continue
        if (place >= FEWEST && costMs + this.#costMs(i) > perRoundMs) continue
        costMs += this.#costMs(i)
        chosen.push(i)
      }
    }
    return chosen
  }

  #groups(): number[][] {
    const groups = new Map<number, number[]>()
    for (const i of this.#competing) groups.set(this.#at(i).group, [...(groups.get(this.#at(i).group) ?? []), i])
    return [...groups.values()]
  }

  #groupsThatGoOn(): number[][] {
    const groups = this.#groups()
    const bests = groups.map((group) => Math.min(...group.map((i) => this.#valueOf(i))))
    const pools = bests.filter((_, g) => !groups[g]?.some((i) => this.#at(i).isPlain))
    return groups.filter((_, g) => (bests[g] as number) <= FAR_BEHIND * Math.min(...pools))
  }

  #hasTime({ budget }: Stage): boolean {
    if (this.#host.isOver() || this.#competing.length === 0) return false
    const roundMs = this.#competing.reduce((sum, i) => sum + this.#costMs(i), 0)
    return this.#round === 0 || this.#spentMs() + roundMs <= budget * this.#budgetMs
  }

  #spentMs(): number {
    return this.#host.now() - this.#began
  }

  #costMs(i: number): number {
    const costs = this.#costs[i] as number[]
    return costs.length > 0 ? median(costs) : Math.min(CAUTION * this.#at(i).guessMs, this.#limitMs())
  }

  #limitMs(): number {
    return Math.max(SOONEST_MS, HOPELESS * this.#quickestMs)
  }

  #valueOf(i: number): number {
    const values = this.#values[i] as number[]
    return values.length > 0 ? median(values) : Number.POSITIVE_INFINITY
  }

  /** As they are given at first, then by what was measured. */
  #order(i: number): number {
    return this.#round === 0 ? this.#at(i).rank : this.#valueOf(i)
  }

  #sizeOfGroup(i: number): number {
    return this.#contenders.filter(({ group, stays }) => group === this.#at(i).group && !stays).length
  }

  #at(i: number): Contender {
    return this.#contenders[i] as Contender
  }
}
