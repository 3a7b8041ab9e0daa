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
  /** A run is over; there will be so many `more` of the part of the search that it was of. */
  ran(more: number): void
}

/** One part of a search: so many rounds with a share of each group, or until so large a part of the budget is used. */
interface Stage {
  readonly rounds: number
  readonly share: number
  readonly budget: number
}

// Successive halving. Fewer rounds at first: a good one is lost by chance. More: less time for the last ones, which are what is told.
const SWEEP: Stage = { rounds: 3, share: 1, budget: 0.4 }
const STAGES: readonly Stage[] = [
  { rounds: 3, share: 1 / 2, budget: 0.55 },
  { rounds: 9, share: 1 / 4, budget: 0.8 },
  { rounds: 16, share: 0, budget: 1 },
]

/** So many of a group go on whatever the share. With one alone, a valley has no floor to choose the middle of. */
const FEWEST = 2
/** A run is stopped that lasts so many times as long as the quickest: the rest of it would tell nothing. */
const HOPELESS = 20
/** But never sooner: below it the clock and the machine decide. */
const SOONEST_MS = 100
/** A group whose best is so many times slower than the best of all goes no further. */
const FAR_BEHIND = 1.5
/** A contender may be so many times dearer than guessed, as long as nothing was measured. */
const CAUTION = 1.5

/**
 * Measures contenders by successive halving, all that compete once a round, in random order: what drifts or disturbs the machine for a while hits them alike.
 *
 * At first each has three rounds, some at a time where there is no time for all, those of a low rank first, and with those that stay in each of these rounds. Only even rounds say who goes on; odd ones are for whoever scores the best, which would else be flattered by its own luck.
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
    this.#quickestMs = Math.min(...contenders.flatMap(({ guessMs, isPlain }) => (isPlain ? [] : [guessMs])))
  }

  async run(): Promise<readonly number[]> {
    if (!(await this.#sweep())) return this.#competing
    for (const stage of STAGES) {
      this.#competing = this.#thatGoOn(stage)
      if (!(await this.#runRounds(stage))) return this.#competing
    }
    return this.#competing
  }

  /** False: the search is over. */
  async #sweep(): Promise<boolean> {
    const all = this.#contenders.map((_, i) => i)
    const stays = all.filter((i) => this.#at(i).stays)
    let waiting = all.filter((i) => !this.#at(i).stays).sort((a, b) => this.#at(a).rank - this.#at(b).rank)
    const tried = new Set(stays)
    while (waiting.length > 0 || this.#round === 0) {
      const wave = this.#thatFit(waiting, stays)
      if (wave.length === 0 && this.#round > 0) break
      for (const i of wave) tried.add(i)
      waiting = waiting.filter((i) => !tried.has(i))
      this.#competing = [...stays, ...wave]
      const goesOn = await this.#runRounds(SWEEP)
      this.#competing = [...tried].filter((i) => !this.#hopeless.has(i))
      if (!goesOn) return false
    }
    return true
  }

  /** Those of `waiting`, in their order, that there is time for beside those that `stay`; some in any case, before anything ran. */
  #thatFit(waiting: readonly number[], stay: readonly number[]): number[] {
    const perRoundMs = (SWEEP.budget * this.#budgetMs - this.#spentMs()) / SWEEP.rounds
    const pools = waiting.filter((i) => !this.#at(i).isPlain)
    const forced = new Set(this.#round === 0 ? pools.slice(0, FEWEST * this.#groups(pools).length) : [])
    let costMs = [...stay, ...forced].reduce((sum, i) => sum + this.#costMs(i), 0)
    return waiting.filter((i) => {
      if (forced.has(i)) return true
      if (costMs + this.#costMs(i) > perRoundMs) return false
      costMs += this.#costMs(i)
      return true
    })
  }

  /** As many rounds as a stage has, or there is time for. False: the search is over. */
  async #runRounds(stage: Stage): Promise<boolean> {
    for (let left = stage.rounds; left > 0 && this.#hasTime(stage); left--) {
      if (!(await this.#runRound(left - 1))) return false
      this.#round++
    }
    return !this.#host.isOver()
  }

  async #runRound(roundsToCome: number): Promise<boolean> {
    const order = shuffled(this.#competing, () => this.#host.random())
    for (const [place, i] of order.entries()) {
      const start = this.#host.now()
      const limitMs = this.#at(i).stays || this.#at(i).isPlain ? Number.POSITIVE_INFINITY : this.#limitMs()
      const value = await this.#host.measure(i, this.#round, limitMs)
      if (this.#host.isOver()) return false
      this.#note(i, value, this.#host.now() - start)
      const more = order.length - place - 1 + roundsToCome * order.length
      this.#host.ran(more)
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
    if (!this.#at(i).isPlain) this.#quickestMs = Math.min(this.#quickestMs, costMs)
    if (this.#round % 2 === 0) this.#values[i]?.push(value)
  }

  /** Those that compete in a stage: the best of each group, as many as there is time for. */
  #thatGoOn({ share, rounds, budget }: Stage): number[] {
    const groups = this.#groupsThatGoOn()
    const stays = groups.flat().filter((i) => this.#at(i).stays)
    const sorted = groups.map((group) =>
      group.filter((i) => !this.#at(i).stays).sort((a, b) => this.#valueOf(a) - this.#valueOf(b)),
    )
    const perRoundMs = (budget * this.#budgetMs - this.#spentMs()) / rounds
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

  #groups(of: readonly number[]): number[][] {
    const groups = new Map<number, number[]>()
    for (const i of of) groups.set(this.#at(i).group, [...(groups.get(this.#at(i).group) ?? []), i])
    return [...groups.values()]
  }

  #groupsThatGoOn(): number[][] {
    const groups = this.#groups(this.#competing)
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

  /** What a run takes: as it was measured, or as it was guessed and guesses proved so far. */
  #costMs(i: number): number {
    const costs = this.#costs[i] as number[]
    if (costs.length > 0) return median(costs)
    const proved = this.#costs.flatMap((its, j) => (its.length > 0 ? [median(its) / this.#at(j).guessMs] : []))
    const factor = proved.length > 0 ? median(proved) : CAUTION
    return Math.min(factor * this.#at(i).guessMs, this.#limitMs())
  }

  #limitMs(): number {
    return Math.max(SOONEST_MS, HOPELESS * this.#quickestMs)
  }

  #valueOf(i: number): number {
    const values = this.#values[i] as number[]
    return values.length > 0 ? median(values) : Number.POSITIVE_INFINITY
  }

  #sizeOfGroup(i: number): number {
    return this.#contenders.filter(({ group, stays }) => group === this.#at(i).group && !stays).length
  }

  #at(i: number): Contender {
    return this.#contenders[i] as Contender
  }
}
