import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printMetrics } from '../cluster/metrics.ts'
import { Names, token } from '../cluster/names.ts'
import { ClusterWorker } from '../cluster/worker.ts'
import { usableCores } from '../executors/cores.ts'
import { ownVersion } from '../version.ts'
import { type Command, EXIT, type Streams } from './command.ts'
import { asUsage, connectionOf } from './pool.ts'

/** Chunks were given back unfinished. */
const GAVE_BACK = 3

/** Runs chunks of a cluster on this machine, until it is told to stop. */
export const worker: Command = {
  name: 'worker',
  summary: 'runs calls for NatsExecutor on this machine',
  help: `Usage: lanewise worker --credentials FILE [options]
       lanewise worker --insecure [options]

Pulls calls of a pool from a NATS server and runs them, until it gets SIGTERM or SIGINT: then it takes no more and ends with 0 when it has finished
what it has. On the second signal, or when --drain-timeout is over, it gives that back to other hosts and ends with 3.

  --servers URLS         nats://host:port, several with commas between (default nats://127.0.0.1:4222)
  --credentials FILE     who it is, as nsc writes it; or --user NAME, with LANEWISE_PASSWORD
  --user NAME
  --insecure             without credentials, to a server on this machine only
  --tls-ca, --tls-cert, --tls-key FILE    in PEM
  --pool NAME            (default: default)
  --prefix WORD          the first word of all subjects (default lw)
  --slots N              chunks at once (default auto: one a core)
  --isolation KIND       thread (default) or process: what runs a chunk
  --modules DIR          runs functions of the package that lies there
  --allow PACKAGE        and of this one in its node_modules; may be repeated
  --allow-source FILE    runs functions by their source, if one of these public keys (PEM, Ed25519) has signed them: whoever has the private key
                         runs what he likes here
  --drain-timeout SEC    (default: none)
  --metrics HOST:PORT    counts for Prometheus, at /metrics
  --once                 ends when it has run something and nothing is left
  --help                 this text
`,
  async run(args, { stderr }: Streams): Promise<number> {
    const { values } = parseArgs({
      args: [...args],
      options: {
        servers: { type: 'string' },
        credentials: { type: 'string' },
        user: { type: 'string' },
        insecure: { type: 'boolean', default: false },
        'tls-ca': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        pool: { type: 'string', default: 'default' },
        prefix: { type: 'string', default: 'lw' },
        slots: { type: 'string', default: 'auto' },
        isolation: { type: 'string', default: 'thread' },
        modules: { type: 'string' },
        allow: { type: 'string', multiple: true, default: [] },
        'allow-source': { type: 'string' },
        'drain-timeout': { type: 'string' },
        metrics: { type: 'string' },
        once: { type: 'boolean', default: false },
      },
    })
    const say = (text: string): unknown => stderr.write(`lanewise worker: ${text}\n`)
    let settings: Parameters<typeof ClusterWorker.start>[0]
    let metrics: { host: string; port: number } | undefined
    let drainMs: number | undefined
    try {
      const connect = connectionOf(values)
      if (connect.credentials === undefined) refuseInsecure(values.insecure, connect.servers)
      metrics = values.metrics === undefined ? undefined : addressOf(values.metrics)
      drainMs =
        values['drain-timeout'] === undefined ? undefined : 1000 * positive(values['drain-timeout'], '--drain-timeout')
      settings = {
        connect,
        names: new Names(token(values.pool, '--pool'), token(values.prefix, '--prefix')),
        slots: values.slots === 'auto' ? usableCores() : whole(values.slots, '--slots'),
        isolation: isolationOf(values.isolation),
        allowed: {
          modules: values.modules === undefined ? undefined : folder(values.modules),
          packages: values.allow,
          keys: values['allow-source'] === undefined ? [] : publicKeys(values['allow-source']),
        },
        lanewise: ownVersion(),
      }
    } catch (error) {
      throw asUsage(error)
    }
    const host = await ClusterWorker.start(settings)
    const { isolation, names } = settings
    say(`${host.name} has ${host.slots} slots (${isolation}) for pool ${names.pool} at ${host.server}`)
    const server = metrics === undefined ? undefined : await serveMetrics(host, metrics, say)
    const code = await untilTold(host, { isOnce: values.once, drainMs, say })
    await host.end()
    server?.close()
    say(`ended; ${host.counts.done} chunks done, ${host.counts.givenBack} given back`)
    return code
  },
}

