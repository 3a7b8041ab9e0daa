import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { range, repeat } from '../../src/index.ts'
import { random } from './twin.ts'
import { calls, kill, server, World } from './world.ts'

// Ten minutes, unless LANEWISE_SOAK_MS says otherwise.
const SOAK_MS = Number(process.env.LANEWISE_SOAK_MS ?? 600_000)
const KILL_MS = 5000
const ROWS = 400

it.skipIf(server === undefined)(
  'maps lose nothing and keep their order while hosts and the broker are killed, one every 5 s',
  async () => {
    await using world = await World.open({ leaseMs: 2000, hosts: 3 })
    await using pool = world.executor({ attempts: 7 }) // a chunk may meet several hosts that are killed
    const seed = Date.now() % 2 ** 31
    console.log(`seed ${seed}`)
    const chance = random(seed)
    const file = join(world.folder, 'begun')
    const end = performance.now() + SOAK_MS
    let isOver = false
    const killing = (async () => {
      while (!isOver && performance.now() < end) {
        await later(KILL_MS)
        if (isOver) return
        if (chance() < 0.2) {
          await world.killServer(chance() < 0.5)
          await world.startServer()
          continue
        }
        const alive = world.hosts.filter(({ child }) => child.exitCode === null && child.signalCode === null)
        const victim = alive[Math.floor(chance() * alive.length)]
        if (victim !== undefined) await kill(victim.child, chance() < 0.7 ? 'SIGKILL' : 'SIGTERM')
        await world.addHost().says(/slots/)
      }
    })()
    let maps = 0
    while (performance.now() < end) {
      const chunksize = 1 + Math.floor(chance() * 10)
      const result = pool.map(calls.noted, repeat(file), repeat(10), range(ROWS), { chunksize })
      expect(await result).toEqual(Array.from({ length: ROWS }, (_, i) => i))
      maps++
    }
    isOver = true
    await killing
    console.log(`${maps} maps of ${ROWS} rows`, pool.stats())
    expect(maps).toBeGreaterThan(0)
  },
  SOAK_MS + 300_000,
)
