import { randomBytes } from 'node:crypto'
import type { MsgHdrs } from '@nats-io/transport-node'
import { BrokerError } from './errors.ts'
import type { Publication } from './link.ts'

/** What the broker does not answer in so long is asked again. */
export const ANSWER_MS = 5000
/** Error codes of the broker that mean: full. */
const FULL: ReadonlySet<number> = new Set([10077, 10047, 10122])
/** The status of a message that nobody listens for: there is no such stream. */
const NOBODY = 503

/** What is used of a connection to NATS. */
interface Connection {
  publish(subject: string, bytes: Uint8Array, options: { headers: MsgHdrs; reply: string }): void
  subscribe(subject: string, options: { callback: (error: unknown, message: Answer) => void }): unknown
}

interface Answer {
  readonly subject: string
  readonly headers?: { readonly code: number }
  json(): unknown
}

interface Waiting {
  readonly done: (publication: Publication) => void
  readonly untilMs: number
}

/**
 * Has the broker say of each task that it keeps it. The client's own `request` does that too, but makes an error with its stack for each, in case that it
 * fails, and a timer: a quarter of all that a chunk costs its submitter.
 */
export class PubAcks {
  readonly #connection: Connection
  readonly #inbox: string
  readonly #waiting = new Map<number, Waiting>() // in the order of their ends
  #count = 0
  #timer: NodeJS.Timeout | undefined

  /** `inboxes`: what the subjects begin with that this connection may listen to. */
  constructor(connection: Connection, inboxes: string) {
    this.#connection = connection
    this.#inbox = `${inboxes}.${randomBytes(12).toString('hex')}`
    connection.subscribe(`${this.#inbox}.*`, { callback: (_, message) => this.#came(message) })
  }

  /** Publishes a task; `done` is called once, in a later turn, unless the connection is closed before. */
  publish(subject: string, bytes: Uint8Array, headers: MsgHdrs, done: (publication: Publication) => void): void {
    const id = this.#count++
    this.#connection.publish(subject, bytes, { headers, reply: `${this.#inbox}.${id}` })
    this.#waiting.set(id, { done, untilMs: performance.now() + ANSWER_MS })
    if (this.#timer === undefined) this.#arm(ANSWER_MS)
  }

  #came(message: Answer): void {
    const id = Number(message.subject.slice(this.#inbox.length + 1))
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return // it was given up
    this.#waiting.delete(id)
    waiting.done(publicationOf(message))
  }

  #giveUp(): void {
    const now = performance.now()
    for (const [id, { done, untilMs }] of this.#waiting) {
      if (untilMs > now) {
        this.#arm(untilMs - now)
        return
      }
      this.#waiting.delete(id)
      done({ error: new BrokerError(`the broker did not say for ${ANSWER_MS} ms whether it keeps a task`) })
    }
    this.#timer = undefined
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#giveUp(), ms).unref()
  }
}

function publicationOf(message: Answer): Publication {
  if (message.headers?.code === NOBODY) return { error: new BrokerError('the broker has no such pool') }
  try {
    const { seq, error } = message.json() as PubAck
    if (error === undefined) return { sequence: seq }
    return FULL.has(error.err_code) ? { isFull: true } : { error: new BrokerError(error.description) }
  } catch (cause) {
    return { error: new BrokerError('the broker answered what is no JSON', { cause }) }
  }
}

interface PubAck {
  readonly seq: number
  readonly error?: { readonly err_code: number; readonly description: string }
}
