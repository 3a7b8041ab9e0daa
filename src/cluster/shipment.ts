import type { Chunk } from '../map/chunk.ts'
import type { Served } from './blobs.ts'
import { extensionsOf, type Sealed } from './manifest.ts'
import { type Payload, payloadOf } from './payload.ts'
import type { Parcel, Run } from './run.ts'
import type { Submitter } from './submitter.ts'
import type { Gate, RunFacts } from './tally.ts'

/** Who sends. */
export interface Sender {
  readonly client: string
  readonly served: Served
  readonly submitter: Submitter
}

/** A call, a map or a kernel map that is on its way: a run of the submitter's, and what is served for it until it is over. */
export class Shipment {
  /** What is out, of a map. */
  readonly chunks: Set<Chunk> = new Set()
  readonly #sender: Sender
  readonly #sealed: Sealed
  readonly #run: Run
  readonly #payloads = new Set<Payload>() // of what is out

  constructor(sender: Sender, sealed: Sealed) {
    const { client, served, submitter } = sender
    this.#sender = sender
    this.#sealed = sealed
    served.hold(sealed.hash, [sealed.bytes])
    this.#run = submitter.open({ fn: sealed.hash.subarray(0, 8), extensions: extensionsOf(sealed, client) })
  }

  /** Sends a parcel, whose sections are served where they are too large for a message. */
  send(parcel: Parcel): void {
    const { client, served, submitter } = this.#sender
    let payload: Payload
    try {
      payload = payloadOf(parcel.sections, client, served)
    } catch (error) {
      queueMicrotask(() => parcel.failed(error)) // behind what is being handed out
      return
    }
    this.#payloads.add(payload)
    const release = (): void => {
      if (this.#payloads.delete(payload)) payload.release()
    }
    submitter.send(this.#run, {
      ...parcel,
      sections: payload.sections,
      flags: payload.flags,
      extensions: payload.extensions,
      read: (frame, sections, overheadMs) => {
        const deliver = parcel.read(frame, sections, overheadMs)
        return () => {
          release()
          deliver()
        }
      },
      failed: (reason) => {
        release()
        parcel.failed(reason)
      },
    })
  }

  /** No more of it is out from now on, because of this. */
  stands(gate: Gate): void {
    this.#sender.submitter.stands(this.#run, gate)
  }

  /** Where its time went so far. */
  get facts(): RunFacts {
    return this.#sender.submitter.factsOf(this.#run)
  }

  /** Nobody wants what is out: answers which chunks of a map that is. */
  withdraw(): Chunk[] {
    this.#sender.submitter.cancel(this.#run)
    this.#release()
    const out = [...this.chunks]
    this.chunks.clear()
    return out
  }

  /** Nothing of it is wanted any more. */
  end(): void {
    this.#release()
    this.#sender.served.release(this.#sealed.hash)
    this.#sender.submitter.cancel(this.#run)
  }

  #release(): void {
    for (const payload of this.#payloads) payload.release()
    this.#payloads.clear()
  }
}
