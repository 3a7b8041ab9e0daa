/**
 * How the results of a map become one number, with the same bits everywhere: one tree, whose shape depends on nothing but how many rows there are.
 *
 *   rows     0 … 1023                   1024 … 2047          2048 … 3071    one leaf each, the last may be shorter
 *   sums     0 │ 1 │ … │ 15             16 a leaf: row i goes to number i mod 16, in row order
 *   leaf     0+8 │ … │ 7+15, then 4 apart, 2 apart, 1 apart
 *   tree     └──────────── + ───────────┘                    │              leaves pair by their index,
 *            └────────────────────────── + ──────────────────┘              an odd one passes up
 *
 * So a leaf may be computed by any worker, by itself, and 16 sums leave room for vectors and for additions that overlap.
 */

/** What a worker does with results; `count` adds how many are truthy, neither NaN nor a zero. The addon knows them by their place here. */
export const FOLDS = ['sum', 'prod', 'min', 'max', 'count'] as const
export type Fold = (typeof FOLDS)[number]

/** Rows of a leaf. Larger: dear rows spread over fewer workers; smaller: more numbers are kept. */
export const LEAF_ROWS = 1024

/** Sums of a leaf. More: a leaf ends with more additions; fewer: additions wait for one another (4 cycles each). */
const SUMS = 16

/** What a sum begins with, and what nothing gives. */
const EMPTY = { sum: 0, prod: 1, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, count: 0 } as const

/** Leaves of so many rows. */
export function leavesOf(rows: number): number {
  return Math.ceil(rows / LEAF_ROWS)
}

/** Of the first `ready` rows of a map those that have results: a leaf that has begun has none. */
export function wholeLeaves(ready: number, rows: number): number {
  return ready === rows ? ready : ready - (ready % LEAF_ROWS)
}

/**
 * Folds results into one number a leaf, as they come in blocks: rows in order, from the first of a leaf on to the end of a leaf or of the map; then perhaps
 * those of another leaf.
 */
export class LeafFolder {
  readonly #fold: Fold
  readonly #rows: number
  readonly #put: (leaf: number, total: number) => void
  /** Of the leaf at hand. */
  readonly #sums = new Float64Array(SUMS)

  /** `rows`: of the whole map, Infinity where nobody knows; `put` is told the number of each leaf that is whole. */
  constructor(fold: Fold, rows: number, put: (leaf: number, total: number) => void) {
    this.#fold = fold
    this.#rows = rows
    this.#put = put
  }

