import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, listening } from '../../src/cli/port.ts'
import { connectTo } from '../../src/cluster/connect.ts'
import { NatsExecutor } from '../../src/cluster/executor.ts'
import { Names } from '../../src/cluster/names.ts'
import type { NatsOptions } from '../../src/cluster/options.ts'
import { createPool, DEFAULT_SHAPE, managerOf } from '../../src/cluster/pools.ts'
import { tasks } from '../../src/index.ts'
import { endWithMe } from './orphans.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = join(root, 'dist/cli/main.js')

/** Where a server is; undefined: nowhere, and what needs one is skipped. */
export const server: string | undefined = [
  process.env.LANEWISE_NATS_SERVER ?? '',
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'nats-server')),
  '/usr/sbin/nats-server',
].find((file) => file !== '' && existsSync(file))

if (server === undefined) {
  console.log('skipped, what needs a NATS server: there is no nats-server on PATH, nor in LANEWISE_NATS_SERVER')
}

/** The functions that hosts have too. */
export const calls = tasks<typeof import('./fixtures/calls.mjs')>(new URL('./fixtures/calls.mjs', import.meta.url))

/** A child that ends with this process. */
function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd: string = root): ChildProcess {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd })
  endWithMe(child)
  return child
}

/** A program of its own process. */
export function startProgram(file: string, args: readonly string[]): ChildProcess {
  return start(process.execPath, [file, ...args])
}

/** Ends a child, if it has not ended. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A `lanewise worker` of its own process. */
export class HostProcess {
  readonly child: ChildProcess
  /** What it said so far. */
  said = ''

  /** `under`: a command that becomes the host. */
  constructor(args: readonly string[], env?: NodeJS.ProcessEnv, under: readonly string[] = []) {
    const [file = '', ...more] = [...under, process.execPath, command, 'worker', ...args]
    this.child = start(file, more, env)
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text
    })
  }

  /** Waits until it said something of the kind. Errors: it ended before. */
  async says(what: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const found = what.exec(this.said)
      if (found !== null) return found
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`a host ended with ${this.child.exitCode ?? this.child.signalCode}: ${this.said}`)
      }
      await Promise.race([once(this.child.stderr as NodeJS.ReadableStream, 'data'), once(this.child, 'exit')])
    }
  }

  /** Waits for its end: its exit code. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }
}

export interface WorldOptions {
  readonly hosts?: number
  readonly slots?: number
  readonly leaseMs?: number
  /** More arguments of each host. */
  readonly hostArgs?: readonly string[]
  /** More of the server's configuration. */
  readonly conf?: string
}

/** Three servers that keep three copies, and one world of them. */
export interface Three {
  readonly world: World
  readonly servers: ReadonlyMap<string, ChildProcess>
  /** Has one end, as it is told to, and begin anew; resolves when it has all copies again. */
  restart(name: string): Promise<void>
}

