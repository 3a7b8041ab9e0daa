import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { LanewiseError } from '../errors.ts'
import { findInputs, isAsyncInput } from '../inputs/input.ts'
import { type CollectedRows, collectRows, type Input } from '../inputs/rows.ts'
import { kernelParts } from '../kernel/parts.ts'
import { show } from '../show.ts'
import { decodeValue, encodeValue } from '../wire/codec.ts'
import { isThenable } from '../wire/thenable.ts'

/** What is tuned: any function, called as it is. */
export type TunedFunction = (...args: unknown[]) => unknown

/** The plain loop gives way so often: a signal is seen this soon. */
const TURN_MS = 50

/** A function and its rows, all of them here, with the results that the plain loop gives. */
export class Subject {
  readonly fn: TunedFunction
  readonly name: string
  readonly kind: 'function' | 'kernel'
  /** As `map` takes them, any number of times. */
  readonly inputs: readonly Input<unknown>[]
  readonly items: number
  readonly #rows: CollectedRows
  #expected: readonly unknown[] | undefined

  /** Use `subjectOf`. */
  constructor(fn: TunedFunction, name: string, inputs: readonly unknown[], rows: CollectedRows) {
    this.fn = fn
    this.name = name
    this.kind = kernelParts(fn) === undefined ? 'function' : 'kernel'
    this.items = rows.length
    this.#rows = rows
    const kinds = findInputs(inputs).map(({ kind }) => kind)
    this.inputs = inputs.map((input, i) =>
      kinds[i] === 'sync' ? Array.from({ length: rows.length }, (_, row) => rows.row(row)[i]) : input,
    ) as Input<unknown>[]
  }

  /**
   * Calls the function row after row on this thread: the milliseconds that it took. The results of the first time are what all others are compared with.
   *
   * Rows are copied before, as on their way to a worker: a function may change its arguments.
   * Errors: LanewiseError where a call throws, where all take longer than `limitMs`, and where a result differs from the first time.
   */
  async runPlainly(limitMs: number, isOver: () => boolean): Promise<number> {
    const columns = this.inputs.map((_, input) => this.#columnOf(input))
    const results = new Array<unknown>(this.items)
    let [row, stride, ms] = [0, 1, 0]
    while (row < this.items) {
      const end = Math.min(row + stride, this.items)
      const start = performance.now()
      row = await this.#callRows(columns, results, row, end)
      const spentMs = performance.now() - start
      ms += spentMs
      if (ms > limitMs) throw tooLong(this.name, row, this.items, ms)
      if (isOver()) return ms
      stride = Math.max(1, Math.ceil(stride * Math.min(2, TURN_MS / 2 / Math.max(spentMs, 1e-3))))
      await turn()
    }
    if (this.#expected === undefined) this.#expected = results.map(crossed)
    else this.verify(results.map(crossed), 'a second plain loop')
    return ms
  }

  async #callRows(columns: readonly unknown[][], results: unknown[], from: number, end: number): Promise<number> {
    const { fn } = this
    const [first = [], second = []] = columns
    let row = from
    try {
      for (; row < end; row++) {
        // What a person would write; a call with `...` costs as much as many a function.
        const result =
          columns.length === 1
            ? fn(first[row])
            : columns.length === 2
              ? fn(first[row], second[row])
              : fn(...columns.map((column) => column[row]))
        results[row] = isThenable(result) ? await result : result
      }
    } catch (error) {
      throw new LanewiseError(`row ${row} throws: ${show(error)}; tune takes rows that do not`, {
        code: 'ERR_LANEWISE_TUNE',
        cause: error,
      })
    }
    return end
  }

  /** Errors: LanewiseError where a result is another one than the plain loop's. */
  verify(results: ArrayLike<unknown>, by: string): void {
    const expected = this.#expected ?? []
    if (results.length !== expected.length) {
      throw wrong(`${by} gives ${results.length} results, the plain loop ${expected.length}`)
    }
    for (let i = 0; i < expected.length; i++) {
      const [result, before] = [results[i], expected[i]]
      if (Object.is(result, before) || (typeof before === 'object' && isDeepStrictEqual(result, before))) continue
      throw wrong(`row ${i} is ${show(result)} by ${by}, and ${show(before)} by the plain loop`)
    }
  }

  #columnOf(input: number): unknown[] {
    const column = this.#rows.column(input)
    return Array.from({ length: this.items }, (_, row) => crossed(column.at(row)))
  }
}

/**
 * Reads the inputs of a function, async ones too.
 *
 * Errors: TypeError for what is no function or cannot be iterated, and for `transfer()`; RangeError where there are no rows; what an input throws.
 */
export async function subjectOf(fn: unknown, inputs: readonly unknown[], name: string | undefined): Promise<Subject> {
  if (typeof fn !== 'function') throw new TypeError(`tune takes a function or a kernel, got ${show(fn)}; give it one`)
  if (isForeignKernel(fn)) {
    const next = 'run the command of that copy, as npx lanewise in its folder does'
    throw new TypeError(`${fn.name || 'the function'} is a kernel of another copy of lanewise; ${next}`)
  }
  const here = await Promise.all(inputs.map((input) => (isAsyncInput(input) ? arrayOf(input) : input)))
  const rows = collectRows(here)
  if (rows.length === 0) throw new RangeError('tune needs rows to run, got none; give inputs that have items')
  if (rows.transfers.size > 0) {
    throw new TypeError('tune runs each row many times, and transfer() moves it once; give rows without it')
  }
  return new Subject(fn as TunedFunction, name || fn.name || 'anonymous', here, rows)
}

/** By its looks: its class is the one of the other copy. */
function isForeignKernel(fn: object): boolean {
  const { explain, with: other } = fn as Record<string, unknown>
  return typeof explain === 'function' && typeof other === 'function' && kernelParts(fn) === undefined
}

async function arrayOf(input: unknown): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of input as AsyncIterable<unknown>) items.push(item)
  return items
}

/** A value as it arrives from a worker. */
function crossed(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? decodeValue(encodeValue(value, 'inline')) : value
}

function wrong(what: string): LanewiseError {
  return new LanewiseError(`${what}; tune takes functions whose results depend on their arguments alone`, {
    code: 'ERR_LANEWISE_WRONG_RESULT',
  })
}

function tooLong(name: string, done: number, items: number, ms: number): LanewiseError {
  const seconds = (ms / 1000).toFixed(1)
  const whole = Math.ceil((ms / 1000) * (items / Math.max(1, done)))
  return new LanewiseError(
    `a plain loop of ${name} did ${done} of ${items} rows in ${seconds} s, and all would take some ${whole} s; give fewer rows, or a budget of ${8 * whole} s`,
    { code: 'ERR_LANEWISE_TUNE' },
  )
}
