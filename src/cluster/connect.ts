import { readFileSync } from 'node:fs'
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node'
import { PIECE } from './blobs.ts'
import { BrokerError } from './errors.ts'

/** How to prove who one is: the path of a credentials file, as `nsc` writes them, or a user, or a token. */
export type Credentials = string | { readonly user: string; readonly pass: string } | { readonly token: string }

/** Files in PEM. */
export interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

export interface ConnectSettings {
  readonly servers: readonly string[]
  readonly credentials: Credentials | undefined
  readonly tls: TlsFiles | undefined
  /** What the broker shows of this connection. */
  readonly name: string
  /** Whose answers it hears: users may be allowed to hear those of their kind only. Undefined: of anybody. */
  readonly role?: 'submitter' | 'host' | undefined
}

const RECONNECT_MS = 250
/** A broker that is there answers in milliseconds. */
const CONNECT_MS = 5000
/** The largest message: a piece with the head of its frame, of which 64 KiB is far more than enough. Brokers take 1 MiB by default. */
const MESSAGE_BYTES = PIECE + 2 ** 16

/**
 * Connects to a broker; lost connections are made again for ever.
 *
 * Errors: BrokerError where the packages are missing, the broker cannot be reached, or refuses, or takes too little in one message.
 */
export async function connectTo({ servers, credentials, tls, name, role }: ConnectSettings): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await loadTransport()
  const options: NodeConnectionOptions = {
    servers: [...servers],
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    timeout: CONNECT_MS,
    ...(role !== undefined && { inboxPrefix: inboxesOf(role) }),
    ...(tls !== undefined && {
      tls: {
        ...(tls.ca !== undefined && { caFile: tls.ca }),
        ...(tls.cert !== undefined && { certFile: tls.cert }),
        ...(tls.key !== undefined && { keyFile: tls.key }),
      },
    }),
    ...(typeof credentials === 'object' && credentials),
  }
  let connection: NatsConnection
  try {
    if (typeof credentials === 'string') options.authenticator = credsAuthenticator(readFileSync(credentials))
    connection = await connect(options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause)
    throw new BrokerError(
      `cannot use the broker at ${servers.join(', ')}: ${why}; is nats-server running there, and are the credentials right?`,
      {
        cause,
      },
    )
  }
  const most = connection.info?.max_payload ?? MESSAGE_BYTES
  if (most >= MESSAGE_BYTES) return connection
  await connection.close()
  throw new BrokerError(
    `the broker at ${servers.join(', ')} takes messages of ${most} bytes at most, and chunks need ${MESSAGE_BYTES}; set its max_payload to 1MB`,
  )
}

/** What the subjects begin with at which one hears answers. */
export function inboxesOf(role: 'submitter' | 'host'): string {
  return `_INBOX.${role}`
}

/** The packages are optional peers: who never needs a cluster does not have them. */
async function loadTransport(): Promise<typeof import('@nats-io/transport-node')> {
  try {
    return await import('@nats-io/transport-node')
  } catch (cause) {
    throw missing(cause)
  }
}

export async function loadJetStream(): Promise<typeof import('@nats-io/jetstream')> {
  try {
    return await import('@nats-io/jetstream')
  } catch (cause) {
    throw missing(cause)
  }
}

function missing(cause: unknown): BrokerError {
  return new BrokerError(
    'lanewise/nats needs two more packages; npm install @nats-io/transport-node @nats-io/jetstream',
    { cause },
  )
}
