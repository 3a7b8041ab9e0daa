import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { type FetchPiece, PIECE, type Served } from './blobs.ts'
import type { HostEvents, HostLink } from './link.ts'
import type { Names } from './names.ts'
import { pieceRequest, readPieceRequest } from './pieces.ts'

/** A request for tasks stands so long at the broker; then it is made again, so that one that got lost is missed no longer than that. */
const PULL_MS = 5000
/** A pool that is not there answers nothing, so until one has answered requests are short. */
const FIRST_PULL_MS = 300
/** What the broker or the network take on top. */
const LATE_MS = 700
/** Where there is no pool, or no broker, it is asked again so often. */
const AGAIN_MS = 250
const ANSWER_MS = 5000
const NS_A_MS = 1e6

interface Pull {
  left: number
  timer: NodeJS.Timeout
}

/** The host's side on NATS: pulls in batches from one consumer, by its name. */
export class NatsHostLink implements HostLink {
  readonly #connection: NatsConnection
  readonly #names: Names
  readonly #name: string
  readonly #inbox: string
  readonly #pulls = new Map<number, Pull>()
  #events: HostEvents | undefined
  #count = 0
  #isAnswered = false // the pool is there, and answers requests

  constructor(connection: NatsConnection, names: Names, name: string, served: Served, inbox: string) {
    this.#connection = connection
    this.#names = names
    this.#name = name
    this.#inbox = inbox
    connection.subscribe(`${inbox}.*`, { callback: (_, message) => this.#came(message) })
    connection.subscribe(names.control('*'), { callback: (_, { data }) => this.#events?.control(data) })
    connection.subscribe(names.piece(name, '*'), {
      callback: (_, message) => {
        const request = readPieceRequest(message.data)
        if (request === undefined) return
        const hash = message.subject.split('.').at(-1) ?? ''
        message.respond(served.piece(hash, request.offset, Math.min(request.length, PIECE)))
      },
    })
    void this.#watch()
  }

  listen(events: HostEvents): void {
    this.#events = events
  }

  pull(count: number): void {
    const id = this.#count++
    const ms = this.#isAnswered ? PULL_MS : FIRST_PULL_MS
    const unanswered = (): void => {
      this.#isAnswered = false
      this.#over(id)
    }
    this.#pulls.set(id, { left: count, timer: setTimeout(unanswered, ms + LATE_MS).unref() })
    const { stream, consumer } = this.#names
    const request = JSON.stringify({ batch: count, expires: ms * NS_A_MS })
    this.#say(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, `${this.#inbox}.${id}`)
  }

  extend(token: Uint8Array): void {
    this.#say(textOf(token), '+WPI')
  }

  giveBack(token: Uint8Array, delayMs: number): void {
    this.#say(textOf(token), delayMs > 0 ? `-NAK ${JSON.stringify({ delay: Math.round(delayMs * NS_A_MS) })}` : '-NAK')
  }

  drop(token: Uint8Array): void {
    this.#say(textOf(token), '+TERM')
  }

  answer(client: string, run: string, bytes: Uint8Array): void {
    this.#say(this.#names.result(client, run), bytes)
  }

  beacon(bytes: Uint8Array): void {
    this.#say(this.#names.beacon(this.#name), bytes)
  }

  /** Asks a submitter for some of what it serves. */
  readonly fetch: FetchPiece = async (owner, hash, offset, length) => {
    const subject = this.#names.piece(owner, hash)
    return (await this.#connection.request(subject, pieceRequest(offset, length), { timeout: ANSWER_MS })).data
  }

  /** Forgets all requests for tasks. */
  end(): void {
    this.#events = undefined
    for (const { timer } of this.#pulls.values()) clearTimeout(timer)
    this.#pulls.clear()
  }

  #say(subject: string, data: Uint8Array | string, reply?: string): void {
    if (this.#connection.isClosed()) return
    this.#connection.publish(subject, data, reply === undefined ? {} : { reply })
  }

  #came(message: Msg): void {
    const task = this.#names.readTask(message.subject)
    if (task === undefined || message.reply === undefined || message.reply === '') {
      this.#status(message)
      return
    }
    // Whichever request it answers: they are alike, and filled in order.
    const [id, pull] = [...this.#pulls][0] ?? []
    if (id !== undefined && pull !== undefined && --pull.left === 0) this.#forget(id)
    this.#isAnswered = true
    this.#events?.task({
      ...task,
      bytes: message.data,
      token: new TextEncoder().encode(message.reply),
      deliveries: deliveriesOf(message.reply),
    })
  }

  #status({ subject, headers }: Msg): void {
    const code = headers?.code ?? 0
    const id = Number(subject.split('.').at(-1))
    if (code === 100 || !this.#pulls.has(id)) return // it is alive
    this.#isAnswered = code === 408
    if (this.#isAnswered) this.#over(id)
    else setTimeout(() => this.#over(id), AGAIN_MS).unref()
  }

  #over(id: number): void {
    const left = this.#pulls.get(id)?.left ?? 0
    this.#forget(id)
    if (left > 0) this.#events?.unfilled(left)
  }

  #forget(id: number): void {
    clearTimeout(this.#pulls.get(id)?.timer)
    this.#pulls.delete(id)
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type !== 'reconnect') continue
      this.#isAnswered = false
      for (const id of [...this.#pulls.keys()]) this.#over(id) // the broker forgot them
    }
  }
}

function textOf(token: Uint8Array): string {
  return new TextDecoder().decode(token)
}

/** How often a task was delivered: `$JS.ACK.stream.consumer.deliveries.…`, with a domain and an account in front of the stream on some brokers. */
function deliveriesOf(reply: string): number {
  const parts = reply.split('.')
  const count = Number(parts[parts.length > 9 ? 6 : 4])
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}
