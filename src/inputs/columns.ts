import type { NumberArray } from './number-array.ts'
import type { Range } from './range.ts'

/** One input of a map, row by row. */
export type Column = NumbersColumn | ValuesColumn | RangeColumn | RepeatColumn | WindowColumn

/** Some rows of a column, for a sender. `repeat`: all rows share one value, which is sent once a map. */
export type ColumnSlice =
  | { readonly kind: 'repeat' }
  | { readonly kind: 'numbers'; readonly values: NumberArray }
  | { readonly kind: 'values'; readonly values: readonly unknown[] }

/** A typed array of numbers. */
export class NumbersColumn {
  readonly kind = 'numbers'
  readonly values: NumberArray

  constructor(values: NumberArray) {
    this.values = values
  }

  at(row: number): unknown {
    return this.values[row]
  }

  slice(start: number, end: number): ColumnSlice {
    return { kind: 'numbers', values: this.values.subarray(start, end) }
  }

  release(): void {}
}

/** Any values, more than there are rows perhaps: `zip` ends with the shortest input. */
export class ValuesColumn {
  readonly kind = 'values'
  readonly values: readonly unknown[]
  readonly #own: unknown[] | undefined // the caller's array is left as it is

  constructor(values: readonly unknown[])
  constructor(values: unknown[], isOwn: true)
  constructor(values: unknown[], isOwn = false) {
    this.values = values
    if (isOwn) this.#own = values
  }

  push(value: unknown): void {
    this.#own?.push(value)
  }

  at(row: number): unknown {
    return this.values[row]
  }

  slice(start: number, end: number): ColumnSlice {
    return { kind: 'values', values: this.values.slice(start, end) }
  }

  release(start: number, end: number): void {
    if (this.#own !== undefined) forget(this.#own, start, end)
  }
}

/** Counted, never stored. */
export class RangeColumn {
  readonly kind = 'range'
  readonly range: Range

  constructor(range: Range) {
    this.range = range
  }

  at(row: number): unknown {
    return this.range.start + row * this.range.step
  }

  slice(start: number, end: number): ColumnSlice {
    const { start: first, step } = this.range
    const values = new Float64Array(end - start)
    for (let i = 0; i < values.length; i++) values[i] = first + (start + i) * step
    return { kind: 'numbers', values }
  }

  release(): void {}
}

/** One value for all rows. */
export class RepeatColumn {
  readonly kind = 'repeat'
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  at(): unknown {
    return this.value
  }

  slice(): ColumnSlice {
    return { kind: 'repeat' }
  }

  release(): void {}
}

/**
 * Rows of a window go in blocks of so many, and a block goes when all its rows are released. Larger: one row that takes long keeps more settled
 * numbers behind it (8 KB here); smaller: more blocks to look up, and more slices that cross from one to the next.
 */
const BLOCK = 1024

interface Block {
  readonly values: unknown[]
  released: number
}

/** Values that come at the end, in order, and are forgotten as rows are released: each row once, in any order. */
export class WindowColumn {
  readonly kind = 'window'
  // Block b holds the rows [b * BLOCK, (b + 1) * BLOCK).
  readonly #blocks = new Map<number, Block>()
  #length = 0

  push(value: unknown): void {
    const b = Math.floor(this.#length / BLOCK)
    const block = this.#blocks.get(b)
    if (block === undefined) this.#blocks.set(b, { values: [value], released: 0 })
    else block.values.push(value)
    this.#length++
  }

  at(row: number): unknown {
    return this.#blocks.get(Math.floor(row / BLOCK))?.values[row % BLOCK]
  }

  slice(start: number, end: number): ColumnSlice {
    const values: unknown[] = []
    this.#eachBlock(start, end, (block, from, to) => {
      for (let i = from; i < to; i++) values.push(block.values[i])
    })
    return { kind: 'values', values }
  }

  release(start: number, end: number): void {
    this.#eachBlock(start, end, (block, from, to, b) => {
      forget(block.values, from, to)
      block.released += to - from
      if (block.released === BLOCK) this.#blocks.delete(b)
    })
  }

  #eachBlock(start: number, end: number, visit: (block: Block, from: number, to: number, b: number) => void): void {
    for (let row = start; row < end; ) {
      const b = Math.floor(row / BLOCK)
      const first = b * BLOCK
      const to = Math.min(end - first, BLOCK)
      const block = this.#blocks.get(b)
      if (block !== undefined) visit(block, row - first, to, b)
      row = first + to
    }
  }
}

/** Numbers stay: to overwrite one in an array of doubles would box all the others. */
function forget(values: unknown[], start: number, end: number): void {
  for (let i = start; i < end; i++) if (typeof values[i] !== 'number') values[i] = undefined
}
