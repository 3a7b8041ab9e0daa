import { type Pace, UNKNOWN_US } from '../chunks/pace.ts'

/** A worker is late when it has not moved for so long, and for twice as long as what it runs should last: a message takes 30 µs. */
const LATE_MS = 5
/** And when it is not ready after so long: a thread takes 15 to 60 ms. */
const LATE_START_MS = 200

/** A work of a worker, in short. */
interface PacedWork {
  /** How long it should last; UNKNOWN_US: nobody knows. */
  readonly expectedUs: number
}

/** How a worker comes along: how long what it holds should last, and whether it has stopped moving. */
export class Progress {
  #isReady = false
  #aheadUs = 0
  #movedMs = 0
  #lateAtMs = Number.POSITIVE_INFINITY
  // Since #movedMs:
  #settled = 0
  readonly #paces = new Set<Pace>() // of the calls among them
  #lastPace: Pace | undefined

  /** How long the works of the worker should last together; a great deal where one of them was never measured. */
  get aheadMs(): number {
    return this.#aheadUs / 1000
  }

  /** Whether all of them were measured. */
  get isKnown(): boolean {
    return this.#aheadUs < UNKNOWN_US
  }

  /** When it last moved, by `performance.now()`. */
  get movedMs(): number {
    return this.#movedMs
  }

  /** Whether nothing should wait behind what the worker runs, or for its start. */
  isLate(nowMs: number): boolean {
    return nowMs > this.#lateAtMs
  }

  /** Whether it is through its start, and its initializer. */
  get isReady(): boolean {
    return this.#isReady
  }

  becameReady(first: PacedWork | undefined): void {
    this.#isReady = true
    this.#goesOn(first)
  }

  /** A work is added; `isFirst`: there is no other. */
  added(work: PacedWork, isFirst: boolean): void {
    this.#aheadUs += work.expectedUs
    if (isFirst) this.#goesOn(work)
  }

  /** `isLast`: the worker has no other. One that is not ready stays late: it gets nothing before it is. */
  takenBack(work: PacedWork, isLast: boolean): void {
    this.#aheadUs -= work.expectedUs
    if (isLast && this.#isReady) this.#goesOn(undefined)
  }

  /** `pace`: what the time that it took is told. */
  settled(work: PacedWork, pace: Pace | undefined): void {
    this.#aheadUs -= work.expectedUs
    this.#settled++
    if (pace === undefined || pace === this.#lastPace) return
    this.#lastPace = pace
    this.#paces.add(pace)
  }

  /** All is read that the worker has said by now; `first` is what it runs. */
  heard(first: PacedWork | undefined): void {
    if (this.#settled === 0) return
    const sinceMs = this.#movedMs
    const settled = this.#settled
    this.#goesOn(first)
    for (const pace of this.#paces) pace.note((this.#movedMs - sinceMs) / settled, settled)
    this.#paces.clear()
    this.#lastPace = undefined
  }

  #goesOn(first: PacedWork | undefined): void {
    this.#settled = 0
    this.#movedMs = performance.now()
    if (first === undefined) this.#lateAtMs = Number.POSITIVE_INFINITY
    else if (this.#isReady) this.#lateAtMs = this.#movedMs + Math.max(LATE_MS, (2 * first.expectedUs) / 1000)
    else if (this.#lateAtMs === Number.POSITIVE_INFINITY) this.#lateAtMs = this.#movedMs + LATE_START_MS
  }
}
