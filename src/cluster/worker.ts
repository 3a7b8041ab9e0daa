import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { NatsConnection } from '@nats-io/transport-node'
import { Served } from './blobs.ts'
import { machineClock } from './clock.ts'
import { type ConnectSettings, connectTo } from './connect.ts'
import { Host, type HostCounts } from './host.ts'
import type { Names } from './names.ts'
import { NatsHostLink } from './nats-host.ts'
import { createPool, DEFAULT_SHAPE, leaseOf, managerOf, streamOf } from './pools.ts'
import type { Allowed } from './resolve.ts'
import { Slots } from './slots.ts'

export interface WorkerSettings {
  readonly connect: Omit<ConnectSettings, 'name'>
  readonly names: Names
  readonly slots: number
  readonly isolation: 'thread' | 'process'
  readonly allowed: Allowed
  readonly lanewise: string
}

/** A host at work: what `lanewise worker` runs. */
export class ClusterWorker {
  readonly name: string
  readonly #connection: NatsConnection
  readonly #link: NatsHostLink
  readonly #host: Host
  readonly #slots: Slots

  private constructor(name: string, connection: NatsConnection, link: NatsHostLink, host: Host, slots: Slots) {
    this.name = name
    this.#connection = connection
    this.#link = link
    this.#host = host
    this.#slots = slots
  }

  /** Connects and begins to pull. Errors: BrokerError. */
  static async start({ connect, names, slots, isolation, allowed, lanewise }: WorkerSettings): Promise<ClusterWorker> {
    const name = `${hostname()
      .replace(/[^\w-]/g, '-')
      .slice(0, 32)}-${process.pid}-${randomBytes(3).toString('hex')}`
    const connection = await connectTo({ ...connect, name: `lanewise worker ${name}`, role: 'host' })
    const manager = await managerOf(connection)
    await makeIfAllowed(manager, names)
    // Never less often than the default wants: whoever makes the pool anew, after it was lost, takes that.
    const leaseMs = Math.min(await leaseOf(manager, names), DEFAULT_SHAPE.leaseMs)
    const served = new Served()
    const inbox = `_INBOX.host.${randomBytes(12).toString('hex')}`
    const link = new NatsHostLink(connection, names, name, served, inbox)
    const runner = new Slots({ host: name, slots, isolation, allowed, fetch: link.fetch, served })
    const host = new Host(link, machineClock, runner, { name, slots, leaseMs, lanewise })
    return new ClusterWorker(name, connection, link, host, runner)
  }

  get counts(): Readonly<HostCounts> {
    return this.#host.counts
  }

  get slots(): number {
    return this.#host.slots
  }

  get free(): number {
    return this.#host.free
  }

  get held(): number {
    return this.#host.held
  }

  get server(): string {
    return this.#connection.getServer()
  }

  /** Takes no more chunks; resolves when those it has are answered. */
  drain(): Promise<void> {
    return this.#host.drain()
  }

  /** Resolves when a chunk was answered and none is held. */
  async once(): Promise<void> {
    while (this.#host.counts.done === 0 || this.#host.held > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  }

  /** Gives back what it has, says so, and ends. */
  async end(): Promise<void> {
    this.#host.giveBackAll()
    this.#link.end()
    await this.#connection.drain().catch(() => {}) // the broker is gone
    await this.#slots.close()
  }
}

/** Hosts need not be allowed to make pools: then somebody else does. */
async function makeIfAllowed(manager: Awaited<ReturnType<typeof managerOf>>, names: Names): Promise<void> {
  try {
    if ((await streamOf(manager, names)) === undefined) await createPool(manager, names)
  } catch {
    // It is asked for tasks again and again, until there is one.
  }
}
