import { median, shuffled } from '../statistics.ts'

/** How rounds are run. */
export interface Rounds {
  /** At most so many; fewer where the time is over. */
  readonly rounds: number
  readonly budgetMs: number
}

/** What the rounds ask of the world; a test gives them another one. */
export interface RoundsHost<T> {
  /** Runs a contender once: what it told, and the milliseconds that count; undefined where it was stopped, after `limitMs`. */
  measure(contender: number, limitMs: number): Promise<{ ms: number; told: T } | undefined>
  /** Milliseconds, of one clock. */
  now(): number
  /** Uniform on [0, 1). */
  random(): number
  /** The rounds are to end here, with what there is. */
  isOver(): boolean
  /** A run is over; about so many milliseconds are left. */
  ran(round: number, leftMs: number): void
}

/** What a contender told, by round. A round that it was not run in is missing: all that counts is paired by round. */
export type Told<T> = ReadonlyMap<number, T>

/** The first runs start workers and compile code. More: less time for what counts. Fewer: V8's compilers are measured. */
const WARM_UPS = 3
/** But where a round takes long, no more of the budget than this. */
const WARM_UP_SHARE = 0.3
/** What takes so many times as long as the quickest is run no more: how far behind it is changes nothing. */
const HOPELESS = 25
/** No run is stopped sooner, however quick the others are. */
const SOONEST_MS = 1000
/** Fewer cannot be halved into rounds to choose by and rounds to score. */
const FEWEST_ROUNDS = 2

/**
 * Runs all contenders in rounds, each in an order of its own: what disturbs the machine for a while hits all of them alike.
 *
 * Warm-ups come first and are forgotten. Two rounds are run whatever they take, unless it is over.
 */
export async function interleave<T>(
  contenders: number,
  { rounds, budgetMs }: Rounds,
  host: RoundsHost<T>,
): Promise<readonly Told<T>[]> {
  const began = host.now()
  const told = Array.from({ length: contenders }, () => new Map<number, T>())
  let competing = Array.from({ length: contenders }, (_, i) => i)
  let quickestMs = Number.POSITIVE_INFINITY
  const roundsMs: number[] = []
  for (let round = -WARM_UPS; round < rounds; round++) {
    const spentMs = host.now() - began
    const roundMs = roundsMs.length === 0 ? 0 : median(roundsMs)
    if (round < 0 && roundsMs.length > 0 && spentMs + roundMs > WARM_UP_SHARE * budgetMs) continue
    if (round >= FEWEST_ROUNDS && spentMs + roundMs > budgetMs) break
    const start = host.now()
    const hopeless = new Set<number>()
    for (const i of shuffled(competing, () => host.random())) {
      const run = await host.measure(i, Math.max(SOONEST_MS, HOPELESS * quickestMs))
      if (host.isOver()) return told
      if (run === undefined) hopeless.add(i)
      else {
        quickestMs = Math.min(quickestMs, run.ms)
        if (round >= 0) told[i]?.set(round, run.told)
      }
      host.ran(round, Math.max(0, budgetMs - (host.now() - began)))
    }
    competing = competing.filter((i) => !hopeless.has(i))
    roundsMs.push(host.now() - start)
  }
  return told
}
