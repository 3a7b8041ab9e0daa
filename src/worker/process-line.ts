import { encodeValue } from '../wire/codec.ts'
import { NumberStore } from '../wire/numbers.ts'
import type { FromProcess, FromWorker, NumberChunksOver } from '../wire/protocol.ts'
import type { Transferable } from '../wire/transfer.ts'
import type { Line } from './line.ts'

/** A worker process returns to its event loop so often: a cancel is taken at the first item boundary after that. */
const TURN_MS = 5

/** Answers wait so long at most for company in one message; a message costs about 30 µs on each side. */
const KEEP_MS = 1

/** The worker's end of a pipe. */
export class ProcessLine implements Line {
  readonly carrier = 'bytes'
  readonly store: NumberStore = new NumberStore()
  readonly #send: (message: FromProcess) => void
  #kept: FromWorker[] = []
  #keptMs = 0
  #turnMs = performance.now()
  readonly #left = new Set<number>()

  constructor(send: (message: FromProcess) => void) {
    this.#send = send
  }

  /** The caller wants chunk `n` to be left. */
  leave(n: number): void {
    this.#left.add(n)
  }

  claim(): true {
    return true // nothing is sent ahead that could be taken back
  }

  mustLeave(n: number): boolean {
    return this.#left.size > 0 && this.#left.has(n)
  }

  loading(): void {}

  started(n: number): void {
    this.#kept.push({ n, started: true })
    this.flush()
  }

  begun(): void {}

  numbers(): void {}

  retried(times: number): void {
    if (times === 0) return
    this.#kept.push({ retried: times })
    this.flush() // it may be the last thing that this process says
  }

  returned(n: number, value: unknown): void {
    this.#keep({ n, value: encodeValue(value, this.carrier) })
  }

  post(n: number, message: FromWorker, _transferList: Transferable[], goesOn: boolean): void {
    if (!goesOn) this.#left.delete(n)
    this.#keep(message)
  }

  flush(): void {
    if (this.#kept.length === 0) return
    const said = this.#kept
    this.#kept = []
    const numbers = this.store.take()
    this.#send({ said, ...(numbers !== undefined && { numbers }) })
  }

  pause(now: number): Promise<void> | undefined {
    if (now - this.#turnMs < TURN_MS) return undefined
    this.flush()
    // Two turns: the first one ends the poll phase that we may be in, and the pipe is read in the next.
    return new Promise((resolve) =>
      setImmediate(() =>
        setImmediate(() => {
          this.#turnMs = performance.now()
          resolve()
        }),
      ),
    )
  }

  #keep(message: FromWorker): void {
    const now = performance.now()
    const last = this.#kept.at(-1)
    if (last === undefined) this.#keptMs = now
    if (last === undefined || !joins(last, message)) this.#kept.push(message)
    if (now - this.#keptMs > KEEP_MS) this.flush()
  }
}

/** Adds chunks that are over to those of the message before, if all have numbers only. */
function joins(last: FromWorker, message: FromWorker): boolean {
  if (!hasNumbersOnly(last) || !hasNumbersOnly(message)) return false
  const { n, done, execMs, began } = last
  if (message.n !== n + execMs.length || message.done !== done) return false
  if ((began === undefined) !== (message.began === undefined)) return false // of two maps, one of which is observed
  execMs.push(...message.execMs)
  began?.push(...(message.began ?? []))
  return true
}

function hasNumbersOnly(message: FromWorker): message is NumberChunksOver & { execMs: number[]; began?: number[] } {
  return message !== null && 'from' in message
}
