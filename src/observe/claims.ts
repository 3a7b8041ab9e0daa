import type { ChunkEngineName } from './chunk-line.ts'
import type { MapObserver } from './observer.ts'

/**
 * Chunks that a worker claimed by itself, from a kernel map, as they are handed over: six numbers each.
 *
 *   start, end     rows [start, end), counted from the first one that its engine was given
 *   done           so many of them are finished
 *   began          when it was begun, by the clock that all share
 *   ms             that it lasted
 *   stopMs         after so many its rest was to be given back; Infinity: never
 */
export const CLAIM_NUMBERS = 6

/** Claims that are handed over together. Larger: 48 bytes each; smaller: a message (30 µs) takes more than they do. */
const CLAIMS = 1024

/** Takes claims down, and hands them over as they fill up. */
export class Claims {
  readonly #hand: (claims: Float64Array<ArrayBuffer>) => void
  #numbers = new Float64Array(0)
  #used = 0

  /** `hand` gets an array of its own each time. */
  constructor(hand: (claims: Float64Array<ArrayBuffer>) => void) {
    this.#hand = hand
  }

  add(start: number, end: number, done: number, began: number, ms: number, stopMs: number): void {
    if (this.#used === 0) this.#numbers = new Float64Array(CLAIMS * CLAIM_NUMBERS)
    this.#numbers.set([start, end, done, began, ms, stopMs], this.#used)
    this.#used += CLAIM_NUMBERS
    if (this.#used === this.#numbers.length) this.end()
  }

  /** Hands over those that are left. */
  end(): void {
    if (this.#used === 0) return
    const claims = this.#numbers.slice(0, this.#used)
    this.#used = 0
    this.#hand(claims)
  }
}

/** Who takes claims of a map's worker; its first row is row `firstRow` of those that they tell. */
export type TakeClaims = (worker: number, claims: Float64Array, firstRow: number) => void

/** Tells of claims. Their results were there for the caller to see as soon as they were stored. */
export function tellClaims(
  observer: MapObserver,
  engine: ChunkEngineName,
  worker: number,
  claims: Float64Array,
  firstRow: number,
): void {
  for (let at = 0; at < claims.length; at += CLAIM_NUMBERS) {
    const number = (i: number): number => claims[at + i] as number
    const [began, execMs] = [number(3), number(4)]
    observer.chunkCame(engine, {
      worker,
      start: firstRow + number(0),
      end: firstRow + number(1),
      done: number(2),
      began,
      execMs,
      stopMs: number(5),
      known: began + execMs,
    })
  }
}
