import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

/** Reads a file as text; undefined where it cannot be read. */
export type ReadText = (path: string) => string | undefined

/** Where control groups are mounted, by the convention of all distributions. */
const ROOT = '/sys/fs/cgroup'

/**
 * How many processors the control groups of this process let it use, as a fraction; undefined: there is no limit, or this is
 * no Linux. The narrowest of its group and those around it counts.
 */
export function cgroupProcessors(read: ReadText = readText): number | undefined {
  const groups = read('/proc/self/cgroup')?.split('\n') ?? []
  const limits = groups.flatMap((line) => {
    // 0::/a/b in version 2, 4:cpu,cpuacct:/a/b in version 1.
    const [id, controllers = '', ...rest] = line.split(':')
    const group = rest.join(':')
    if (id === '0' && controllers === '')
      return upwards(group).map((path) => limitOf2(read(posix.join(ROOT, path, 'cpu.max'))))
    if (!controllers.split(',').includes('cpu')) return []
    return upwards(group).map((path) => {
      const folder = posix.join(ROOT, 'cpu', path)
      return limitOf1(read(posix.join(folder, 'cpu.cfs_quota_us')), read(posix.join(folder, 'cpu.cfs_period_us')))
    })
  })
  const known = limits.filter((limit) => limit !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** A group and all around it: /a/b, /a, /. Inside a container the path may name what is not mounted there. */
function upwards(group: string): string[] {
  const paths = [group]
  for (let path = group; path !== '/' && path.startsWith('/'); ) {
    path = posix.dirname(path)
    paths.push(path)
  }
  return paths
}

/** `max 100000`, or microseconds of processor time in a period. */
function limitOf2(text: string | undefined): number | undefined {
  const [quota, period] = text?.trim().split(' ') ?? []
  return quota === 'max' ? undefined : limitOf1(quota, period)
}

function limitOf1(quota: string | undefined, period: string | undefined): number | undefined {
  const limit = Number(quota) / Number(period)
  return limit > 0 && limit < Number.POSITIVE_INFINITY ? limit : undefined
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
