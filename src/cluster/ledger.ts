import { invariant } from '../invariant.ts'

interface Slot {
  /** The broker's epoch in which it was sent last. */
  epoch: number
  /** How often it was sent. */
  attempt: number
  /** Its number at the broker, once that has it. */
  sequence: number | undefined
  readonly byteLength: number
}

/** What an audit saw of the broker. `epoch` counts how often its memory of us began anew. */
export interface Seen {
  readonly epoch: number
  /** Tasks of ours that it keeps. */
  readonly stored: number
  /** Tasks of the pool, whoever sent them, that wait for a host or are held by one. It may keep some that do neither. */
  readonly alive: number
}

/**
 * Which chunks of one submitter are out: the truth about them, whatever the broker remembers.
 *
 *   unknown   send()              it is none yet
 *   out       settle() drop()     the broker was asked to keep it; resend() asks once more
 *   over                          its result or failure is here, or nobody wants it: what else comes of it is a duplicate
 *
 * The first valid result of any attempt wins. Pure: no clock, no socket.
 * Cost: O(1) an operation, O(chunks that are out) an audit.
 */
export class TaskLedger {
  readonly #slots = new Map<number, Slot>()
  readonly #bySequence = new Map<number, number>()
  #epoch = 0
  #emptyAudits = 0
  #bytes = 0
  #settledSinceAudit = false
  /** Results that came for chunks that had one, or that nobody wants. */
  duplicates = 0
  /** Chunks that were sent once more. */
  republished = 0

  /** Chunks that are out. */
  get out(): number {
    return this.#slots.size
  }

  /** Bytes of the chunks that are out. */
  get bytes(): number {
    return this.#bytes
  }

  get epoch(): number {
    return this.#epoch
  }

  /** The chunk goes out. */
  send(chunk: number, byteLength: number): void {
    invariant(!this.#slots.has(chunk), `chunk ${chunk} is sent once`)
    this.#slots.set(chunk, { epoch: this.#epoch, attempt: 0, sequence: undefined, byteLength })
    this.#bytes += byteLength
    this.#emptyAudits = 0
  }

  /** The broker has it under this number. */
  accepted(chunk: number, sequence: number): void {
    const slot = this.#slots.get(chunk)
    if (slot === undefined) return // its result was faster
    if (slot.sequence !== undefined) this.#bySequence.delete(slot.sequence)
    slot.sequence = sequence
    this.#bySequence.set(sequence, chunk)
  }

  /** Which chunk is out under this number of the broker's. */
  chunkOf(sequence: number): number | undefined {
    return this.#bySequence.get(sequence)
  }

  isOut(chunk: number): boolean {
    return this.#slots.has(chunk)
  }

  /** How often the chunk was sent, from 0; -1: it is not out. */
  attemptOf(chunk: number): number {
    return this.#slots.get(chunk)?.attempt ?? -1
  }

  /** A result, or a failure, of the chunk is here; false: it is a duplicate. */
  settle(chunk: number): boolean {
    if (!this.#remove(chunk)) {
      this.duplicates++
      return false
    }
    this.#settledSinceAudit = true
    return true
  }

  /** Nobody wants the chunk any more; false: it is not out. */
  drop(chunk: number): boolean {
    return this.#remove(chunk)
  }

  /** The chunk goes out once more. */
  resend(chunk: number): void {
    const slot = this.#slots.get(chunk)
    invariant(slot !== undefined, `chunk ${chunk} is out`)
    slot.attempt++
    slot.epoch = this.#epoch
    if (slot.sequence !== undefined) this.#bySequence.delete(slot.sequence)
    slot.sequence = undefined
    this.republished++
  }

  /**
   * Which chunks must be sent again, by what is seen of the broker: all that were sent before its memory began anew; and all that are out where it has
   * keeps or hands out none twice in a row, with nothing settled in between: messages or advisories were lost, or an operator purged them.
   */
  audit(seen: Seen): number[] {
    if (seen.epoch !== this.#epoch) {
      invariant(seen.epoch > this.#epoch, `epoch ${seen.epoch} comes behind ${this.#epoch}`)
      this.#epoch = seen.epoch
      this.#emptyAudits = 0
      return this.#where(({ epoch }) => epoch < seen.epoch)
    }
    const isEmpty = (seen.stored === 0 || seen.alive === 0) && this.#slots.size > 0 && !this.#settledSinceAudit
    this.#settledSinceAudit = false
    this.#emptyAudits = isEmpty ? this.#emptyAudits + 1 : 0
    if (this.#emptyAudits < 2) return []
    this.#emptyAudits = 0
    return this.#where(() => true)
  }

  #where(holds: (slot: Slot) => boolean): number[] {
    return [...this.#slots].flatMap(([chunk, slot]) => (holds(slot) ? [chunk] : []))
  }

  #remove(chunk: number): boolean {
    const slot = this.#slots.get(chunk)
    if (slot === undefined) return false
    this.#slots.delete(chunk)
    if (slot.sequence !== undefined) this.#bySequence.delete(slot.sequence)
    this.#bytes -= slot.byteLength
    return true
  }
}
