import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { loadJetStream } from './connect.ts'
import { BrokerError } from './errors.ts'
import type { Names } from './names.ts'

/** How a pool is kept by the broker. */
export interface PoolShape {
  readonly storage: 'memory' | 'file'
  readonly replicas: number
  /** A task is delivered again when its host was silent for so many ms. */
  readonly leaseMs: number
  /** Slots that are expected: four times as many tasks may be held. */
  readonly slots: number
  /** Bytes that are kept at most; submitters wait then. */
  readonly maxBytes: number
}

export const DEFAULT_SHAPE: PoolShape = {
  storage: 'memory',
  replicas: 1,
  leaseMs: 10_000,
  slots: 1024,
  maxBytes: 256 * 2 ** 20,
}

/** Hosts that die of a task, and those that give it back, use these up; then the submitter is told. */
const MOST_DELIVERIES = 8
const MOST_AGE_MS = 24 * 3_600_000
const NS_A_MS = 1e6
/** By default 512 pulls may wait, which a thousand hosts exceed. */
const MOST_WAITING = 8192
/** Publications are known again for so long: longer than one is repeated. */
const DUPLICATES_MS = 120_000

const NO_STREAM = 10059
const NO_CONSUMER = 10014

export async function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  const { jetstreamManager } = await loadJetStream()
  return await jetstreamManager(connection, { checkAPI: false })
}

/** Makes a pool, or leaves one as it is that is there. Errors: BrokerError where the broker refuses. */
export async function createPool(
  manager: JetStreamManager,
  names: Names,
  shape: PoolShape = DEFAULT_SHAPE,
): Promise<void> {
  const { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } = await loadJetStream()
  try {
    if ((await streamOf(manager, names)) === undefined) {
      await manager.streams.add({
        name: names.stream,
        subjects: [names.tasks],
        retention: RetentionPolicy.Workqueue,
        storage: shape.storage === 'file' ? StorageType.File : StorageType.Memory,
        num_replicas: shape.replicas,
        discard: DiscardPolicy.New,
        max_bytes: shape.maxBytes,
        max_age: MOST_AGE_MS * NS_A_MS,
        duplicate_window: DUPLICATES_MS * NS_A_MS,
      })
    }
    await manager.consumers.add(names.stream, {
      durable_name: names.consumer,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: shape.leaseMs * NS_A_MS,
      max_deliver: MOST_DELIVERIES,
      max_ack_pending: 4 * shape.slots,
      max_waiting: MOST_WAITING,
    })
  } catch (cause) {
    throw new BrokerError(
      `pool ${names.pool} could not be made: ${messageOf(cause)}; start nats-server with -js, or make the pool with lanewise pool create`,
      { cause },
    )
  }
}

/** The stream of a pool; undefined: there is none. */
export async function streamOf(
  manager: JetStreamManager,
  names: Names,
  filter?: string,
): Promise<Awaited<ReturnType<JetStreamManager['streams']['info']>> | undefined> {
  try {
    return await manager.streams.info(names.stream, filter === undefined ? {} : { subjects_filter: filter })
  } catch (error) {
    if (codeOf(error) === NO_STREAM) return undefined
    throw error
  }
}

/** The consumer of a pool; undefined: there is none. */
export async function consumerOf(
  manager: JetStreamManager,
  names: Names,
): Promise<Awaited<ReturnType<JetStreamManager['consumers']['info']>> | undefined> {
  try {
    return await manager.consumers.info(names.stream, names.consumer)
  } catch (error) {
    if (codeOf(error) === NO_CONSUMER || codeOf(error) === NO_STREAM) return undefined
    throw error
  }
}

export async function deletePool(manager: JetStreamManager, names: Names): Promise<boolean> {
  if ((await streamOf(manager, names)) === undefined) return false
  return await manager.streams.delete(names.stream)
}

/** The lease of a pool in ms; the default where the broker does not say. */
export async function leaseOf(manager: JetStreamManager, names: Names): Promise<number> {
  try {
    const ns = (await consumerOf(manager, names))?.config.ack_wait
    return ns === undefined ? DEFAULT_SHAPE.leaseMs : ns / NS_A_MS
  } catch {
    return DEFAULT_SHAPE.leaseMs // it may not look
  }
}

function codeOf(error: unknown): number | undefined {
  const { code } = Object(error)
  return typeof code === 'number' ? code : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
