import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Which way bytes go: from a client to the broker, or to it. */
export type Way = 'up' | 'down'

interface Line {
  readonly client: Socket
  readonly broker: Socket
}

/** A cable between clients and a broker: it may be long, lose what goes one way or both, or be cut. */
export class Cable implements AsyncDisposable {
  readonly #server: Server
  readonly #delayMs: number
  readonly #lines = new Set<Line>()
  readonly #lost = new Set<Way>()
  readonly #kept: (() => void)[] = []

  private constructor(server: Server, port: number, delayMs: number) {
    this.#server = server
    this.#delayMs = delayMs
    server.on('connection', (client: Socket) => this.#join(client, connect(port, '127.0.0.1')))
  }

  /** To the broker at a port of this machine; each byte takes `delayMs` longer. Clients come in at `address`. */
  static async open(port: number, delayMs = 0, address = '127.0.0.1'): Promise<Cable> {
    const cable = new Cable(createServer(), port, delayMs)
    cable.#server.listen(0, address)
    await once(cable.#server, 'listening')
    return cable
  }

  get url(): string {
    const { address, port } = this.#server.address() as { address: string; port: number }
    return `nats://${address}:${port}`
  }

  /** Nothing arrives of what goes these ways, until `heal` or `cut`. Nobody is told, as when a cable is pulled. */
  lose(...ways: Way[]): void {
    for (const way of ways) this.#lost.add(way)
  }

  /** What was held up arrives, as TCP sends again what was not confirmed. */
  heal(): void {
    this.#lost.clear()
    for (const send of this.#kept.splice(0)) send()
  }

  /** Ends all connections, and forgets what was held up; new ones are let through. */
  cut(): void {
    this.#lost.clear()
    this.#kept.length = 0
    for (const { client, broker } of this.#lines) {
      client.resetAndDestroy()
      broker.resetAndDestroy()
    }
    this.#lines.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, broker: Socket): void {
    const line = { client, broker }
    this.#lines.add(line)
    this.#carry('up', client, broker)
    this.#carry('down', broker, client)
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      socket.setNoDelay(true)
      socket.on('error', () => {}) // its close says enough
      socket.on('close', () => {
        other.destroy()
        this.#lines.delete(line)
      })
    }
  }

  #carry(way: Way, from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      const send = (): void => {
        if (this.#lost.has(way)) this.#kept.push(send)
        else if (!to.destroyed) to.write(bytes)
      }
      if (this.#delayMs === 0) send()
      else setTimeout(send, this.#delayMs)
    })
  }
}
