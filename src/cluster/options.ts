import type { KeyObject } from 'node:crypto'
import {
  abortSignal,
  boolean,
  type Check,
  type Checks,
  integer,
  isPlainObject,
  optional,
  readOptions,
} from '../checks.ts'
import type { PoolSettings } from '../executors/options.ts'
import { type EngineName, engineName } from '../map/options.ts'
import { show } from '../show.ts'
import type { Credentials, TlsFiles } from './connect.ts'
import { token } from './names.ts'
import { readSigningKey } from './portable.ts'

/** How a NatsExecutor is set up. */
export interface NatsOptions {
  /** Where the broker is: one `nats://host:port`, or several of one cluster. Default `nats://127.0.0.1:4222`. */
  servers?: string | readonly string[] | undefined
  /** The hosts that serve it: those started with `lanewise worker --pool` and this name. Default `'default'`. */
  pool?: string | undefined
  /** A credentials file, or `{ user, pass }`, or `{ token }`. Default: none. */
  credentials?: Credentials | undefined
  /** Files in PEM for TLS: the authority, and a certificate and key of one's own. */
  tls?: TlsFiles | undefined
  /** How often hosts may die of a chunk before it fails with ChunkCrashedError. Default 3. */
  attempts?: number | undefined
  /** Milliseconds without a host of the pool after which all that waits fails with NoWorkersError. Default 30,000. */
  noWorkersTimeout?: number | undefined
  /** A private key of Ed25519 in PEM: functions travel as source, to hosts that list its public key. Default: they do not. */
  signingKey?: string | undefined
  /** The first word of all subjects. Default `'lw'`. */
  prefix?: string | undefined
  /** The engine of kernels, unless a map names its own; each host has its own choice under `'auto'`, the default. */
  engine?: EngineName | undefined
  /** Aborted: pending calls are cancelled, maps end with its reason, running calls go on, the executor is shut down. */
  signal?: AbortSignal | undefined
  /** The first call that fails cancels all pending ones. Default false. */
  cancelOnError?: boolean | undefined
}

/** `NatsOptions`, checked, with defaults. */
export interface NatsSettings {
  readonly servers: readonly string[]
  readonly pool: string
  readonly credentials: Credentials | undefined
  readonly tls: TlsFiles | undefined
  readonly attempts: number
  readonly noWorkersTimeout: number
  readonly signingKey: KeyObject | undefined
  readonly prefix: string
  readonly engine: EngineName
  readonly signal: AbortSignal | undefined
  readonly cancelOnError: boolean
}

const DEFAULT_SERVER = 'nats://127.0.0.1:4222'

const named =
  (fallback: string): Check<string> =>
  (value, name) =>
    value === undefined ? fallback : token(value, name)

const checks: Checks<NatsSettings> = {
  servers: serverList,
  pool: named('default'),
  credentials: optional(credentials, undefined),
  tls: optional(tlsFiles, undefined),
  attempts: optional(integer({ least: 1, low: 'must be >= 1', next: 'leave it out for 3' }), 3),
  noWorkersTimeout: noWorkersMs,
  signingKey: optional(signingKey, undefined),
  prefix: named('lw'),
  engine: optional(engineName, 'auto'),
  signal: optional(abortSignal, undefined),
  cancelOnError: boolean(false),
}

/** Options of other executors that hosts are started with, or that mean nothing here. */
const elsewhere = 'it is for each host to say; see lanewise worker --help'
const refused = {
  maxWorkers: 'the slots of all hosts are used; start more or fewer hosts, or those with other --slots',
  initializer: 'workers belong to hosts, which serve others too; do it in the module of the function',
  initargs: 'there is no initializer; do it in the module of the function',
  maxTasksPerChild: elsewhere,
  threadNamePrefix: elsewhere,
  onWorkerDeath: 'a host replaces its workers; leave it out',
  resourceLimits: elsewhere,
  env: elsewhere,
  execArgv: elsewhere,
}

/** Checks the options of a NatsExecutor. Errors: TypeError for an option that is unknown, refused or of another type; RangeError for a value. */
export function parseNatsOptions(options: unknown): NatsSettings {
  return readOptions(options, checks, 'NatsExecutor', refused)
}

/** As the code that all executors share takes them. */
export function poolSettingsOf({ engine, signal, cancelOnError }: NatsSettings): PoolSettings {
  return {
    maxWorkers: 1,
    initializer: undefined,
    initargs: [],
    maxTasksPerChild: undefined,
    threadNamePrefix: 'NatsExecutor',
    engine,
    signal,
    cancelOnError,
    onWorkerDeath: 'replace',
    resourceLimits: undefined,
    env: undefined,
    execArgv: undefined,
  }
}

export function serverList(value: unknown, name: string): readonly string[] {
  const servers = value === undefined ? [DEFAULT_SERVER] : typeof value === 'string' ? value.split(',') : value
  const rule = `${name} must be one or more of nats://host:port`
  if (!Array.isArray(servers) || servers.length === 0) {
    throw new TypeError(`${rule}, got ${show(value)}; leave it out for ${DEFAULT_SERVER}`)
  }
  for (const server of servers) {
    if (typeof server !== 'string') throw new TypeError(`${rule}, got ${show(server)}; use '${DEFAULT_SERVER}'`)
    if (!/^(?:(?:nats|tls):\/\/)?[^\s/@]+$/.test(server)) {
      throw new RangeError(`${rule}, got ${show(server)}; use '${DEFAULT_SERVER}', and credentials for who you are`)
    }
  }
  return servers.map((server: string) => server.trim())
}

function credentials(value: unknown, name: string): Credentials {
  if (typeof value === 'string' && value !== '') return value
  if (isPlainObject(value)) {
    const { user, pass, token: secret } = value
    if (typeof user === 'string' && typeof pass === 'string') return { user, pass }
    if (typeof secret === 'string') return { token: secret }
  }
  const what = typeof value === 'string' ? "''" : typeof value // never what it holds
  throw new TypeError(
    `${name} must be the path of a file, { user, pass } or { token }, got ${what}; leave it out for none`,
  )
}

function tlsFiles(value: unknown, name: string): TlsFiles {
  const path: Check<string | undefined> = (file, key) => {
    if (file === undefined || typeof file === 'string') return file
    throw new TypeError(`${name}.${key} must be the path of a file in PEM, got ${show(file)}; leave it out`)
  }
  return readOptions(value, { ca: path, cert: path, key: path }, name)
}

function noWorkersMs(value: unknown, name: string): number {
  if (value === undefined) return 30_000
  const next = 'leave it out for 30000'
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(`${name} must be a number of milliseconds, got ${show(value)}; ${next}`)
  }
  if (value > 0) return value
  throw new RangeError(`${name} must be > 0 milliseconds, got ${value}; ${next}`)
}

function signingKey(value: unknown, name: string): KeyObject {
  if (typeof value === 'string') return readSigningKey(value)
  throw new TypeError(`${name} must be the path of a file in PEM, got ${show(value)}; leave it out to send no sources`)
}
