/** Why a submitter has nothing more of a run out. */
export type Gate =
  /** As much is out as the slots that are heard want; or the rows of other runs are. */
  | 'window'
  /** There are no more rows. */
  | 'rows'
  /** `buffersize` is filled with results that nobody has read. */
  | 'reader'
  /** An input is waited for. */
  | 'input'

/** Where the time of a run went. Times in ms; those of slots are sums over all of them. */
export interface RunFacts {
  /** From its first chunk on. */
  readonly ms: number
  readonly rows: number
  readonly chunks: number
  /** Chunks that had to go, or to be delivered, once more. */
  readonly again: number
  /** Slots that were heard, on average over the time in which some were. */
  readonly slots: number
  /** Time in which no host was heard. */
  readonly deafMs: number
  /** Time in which the broker had no room. */
  readonly fullMs: number
  /** Time that the slots had. */
  readonly slotMs: number
  /** Time that they spent in the function. */
  readonly workMs: number
  /** Time in which there were fewer chunks of the run than slots, by what kept them back. */
  readonly idleMs: Readonly<Record<Gate, number>>
  /** Time that the submitter's thread spent on packing and reading. */
  readonly ownMs: number
  /** Time in which that thread did anything. */
  readonly activeMs: number
}

/** What holds at a moment. */
export interface Moment {
  readonly nowMs: number
  readonly slots: number
  readonly isFull: boolean
  /** Since whenever, on the thread of the submitter. */
  readonly activeMs: number
}

/**
 * Adds up where the time of a run goes: `mark` is called before anything changes, with what has held since the call before.
 *
 * Pure: told the time. Cost: O(1) a call.
 */
export class Tally {
  readonly #began: Moment
  #at: Moment
  #gate: Gate = 'window'
  #out = 0
  #rows = 0
  #chunks = 0
  #deafMs = 0
  #fullMs = 0
  #slotMs = 0
  #workMs = 0
  #ownMs = 0
  readonly #idleMs: Record<Gate, number> = { window: 0, rows: 0, reader: 0, input: 0 }
  /** Chunks that had to go, or to be delivered, once more. */
  again = 0

  constructor(moment: Moment) {
    this.#began = moment
    this.#at = moment
  }

  mark(moment: Moment): void {
    const { nowMs, slots, isFull } = this.#at
    const ms = moment.nowMs - nowMs
    if (slots === 0) this.#deafMs += ms
    if (isFull) this.#fullMs += ms
    this.#slotMs += ms * slots
    this.#idleMs[this.#gate] += ms * Math.max(0, slots - this.#out)
    this.#at = moment
  }

  /** Why no more of it is out, from now on. */
  stands(moment: Moment, gate: Gate): void {
    this.mark(moment)
    this.#gate = gate
  }

  /** A chunk goes out, which took `ownMs` to pack. */
  sent(moment: Moment, rows: number, ownMs: number): void {
    this.mark(moment)
    this.#out++
    this.#chunks++
    this.#rows += rows
    this.#ownMs += ownMs
  }

  /** A chunk is over; `workMs`: a worker was in the function; `ownMs`: it took so long to read. */
  over(moment: Moment, workMs: number, ownMs: number): void {
    this.mark(moment)
    this.#out--
    this.#workMs += workMs
    this.#ownMs += ownMs
  }

  facts(moment: Moment): RunFacts {
    this.mark(moment)
    const ms = moment.nowMs - this.#began.nowMs
    const heardMs = ms - this.#deafMs
    return {
      ms,
      rows: this.#rows,
      chunks: this.#chunks,
      again: this.again,
      slots: heardMs > 0 ? this.#slotMs / heardMs : 0,
      deafMs: this.#deafMs,
      fullMs: this.#fullMs,
      slotMs: this.#slotMs,
      workMs: Math.min(this.#workMs, this.#slotMs),
      idleMs: { ...this.#idleMs },
      ownMs: this.#ownMs,
      activeMs: moment.activeMs - this.#began.activeMs,
    }
  }
}
