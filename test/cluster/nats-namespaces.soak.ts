import { spawnSync } from 'node:child_process'
import { setTimeout as later } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { Cable } from './cable.ts'
import { notes, numbers, watched } from './watched.ts'
import { type HostProcess, server, World } from './world.ts'

const OUTAGE_MS = 6000
const LEASE_MS = 2000

// A network of this test alone: two ends of a cable, the second of which is all that a namespace has.
const space = `lw-${process.pid}`
const [here, there] = [`lwa${process.pid}`, `lwb${process.pid}`]
const net = `10.213.${process.pid % 250}`

/** Runs `ip`; what it had to say if it failed. */
function ip(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}

/** The same in the namespace. */
const ipThere = (...args: string[]): string | undefined => ip('-n', space, ...args)

function mustIp(...args: string[]): void {
  const why = ip(...args)
  if (why !== undefined) throw new Error(`ip ${args.join(' ')}: ${why}`)
}

/** Lays the cable; what is missing, if it cannot be. */
function lay(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has them'
  if (process.getuid?.() !== 0) return 'only root makes them'
  return (
    ip('netns', 'add', space) ??
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', space) ??
    ip('addr', 'add', `${net}.1/30`, 'dev', here) ??
    ip('link', 'set', here, 'up') ??
    ipThere('addr', 'add', `${net}.2/30`, 'dev', there) ??
    ipThere('link', 'set', there, 'up') ??
    ipThere('link', 'set', 'lo', 'up')
  )
}

/** Whether a host began one of the rows from `first` on. */
function isThere(file: string, { child }: HostProcess, first: number): boolean {
  return notes(file)
    .slice(first)
    .some(({ pid }) => pid === child.pid)
}

const missing = server === undefined ? 'there is no nats-server' : lay()
if (missing !== undefined) console.log(`skipped, what needs network namespaces: ${missing}`)
afterAll(() => {
  ip('link', 'del', here)
  ip('netns', 'del', space)
})

describe.skipIf(missing !== undefined)(`a host whose network fails for ${OUTAGE_MS} ms`, { timeout: 90_000 }, () => {
  it.each<[string, string[], string[]]>([
    ['both ways: its cable is pulled', ['link', 'set', here, 'down'], ['link', 'set', here, 'up']],
    ['on the way to it', ['route', 'add', 'blackhole', `${net}.2/32`], ['route', 'del', 'blackhole', `${net}.2/32`]],
    [
      'on the way from it',
      ['-n', space, 'route', 'add', 'blackhole', `${net}.1/32`],
      ['-n', space, 'route', 'del', 'blackhole', `${net}.1/32`],
    ],
  ])('%s: its rows run elsewhere, each counts once, and it is back when that heals', async (_, fail, heal) => {
    await using world = await World.open({ hosts: 1, leaseMs: LEASE_MS })
    await using cable = await Cable.open(world.port, 0, `${net}.1`)
    // By a user, though the broker asks for none: without, a host serves this machine only.
    const args = ['--servers', cable.url, '--user', 'anybody']
    const far = world.addHost(args, { LANEWISE_PASSWORD: 'any' }, ['ip', 'netns', 'exec', space])
    await far.says(/slots/)
    await using pool = world.executor()
    const { result, file, hasBegun } = watched(world, pool, { rows: 150, ms: 100 })
    for (let count = 1; ; count++) {
      await hasBegun(count)
      if (isThere(file, far, 0)) break
    }
    mustIp(...fail)
    try {
      await later(OUTAGE_MS)
    } finally {
      mustIp(...heal)
    }
    expect(await result).toEqual(numbers(150))
    for (let before = notes(file).length; ; before = notes(file).length) {
      expect(await watched(world, pool, { rows: 20, ms: 50 }).result).toEqual(numbers(20))
      if (isThere(file, far, before)) break // it is one of the hosts again
    }
  })
})