  /** Takes the results of `count` rows from `row` on: the first of `values`. */
  take(values: ArrayLike<number>, row: number, count: number): void {
    for (let from = 0; from < count; ) {
      const at = (row + from) % LEAF_ROWS
      if (at === 0) this.#sums.fill(EMPTY[this.#fold]) // the leaf before may have been left unfinished
      const to = Math.min(count, from + LEAF_ROWS - at)
      this.#add(at, values, from, to)
      from = to
      const end = row + from
      if (end % LEAF_ROWS === 0 || end === this.#rows) this.#put(leavesOf(end) - 1, this.total())
    }
  }

  /** The number of the leaf at hand, which ends here. */
  total(): number {
    const sums = this.#sums
    for (let half = SUMS / 2; half >= 1; half /= 2) {
      for (let i = 0; i < half; i++) sums[i] = combine(this.#fold, sums[i] as number, sums[i + half] as number)
    }
    return sums[0] as number
  }

  /** Adds `values[from]` and those up to `to`; the first is the row `at` of its leaf. */
  #add(at: number, values: ArrayLike<number>, from: number, to: number): void {
    const round = Math.min(to, from + ((SUMS - (at % SUMS)) % SUMS))
    this.#addEach(at % SUMS, values, from, round)
    const rest = to - ((to - round) % SUMS)
    // Four sums at a time stay in registers, and their additions overlap.
    if (round < rest) for (let i = 0; i < SUMS; i += 4) addFour(this.#fold, this.#sums, i, values, round, rest)
    this.#addEach(0, values, rest, to)
  }

  #addEach(first: number, values: ArrayLike<number>, from: number, to: number): void {
    const sums = this.#sums
    for (let i = from, sum = first; i < to; i++, sum++) {
      const value = values[i] as number
      sums[sum] = combine(this.#fold, sums[sum] as number, this.#fold === 'count' ? truth(value) : value)
    }
  }
}

/** Adds whole rounds of 16 rows to the sums `first` to `first + 3`. */
function addFour(
  fold: Fold,
  sums: Float64Array,
  first: number,
  values: ArrayLike<number>,
  from: number,
  to: number,
): void {
  let a = sums[first] as number
  let b = sums[first + 1] as number
  let c = sums[first + 2] as number
  let d = sums[first + 3] as number
  switch (fold) {
    case 'sum':
      for (let i = from + first; i < to; i += SUMS) {
        a += values[i] as number
        b += values[i + 1] as number
        c += values[i + 2] as number
        d += values[i + 3] as number
      }
      break
    case 'prod':
      for (let i = from + first; i < to; i += SUMS) {
        a *= values[i] as number
        b *= values[i + 1] as number
        c *= values[i + 2] as number
        d *= values[i + 3] as number
      }
      break
    case 'min':
      for (let i = from + first; i < to; i += SUMS) {
        a = Math.min(a, values[i] as number)
        b = Math.min(b, values[i + 1] as number)
        c = Math.min(c, values[i + 2] as number)
        d = Math.min(d, values[i + 3] as number)
      }
      break
    case 'max':
      for (let i = from + first; i < to; i += SUMS) {
        a = Math.max(a, values[i] as number)
        b = Math.max(b, values[i + 1] as number)
        c = Math.max(c, values[i + 2] as number)
        d = Math.max(d, values[i + 3] as number)
      }
      break
    case 'count':
      for (let i = from + first; i < to; i += SUMS) {
        a += truth(values[i] as number)
        b += truth(values[i + 1] as number)
        c += truth(values[i + 2] as number)
        d += truth(values[i + 3] as number)
      }
      break
  }
  sums[first] = a
  sums[first + 1] = b
  sums[first + 2] = c
  sums[first + 3] = d
}

function truth(value: number): number {
  return value ? 1 : 0 // neither NaN nor a zero
}

function combine(fold: Fold, a: number, b: number): number {
  switch (fold) {
    case 'sum':
    case 'count':
      return a + b
    case 'prod':
      return a * b
    case 'min':
      return Math.min(a, b)
    case 'max':
      return Math.max(a, b)
  }
}

/** The reduction of a whole map, as its results or the numbers of its leaves come, in row order. */
export class Reduction {
  readonly fold: Fold
  readonly #isMean: boolean
  readonly #folder: LeafFolder
  #rows = 0
  #leaves = 0
  /** Whole subtrees, the largest first: one for each digit 1 of the number of leaves, which is a binary counter of them. */
  readonly #trees: number[] = []

  constructor(op: Fold | 'mean') {
    this.#isMean = op === 'mean'
    this.fold = op === 'mean' ? 'sum' : op
    this.#folder = new LeafFolder(this.fold, Number.POSITIVE_INFINITY, (_, total) => this.#plant(total))
  }

  /** The results of the next rows. */
  addValues(values: ArrayLike<number>): void {
    this.#folder.take(values, this.#rows, values.length)
    this.#rows += values.length
  }

  /** The numbers of the next leaves, which have so many rows together; the rows before them are whole leaves. */
  addLeaves(leaves: ArrayLike<number>, rows: number): void {
    for (let i = 0; i < leaves.length; i++) this.#plant(leaves[i] as number)
    this.#rows += rows
  }

  /** What all rows give; no more will come. */
  end(): number {
    if (this.#leaves < leavesOf(this.#rows)) this.#plant(this.#folder.total())
    const whole = this.#trees.reduceRight((right, left) => combine(this.fold, left, right), EMPTY[this.fold])
    return this.#isMean ? whole / this.#rows : whole
  }

  #plant(leaf: number): void {
    let tree = leaf
    for (let trees = this.#leaves; trees % 2 === 1; trees = (trees - 1) / 2) {
      tree = combine(this.fold, this.#trees.pop() as number, tree)
    }
    this.#trees.push(tree)
    this.#leaves++
  }
}
