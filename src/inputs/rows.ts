import { isTransfer } from '../wire/transfer.ts'
import {
  type Column,
  type ColumnSlice,
  NumbersColumn,
  RangeColumn,
  RepeatColumn,
  ValuesColumn,
  WindowColumn,
} from './columns.ts'
import { type FoundInput, findInputs, type Source } from './input.ts'
import { copyNumbers, isResizable, type NumberArray } from './number-array.ts'

// The face of this room: what others need beside the rows.
export type { Column } from './columns.ts'
export { type Input, isAsyncInput, spreadRows } from './input.ts'

/** The rows of a map, each with one value of every input: Python's `zip`. */
abstract class Rows {
  /** How many inputs there are. */
  readonly columns: number
  /** Rows that hold a `transfer()` and were not released: each must travel alone. */
  readonly transfers: Set<number> = new Set()
  /** Rows that are there: all of them, or those pulled so far. */
  abstract readonly length: number
  readonly #columns: readonly Column[]

  constructor(columns: readonly Column[]) {
    this.columns = columns.length
    this.#columns = columns
  }

  column(input: number): Column {
    return this.#columns[input]!
  }

  /** The values of one row, as the arguments of a call. */
  row(index: number): unknown[] {
    return this.#columns.map((column) => column.at(index))
  }

  /** The values of rows `[start, end)`, input by input. */
  slice(start: number, end: number): ColumnSlice[] {
    return this.#columns.map((column) => column.slice(start, end))
  }

  /** Forgets rows that nobody will read again: each row once, in any order. */
  release(start: number, end: number): void {
    for (const column of this.#columns) column.release(start, end)
    if (this.transfers.size > 0) for (let row = start; row < end; row++) this.transfers.delete(row)
  }
}

/** Rows that are all there when the map begins. */
export class CollectedRows extends Rows {
  override readonly length: number

  constructor(columns: readonly Column[], length: number) {
    super(columns)
    this.length = length
  }
}

/** How an input is read: for so many rows, or with a length of Infinity to the end of its source. All are of one shape, for speed. */
type Part =
  | { readonly column: Column; readonly length: number; readonly source: undefined }
  | { readonly column: ValuesColumn | WindowColumn; readonly length: number; readonly source: Source }

export interface CollectOptions {
  /** Arrays are read where they lie, unless their memory can be resized. */
  readonly borrow?: boolean
  /** How a typed array is copied; on memory of its own, if this is left out. */
  readonly copy?: (values: NumberArray) => NumberArray
}

/**
 * Reads sync inputs to the end of the shortest, as `zip` does: row by row, left to right, so that each input before the shortest loses one element more.
 *
 * Arrays and typed arrays are copied; with `borrow` they are read where they lie, unless their memory can be resized. `range` and `repeat` take none.
 * An input that is left before its end gets `return()`. No inputs, no rows.
 * Errors: TypeError for what is not iterable, or only with waiting; RangeError where all are endless `repeat`s; what an input throws, unchanged.
 * Cost:   a copy of arrays and typed arrays; about 40 ns an element of other iterables.
 */
export function collectRows(
  inputs: readonly unknown[],
  { borrow = false, copy = copyNumbers }: CollectOptions = {},
): CollectedRows {
  const found = findInputs(inputs)
  const asyncAt = found.findIndex(({ kind }) => kind === 'async')
  if (asyncAt >= 0) throw new TypeError(`input ${asyncAt + 1} is async, which takes waiting; use await map(...)`)
  const parts = openAll(found, (input) => collectedPart(input, borrow, copy))
  try {
    const rows = new CollectedRows(columnsOf(parts), readAll(parts))
    for (const part of parts) findTransfers(part, rows)
    return rows
  } finally {
    leaveAll(parts)
  }
}

function collectedPart(input: FoundInput, borrow: boolean, copy: (values: NumberArray) => NumberArray): Part {
  switch (input.kind) {
    case 'range':
    case 'repeat':
      return countedPart(input)
    case 'numbers': {
      const values = borrow && !isResizable(input.values) ? input.values : copy(input.values)
      return { column: new NumbersColumn(values), length: values.length, source: undefined }
    }
    case 'array': {
      // Not slice: that asks a subclass what to make, and keeps holes.
      const column = borrow ? new ValuesColumn(input.values) : new ValuesColumn([...input.values], true)
      return { column, length: column.values.length, source: undefined }
    }
    default:
      return { column: new ValuesColumn([], true), length: Number.POSITIVE_INFINITY, source: input.open() }
  }
}

/** Reads the sources row by row until a part ends; answers the number of whole rows. */
function readAll(parts: readonly Part[]): number {
  if (parts.every(({ source }) => source === undefined)) {
    return parts.length === 0 ? 0 : Math.min(...parts.map(({ length }) => length))
  }
  for (let row = 0; ; row++) {
    for (const { column, length, source } of parts) {
      if (row >= length) return row
      if (source === undefined) continue
      if (!source.take(source.ask())) return row
      column.push(source.value)
    }
  }
}

function findTransfers({ column, source }: Part, { length, transfers }: CollectedRows): void {
  if (column.kind !== 'values') return
  const { values } = column
  const moves = (value: unknown): boolean => (source === undefined ? isTransfer(value) : source.moves(value))
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (typeof value === 'object' && moves(value)) transfers.add(row)
  }
}

