import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type ConnectSettings, type Credentials, connectTo } from '../cluster/connect.ts'
import { Names, token } from '../cluster/names.ts'
import { serverList } from '../cluster/options.ts'
import {
  consumerOf,
  createPool,
  DEFAULT_SHAPE,
  deletePool,
  managerOf,
  type PoolShape,
  streamOf,
} from '../cluster/pools.ts'
import { type Command, EXIT, type Streams, UsageError } from './command.ts'

/** Makes, shows and deletes the pools of a broker. */
export const pool: Command = {
  name: 'pool',
  summary: 'makes, shows or deletes a pool of a NATS server',
  help: `Usage: lanewise pool create|info|delete [NAME] [options]

A pool is a work queue of a NATS server: one stream and one consumer. Executors and hosts make one themselves where they may; here it is made with limits of
one's own, or by somebody else than they.

  --servers URLS         nats://host:port, several with commas between (default nats://127.0.0.1:4222)
  --credentials FILE     who it is, as nsc writes it; or --user NAME, with LANEWISE_PASSWORD
  --user NAME
  --tls-ca, --tls-cert, --tls-key FILE    in PEM
  --prefix WORD          the first word of all subjects (default lw)
  --storage KIND         create: memory (default) or file
  --replicas N           create: servers that keep a copy, 1 (default), 3 or 5
  --lease SEC            create: a chunk goes to another host when its own was silent for so long (default 10)
  --slots N              create: slots that are expected, over all hosts (default 1024)
  --help                 this text
`,
  async run(args, { stdout }: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        servers: { type: 'string' },
        credentials: { type: 'string' },
        user: { type: 'string' },
        'tls-ca': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        prefix: { type: 'string', default: 'lw' },
        storage: { type: 'string', default: 'memory' },
        replicas: { type: 'string', default: '1' },
        lease: { type: 'string', default: '10' },
        slots: { type: 'string', default: '1024' },
      },
    })
    const [verb = '', name = 'default', ...more] = positionals
    const isKnown = verb === 'create' || verb === 'info' || verb === 'delete'
    if (!isKnown || more.length > 0) {
      throw new UsageError(`pool takes create, info or delete, and a NAME, got ${positionals.join(' ') || 'nothing'}`)
    }
    let connect: ConnectSettings
    let names: Names
    let shape: PoolShape
    try {
      connect = { ...connectionOf(values), name: 'lanewise pool' }
      names = new Names(token(name, 'NAME'), token(values.prefix, '--prefix'))
      shape = shapeOf(values)
    } catch (error) {
      throw asUsage(error)
    }
    const connection = await connectTo(connect)
    try {
      const manager = await managerOf(connection)
      if (verb === 'create') await createPool(manager, names, shape)
      if (verb === 'delete') {
        const was = await deletePool(manager, names)
        stdout.write(was ? `pool ${name} is deleted\n` : `there is no pool ${name}\n`)
        return was ? EXIT.ok : EXIT.failure
      }
      return await show(manager, names, stdout)
    } finally {
      await connection.close()
    }
  },
}

async function show(
  manager: Awaited<ReturnType<typeof managerOf>>,
  names: Names,
  stdout: Streams['stdout'],
): Promise<number> {
  const [stream, consumer] = [await streamOf(manager, names), await consumerOf(manager, names)]
  if (stream === undefined || consumer === undefined) {
    stdout.write(`there is no pool ${names.pool}; lanewise pool create ${names.pool} makes one\n`)
    return EXIT.failure
  }
  const { config, state } = stream
  const rows: [string, unknown][] = [
    ['pool', names.pool],
    ['storage', `${config.storage}, ${config.num_replicas} server${config.num_replicas === 1 ? '' : 's'}`],
    ['lease', `${(consumer.config.ack_wait ?? 0) / 1e9} s, ${consumer.config.max_deliver} deliveries at most`],
    ['kept', `${state.messages} chunks, ${state.bytes} bytes`],
    ['waiting', `${consumer.num_pending} chunks`],
    ['held', `${consumer.num_ack_pending} chunks`],
    ['asking', `${consumer.num_waiting} hosts`],
  ]
  stdout.write(rows.map(([key, value]) => `${key.padEnd(10)}${value}\n`).join(''))
  return EXIT.ok
}

/** What the checks of arguments threw, as a mistake of the call. */
export function asUsage(error: unknown): unknown {
  return error instanceof RangeError || error instanceof TypeError ? new UsageError(error.message) : error
}

/** How the arguments say to connect. Errors: RangeError, TypeError. */
export function connectionOf(values: {
  servers?: string | undefined
  credentials?: string | undefined
  user?: string | undefined
  'tls-ca'?: string | undefined
  'tls-cert'?: string | undefined
  'tls-key'?: string | undefined
}): Omit<ConnectSettings, 'name'> {
  const { 'tls-ca': ca, 'tls-cert': cert, 'tls-key': key } = values
  const hasTls = ca !== undefined || cert !== undefined || key !== undefined
  return {
    servers: serverList(values.servers, '--servers'),
    credentials: credentialsOf(values),
    tls: hasTls ? { ca, cert, key } : undefined,
  }
}

function credentialsOf(values: {
  credentials?: string | undefined
  user?: string | undefined
}): Credentials | undefined {
  if (values.credentials !== undefined) {
    if (statSync(values.credentials, { throwIfNoEntry: false })?.isFile() === true) return values.credentials
    throw new RangeError(`--credentials must be a file, and there is none at ${values.credentials}; make one with nsc`)
  }
  if (values.user === undefined) return undefined
  const pass = process.env.LANEWISE_PASSWORD
  if (pass !== undefined) return { user: values.user, pass }
  throw new RangeError('--user needs a password in LANEWISE_PASSWORD, and it is not set; set it')
}

function shapeOf({
  storage,
  replicas,
  lease,
  slots,
}: {
  storage: string
  replicas: string
  lease: string
  slots: string
}): PoolShape {
  if (storage !== 'memory' && storage !== 'file') {
    throw new RangeError(`--storage must be memory or file, got ${storage}; leave it out for memory`)
  }
  return {
    ...DEFAULT_SHAPE,
    storage,
    replicas: number(replicas, '--replicas', 1, 5),
    leaseMs: 1000 * number(lease, '--lease', 1, 3600),
    slots: number(slots, '--slots', 1, 1_000_000),
  }
}

function number(text: string, name: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new RangeError(`${name} must be an integer of ${least} to ${most}, got ${text}; leave it out for the default`)
}
