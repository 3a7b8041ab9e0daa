import type { JetStreamManager } from '@nats-io/jetstream'
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node'
import { type FetchPiece, PIECE, type Served } from './blobs.ts'
import { type ConnectSettings, connectTo, inboxesOf } from './connect.ts'
import { BrokerError } from './errors.ts'
import type { BrokerView, Publication, SubmitterEvents, SubmitterLink } from './link.ts'
import type { Names } from './names.ts'
import { pieceRequest, readPieceRequest } from './pieces.ts'
import { consumerOf, createPool, managerOf, messageOf, streamOf } from './pools.ts'
import { ANSWER_MS, PubAcks } from './pub-acks.ts'

/** A connection that nobody needs keeps the process alive no longer than that: what is told three times over a second is told by then. */
const IDLE_MS = 1500
const ACK = new TextEncoder().encode('+ACK')
const utf8 = new TextDecoder()

interface Line {
  readonly connection: NatsConnection
  readonly manager: JetStreamManager
  readonly acks: PubAcks
  readonly headers: () => MsgHdrs
}

/** The submitter's side on NATS: connects when it is first needed, and rests when it is not. */
export class NatsSubmitterLink implements SubmitterLink {
  readonly client: string
  readonly #settings: ConnectSettings
  readonly #names: Names
  readonly #served: Served
  #events: SubmitterEvents | undefined
  #line: Promise<Line> | undefined
  /** It, once it is there. */
  #ready: Line | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(client: string, settings: ConnectSettings, names: Names, served: Served) {
    this.client = client
    this.#settings = settings
    this.#names = names
    this.#served = served
  }

  listen(events: SubmitterEvents): void {
    this.#events = events
  }

  busy(isBusy: boolean): void {
    clearTimeout(this.#idle)
    if (isBusy) void this.#open()
    else this.#idle = setTimeout(() => void this.close(), IDLE_MS)
  }

  publish(run: string, bytes: Uint8Array, id: string, done: (publication: Publication) => void): void {
    this.#use(
      ({ acks, headers }) => {
        const own = headers()
        own.set('Nats-Msg-Id', id)
        acks.publish(this.#names.task(this.client, run), bytes, own, done)
      },
      (error) => done({ error }),
    )
  }

  settle(token: Uint8Array): void {
    const subject = utf8.decode(token)
    // The broker's own, whatever a host says: it may publish nowhere else by our name.
    if (!/^\$JS\.ACK\.[\x21-\x7e]+$/.test(subject)) return
    this.#use(({ connection }) => connection.publish(subject, ACK))
  }

  purge(run: string, options?: { readonly unlessServed: boolean }): void {
    const filter = this.#names.task(this.client, run)
    void this.#withLine(async ({ manager }) => {
      if (options?.unlessServed === true) {
        const consumer = await consumerOf(manager, this.#names)
        if (consumer !== undefined && consumer.num_waiting + consumer.num_ack_pending > 0) return
      }
      await manager.streams.purge(this.#names.stream, { filter })
    })
  }

  control(bytes: Uint8Array): void {
    this.#use(({ connection }) => connection.publish(this.#names.control(this.client), bytes))
  }

  look(done: (view: BrokerView | undefined) => void): void {
    void this.#withLine(
      async ({ manager }) => done(await this.#view(manager)),
      () => done(undefined),
    )
  }

  /** Asks a host for some of what it serves. */
  readonly fetch: FetchPiece = async (owner, hash, offset, length) => {
    const { connection } = await this.#open()
    const subject = this.#names.piece(owner, hash)
    return (await connection.request(subject, pieceRequest(offset, length), { timeout: ANSWER_MS })).data
  }

  /** Says what was said, and closes. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const line = this.#line
    this.#line = undefined
    this.#ready = undefined
    try {
      await (await line)?.connection.drain()
    } catch {
      // It was closed before, or could never be made: then that was told.
    }
  }

  async #view(manager: JetStreamManager): Promise<BrokerView> {
    const filter = this.#names.tasksOf(this.client)
    let stream = await streamOf(manager, this.#names, filter)
    let consumer = await consumerOf(manager, this.#names)
    if (stream === undefined || consumer === undefined) {
      await createPool(manager, this.#names)
      stream = await streamOf(manager, this.#names, filter)
      consumer = await consumerOf(manager, this.#names)
    }
    const stored = Object.entries(stream?.state.subjects ?? {}).map(([subject, count]) => {
      return [this.#names.readTask(subject)?.run ?? '', count] as const
    })
    return {
      incarnation: `${stream?.created}`,
      stored: new Map(stored),
      alive: (consumer?.num_pending ?? 0) + (consumer?.num_ack_pending ?? 0),
    }
  }

  /** At once where there is a line: a chunk is sent and acknowledged so. Else as `#withLine` does. */
  #use(use: (line: Line) => void, failed?: (error: unknown) => void): void {
    const line = this.#ready
    if (line === undefined) {
      void this.#withLine(async (opened) => use(opened), failed)
      return
    }
    try {
      use(line)
    } catch (error) {
      failed?.(error)
    }
  }

  /** What goes wrong is told to `failed`, or to nobody: the audit finds what was lost. */
  async #withLine(use: (line: Line) => Promise<void>, failed?: (error: unknown) => void): Promise<void> {
    try {
      await use(await this.#open())
    } catch (error) {
      failed?.(error)
    }
  }

  #open(): Promise<Line> {
    if (this.#line === undefined) {
      const line = this.#connect()
      this.#line = line
      line.then(
        (opened) => {
          if (this.#line === line) this.#ready = opened
        },
        (error: unknown) => {
          if (this.#line === line) this.#line = undefined
          const cause = error instanceof BrokerError ? error : new BrokerError(messageOf(error), { cause: error })
          this.#events?.lost(cause)
        },
      )
    }
    return this.#line
  }

  async #connect(): Promise<Line> {
    const connection = await connectTo(this.#settings)
    const { headers } = await import('@nats-io/transport-node')
    const manager = await managerOf(connection)
    const names = this.#names
    connection.subscribe(names.results(this.client), { callback: (_, { data }) => this.#events?.frame(data) })
    connection.subscribe(names.beacon('*'), { callback: (_, { data }) => this.#events?.beacon(data) })
    connection.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${names.stream}.${names.consumer}`, {
      callback: (_, message) => {
        const { stream_seq: sequence, deliveries } = message.json<{ stream_seq: number; deliveries: number }>()
        this.#events?.undelivered(sequence, deliveries)
      },
    })
    connection.subscribe(names.piece(this.client, '*'), {
      callback: (_, message) => {
        const request = readPieceRequest(message.data)
        if (request === undefined) return
        const hash = message.subject.split('.').at(-1) ?? ''
        message.respond(this.#served.piece(hash, request.offset, Math.min(request.length, PIECE)))
      },
    })
    void this.#watch(connection)
    try {
      await this.#view(manager) // and so make the pool, before anything is sent to it
    } catch (error) {
      await connection.close()
      throw error
    }
    return { connection, manager, acks: new PubAcks(connection, inboxesOf('submitter')), headers }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) if (type === 'reconnect') this.#events?.reconnected()
  }
}
