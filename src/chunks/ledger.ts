import { invariant } from '../invariant.ts'
import { type Run, Runs } from './runs.ts'

/** A half-open run `[start, end)` of a map's rows. */
export interface Range {
  start: number
  end: number
}

export interface LedgerOptions {
  /** Rows known so far. */
  length: number
  /** More may come: the inputs are pulled lazily. */
  open?: boolean
  /** Exact: chunks are cut at its multiples. Left out, `take` says how many. Checked by `checkChunksize`. */
  chunksize?: number | undefined
}

/**
 * Which rows of one map wait to be handed out.
 *
 * A row is in one place at a time. What is out, and what became of it, the ledger does not know: it holds what waits.
 *
 *   unknown   grow()                  the input has not been pulled so far
 *   waiting   take() drop() clear()   untouched, or given back
 *   out       giveBack()              some worker has it, or it is settled
 *   dropped                           it was cancelled while it waited; final
 *
 * Rows leave in order, the lowest waiting one first, so that what was given back precedes what was never touched.
 * Cost:   O(log n) time an operation in n separate runs of waiting rows; rows that wait side by side cost nothing each.
 */
export class Ledger {
  readonly #waiting = new Runs()
  readonly #chunksize: number | undefined
  #length = 0
  #open = true

  constructor(options: LedgerOptions) {
    this.#chunksize = options.chunksize
    this.grow(options.length)
    this.#open = options.open ?? false
  }

  /** Rows known so far. */
  get length(): number {
    return this.#length
  }

  /** Rows not handed out now, those given back included. */
  get remaining(): number {
    return this.#waiting.rows
  }

  /** The first row that waits. */
  get first(): number | undefined {
    return this.#waiting.first()?.start
  }

  /** Says that the map has `length` rows, or so many so far. */
  grow(length: number): void {
    const known = this.#length
    invariant(this.#open, 'a closed ledger does not grow')
    invariant(
      Number.isSafeInteger(length) && length >= known,
      `a ledger of ${known} rows cannot become one of ${length}`,
    )
    this.#length = length
    if (length > known) this.#waiting.add(known, length, false)
  }

  /** Says that no more rows come; the last chunk may then be short. */
  close(): void {
    this.#open = false
  }

  /**
   * Lets this row travel in a chunk of its own, whatever `chunksize` says.
   *
   * Known rows only, so after `grow`. False if it does not wait: it is out, or was. It holds until the row leaves; a
   * range of one row that is given back leaves alone again.
   */
  alone(index: number): boolean {
    invariant(index >= 0 && index < this.#length, `row ${index} is none of the ${this.#length} known`)
    const run = this.#waiting.holding(index)
    if (run === undefined) return false
    if (!run.single) {
      this.#waiting.take(run, index, index + 1)
      this.#waiting.add(index, index + 1, true)
    }
    return true
  }

  /**
   * Hands out the next rows, `max` at most; undefined if none wait, or `max` is below 1.
   *
   * With a numeric chunksize `max` is not looked at: the chunk reaches to the next multiple, or as far as rows wait
   * side by side. Then undefined also means that the rows of a whole chunk have not come in yet.
   */
  take(max: number): Range | undefined {
    const run = this.#waiting.first()
    if (run === undefined) return undefined
    const { start } = run
    const end = this.#cut(run, max)
    if (end === undefined) return undefined
    this.#waiting.take(run, start, end)
    return { start, end }
  }

  /**
   * Takes back rows that were handed out and not begun; `singly`: each is to travel alone, as after a death.
   *
   * Of a chunk of numeric size they make a chunk again, no longer than it was.
   */
  giveBack(range: Range, options?: { singly?: boolean }): void {
    const { start, end } = range
    invariant(start >= 0 && start <= end && end <= this.#length, `rows ${start} to ${end} are none of ${this.#length}`)
    if (start < end) this.#waiting.add(start, end, options?.singly === true || end - start === 1)
  }

  /** Cancels a row that waits: it never comes out. False if it does not wait: it is out, or was, or is not known. */
  drop(index: number): boolean {
    const run = this.#waiting.holding(index)
    if (run === undefined) return false
    this.#waiting.take(run, index, index + 1)
    return true
  }

  /** Takes all that waits, as the map was left: in order, neighbours in one range. What comes back later waits anew. */
  clear(): Range[] {
    const ranges: Range[] = []
    for (let run = this.#waiting.first(); run !== undefined; run = this.#waiting.first()) {
      const { start, end } = run
      this.#waiting.take(run, start, end)
      const last = ranges.at(-1)
      if (last?.end === start) last.end = end
      else ranges.push({ start, end })
    }
    return ranges
  }

  #cut(run: Run, max: number): number | undefined {
    const { start, end } = run
    if (this.#chunksize !== undefined) {
      if (run.single) return start + 1
      const whole = start - (start % this.#chunksize) + this.#chunksize
      if (whole <= end) return whole
      return this.#open && end === this.#length ? undefined : end
    }
    if (!(max >= 1)) return undefined
    return run.single ? start + 1 : Math.min(end, start + Math.floor(max))
  }
}
