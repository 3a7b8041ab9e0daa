import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { range, repeat } from '../../src/index.ts'
import { Cable } from './cable.ts'
import { random } from './twin.ts'
import { notes } from './watched.ts'
import { calls, type HostProcess, kill, server, World } from './world.ts'

// Ten minutes, unless LANEWISE_SOAK_MS says otherwise.
const SOAK_MS = Number(process.env.LANEWISE_SOAK_MS ?? 600_000)
const SEED = Number(process.env.LANEWISE_SOAK_SEED ?? Date.now() % 2 ** 31)
const KILL_MS = 5000
const ROWS = 400

/** Ends the worker that began a row last, if it is still one of a host. Answers whether there was one. */
function killWorker(file: string, hosts: readonly HostProcess[]): boolean {
  const pid = notes(file).at(-1)?.pid
  if (pid === undefined) return false
  const parent = Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
  if (!hosts.some(({ child }) => child.pid === parent)) return false // it is gone, and its number may be another's
  process.kill(pid, 'SIGKILL')
  return true
}

it.skipIf(server === undefined)(
  'maps lose nothing and keep their order while hosts, workers, the broker and connections are killed, one every 5 s',
  async () => {
    await using world = await World.open({ hosts: 0 })
    await world.shape(2000, 'file')
    await using near = await Cable.open(world.port) // the caller's
    await using far = await Cable.open(world.port) // that of all hosts
    const addHost = (): HostProcess => world.addHost(['--isolation', 'process', '--servers', far.url])
    for (const host of [addHost(), addHost(), addHost()]) await host.says(/slots/)
    // A chunk may meet several hosts, and a row several workers, that are killed.
    await using pool = world.executor({ servers: near.url, attempts: 7 })
    console.log(`seed ${SEED}`)
    const chance = random(SEED)
    const file = join(world.folder, 'begun')
    const killed = {
      host: 0,
      leaving: 0,
      worker: 0,
      broker: 0,
      'connection of the caller': 0,
      'connections of hosts': 0,
    }
    const strike = async (): Promise<keyof typeof killed> => {
      const alive = world.hosts.filter(({ child }) => child.exitCode === null && child.signalCode === null)
      const victim = alive[Math.floor(chance() * alive.length)]
      const dice = chance()
      if (dice < 0.15) {
        await world.killServer(true)
        await world.startServer()
        return 'broker'
      }
      if (dice < 0.3) {
        near.cut()
        return 'connection of the caller'
      }
      if (dice < 0.4) {
        far.cut()
        return 'connections of hosts'
      }
      if (dice < 0.65 && killWorker(file, alive)) return 'worker'
      const isLeaving = dice > 0.9
      if (victim !== undefined) await kill(victim.child, isLeaving ? 'SIGTERM' : 'SIGKILL')
      await addHost().says(/slots/)
      return isLeaving ? 'leaving' : 'host'
    }
    const end = performance.now() + SOAK_MS
    const over = new AbortController()
    const killing = (async () => {
      while (performance.now() < end) {
        try {
          await later(KILL_MS, undefined, { signal: over.signal })
        } catch {
          return
        }
        killed[await strike()]++
      }
    })()
    let maps = 0
    const rows = Array.from({ length: ROWS }, (_, i) => i)
    try {
      while (performance.now() < end) {
        const chunksize = 1 + Math.floor(chance() * 10)
        const result = pool.map(calls.noted, repeat(file), repeat(10), range(ROWS), { chunksize, retries: 5 })
        expect(await result).toEqual(rows)
        maps++
      }
    } finally {
      over.abort()
      await killing
      const begun = notes(file).length
      console.log(`${maps} maps of ${ROWS} rows, ${begun} rows begun, seed ${SEED}; killed`, killed, pool.stats())
    }
    expect(maps).toBeGreaterThan(0)
  },
  SOAK_MS + 300_000,
)
