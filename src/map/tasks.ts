import { CancelledError } from '../errors.ts'
import type { FutureState } from '../future.ts'
import type { Segment } from './outcome.ts'

/** What the rows' side of a map says of single rows, and does to them. */
export interface TaskSource {
  /** Rows pulled so far. */
  readonly pulled: number
  /** Cancels one row that has not begun. */
  cancelRow(index: number): boolean
  /** Whether a worker has begun the row. */
  isRunning(index: number): boolean
}

/** Each call of a map with its state, as tests look at it, from the outcomes that it is shown. */
export class Tasks {
  readonly #source: TaskSource
  readonly #isOver: () => boolean
  readonly #outcomes = new Map<number, 'done' | 'failed' | 'cancelled'>()
  readonly #listeners: (() => void)[] = []

  /** `isOver`: whether the map gives no further outcomes. */
  constructor(source: TaskSource, isOver: () => boolean) {
    this.#source = source
    this.#isOver = isOver
  }

  /** Takes note of outcomes, whether or not anybody reads them. */
  note({ start, values, failures }: Segment): void {
    for (let i = start; i < start + values.length; i++) {
      if (failures?.has(i) !== true) this.#outcomes.set(i, 'done')
      else this.#outcomes.set(i, failures.get(i) instanceof CancelledError ? 'cancelled' : 'failed')
    }
    for (const listener of this.#listeners) listener()
  }

  /** Rows pulled so far. */
  count(): number {
    return this.#source.pulled
  }

  state(index: number): FutureState {
    const outcome = this.#outcomes.get(index)
    if (outcome !== undefined) return outcome
    if (this.#source.isRunning(index)) return 'running'
    return this.#isOver() ? 'cancelled' : 'pending'
  }

  cancel(index: number): boolean {
    return this.#outcomes.get(index) === 'cancelled' || this.#source.cancelRow(index)
  }

  /** Calls `listener` after each outcome. */
  onSettle(listener: () => void): void {
    this.#listeners.push(listener)
  }
}
