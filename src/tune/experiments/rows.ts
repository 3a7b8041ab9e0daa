import { median } from '../statistics.ts'

/** The median over rounds, of numbers or of what `pick` takes from each; NaN of none. */
export function medianOf(rounds: ReadonlyMap<number, number>): number
export function medianOf<T>(rounds: ReadonlyMap<number, T>, pick: (value: T) => number): number
export function medianOf<T>(rounds: ReadonlyMap<number, T>, pick?: (value: T) => number): number {
  return median([...rounds.values()].map((value) => (pick === undefined ? Number(value) : pick(value))))
}
