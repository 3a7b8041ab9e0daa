import type { Interval } from '../result.ts'
import { median, medianInterval, pairedRatios } from '../statistics.ts'

/** Milliseconds by round. */
export type Times = ReadonlyMap<number, number>

/**
 * By how much `times` are over the best of `others`, round by round: the ratio minus 1.
 *
 * The best is chosen by the medians of the even rounds and scored on the odd ones, and the other way about: the luckiest of many would
 * seem better than any of them is. Rounds that either was not run in are left out.
 */
export function regretsOver(times: Times, others: readonly Times[]): number[] {
  const best = [0, 1].map((half) => bestIn(others, half))
  return [...times].flatMap(([round, ms]) => {
    const other = best[1 - (round % 2)]?.get(round)
    return other === undefined ? [] : [ms / other - 1]
  })
}

/** The one with the least median in the rounds of a half; undefined: none was run in it. */
function bestIn(all: readonly Times[], half: number): Times | undefined {
  let best: Times | undefined
  let leastMs = Number.POSITIVE_INFINITY
  for (const times of all) {
    const ms = median([...times].flatMap(([round, value]) => (round % 2 === half ? [value] : [])))
    if (ms < leastMs) {
      leastMs = ms
      best = times
    }
  }
  return best
}

/** Median and interval of the regrets; undefined where no round could be scored. */
export function regretOver(times: Times, others: readonly Times[]): Interval | undefined {
  const regrets = regretsOver(times, others)
  return regrets.length === 0 ? undefined : medianInterval(regrets)
}

/** How many times as long as `other` it takes, in the rounds of both. */
export function ratioTo(times: Times, other: Times): Interval | undefined {
  const rounds = [...times.keys()].filter((round) => other.has(round))
  if (rounds.length === 0) return undefined
  const of = (from: Times): number[] => rounds.map((round) => from.get(round) as number)
  return medianInterval(pairedRatios(of(times), of(other)))
}
