import type { NumberStore } from '../wire/numbers.ts'
import type { FromWorker } from '../wire/protocol.ts'
import type { Transferable } from '../wire/transfer.ts'

/** How a worker's loop reports to its caller: over shared words and a port, or over a pipe. */
export interface Line {
  /** What may be carried beside bytes. */
  readonly carrier: 'thread' | 'bytes'
  /** Where the numbers of what is posted go that travels with other things; undefined: each post is a message of its own. */
  readonly store: NumberStore | undefined
  /** Begins a work; false: it was taken back. */
  claim(n: number): boolean
  /** Whether the running chunk is to be left before its next row. */
  mustLeave(n: number): boolean
  /** Says that a call with a limit is under way and waits for its function: that time does not count. */
  loading(): void
  /** Says when a call with a limit begins. */
  started(n: number): void
  /** Says that row `row` of the running chunk begins. */
  begun(row: number): void
  /** Says that the numbers of `count` rows of the running chunk stand in its block. */
  numbers(count: number): void
  /** Says how often the running call threw and was tried again. */
  retried(times: number): void
  /** A call returned `value`. */
  returned(n: number, value: unknown): void
  /** Anything else; the answer to work `n` is complete unless `goesOn`. */
  post(n: number, message: FromWorker, transferList: Transferable[], goesOn: boolean): void
  /** Called when nothing is left to run, or before a wait: what was kept for company goes out. */
  flush(): void
  /** Called between calls at `now`: a promise means that the worker is to return to its event loop first. */
  pause(now: number): Promise<void> | undefined
}
