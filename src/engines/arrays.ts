import { types } from 'node:util'
import { type Column, RepeatColumn } from '../inputs/columns.ts'
import { constructorOf, type NumberArray, overlap, viewOn } from '../inputs/number-array.ts'
import type { KernelCode } from '../kernel/code.ts'
import type { Input } from '../kernel/ir/ir.ts'
import { isNumeric } from '../kernel/parts.ts'
import { giveBlockBack, takeBlock } from '../memory/blocks.ts'
import { show } from '../show.ts'
import type { Copies } from './choose.ts'
import type { KernelColumn } from './engine.ts'

export interface ArraysOptions {
  /** Plain arrays are used where they lie: the caller blocks until the map is over, and no other thread needs them. */
  readonly borrow: boolean
  /** What an error calls the first row; 0 unless these are later rows of a longer map. */
  readonly firstRow?: number
  /** How many results there are; one a row, if this is left out. */
  readonly results?: number
}

/**
 * The arrays of one kernel map: where its inputs are read and its results written.
 *
 *   input on shared memory    used where it lies
 *   other input               copied to a reused shared block at once, so that the caller may do with it what he likes; borrowed
 *                             where it lies, if he blocks
 *   range, repeat             no memory
 *   results                   straight to their array, if that is shared or borrowed, or nobody else has it; else to a shared
 *                             block, and copied when they are asked for
 */
export class KernelArrays {
  readonly rows: number
  readonly columns: readonly KernelColumn[]
  /** Results overwrite an input where it lies. */
  readonly isInPlace: boolean
  /** Of numbers, so far: inputs and results. */
  bytesCopied = 0
  /** What the map gives: the caller's `out`, or a new array. */
  readonly #whole: NumberArray
  /** Nobody else uses it before the map is over. */
  readonly #isOwn: boolean
  readonly #length: number
  readonly #blocks: SharedArrayBuffer[] = []
  #results: NumberArray | undefined
  #given = 0 // results in #whole