/** A server on a free port of this machine, with hosts. */
export class World implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lanewise-nats-'))
  readonly hosts: HostProcess[] = []
  readonly #options: WorldOptions
  #port = 0
  #server: ChildProcess | undefined
  readonly #servers: ChildProcess[] = []
  #urls: readonly string[] = []

  private constructor(options: WorldOptions) {
    this.#options = options
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options)
    world.#port = await freePort()
    await world.startServer()
    if (options.leaseMs !== undefined) await world.shape(options.leaseMs)
    for (let i = 0; i < (options.hosts ?? 2); i++) world.addHost()
    await Promise.all(world.hosts.map((host) => host.says(/has \d+ slots/)))
    return world
  }

  /** Three servers that keep three copies, with hosts that know them all. Answers their names with them. */
  static async openThree(options: WorldOptions = {}): Promise<Three> {
    const world = new World(options)
    const { folder } = world
    const ports = await Promise.all([0, 1, 2].map(freePort))
    const routes = await Promise.all([0, 1, 2].map(freePort))
    const others = routes.map((port) => `nats://127.0.0.1:${port}`).join(',')
    const servers = new Map<string, ChildProcess>()
    const begin = async (i: number): Promise<void> => {
      const [name, port] = [`server-${i}`, ports[i] as number]
      const place = ['-js', '-sd', join(folder, name), '-a', '127.0.0.1', '-p', String(port), '-n', name]
      const route = ['--cluster_name', 'three', '--cluster', `nats://127.0.0.1:${routes[i]}`, '--routes', others]
      const child = start(server as string, [...place, ...route])
      servers.set(name, child)
      world.#servers.push(child)
      await listening(port, child)
    }
    const restart = async (name: string): Promise<void> => {
      await kill(servers.get(name)!, 'SIGTERM')
      await begin(Number(name.at(-1)))
      while (!(await hasAllCopies(world))) await later(100) // nothing tells when
    }
    world.#urls = ports.map((port) => `nats://127.0.0.1:${port}`)
    await Promise.all(ports.map((_, i) => begin(i)))
    for (;;) {
      try {
        await world.shape(options.leaseMs ?? 2000, 'memory', 3)
        break
      } catch {
        await later(100) // they have not chosen a leader so far; nothing tells when
      }
    }
    for (let i = 0; i < (options.hosts ?? 2); i++) world.addHost()
    await Promise.all(world.hosts.map((host) => host.says(/has \d+ slots/)))
    return { world, servers, restart }
  }

  /** A server by a configuration file, with a certificate for this machine, whose authority is `ca.pem`; without hosts. */
  static async openSecure(conf: string, env: NodeJS.ProcessEnv): Promise<World> {
    const world = new World({})
    world.#port = await freePort()
    const { folder } = world
    writeFileSync(join(folder, 'nats-server.conf'), conf)
    const openssl = (...args: string[]): void => {
      const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
      if (status !== 0) throw new Error(`openssl failed: ${stderr}`)
    }
    const fresh = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
    openssl(
      'req',
      ...fresh,
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout',
      'server-key.pem',
      '-out',
      'server.pem',
    )
    writeFileSync(join(folder, 'ca.pem'), readFileSync(join(folder, 'server.pem')))
    const own = { ...env, LANEWISE_PORT: String(world.#port), LANEWISE_STORE: join(folder, 'store') }
    world.#server = start(server as string, ['-a', '127.0.0.1', '-c', join(folder, 'nats-server.conf')], own, folder)
    await listening(world.#port, world.#server)
    return world
  }

  /** Of its one server. */
  get port(): number {
    return this.#port
  }

  get url(): string {
    return this.#urls.length > 0 ? this.#urls.join(',') : `nats://127.0.0.1:${this.#port}`
  }

  /** Has a server begin; what it kept before is there. */
  async startServer(): Promise<void> {
    const store = join(this.folder, 'store')
    const conf = join(this.folder, 'nats.conf')
    writeFileSync(conf, this.#options.conf ?? '')
    const place = ['-js', '-a', '127.0.0.1', '-p', String(this.#port), '-sd', store]
    this.#server = start(server as string, ['-c', conf, ...place])
    await listening(this.#port, this.#server)
  }

  /** Kills the server; `isDataKept`: what it wrote stays. */
  async killServer(isDataKept: boolean): Promise<void> {
    if (this.#server !== undefined) await kill(this.#server)
    if (!isDataKept) rmSync(join(this.folder, 'store'), { recursive: true, force: true })
  }

  async shape(leaseMs: number, storage: 'memory' | 'file' = 'memory', replicas = 1): Promise<void> {
    await this.manage((manager) => createPool(manager, names, { ...DEFAULT_SHAPE, leaseMs, storage, replicas }))
  }

  /** Uses the broker as an operator does. */
  async manage<T>(use: (manager: Awaited<ReturnType<typeof managerOf>>) => Promise<T>): Promise<T> {
    return await this.connected(async (connection) => await use(await managerOf(connection)))
  }

  /** Speaks to the broker as anybody may who reaches it. */
  async connected<T>(use: (connection: Awaited<ReturnType<typeof connectTo>>) => Promise<T>): Promise<T> {
    const connection = await connectTo({
      servers: this.url.split(','),
      credentials: undefined,
      tls: undefined,
      name: 'a test',
    })
    try {
      return await use(connection)
    } finally {
      await connection.close()
    }
  }

  addHost(args: readonly string[] = [], env?: NodeJS.ProcessEnv, under?: readonly string[]): HostProcess {
    const { slots = 2, hostArgs = [] } = this.#options
    const common = ['--insecure', '--servers', this.url, '--modules', root, '--slots', String(slots)]
    const host = new HostProcess([...common, ...hostArgs, ...args], env, under)
    this.hosts.push(host)
    return host
  }

  /** A pool of so many slots, on two hosts where there are two of them. Waits until they are there. */
  async openPool(slots: number, args: readonly string[] = []): Promise<void> {
    const shares = slots === 1 ? [1] : [Math.ceil(slots / 2), Math.floor(slots / 2)]
    const hosts = shares.map((share) => this.addHost(['--pool', poolOf(slots), '--slots', String(share), ...args]))
    await Promise.all(hosts.map((host) => host.says(/has \d+ slots?/)))
  }

  /** A host that says who it is. */
  addSecureHost(args: readonly string[], env: NodeJS.ProcessEnv): HostProcess {
    const host = new HostProcess(['--servers', this.url, '--modules', root, '--slots', '2', ...args], env)
    this.hosts.push(host)
    return host
  }

  executor(options: NatsOptions = {}): NatsExecutor {
    return new NatsExecutor({ servers: this.url, ...options })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.hosts) await kill(child)
    if (this.#server !== undefined) await kill(this.#server)
    for (const child of this.#servers) await kill(child)
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The name of the pool that has so many slots: see `openPool`. */
export function poolOf(slots: number): string {
  return `slots-${slots}`
}

/** Whether a leader knows the other two as up to date. */
async function hasAllCopies(world: World): Promise<boolean> {
  try {
    const { cluster } = await world.manage(async (manager) => await manager.streams.info(names.stream))
    const { leader = '', replicas = [] } = cluster ?? {}
    return leader !== '' && replicas.length === 2 && replicas.every(({ current, offline }) => current && !offline)
  } catch {
    return false // it has no leader at the moment
  }
}

export const names: Names = new Names('default', 'lw')
