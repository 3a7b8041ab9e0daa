import { Ledger } from '../../src/chunks/ledger.ts'
import type { Machine, Workload } from './workload.ts'

/** What a claim costs where workers claim by themselves, in ns. */
export interface PullCosts {
  /** One after the other. */
  readonly atomic: number
  readonly own: number
  /** What reading the clock adds to a measured time. */
  readonly clock: number
  /** Until the caller sees the end. */
  readonly notify: number
}

export const PULL: PullCosts = { atomic: 50, own: 300, clock: 120, notify: 20_000 }
export const NATIVE: PullCosts = { atomic: 30, own: 70, clock: 30, notify: 20_000 }

/** Who sizes and hands out the chunks of a map. */
export interface Claiming {
  /** The next rows of `worker`, and after how many ns their rest is given back; undefined: none are left. */
  claim(worker: number): { start: number; end: number; stopNs: number } | undefined
  /** A chunk is over, in `execNs` by the worker's clock; rows from `from` on were not done. */
  over(worker: number, chunk: { start: number; end: number }, from: number, execNs: number): void
}

export interface PullSimulation {
  readonly load: Workload
  readonly machine: Machine
  readonly workers: number
  readonly costs: PullCosts
  readonly rule: Claiming
}

/**
 * Plays one map whose workers claim by themselves: how long it takes, in ns, and in how many chunks. Throws if a row is done twice or never.
 *
 * A chunk can be cut behind any row. The engines look between two blocks of 0.1 ms, which costs 2 points of mean regret (5.6 beside 3.3, and 3.1
 * beside 1.9 from T = 300 h on); blocks of 0.05 to 0.01 ms, and such that grow, cost as much or more: a look is half of h.
 */
export function simulatePull({ load, machine, workers, costs, rule }: PullSimulation): {
  makespanNs: number
  chunks: number
} {
  interface Event {
    at: number
    worker: number
    chunk?: { start: number; end: number; done: number; execNs: number }
  }
  const events: Event[] = Array.from({ length: workers }, (_, worker) => ({ at: machine.readyNs(worker), worker }))
  const idle: number[] = []
  let done = 0
  let chunks = 0
  let counterFreeAt = 0
  let makespanNs = 0

  for (let event = earliest(events); event !== undefined; event = earliest(events)) {
    const { at, worker, chunk } = event
    if (chunk !== undefined) {
      const { start, execNs } = chunk
      rule.over(worker, chunk, start + chunk.done, execNs + costs.clock)
      done += chunk.done
      makespanNs = at
    }
    idle.push(worker)
    for (let tries = idle.length; tries > 0; tries--) {
      const next = idle.shift() as number
      const claimed = rule.claim(next)
      if (claimed === undefined) {
        idle.push(next)
        continue
      }
      const { start, end, stopNs } = claimed
      counterFreeAt = Math.max(at, counterFreeAt) + costs.atomic
      const begin = counterFreeAt + costs.own
      const [count, execNs] = machine.run(next, load, start, end, begin, stopNs)
      chunks++
      events.push({ at: begin + execNs, worker: next, chunk: { start, end, done: count, execNs } })
    }
  }
  if (done !== load.length) throw new Error(`${done} of ${load.length} rows were done`)
  return { makespanNs: makespanNs + costs.notify, chunks }
}

/** Removes the earliest event; of those at one time the one that was made first. */
function earliest<T extends { at: number }>(events: T[]): T | undefined {
  let first = 0
  for (let i = 1; i < events.length; i++) if ((events[i] as T).at < (events[first] as T).at) first = i
  return events.splice(first, 1)[0]
}

/** What sizes a chunk: `AutoChunks`, as far as that is asked here. */
interface Sizes {
  next(worker: number, remaining: number, length: number): { items: number; stopMs: number }
  report(worker: number, items: number, execMs: number): void
}

const NS_A_MS = 1e6

/** Claims from the real ledger, in the sizes that a rule gives. */
export class LedgerClaims implements Claiming {
  readonly #ledger: Ledger
  readonly #sizes: Sizes

  constructor(length: number, sizes: Sizes) {
    this.#ledger = new Ledger({ length })
    this.#sizes = sizes
  }

  claim(worker: number): { start: number; end: number; stopNs: number } | undefined {
    const { remaining, length } = this.#ledger
    if (remaining === 0) return undefined
    const { items, stopMs } = this.#sizes.next(worker, remaining, length)
    const range = this.#ledger.take(items) as { start: number; end: number }
    return { ...range, stopNs: stopMs * NS_A_MS }
  }

  over(worker: number, { start, end }: { start: number; end: number }, from: number, execNs: number): void {
    if (from < end) this.#ledger.giveBack({ start: from, end })
    this.#sizes.report(worker, from - start, execNs / NS_A_MS)
  }
}

/** Chunks of one size. */
export function fixedClaims(length: number, chunksize: number): Claiming {
  let next = 0
  return {
    claim: () => {
      if (next >= length) return undefined
      const start = next
      next = Math.min(length, start + chunksize)
      return { start, end: next, stopNs: Number.POSITIVE_INFINITY }
    },
    over: () => {},
  }
}
