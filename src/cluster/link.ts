import type { BrokerError } from './errors.ts'

/** What the broker kept of the pool when it was looked at. */
export interface BrokerView {
  /** Another one means that its memory began anew. */
  readonly incarnation: string
  /** Tasks of this submitter that are kept, by run. */
  readonly stored: ReadonlyMap<string, number>
  /** Tasks of the pool that wait or are held. */
  readonly alive: number
}

/** What became of a task that the broker was asked to keep. */
export type Publication =
  | { readonly sequence: number }
  /** It keeps no more for now. */
  | { readonly isFull: true }
  /** Nobody knows: it did not answer, or said something else. */
  | { readonly error: unknown }

/** What a submitter is told by its link. */
export interface SubmitterEvents {
  /** From a host: a result, a crash, or a note. */
  frame(bytes: Uint8Array): void
  beacon(bytes: Uint8Array): void
  /** The connection was lost and is back. */
  reconnected(): void
  /** The broker delivered the task of this number so often, and gives it up. */
  undelivered(sequence: number, deliveries: number): void
  /** The broker cannot be reached, or refuses: nothing comes any more of what was asked. */
  lost(error: BrokerError): void
}

/**
 * What a submitter needs of a broker: leases, their redelivery, and fan-out that may lose messages. Nothing of it throws; what is asked comes by `done`,
 * once, later or not at all.
 */
export interface SubmitterLink {
  /** This submitter's name among all. */
  readonly client: string
  listen(events: SubmitterEvents): void
  /** Whether anything is awaited. If not, the link must not keep the process alive. */
  busy(isBusy: boolean): void
  publish(run: string, bytes: Uint8Array, id: string, done: (publication: Publication) => void): void
  /** Acknowledges a task, which ends its lease; by the token that its host was given. */
  settle(token: Uint8Array): void
  /**
   * Drops what is kept of a run. Only for when nobody waits for anything else: nats-server 2.9.10 then never delivers what waits of other runs, though it keeps
   * it. (A purge by subject has a consumer go on behind the last message.) `unlessServed`: not where a host asks for tasks or has some, heard or not.
   */
  purge(run: string, options?: { readonly unlessServed: boolean }): void
  /** Tells all hosts. */
  control(bytes: Uint8Array): void
  /** Looks at the pool, and makes it where there is none; undefined: nobody answered. */
  look(done: (view: BrokerView | undefined) => void): void
}

/** A task as it comes to a host. */
export interface Delivery {
  readonly client: string
  readonly run: string
  readonly bytes: Uint8Array
  /** Names this delivery to the broker; opaque. */
  readonly token: Uint8Array
  /** 1 for the first. */
  readonly deliveries: number
}

/** What a host is told by its link. */
export interface HostEvents {
  task(delivery: Delivery): void
  control(bytes: Uint8Array): void
  /** So many tasks that were asked for will not come: the time of the request is over. */
  unfilled(count: number): void
}

/** What a host needs of a broker. */
export interface HostLink {
  listen(events: HostEvents): void
  /** Asks for so many tasks, for a while. */
  pull(count: number): void
  /** The task is being worked on: its lease begins anew. */
  extend(token: Uint8Array): void
  /** Has the task delivered again, in so many ms. */
  giveBack(token: Uint8Array, delayMs: number): void
  /** Nobody wants the task: it is not delivered again. */
  drop(token: Uint8Array): void
  /** Sends a frame to the submitter. */
  answer(client: string, run: string, bytes: Uint8Array): void
  beacon(bytes: Uint8Array): void
}