/** Resolves when the host has nothing more to do: what the command ends with. */
async function untilTold(
  host: ClusterWorker,
  { isOnce, drainMs, say }: { isOnce: boolean; drainMs: number | undefined; say: (text: string) => unknown },
): Promise<number> {
  return await new Promise<number>((resolve) => {
    let isDraining = false
    const told = (signal: string): void => {
      if (isDraining) {
        say(`${signal} again: gives back ${host.held} chunks`)
        over(host.held > 0 ? GAVE_BACK : EXIT.ok)
        return
      }
      isDraining = true
      say(`${signal}: takes no more, and finishes ${host.held} chunks`)
      if (drainMs !== undefined) {
        setTimeout(() => {
          say(`the time is over: gives back ${host.held} chunks`)
          over(host.held > 0 ? GAVE_BACK : EXIT.ok)
        }, drainMs).unref()
      }
      void host.drain().then(() => over(EXIT.ok))
    }
    // The broker's connection, while it is being made anew, is a timer that does not hold the process.
    const stays = setInterval(() => {}, 60_000)
    const over = (code: number): void => {
      clearInterval(stays)
      process.off('SIGTERM', told)
      process.off('SIGINT', told)
      resolve(code)
    }
    process.on('SIGTERM', told)
    process.on('SIGINT', told)
    if (isOnce) void host.once().then(() => over(EXIT.ok))
  })
}

async function serveMetrics(
  host: ClusterWorker,
  address: { host: string; port: number },
  say: (text: string) => unknown,
): Promise<Server> {
  const server = createServer((request, response) => {
    const isMetrics = request.url === '/metrics'
    response.writeHead(isMetrics ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' })
    response.end(isMetrics ? printMetrics(host) : 'see /metrics\n')
  })
  server.on('error', (error) => say(`no metrics: ${error.message}`))
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve())
    server.listen(address.port, address.host, resolve)
  })
  const bound = server.address()
  if (typeof bound === 'object' && bound !== null) say(`metrics at http://${address.host}:${bound.port}/metrics`)
  return server
}

/** Whoever can reach the server could else have this machine work for him. */
function refuseInsecure(isInsecure: boolean, servers: readonly string[]): void {
  if (!isInsecure)
    throw new RangeError(
      'a worker needs --credentials FILE or --user NAME; for a server on this machine alone, --insecure',
    )
  for (const server of servers) {
    const { hostname } = new URL(server.includes('://') ? server : `nats://${server}`)
    if (/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) continue
    throw new RangeError(`--insecure is for a server on this machine, got ${server}; use --credentials FILE`)
  }
}

function addressOf(text: string): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  if (host === undefined || !(Number(port) <= 65_535))
    throw new RangeError(`--metrics must be HOST:PORT, got ${text}; use 127.0.0.1:9464`)
  return { host, port: Number(port) }
}

function positive(text: string, name: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw new RangeError(`${name} must be seconds above 0, got ${text}; leave it out for no limit`)
}

function whole(text: string, name: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 4096) return value
  throw new RangeError(`${name} must be an integer of 1 to 4096, or auto, got ${text}; leave it out for one a core`)
}

function isolationOf(text: string): 'thread' | 'process' {
  if (text === 'thread' || text === 'process') return text
  throw new RangeError(`--isolation must be thread or process, got ${text}; leave it out for threads`)
}

function folder(path: string): string {
  const found = resolve(path)
  if (statSync(found, { throwIfNoEntry: false })?.isDirectory()) return found
  throw new RangeError(`--modules must be a folder, and there is none at ${path}; give the one with package.json`)
}

/** Public keys of a file in PEM, one after the other. */
function publicKeys(file: string): KeyObject[] {
  if (!isFile(file)) throw new RangeError(`--allow-source must be a file of public keys, and there is none at ${file}`)
  const blocks = readFileSync(file, 'utf8').match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  const keys = blocks.map((block) => createPublicKey(block)).filter((key) => key.asymmetricKeyType === 'ed25519')
  if (keys.length > 0) return keys
  throw new RangeError(
    `--allow-source must hold public keys of Ed25519 in PEM, got none in ${file}; make one with openssl pkey -pubout`,
  )
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
