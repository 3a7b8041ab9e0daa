import type { SubmitterLink } from './link.ts'
import { encodeNote } from './notes.ts'

/** The end of a run is told three times over a second: each may be lost. */
const CANCELS = 3
export const CANCEL_MS = 500

/** The runs that nobody wants any more, as hosts are told of them: at once, and again every `CANCEL_MS`. */
export class Cancels {
  readonly #link: SubmitterLink
  readonly #left = new Map<string, number>() // how often each is still told

  constructor(link: SubmitterLink) {
    this.#link = link
  }

  /** Tells of one more. */
  add(run: string): void {
    this.#left.set(run, CANCELS)
    this.tell()
  }

  /** Tells of all that were not told often enough. */
  tell(): void {
    if (this.#left.size === 0) return
    this.#link.control(encodeNote({ client: this.#link.client, cancel: [...this.#left.keys()] }))
    for (const [run, left] of this.#left) {
      if (left === 1) this.#left.delete(run)
      else this.#left.set(run, left - 1)
    }
  }
}
