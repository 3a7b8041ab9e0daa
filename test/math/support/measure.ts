import { randomNumbers } from './draws.ts'
import { approximate, type Fixed, ulpError } from './fixed.ts'
import type { Range } from './ranges.ts'

export interface Measured {
  /** The largest error, in ULP, and where. */
  readonly max: number
  readonly worst: readonly number[]
  /** The share of results that are the nearest double. */
  readonly nearest: number
  readonly points: number
}

type Function = (x: number, y: number) => number

/** What each of `fns` is off from `reference` at `points` points of the range, or at all of them where it lists them. */
export function measure(
  fns: readonly Function[],
  reference: (x: number, y: number) => Fixed,
  range: Range,
  points: number,
): Measured[] {
  const random = randomNumbers(1 + range.name.length * 1000 + range.range.length)
  const count = range.all ? Math.min(range.all.length, points) : points
  const found = fns.map((fn) => ({ fn, max: 0, worst: [] as readonly number[], nearest: 0 }))
  for (let i = 0; i < count; i++) {
    const args = range.all ? [range.all[Math.floor((i * range.all.length) / count)]!] : range.points(random)
    const [x, y = 0] = args
    const wanted = reference(x, y)
    for (const each of found) {
      const error = errorOf(each.fn(x, y), wanted, range.absolute)
      if (error <= 0.5) each.nearest++
      if (error > each.max) {
        each.max = error
        each.worst = args as number[]
      }
    }
  }
  return found.map(({ max, worst, nearest }) => ({ max, worst, nearest: nearest / count, points: count }))
}

function errorOf(got: number, wanted: Fixed, absolute = 0): number {
  const isNear = absolute > 0 && Math.abs(got - approximate(wanted.value, wanted.bits)) <= absolute
  return isNear ? 0 : ulpError(got, wanted)
}
