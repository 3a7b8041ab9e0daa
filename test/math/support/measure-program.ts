import { FUNCTIONS } from '../../../src/math/functions.ts'
import { BOUNDS } from './bounds.ts'
import { type Measured, measure } from './measure.ts'
import { allRanges } from './ranges.ts'
import { REFERENCES } from './reference-special.ts'

/** One range of one function, measured: ours, and V8's where it has it. */
export interface MeasuredRange {
  readonly name: string
  readonly range: string
  readonly bound: number
  readonly ours: Measured
  readonly theirs: Measured | undefined
}

const ranges = allRanges()

/** The functions that have ranges, and how many. */
export const NAMES: readonly string[] = ranges.map(({ name }) => name)

/** Measures range number `index` at so many points: what `npm run test:ulp` maps over. */
export function measureRange(index: number, points: number): MeasuredRange {
  const range = ranges[index]!
  const { name } = range
  const known = Object.getOwnPropertyDescriptor(Math, name)?.value as ((x: number, y: number) => number) | undefined
  const [ours, theirs] = measure([FUNCTIONS[name]!, ...(known ? [known] : [])], REFERENCES[name]!, range, points)
  return { name, range: range.range, bound: BOUNDS[name]!, ours: ours!, theirs }
}
