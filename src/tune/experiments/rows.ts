import { percent } from '../numerals.ts'
import type { Interval } from '../result.ts'
import { median } from '../statistics.ts'

/** The median over rounds, of numbers or of what `pick` takes from each; NaN of none. */
export function medianOf(rounds: ReadonlyMap<number, number>): number
export function medianOf<T>(rounds: ReadonlyMap<number, T>, pick: (value: T) => number): number
export function medianOf<T>(rounds: ReadonlyMap<number, T>, pick?: (value: T) => number): number {
  return median([...rounds.values()].map((value) => (pick === undefined ? Number(value) : pick(value))))
}

/** A ratio less 1, with its interval, as a person says it: '3.0 % [1.0 %, 4.0 %] more'. */
export function moreOrLess({ median: middle, low, high }: Interval): string {
  if (middle < 0) return `${percent(-middle)} [${percent(-high)}, ${percent(-low)}] less`
  return `${percent(middle)} [${percent(low)}, ${percent(high)}] more`
}
