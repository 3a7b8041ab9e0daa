import { cpus, loadavg } from 'node:os'
import { usableCores } from '../executors/cores.ts'
import { ownVersion } from '../version.ts'
import type { Environment } from './result.ts'

/** Where it is measured. `workers`: most that there are; `loadBefore`: what `loadOfLastMinute` said at the beginning. */
export function environmentOf(workers: number, loadBefore: number): Environment {
  return {
    lanewise: ownVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: usableCores(),
    workers,
    loadBefore,
    loadAfter: loadOfLastMinute(),
  }
}

/** How many programs wanted a core in the last minute; 0 on Windows. */
export function loadOfLastMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}
