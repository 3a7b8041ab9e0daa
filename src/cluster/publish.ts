import type { Clock } from './clock.ts'
import { EXTENSION, encodeFrame, KIND, numberExtension } from './frame.ts'
import type { TaskLedger } from './ledger.ts'
import type { Publication, SubmitterLink } from './link.ts'
import type { Out } from './run.ts'

/** A publication that the broker did not answer is made again after that; it knows the number, so it keeps one. */
const AGAIN_MS = 1000
/** And one that it had no room for. */
const FULL_MS = 250

/** What a publisher knows of the chunks, and whom it tells. */
interface Published {
  /** How often hosts may die of a chunk; they are told. */
  readonly attempts: number
  readonly ledger: TaskLedger
  readonly counts: { bytesSent: number; full: number }
  readonly isOut: (chunk: number, out: Out) => boolean
  /** Another try has begun: the broker may have room. */
  readonly roomAgain: () => void
}

/** Has the broker keep chunks: asks until it does, or until nobody wants the attempt any more. */
export class Publisher {
  readonly #link: SubmitterLink
  readonly #clock: Clock
  readonly #published: Published
  #isFull = false

  constructor(link: SubmitterLink, clock: Clock, published: Published) {
    this.#link = link
    this.#clock = clock
    this.#published = published
  }

  /** Whether the broker said that it keeps no more for now. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** The chunk as a frame. */
  frameOf(chunk: number, { run, parcel }: Out, attempt: number): Uint8Array {
    const { work } = run
    const { attempts, ledger } = this.#published
    return encodeFrame({
      kind: KIND.task,
      flags: parcel.flags ?? 0,
      run: run.id,
      chunk,
      items: parcel.items,
      attempt,
      epoch: ledger.epoch,
      limitMs: parcel.limitMs ?? 0,
      fn: work.fn,
      extensions: [
        ...work.extensions,
        ...(parcel.extensions ?? []),
        numberExtension(EXTENSION.attempts, 'u32', attempts),
      ],
      sections: parcel.sections,
    })
  }

  /** Publishes a chunk that the ledger has as out; `bytes`: its frame. */
  publish(chunk: number, out: Out, bytes: Uint8Array): void {
    const { ledger, counts, isOut, roomAgain } = this.#published
    const attempt = ledger.attemptOf(chunk)
    const epoch = ledger.epoch
    const isCurrent = (): boolean => isOut(chunk, out) && ledger.attemptOf(chunk) === attempt
    const id = `${this.#link.client}.${chunk}.${attempt}.${epoch}`
    counts.bytesSent += bytes.length
    this.#link.publish(out.run.name, bytes, id, (publication: Publication) => {
      if (!isCurrent()) return
      if ('sequence' in publication) {
        ledger.accepted(chunk, publication.sequence)
        return
      }
      if ('isFull' in publication) {
        this.#isFull = true
        counts.full++
      }
      this.#clock.after('isFull' in publication ? FULL_MS : AGAIN_MS, () => {
        this.#isFull = false
        if (isCurrent()) this.publish(chunk, out, bytes)
        roomAgain()
      })
    })
  }
}
