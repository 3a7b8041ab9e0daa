import { randomBytes } from 'node:crypto'
import type { Extension, Frame, Section } from './frame.ts'
import type { Tally } from './tally.ts'

/** Rows that travel together, and what is done with what comes back. */
export interface Parcel {
  readonly items: number
  readonly sections: readonly Section[]
  readonly flags?: number
  readonly extensions?: readonly Extension[]
  readonly limitMs?: number
  /** Reads a result; what it answers hands that on. Throws for a result that cannot be read: it is as if it had not come. */
  read(frame: Frame, sections: readonly Section[], overheadMs: number): () => void
  failed(reason: unknown): void
}

/** What all chunks of one map, or one call, have in common. */
export interface Work {
  /** 8 bytes that name the function, and what says where the rest is. */
  readonly fn: Uint8Array
  readonly extensions: readonly Extension[]
}

/** A map, or a call, as hosts know it: what it is called, what all its chunks have in common, and which of them are out. */
export class Run {
  readonly id: Uint8Array
  readonly name: string
  readonly work: Work
  readonly out: Set<number> = new Set()
  /** Where its time goes. */
  readonly tally: Tally
  isClosed = false
  /** Something of it may be kept by the broker that nobody will answer. */
  isUntidy = false

  constructor(work: Work, tally: Tally) {
    this.tally = tally
    this.id = randomBytes(16)
    this.name = Buffer.from(this.id).toString('hex')
    this.work = work
  }
}

/** A chunk that was sent and has no outcome. */
export interface Out {
  readonly run: Run
  readonly parcel: Parcel
  readonly sentMs: number
  /** What this thread spent on making its frame. */
  packMs: number
  /** Hosts that held it. */
  readonly hosts: Set<string>
  /** Hosts that refused it, with the reason. */
  readonly refusals: Map<string, string>
  /** How hosts failed to run it, a line each. */
  readonly failures: string[]
  /** Deliveries that ended alive: the host gave it back. */
  returned: number
  isReading: boolean
  isJudged: boolean
}
