import { Call } from './call.ts'

/** What became of an entry that was offered to the workers. */
export type Offer =
  /** It is handed out, or has nothing left to hand out: it leaves the queue. */
  | 'gone'
  /** It has nothing to hand out now, but will have: the entries behind it come next. */
  | 'stands'
  /** No worker has room for it: nothing behind it may overtake. */
  | 'full'

/**
 * What waits for a worker, in the order of the calls of `submit` and `map`.
 *
 * Calls and maps stand in two lists, since a map that stands must not make the calls behind it be walked over again and again.
 */
export class WorkQueue<Run extends { order: number }> {
  #calls: (Call | undefined)[] = []
  #head = 0 // of #calls
  readonly #maps: Run[] = []
  #order = 0

  push(entry: Call | Run): void {
    entry.order = this.#order++
    if (entry instanceof Call) this.#calls.push(entry)
    else this.#maps.push(entry)
  }

  /** Puts calls back, that were in their order, in front of those that came after them. */
  putBack(calls: readonly Call[]): void {
    const lacking = calls.length - this.#head
    if (lacking > 0) {
      this.#calls = [...new Array<undefined>(lacking), ...this.#calls]
      this.#head += lacking
    }
    for (const call of calls.toReversed()) {
      let at = --this.#head
      // Seldom a step: what comes back was handed out before all others.
      for (let next = this.#calls[at + 1]; next !== undefined && next.order < call.order; next = this.#calls[at + 1]) {
        this.#calls[at++] = next
      }
      this.#calls[at] = call
    }
  }

  /** Puts a map back that has rows again, at its old place. */
  putBackMap(run: Run): void {
    if (this.#maps.includes(run)) return
    const at = this.#maps.findIndex((other) => other.order > run.order)
    this.#maps.splice(at === -1 ? this.#maps.length : at, 0, run)
  }

  remove(run: Run): void {
    const at = this.#maps.indexOf(run)
    if (at !== -1) this.#maps.splice(at, 1)
  }

  /** Offers the entries in order until the workers are full. */
  offer(toWorkers: (entry: Call | Run) => Offer): void {
    let standing = 0
    for (;;) {
      const call = this.#firstCall()
      const run = this.#maps[standing]
      const entry = run === undefined || (call !== undefined && call.order < run.order) ? call : run
      if (entry === undefined) return
      const offer = toWorkers(entry)
      if (offer === 'full') return
      if (entry === call) this.#calls[this.#head++] = undefined
      else if (offer === 'stands') standing++
      else this.remove(entry as Run)
    }
  }

  /** Takes all calls out. */
  drainCalls(): Call[] {
    const calls = this.#calls.slice(this.#head) as Call[]
    this.#calls = []
    this.#head = 0
    return calls
  }

  /** The first call, or map of which `hasRows` is true. */
  first(hasRows: (run: Run) => boolean): Call | Run | undefined {
    const call = this.#firstCall()
    const run = this.#maps.find(hasRows)
    return run === undefined || (call !== undefined && call.order < run.order) ? call : run
  }

  get hasCalls(): boolean {
    return this.#firstCall() !== undefined
  }

  #firstCall(): Call | undefined {
    // Those that were cancelled while they waited are dropped here, not searched for then.
    while (this.#head < this.#calls.length && this.#calls[this.#head]?.future.done() !== false) {
      this.#calls[this.#head++] = undefined
    }
    if (this.#head === this.#calls.length) {
      this.#calls = []
      this.#head = 0
    }
    return this.#calls[this.#head]
  }
}