/**
 * Rows that are pulled as the map asks for them: of async inputs, and of any under `buffersize`.
 *
 * Sync inputs are read by `pull` itself, async ones with waiting; the inputs of a row one after the other, left to right, as `zip` does.
 * They are opened at once. Errors of the constructor: as `collectRows`, and what an input throws when it is opened.
 */
export class LazyRows extends Rows {
  /** Pulling takes waiting. */
  readonly isAsync: boolean
  readonly #parts: readonly Part[]
  #length = 0
  #wanted = 0 // how many rows there are to be in all
  #ended: boolean
  #failure: { readonly reason: unknown } | undefined
  #isPulling = false
  #asker: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined
  #turn: NodeJS.Immediate | undefined

  constructor(inputs: readonly unknown[]) {
    const parts = openAll(findInputs(inputs), lazyPart)
    super(columnsOf(parts))
    this.#parts = parts
    this.#ended = parts.length === 0
    this.isAsync = parts.some(({ source }) => source?.isAsync === true)
  }

  override get length(): number {
    return this.#length
  }

  /** No row will come any more. */
  get ended(): boolean {
    return this.#ended
  }

  /** What an input threw; it stands behind the last row. */
  get failure(): { readonly reason: unknown } | undefined {
    return this.#failure
  }

  /**
   * Pulls up to `count` more rows; undefined: they are there, or the inputs have ended. What an input throws is kept as `failure`.
   *
   * Where it takes waiting: a promise, never rejected, of the first rows: as many as came before the event loop went on, so that none waits for a slow
   * one behind it. The others follow, whether or not pull is called again, until `count` have come or the inputs end.
   */
  pull(count: number): Promise<void> | undefined {
    if (this.#ended || !(count >= 1)) return undefined
    this.#wanted = this.#length + count
    if (!this.isAsync) {
      if (!this.#isPulling) this.#pullSync()
      return undefined
    }
    this.#asker ??= newAsker()
    const { promise } = this.#asker
    if (!this.#isPulling) void this.#pullAsync()
    return promise
  }

  /** Leaves the inputs before their end, if they have not ended. What they still answer is dropped. */
  leave(): void {
    this.#end(undefined)
  }

  #pullSync(): void {
    this.#isPulling = true
    this.#pullRows().next() // it yields for async inputs only
    this.#isPulling = false
  }

  async #pullAsync(): Promise<void> {
    this.#isPulling = true
    const rows = this.#pullRows()
    let step = rows.next()
    while (step.done !== true) {
      let answer: unknown
      try {
        answer = await step.value
      } catch (error) {
        step = rows.throw(error)
        continue
      }
      step = rows.next(answer)
    }
    this.#isPulling = false
  }

  /** Pulls the rows that are wanted, yielding what has to be awaited; never throws. */
  *#pullRows(): Generator<unknown, void, unknown> {
    const row: unknown[] = []
    try {
      while (this.#length < this.#wanted) {
        for (let i = 0; i < this.#parts.length; i++) {
          const { length, source } = this.#parts[i]!
          if (this.#length >= length) {
            this.#end(undefined)
            return
          }
          if (source === undefined) continue
          let answer = source.ask()
          if (source.isAsync) {
            try {
              answer = yield answer
            } catch (error) {
              source.failed()
              throw error
            }
          }
          if (!source.take(answer)) this.#end(undefined)
          if (this.#ended) return // or the map was left meanwhile
          row[i] = source.value
        }
        this.#push(row)
      }
    } catch (reason) {
      this.#end({ reason })
    }
  }

  #push(row: readonly unknown[]): void {
    for (let i = 0; i < this.#parts.length; i++) {
      const { column, source } = this.#parts[i]!
      if (source === undefined) continue
      const value = row[i]
      column.push(value)
      if (typeof value === 'object' && source.moves(value)) this.transfers.add(this.#length)
    }
    this.#length++
    if (this.#asker === undefined) return
    if (this.#length === this.#wanted) this.#answer()
    else this.#turn ??= setImmediate(() => this.#answer())
  }

  #end(failure: { readonly reason: unknown } | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = failure
    leaveAll(this.#parts)
    this.#answer()
  }

  #answer(): void {
    clearImmediate(this.#turn)
    this.#turn = undefined
    this.#asker?.resolve()
    this.#asker = undefined
  }
}

function lazyPart(input: FoundInput): Part {
  if (input.kind === 'range' || input.kind === 'repeat') return countedPart(input)
  return { column: new WindowColumn(), length: Number.POSITIVE_INFINITY, source: input.open() }
}

function countedPart(input: FoundInput & { kind: 'range' | 'repeat' }): Part {
  if (input.kind === 'range') {
    return { column: new RangeColumn(input.range), length: input.range.length, source: undefined }
  }
  const { value, times } = input.repeat
  return { column: new RepeatColumn(value), length: times ?? Number.POSITIVE_INFINITY, source: undefined }
}

/** Makes the parts from left to right; those that were opened are left again where one cannot be. */
function openAll(found: readonly FoundInput[], open: (input: FoundInput) => Part): Part[] {
  const parts: Part[] = []
  try {
    for (const input of found) parts.push(open(input))
    return parts
  } catch (error) {
    leaveAll(parts)
    throw error
  }
}

function leaveAll(parts: readonly Part[]): void {
  for (const { source } of parts) source?.leave()
}

function columnsOf(parts: readonly Part[]): Column[] {
  return parts.map(({ column }) => column)
}

function newAsker(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
