import type { Clock } from './clock.ts'
import { type Beacon, HOST_SILENT_MS } from './notes.ts'

/** Hosts that fell silent, as they are remembered: far more than can die of one chunk. */
const MOST_LOST = 1000

/** The hosts of a pool that are heard, and those that fell silent. */
export class HeardHosts {
  readonly #clock: Clock
  readonly #heard = new Map<string, { slots: number; heardMs: number }>()
  readonly #lostMs = new Map<string, number>() // when they fell silent

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#heard.size
  }

  get names(): readonly string[] {
    return [...this.#heard.keys()]
  }

  /** Of all of them. */
  get slots(): number {
    let slots = 0
    for (const host of this.#heard.values()) slots += host.slots
    return slots
  }

  /** A host spoke. One that leaves is none any more, and was not lost. */
  hear({ host, slots, draining }: Beacon): void {
    if (draining) {
      this.#heard.delete(host)
      return
    }
    this.#heard.set(host, { slots, heardMs: this.#clock.now() })
    this.#lostMs.delete(host) // it was cut off, no more
  }

  /** Forgets those that have been silent for too long. */
  forgetSilent(): void {
    const now = this.#clock.now()
    for (const [name, { heardMs }] of this.#heard) {
      if (now - heardMs <= HOST_SILENT_MS) continue
      this.#heard.delete(name)
      this.#lostMs.set(name, now)
      const [oldest] = this.#lostMs.keys()
      if (this.#lostMs.size > MOST_LOST && oldest !== undefined) this.#lostMs.delete(oldest)
    }
  }

  /** Those that fell silent from `ms` on, and were not heard again. */
  lostSince(ms: number): string[] {
    return [...this.#lostMs].flatMap(([name, lostMs]) => (lostMs >= ms ? [name] : []))
  }
}
