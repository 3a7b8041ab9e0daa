import { describe, expect, it } from 'vitest'
import { Cable, type Way } from './cable.ts'
import { hasBegunTwice, notes, numbers, watched } from './watched.ts'
import { calls, server, World } from './world.ts'

const LEASE_MS = 1000

describe.skipIf(server === undefined)('a map goes on, in order and with each row once', { timeout: 120_000 }, () => {
  it('when each message takes 200 ms on its way to the broker, and from it: nothing is sent or run twice', async () => {
    await using world = await World.open({ hosts: 0 })
    await using far = await Cable.open(world.port, 200)
    const hosts = [0, 1].map(() => world.addHost(['--servers', far.url]))
    await Promise.all(hosts.map((host) => host.says(/slots/)))
    await using pool = world.executor({ servers: far.url })
    const { result, begun } = watched(world, pool, { rows: 12, ms: 20 })
    expect(await result).toEqual(numbers(12))
    expect(begun().sort((a, b) => a - b)).toEqual(numbers(12))
    expect(pool.stats()).toMatchObject({ sent: 12, settled: 12, duplicates: 0, republished: 0 })
  })

  it.each<[string, Way[]]>([
    ['nothing reaches a host or leaves it', ['up', 'down']],
    ['nothing leaves a host, though it hears all', ['up']],
    ['nothing reaches a host, though it is heard', ['down']],
  ])('when for longer than a lease %s', async (_, ways) => {
    await using world = await World.open({ hosts: 1, leaseMs: LEASE_MS })
    await using way = await Cable.open(world.port)
    const far = world.addHost(['--servers', way.url])
    await far.says(/slots/)
    await using pool = world.executor()
    const { result, file, hasBegun } = watched(world, pool, { rows: 60, ms: 60 })
    await hasBegun(8)
    way.lose(...ways)
    if (ways.includes('up')) await hasBegunTwice(file)
    else await hasBegun(50) // what it has it finishes, and is heard
    way.heal()
    expect(await result).toEqual(numbers(60))
    // And it is one of the hosts again.
    const before = notes(file).length
    const again = watched(world, pool, { rows: 40, ms: 60 })
    expect(await again.result).toEqual(numbers(40))
    expect(
      notes(file)
        .slice(before)
        .map(({ pid }) => pid),
    ).toContain(far.child.pid)
  })

  it('when the connection of the caller breaks, with what was on its way to him', async () => {
    await using world = await World.open({ leaseMs: LEASE_MS })
    await using way = await Cable.open(world.port)
    await using pool = world.executor({ servers: way.url })
    const { result, file, hasBegun } = watched(world, pool, { rows: 60, ms: 30 })
    await hasBegun(10)
    way.lose('down')
    await hasBegunTwice(file) // results were lost: their leases have lapsed
    way.cut()
    expect(await result).toEqual(numbers(60))
    expect(await pool.submit(calls.square, 3)).toBe(9)
  })
})
