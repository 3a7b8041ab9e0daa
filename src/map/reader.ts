import { ShutdownError } from '../errors.ts'
import type { LazyRows } from '../inputs/rows.ts'

/** The map whose rows are read. */
export interface ReadingMap {
  /** Whether it takes more rows. */
  readonly isReading: boolean
  /** Whether the executor takes no more of them. */
  readonly isShutDown: boolean
  /** So many rows may have been read by now. */
  readonly wanted: number
  /** So many it was told of. */
  readonly known: number
  /** Rows have come, or their end. */
  rowsCame(): void
  /** None is taken behind `end`, and `reason` stands there. */
  cutOff(end: number, reason: unknown): void
}

/** Reads the rows of lazy inputs for a map, as many as that has room for. */
export class LazyReader {
  readonly #rows: LazyRows
  readonly #map: ReadingMap
  #isPulling = false

  constructor(rows: LazyRows, map: ReadingMap) {
    this.#rows = rows
    this.#map = map
  }

  refill(): void {
    if (this.#isPulling || !this.#map.isReading) return
    const room = this.#map.wanted - this.#rows.length
    if (room <= 0) return
    if (this.#map.isShutDown) {
      this.#refillAfterShutdown()
      return
    }
    const later = this.#rows.pull(room)
    if (later === undefined) {
      this.#map.rowsCame()
      return
    }
    this.#isPulling = true
    void later.then(() => {
      this.#isPulling = false
      if (this.#map.isShutDown) this.#endAt(this.#map.known)
      else this.#map.rowsCame()
      this.refill()
    })
  }

  /** Tells of the rows that have come while more are waited for. */
  takeArrived(): void {
    if (this.#isPulling) this.#map.rowsCame()
  }

  /** As in Python, one row is read to see whether there is one: spent inputs are no error. */
  #refillAfterShutdown(): void {
    const before = this.#rows.length
    const later = this.#rows.pull(1)
    if (later === undefined) this.#endAt(before)
    else {
      this.#isPulling = true
      void later.then(() => this.#endAt(before))
    }
  }

  /** The executor takes no rows behind `end`: if there are any, an error stands for them. */
  #endAt(end: number): void {
    if (!this.#map.isReading) return
    if (this.#rows.length > end) this.#map.cutOff(end, new ShutdownError())
    else this.#map.rowsCame()
  }
}
