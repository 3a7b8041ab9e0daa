import { availableParallelism } from 'node:os'
import { cgroupProcessors } from './cgroup.ts'

let cores: number | undefined

/**
 * How many workers can run at once: the processors that this process may use by its affinity, or the share of time that its control group allows, rounded
 * down. 1 at least. (Node 20's `os.availableParallelism` does not know of such shares: a container of one processor on a host of 64 would get 64 workers.)
 */
export function usableCores(): number {
  cores ??= Math.max(1, Math.min(availableParallelism(), Math.floor(cgroupProcessors() ?? Number.POSITIVE_INFINITY)))
  return cores
}
