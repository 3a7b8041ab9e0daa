import type { ClusterStats } from './cluster/executor.ts'
import { NatsExecutor as Nats } from './cluster/executor.ts'
import type { NatsOptions } from './cluster/options.ts'
import type { Executor } from './executors/executor.ts'

export type { Credentials, TlsFiles } from './cluster/connect.ts'
export { BrokerError, ChunkCrashedError, NoWorkersError, RefusedByHostsError } from './cluster/errors.ts'
export type { ClusterStats } from './cluster/executor.ts'
export type { NatsOptions } from './cluster/options.ts'

/** Runs calls on the workers of other machines; see docs/cluster.md. */
export interface NatsExecutor extends Executor {
  /** What happened so far, over all maps and calls. */
  stats(): ClusterStats
}

/**
 * Runs calls on the workers of other machines, through a NATS server: the same `map`, the same order and errors, whatever dies on the way.
 *
 * Functions must be exported by a module that hosts have too; kernels travel as programs. A call may run twice where a host dies. Calls that block are refused.
 * Errors: TypeError for an option that is unknown or of another type, RangeError for a value.
 * Cost:   nothing until the first call; then a connection, which is closed again when nothing is awaited.
 */
export const NatsExecutor: new (options?: NatsOptions) => NatsExecutor = Nats
