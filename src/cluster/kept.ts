import type { Disarm } from '../timer.ts'
import type { Clock } from './clock.ts'
import type { Payload } from './payload.ts'

/** What a result that is fetched is kept for: its submitter asks at once, or never. */
const KEPT_MS = 60_000
/** All that is kept beyond the latest results. Larger: memory for what was fetched long ago; smaller: slow submitters would find theirs gone, and have it run again. */
const MOST_BYTES = 256 * 2 ** 20

interface Kept {
  readonly payload: Payload
  readonly byteLength: number
  readonly disarm: Disarm
}

/** Results that their submitters fetch, until they have had the time, or later ones need the memory: nobody tells a host that one is there. */
export class KeptResults {
  readonly #clock: Clock
  readonly #least: number
  readonly #kept = new Set<Kept>() // the oldest first
  #bytes = 0

  /** `least`: so many of the latest are kept, however large. */
  constructor(clock: Clock, least: number) {
    this.#clock = clock
    this.#least = least
  }

  add(payload: Payload, byteLength: number): void {
    const kept: Kept = { payload, byteLength, disarm: this.#clock.after(KEPT_MS, () => this.#drop(kept)) }
    this.#kept.add(kept)
    this.#bytes += byteLength
    for (const oldest of this.#kept) {
      if (this.#bytes <= MOST_BYTES || this.#kept.size <= this.#least) return
      this.#drop(oldest)
    }
  }

  #drop(kept: Kept): void {
    kept.disarm()
    this.#kept.delete(kept)
    this.#bytes -= kept.byteLength
    kept.payload.release()
  }
}
