import { describe, expect, it } from 'vitest'
import { VERSION } from '../../src/cluster/frame.ts'
import { HeardHosts } from '../../src/cluster/heard.ts'
import { type Beacon, HOST_SILENT_MS } from '../../src/cluster/notes.ts'
import { VirtualClock } from './twin.ts'

function beacon(host: string, slots: number, more: Partial<Beacon> = {}): Beacon {
  const versions = { frames: [1, VERSION] as const, node: process.versions.node, lanewise: 'test' }
  return { host, slots, free: slots, ...versions, draining: false, held: [], done: 0, ...more }
}

describe('the slots of the hosts that are heard', () => {
  it('are theirs alone who speak, do not leave, and read what is sent here', () => {
    const clock = new VirtualClock()
    const hosts = new HeardHosts(clock)
    expect(hosts.slots).toBe(0)
    hosts.hear(beacon('a', 4))
    hosts.hear(beacon('b', 3))
    expect(hosts.slots).toBe(7)
    hosts.hear(beacon('b', 5))
    expect(hosts.slots).toBe(9)
    hosts.hear(beacon('c', 100, { frames: [VERSION + 1, VERSION + 1] }))
    expect(hosts.slots).toBe(9)
    hosts.hear(beacon('a', 4, { draining: true }))
    expect(hosts.slots).toBe(5)
    clock.spend(HOST_SILENT_MS + 1)
    hosts.hear(beacon('d', 1))
    hosts.forgetSilent()
    expect(hosts.slots).toBe(1)
    expect(hosts.names).toEqual(['d'])
  })
})
