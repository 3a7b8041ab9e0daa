import { type Fold, LEAF_ROWS, LeafFolder } from '../engines/reduce.ts'
import type { NumberArray } from '../inputs/number-array.ts'

/** Rows of a leaf that came in part. */
interface PartOfLeaf {
  readonly values: Float64Array
  count: number
}

/**
 * Folds results of a kernel map into one number a leaf, from chunks that come in any order and of any size.
 *
 * A leaf is folded once all of its rows are here, from the first on: so its bits are those of other executors.
 * Cost: O(1) a row; the rows of leaves that came in part are kept, two a chunk at most.
 */
export class ArrivingLeaves {
  readonly #rows: number
  readonly #folder: LeafFolder
  readonly #partials = new Map<number, PartOfLeaf>()

  /** `out` gets a number a leaf. */
  constructor(fold: Fold, rows: number, out: NumberArray) {
    this.#rows = rows
    this.#folder = new LeafFolder(fold, rows, (leaf, total) => {
      out[leaf] = total
    })
  }

  /** Takes the results of the rows from `start` on; each row comes once. */
  take(start: number, values: Float64Array): void {
    const end = start + values.length
    for (let from = start; from < end; ) {
      const first = from - (from % LEAF_ROWS)
      const rows = Math.min(LEAF_ROWS, this.#rows - first)
      const to = Math.min(end, first + rows)
      const part = values.subarray(from - start, to - start)
      if (part.length === rows) this.#folder.take(part, first, rows)
      else this.#join(first, rows, from - first, part)
      from = to
    }
  }

  #join(first: number, rows: number, at: number, part: Float64Array): void {
    const partial = this.#partials.get(first) ?? { values: new Float64Array(rows), count: 0 }
    partial.values.set(part, at)
    partial.count += part.length
    if (partial.count < rows) {
      this.#partials.set(first, partial)
      return
    }
    this.#partials.delete(first)
    this.#folder.take(partial.values, first, rows)
  }
}
