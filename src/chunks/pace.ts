/** Of what nobody has measured: as good as for ever. Whole microseconds, since V8 keeps small integers in place. */
export const UNKNOWN_US: number = 2 ** 30

/** Milliseconds as whole microseconds below UNKNOWN_US; undefined: unknown. */
export function microseconds(ms: number | undefined): number {
  return ms === undefined ? UNKNOWN_US : Math.min(Math.round(ms * 1000), UNKNOWN_US - 1)
}

/**
 * What is known to be quick may wait at a worker behind other quick work. Longer: more stands for some ms behind a call that blocks, while later ones
 * begin elsewhere; shorter: workers wait for messages (30 µs each).
 */
export const QUICK_MS = 4

/** Calls are quick when so many in a row were: who has made fewer never sees one begin before an earlier one. */
const QUICK_CALLS = 32

/** How long calls that travel one by one last, as finished ones tell. */
export class Pace {
  #quickCalls = 0
  #ms = 0

  /** How long the next one should last; UNKNOWN_US until so many were quick. */
  get us(): number {
    return this.#quickCalls < QUICK_CALLS ? UNKNOWN_US : microseconds(this.#ms)
  }

  /** `calls` of them took `ms` each. */
  note(ms: number, calls: number): void {
    this.#ms = this.#quickCalls === 0 ? ms : 0.75 * this.#ms + 0.25 * ms
    this.#quickCalls = ms < QUICK_MS ? this.#quickCalls + calls : 0
  }
}
