import type { Disarm } from '../timer.ts'
import type { Clock } from './clock.ts'

/** What is done again and again until it is ended. The next time is counted from the end of the last: a late round is not made up for. */
export class Rounds {
  readonly #clock: Clock
  readonly #disarms: Disarm[] = []
  #isOver = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `fn` every `ms` milliseconds, first in `ms`. */
  every(ms: number, fn: () => void): void {
    const again = (): void => {
      fn()
      if (this.#isOver) return // by `fn`
      disarm = this.#clock.after(ms, again)
    }
    let disarm = this.#clock.after(ms, again)
    this.#disarms.push(() => disarm())
  }

  /** Nothing of it is called any more, also when one of them says so. */
  end(): void {
    this.#isOver = true
    for (const disarm of this.#disarms.splice(0)) disarm()
  }
}
