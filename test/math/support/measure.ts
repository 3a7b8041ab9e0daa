import { approximate, type Fixed, ulpError } from './fixed.ts'
import { type Range, randomNumbers } from './ranges.ts'

export interface Measured {
  /** The largest error, in ULP, and where. */
  readonly max: number
  readonly worst: readonly number[]
  /** The share of results that are the nearest double. */
  readonly nearest: number
  readonly points: number
}

type Function = (x: number, y: number) => number

/** What `fn` is off from `reference` at `points` points of the range, or at all of them where it lists them. */
export function measure(
  fn: Function,
  reference: (x: number, y: number) => Fixed,
  range: Range,
  points: number,
): Measured {
  const random = randomNumbers(1 + range.name.length * 1000 + range.range.length)
  const count = range.all ? Math.min(range.all.length, points) : points
  let [max, nearest] = [0, 0]
  let worst: readonly number[] = []
  for (let i = 0; i < count; i++) {
    const args = range.all ? [range.all[Math.floor((i * range.all.length) / count)]!] : range.points(random)
    const [x, y = 0] = args
    const [got, wanted] = [fn(x, y), reference(x, y)]
    const isNear = Math.abs(got - approximate(wanted.value, wanted.bits)) <= (range.absolute ?? 0)
    const error = isNear ? 0 : ulpError(got, wanted)
    if (error <= 0.5) nearest++
    if (error > max) {
      max = error
      worst = args as number[]
    }
  }
  return { max, worst, nearest: nearest / count, points: count }
}
