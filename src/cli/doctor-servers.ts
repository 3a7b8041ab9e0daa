import type { NatsConnection } from '@nats-io/transport-node'
import { connectTo } from '../cluster/connect.ts'
import { Names, token } from '../cluster/names.ts'
import { BEACON_MS, type Beacon, encodeNote, readBeacon } from '../cluster/notes.ts'
import { consumerOf, managerOf, messageOf, streamOf } from '../cluster/pools.ts'
import { EXIT, type Output } from './command.ts'
import { asUsage, connectionOf } from './pool.ts'

/** What was found of a broker, a pool and its hosts. Its shape is that of `--json`. */
interface Found {
  readonly schema: 1
  readonly server: {
    readonly version: string
    readonly address: string
    readonly maxPayload: number
    readonly jetstream: boolean
  }
  /** Milliseconds, the median of some. */
  readonly roundTripMs: number
  readonly pool: {
    readonly name: string
    readonly exists: boolean
    readonly kept: number
    readonly leaseMs: number | null
  }
  readonly hosts: readonly Beacon[]
  readonly slots: number
  readonly problems: readonly string[]
}

const ROUND_TRIPS = 9
/** Each host speaks once in that time, and at once when it hears of somebody new. */
const LISTEN_MS = BEACON_MS + 500
/** Below it streams were seen to be lost in crashes. */
const ADVISED = [2, 10, 23] as const

/** Looks at a broker: version, limits, round trip, its pool, and the hosts that are alive. Answers the exit code. Errors: BrokerError, UsageError. */
export async function examineServers(
  values: Parameters<typeof connectionOf>[0] & {
    pool?: string | undefined
    prefix?: string | undefined
    json?: boolean | undefined
  },
  stdout: Output,
): Promise<number> {
  let settings: Parameters<typeof connectTo>[0]
  let names: Names
  try {
    settings = { ...connectionOf(values), name: 'lanewise doctor' }
    names = new Names(token(values.pool ?? 'default', '--pool'), token(values.prefix ?? 'lw', '--prefix'))
  } catch (error) {
    throw asUsage(error)
  }
  const connection = await connectTo(settings)
  try {
    const found = await look(connection, names)
    stdout.write(values.json === true ? `${JSON.stringify(found)}\n` : print(found))
    return found.problems.length === 0 ? EXIT.ok : EXIT.failure
  } finally {
    await connection.close()
  }
}

async function look(connection: NatsConnection, names: Names): Promise<Found> {
  const { info } = connection
  const roundTripMs = await medianRoundTrip(connection)
  const hosts = await hostsOf(connection, names)
  const version = info?.version ?? 'unknown'
  const jetstream = info?.jetstream === true
  const problems: string[] = []
  if (!jetstream) problems.push('the server has no JetStream; start nats-server with -js')
  if (hosts.length === 0)
    problems.push(`no host of pool ${names.pool} is alive; start lanewise worker --pool ${names.pool}`)
  let pool: Found['pool'] = { name: names.pool, exists: false, kept: 0, leaseMs: null }
  if (jetstream) {
    try {
      const manager = await managerOf(connection)
      const [stream, consumer] = [await streamOf(manager, names), await consumerOf(manager, names)]
      const lease = consumer?.config.ack_wait
      pool = {
        name: names.pool,
        exists: stream !== undefined,
        kept: stream?.state.messages ?? 0,
        leaseMs: lease === undefined ? null : lease / 1e6,
      }
    } catch (error) {
      problems.push(`the pool cannot be looked at: ${messageOf(error)}`)
    }
  }
  return {
    schema: 1,
    server: { version, address: connection.getServer(), maxPayload: info?.max_payload ?? 0, jetstream },
    roundTripMs,
    pool,
    hosts,
    slots: hosts.reduce((sum, { slots }) => sum + slots, 0),
    problems,
  }
}

async function medianRoundTrip(connection: NatsConnection): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const began = performance.now()
    await connection.flush()
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[(ROUND_TRIPS - 1) / 2] ?? 0
}

/** Hosts that speak while we listen. */
async function hostsOf(connection: NatsConnection, names: Names): Promise<Beacon[]> {
  const hosts = new Map<string, Beacon>()
  const subscription = connection.subscribe(names.beacon('*'), {
    callback: (_, { data }) => {
      const beacon = readBeacon(data)
      if (beacon !== undefined) hosts.set(beacon.host, beacon)
    },
  })
  connection.publish(names.control('doctor'), encodeNote({ client: 'doctor' }))
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS))
  subscription.unsubscribe()
  return [...hosts.values()].sort((a, b) => a.host.localeCompare(b.host))
}

function print({ server, roundTripMs, pool, hosts, slots, problems }: Found): string {
  const isOld = isBelow(server.version)
  const lines = [
    `nats-server ${server.version} at ${server.address}`,
    '',
    `  JetStream     ${server.jetstream ? 'yes' : 'no'}`,
    `  largest       ${server.maxPayload} bytes a message`,
    `  round trip    ${roundTripMs.toFixed(2)} ms`,
    `  pool          ${pool.name}, ${pool.exists ? `${pool.kept} chunks kept` : 'not there: the first executor or host makes it'}`,
    `  lease         ${pool.leaseMs === null ? 'unknown' : `${pool.leaseMs / 1000} s`}`,
    `  hosts         ${hosts.length}, with ${slots} slots`,
    ...hosts.map(({ host, slots, free, node, lanewise }) => {
      return `    ${host}: ${slots - free} of ${slots} slots busy, lanewise ${lanewise}, Node ${node}`
    }),
    '',
    ...(isOld
      ? [`Versions before ${ADVISED.join('.')} were seen to lose streams in crashes; maps go on then, but take longer.`]
      : []),
    problems.length === 0 ? 'All is well.' : 'Something is wrong:',
    ...problems.map((problem) => `- ${problem}`),
  ]
  return `${lines.join('\n')}\n`
}

function isBelow(version: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [i, least] of ADVISED.entries()) {
    const part = parts[i] ?? 0
    if (part !== least) return part < least
  }
  return false
}