  /**
   * Errors: TypeError for an item that is no number, and where there are fewer inputs than the kernel has parameters; RangeError
   *         if `out` is too short, or overlaps an input other than by being it.
   */
  constructor(
    code: KernelCode,
    inputs: readonly Column[],
    rows: number,
    out: NumberArray | undefined,
    options: ArraysOptions,
  ) {
    checkInputs(code, inputs.length)
    this.rows = rows
    const used = inputs.slice(0, code.inputs.length)
    if (out !== undefined) {
      checkLength(out, rows)
      refuseOverlap(
        out,
        used.map((column) => (column.kind === 'numbers' ? column.values : undefined)),
        rows,
      )
    }
    try {
      this.columns = code.inputs.map((input, i) => this.#column(used[i] ?? defaultOf(input), i, options))
    } catch (error) {
      this.release()
      throw error
    }
    this.isInPlace =
      out !== undefined && this.columns.some((column) => column.kind === 'array' && isSame(column.view, out))
    this.#isOwn = out === undefined || options.borrow
    this.#length = options.results ?? rows
    this.#whole = out ?? new Float64Array(this.#length)
  }

  /**
   * Where an engine writes results. `isPrivate`: it writes them in this thread, or natively, so nobody else must see its memory.
   * May be asked for again, when another engine takes over.
   */
  results(isPrivate: boolean): NumberArray {
    const whole = this.#whole
    if (types.isSharedArrayBuffer(whole.buffer) || (isPrivate && this.#isOwn)) this.#results = whole
    else this.#results = viewOn(this.#newBlock(this.#length * whole.BYTES_PER_ELEMENT), whole, this.#length)
    return this.#results
  }

  /**
   * Takes over the first `ready` results, and gives those that are new.
   * Errors: TypeError if the caller has detached `out`.
   */
  give(ready: number): { start: number; values: NumberArray } {
    const start = this.#given
    const whole = this.#whole
    const results = this.#results
    if (results !== undefined && results !== whole && ready > start) {
      whole.set(results.subarray(start, ready), start)
      this.bytesCopied += (ready - start) * whole.BYTES_PER_ELEMENT
    }
    this.#given = ready
    return { start, values: whole.subarray(start, ready) }
  }

  /** All results, once `give` has taken over the last one. */
  get whole(): NumberArray {
    return this.#whole
  }

  /** Gives the shared blocks back; no engine works on them any more. */
  release(): void {
    for (const block of this.#blocks.splice(0)) giveBlockBack(block)
    this.#results = undefined
  }

  #column(column: Column, input: number, { borrow, firstRow = 0 }: ArraysOptions): KernelColumn {
    const { rows } = this
    if (column.kind === 'range') return { kind: 'range', start: column.range.start, step: column.range.step }
    if (column.kind === 'repeat') return { kind: 'repeat', value: numberOf(column.value, input, undefined) }
    if (column.kind === 'numbers') {
      const { values } = column
      if (borrow || types.isSharedArrayBuffer(values.buffer)) return { kind: 'array', view: values }
      const view = viewOn(this.#newBlock(rows * values.BYTES_PER_ELEMENT), values, rows)
      view.set(values.length === rows ? values : values.subarray(0, rows))
      this.bytesCopied += view.byteLength
      return { kind: 'array', view }
    }
    const view = new Float64Array(this.#newBlock(rows * 8), 0, rows)
    for (let row = 0; row < rows; row++) {
      const value = column.at(row)
      view[row] = typeof value === 'number' ? value : numberOf(value, input, firstRow + row)
    }
    this.bytesCopied += view.byteLength
    return { kind: 'array', view }
  }

  #newBlock(byteLength: number): SharedArrayBuffer {
    const block = takeBlock(byteLength)
    this.#blocks.push(block)
    return block
  }
}

/** What a map copies of the caller's plain arrays, unless he lends them. */
export function copiesOf(
  code: KernelCode,
  inputs: readonly Column[],
  rows: number,
  out: NumberArray | undefined,
): Copies {
  let bytesPerRow = 0
  for (const column of inputs.slice(0, code.inputs.length)) {
    if (column.kind === 'numbers' && isPlain(column.values)) bytesPerRow += column.values.BYTES_PER_ELEMENT
  }
  const resultBytes = out === undefined ? Float64Array.BYTES_PER_ELEMENT : isPlain(out) ? out.BYTES_PER_ELEMENT : 0
  return { inputs: rows * bytesPerRow, results: rows * resultBytes, isOwn: out === undefined }
}

function isPlain({ buffer }: NumberArray): boolean {
  return !types.isSharedArrayBuffer(buffer)
}

function checkInputs(code: KernelCode, inputs: number): void {
  const missing = code.inputs.find((input, i) => i >= inputs && input.default === undefined)
  if (missing === undefined) return
  throw new TypeError(
    `${code.name} takes ${code.inputs.length} inputs, got ${inputs}: there is none for ${missing.name}; pass an array, range() or repeat()`,
  )
}

function defaultOf(input: Input): Column {
  return new RepeatColumn(input.default)
}

function numberOf(value: unknown, input: number, row: number | undefined): number {
  if (isNumeric(value)) return Number(value)
  const where = row === undefined ? `the value of input ${input + 1}` : `item ${row} of input ${input + 1}`
  throw new TypeError(`a kernel takes numbers, got ${show(value)} as ${where}; convert it first`)
}

function checkLength(out: NumberArray, rows: number): void {
  if (out.length >= rows) return
  throw new RangeError(
    `out must hold a result for each row, got ${out.length} elements for ${rows} rows; make it longer`,
  )
}

/** Errors: RangeError if an input shares memory with the first `rows` elements of `out`, but is not the same array. */
export function refuseOverlap(out: NumberArray, inputs: readonly (NumberArray | undefined)[], rows: number): void {
  for (const [i, input] of inputs.entries()) {
    if (input === undefined || !overlap(input, out, rows) || isSame(input, out)) continue
    throw new RangeError(
      `out must be an input itself or apart from all, but it overlaps input ${i + 1}, which would be overwritten while it is read; use another array`,
    )
  }
}

/** Whether both have the same elements: the same start and the same element type. */
function isSame(a: NumberArray, b: NumberArray): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && constructorOf(a) === constructorOf(b)
}
