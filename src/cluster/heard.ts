import type { Clock } from './clock.ts'
import { VERSION } from './frame.ts'
import { type Beacon, HOST_SILENT_MS } from './notes.ts'

/** Hosts that fell silent, as they are remembered: far more than can die of one chunk. */
const MOST_LOST = 1000

/** The hosts of a pool that are heard, and those that fell silent. */
export class HeardHosts {
  readonly #clock: Clock
  readonly #heard = new Map<string, { slots: number; heardMs: number; stranger: string | undefined }>()
  readonly #lostMs = new Map<string, number>() // when they fell silent
  #slots: number | undefined = 0 // undefined: to be counted anew
  #expectedMs: number // since then one is waited for, unless some are heard

  constructor(clock: Clock) {
    this.#clock = clock
    this.#expectedMs = clock.now()
  }

  get size(): number {
    return this.#heard.size
  }

  get names(): readonly string[] {
    return [...this.#heard.keys()]
  }

  /** Of all of them that read what is sent here. Cost: O(1), as it is asked for with each chunk, but behind a beacon. */
  get slots(): number {
    if (this.#slots === undefined) {
      this.#slots = 0
      for (const host of this.#heard.values()) if (host.stranger === undefined) this.#slots += host.slots
    }
    return this.#slots
  }

  /** Whether there are some, and none of them reads what is sent here. */
  get areStrangers(): boolean {
    return this.#heard.size > 0 && [...this.#heard.values()].every(({ stranger }) => stranger !== undefined)
  }

  /** Those that do not read what is sent here, with the reason. */
  get strangers(): ReadonlyMap<string, string> {
    const reasons = Array.from(this.#heard, ([name, { stranger }]) => [name, stranger] as const)
    return new Map(reasons.filter((each): each is readonly [string, string] => each[1] !== undefined))
  }

  /** For how long none was heard, though one was waited for. */
  get missingMs(): number {
    return this.#heard.size > 0 ? 0 : this.#clock.now() - this.#expectedMs
  }

  /** From now on one is waited for. */
  expect(): void {
    this.#expectedMs = this.#clock.now()
  }

  /** A host spoke. One that leaves is none any more, and was not lost. */
  hear(beacon: Beacon): void {
    const { host, slots, draining } = beacon
    this.#slots = undefined
    if (draining) {
      this.#heard.delete(host)
      return
    }
    this.expect()
    this.#heard.set(host, { slots, heardMs: this.#clock.now(), stranger: strangerOf(beacon) })
    this.#lostMs.delete(host) // it was cut off, no more
  }

  /** Forgets those that have been silent for too long. */
  forgetSilent(): void {
    const now = this.#clock.now()
    if (this.#heard.size > 0) this.expect() // whoever is left is as good as heard
    for (const [name, { heardMs }] of this.#heard) {
      if (now - heardMs <= HOST_SILENT_MS) continue
      this.#heard.delete(name)
      this.#slots = undefined
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

/** Why a host does not read what is sent here; undefined: it does. */
function strangerOf({ frames: [least, most], lanewise }: Beacon): string | undefined {
  if (least <= VERSION && VERSION <= most) return undefined
  const read = least === most ? `version ${least}` : `versions ${least} to ${most}`
  const next = most < VERSION ? 'upgrade that host' : 'upgrade this program'
  return `lanewise ${lanewise} there reads frames of ${read}, and this one writes version ${VERSION}; ${next}`
}
