import { type TimeoutError, WorkerDiedError } from '../errors.ts'
import type { Chunk } from '../map/chunk.ts'
import type { Segment } from '../map/outcome.ts'
import type { Call } from './call.ts'
import type { Join } from './join.ts'

/** How a worker ended. */
export interface Death {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** What ended it, where Node says so: an error that nobody caught, or no memory left. */
  readonly cause?: unknown
}

/** How far a dead worker's chunk got. */
export interface Remains {
  /** Rows whose numbers can still be read. */
  readonly numbers: number
  /** The row that was under way; undefined: none, or nobody knows. */
  readonly inRow: number | undefined
  /** Nobody knows which row was deadly: each is sent again alone. */
  readonly singly?: boolean
}

/**
 * What a limit ended a worker for: a work, a row of it if it is a chunk. The worker may be in the next one by the time that it ends, and that one did not
 * overrun.
 */
export interface Overrun {
  readonly work: Call | Chunk | Join | undefined
  readonly row: number | undefined
  readonly error: TimeoutError
}

/** What a dead worker is still asked. */
export interface DeadWorker {
  readonly name: string
  /** Times that the call that ran at the end threw and was tried again. */
  retriesAtEnd(): number
  /** How far a chunk got that had begun and has no final answer. */
  remains(chunk: Chunk): Remains
  takeNumbers(chunk: Chunk, count: number): Segment | undefined
}

/** What becomes of the works of a dead worker that it alone held, or had begun. */
export class Aftermath {
  readonly #worker: DeadWorker
  readonly #death: Death
  readonly #overrun: Overrun | undefined
  readonly #poolEnds: (() => unknown) | undefined

  /** `poolEnds`: what all of them fail with, where the whole pool ends. */
  constructor(worker: DeadWorker, death: Death, overrun: Overrun | undefined, poolEnds: (() => unknown) | undefined) {
    this.#worker = worker
    this.#death = death
    this.#overrun = overrun
    this.#poolEnds = poolEnds
  }

  endJoin({ run, map, seat }: Join, hasBegun: boolean): void {
    if (this.#poolEnds !== undefined) run.break(this.#poolEnds)
    if (hasBegun) map.died(seat, this.#overrun?.error ?? this.#error('while it ran a kernel'))
    else map.left(seat)
  }

  /** Whether the call failed now. */
  endCall(call: Call): boolean {
    if (call.future.done()) return false
    const overrun = this.#overrun?.work === call ? this.#overrun.error : undefined
    call.failed(this.#poolEnds?.() ?? overrun ?? this.#error('while it ran a call'))
    return true
  }

  endChunk(chunk: Chunk, hasBegun: boolean): void {
    const { run } = chunk
    if (!hasBegun && !chunk.hasTransfer) {
      run.unsend(chunk)
      return
    }
    this.#endBegunChunk(chunk, hasBegun)
    run.lost()
  }

  #endBegunChunk(chunk: Chunk, hasBegun: boolean): void {
    const { run, start, end } = chunk
    const { numbers, inRow, singly } = hasBegun ? this.#worker.remains(chunk) : { numbers: 0, inRow: 0, singly: false }
    const stored = this.#worker.takeNumbers(chunk, numbers)
    if (stored !== undefined) run.settle(stored)
    if (this.#poolEnds !== undefined) {
      run.fail({ start: start + chunk.settled, end }, this.#poolEnds)
      return
    }
    if (inRow === undefined) {
      run.giveBack({ start: start + chunk.settled, end }, singly)
      return
    }
    // Rows that were done but not said are run once more; the one that was under way is not, unless it has retries.
    run.giveBack({ start: start + chunk.settled, end: start + inRow })
    run.giveBack({ start: start + inRow + 1, end })
    const index = start + inRow
    if (!chunk.hasTransfer && run.retry(index, this.#worker.retriesAtEnd())) return
    const overrun = this.#overrun?.work === chunk && this.#overrun.row === inRow ? this.#overrun.error : undefined
    const reason = overrun ?? this.#error(`while it ran item ${index}`)
    Object.defineProperty(reason, 'index', { value: index, enumerable: true, configurable: true, writable: true })
    run.settle({ start: index, values: [undefined], failures: new Map([[index, reason]]) })
  }

  #error(when: string): WorkerDiedError {
    return deathError(this.#worker.name, this.#death, when)
  }
}

export function deathError(name: string, { exitCode, signal, cause }: Death, when: string): WorkerDiedError {
  const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`
  return new WorkerDiedError(`${name} ${how} ${when}`, { exitCode, signal, ...(cause !== undefined && { cause }) })
}
