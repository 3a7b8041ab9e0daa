import type { ReduceOptions } from '../../../src/map/reduce-options.ts'

export type Op = ReduceOptions['op'] | 'count'

export const OPS: readonly Op[] = ['sum', 'prod', 'min', 'max', 'mean', 'count']

const COMBINE: Record<Op, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  mean: (a, b) => a + b,
  count: (a, b) => a + b,
}

const EMPTY: Record<Op, number> = {
  sum: 0,
  prod: 1,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  mean: 0,
  count: 0,
}

/** A reduction as the contract has it, step by step: leaves of 1,024 rows with 16 sums each, paired level by level. */
export function plainReduction(op: Op, results: ArrayLike<number>): number {
  const combine = COMBINE[op]
  let level = leavesOf(op, results)
  while (level.length > 1) {
    const pairs: number[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as number, level[i + 1]]
      pairs.push(right === undefined ? left : combine(left, right))
    }
    level = pairs
  }
  const whole = level[0] ?? EMPTY[op]
  return op === 'mean' ? whole / results.length : whole
}

/** The number of each leaf. */
export function leavesOf(op: Op, results: ArrayLike<number>): number[] {
  const combine = COMBINE[op]
  const leaves: number[] = []
  for (let start = 0; start < results.length; start += 1024) {
    let sums = new Array<number>(16).fill(EMPTY[op])
    for (let row = start; row < Math.min(start + 1024, results.length); row++) {
      const value = results[row] as number
      sums[row % 16] = combine(sums[row % 16] as number, op === 'count' ? Number(Boolean(value)) : value)
    }
    for (const half of [8, 4, 2, 1]) sums = sums.slice(0, half).map((sum, i) => combine(sum, sums[i + half] as number))
    leaves.push(sums[0] as number)
  }
  return leaves
}

/** Numbers whose sum and product have other bits in every other order; few are special. */
export function rounding(length: number, seed = 1): Float64Array {
  let state = seed
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (0.9 + state / 2 ** 32 / 5) * (state % 3 === 0 ? -1 : 1)
  })
}
