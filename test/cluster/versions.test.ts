import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { RefusedByHostsError } from '../../src/cluster/errors.ts'
import type * as frames from '../../src/cluster/frame.ts'
import type { WorkerSettings } from '../../src/cluster/worker.ts'
import { range } from '../../src/index.ts'
import { calls, names, server, World } from './world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The frames of a lanewise to come: it writes version 2, and reads from `least` on. */
function laterFrames(now: typeof frames, least: 1 | 2): typeof frames {
  return {
    ...now,
    VERSION: 2,
    LEAST_VERSION: least,
    encodeFrame: (frame) => {
      const bytes = now.encodeFrame(frame)
      bytes[4] = 2
      return bytes
    },
    decodeFrame: (from) => {
      const bytes = from.slice()
      bytes[4] = bytes[4]! < least ? 9 : 1
      return now.decodeFrame(bytes)
    },
  }
}

/** The modules of a lanewise to come, beside those of today. */
async function later(least: 1 | 2) {
  vi.resetModules()
  vi.doMock('../../src/cluster/frame.ts', async (original) => laterFrames(await original<typeof frames>(), least))
  const { ClusterWorker } = await import('../../src/cluster/worker.ts')
  const { NatsExecutor } = await import('../../src/cluster/executor.ts')
  vi.doUnmock('../../src/cluster/frame.ts')
  return { ClusterWorker, NatsExecutor }
}

describe.skipIf(server === undefined)('where versions are mixed', { timeout: 60_000 }, () => {
  let world: World
  const settings = (): WorkerSettings => ({
    connect: { servers: [world.url], credentials: undefined, tls: undefined, role: 'host' },
    names,
    slots: 2,
    isolation: 'thread',
    allowed: { modules: root, packages: [], keys: [] },
    lanewise: '9.0.0',
  })
  beforeAll(async () => {
    world = await World.open({ hosts: 0 })
  }, 60_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  it('a host that reads later frames only is named, with its version and what to do, and is no slot', async () => {
    const { ClusterWorker } = await later(2)
    const host = await ClusterWorker.start(settings())
    onTestFinished(() => host.end())
    await using pool = world.executor()
    const refused = pool.map(calls.square, range(10))
    await expect(refused).rejects.toThrow(RefusedByHostsError)
    await expect(refused).rejects.toThrow(
      `no host of pool default runs it: ${host.name}: lanewise 9.0.0 there reads frames of version 2, and this one writes version 1; upgrade this program`,
    )
    expect(pool.stats()).toMatchObject({ hosts: [host.name], slots: 0 })
  })

  it('a caller who writes later frames than hosts read is told so by each of them, until one joins that does', async () => {
    const { NatsExecutor, ClusterWorker } = await later(1)
    const old = world.addHost()
    const [, name] = await old.says(/(\S+) has 2 slots/)
    await using pool = new NatsExecutor({ servers: world.url })
    await expect(pool.map(calls.square, range(10))).rejects.toThrow(
      `no host of pool default runs it: ${name}: this lanewise reads frames up to version 1, got 2; upgrade it`,
    )
    const host = await ClusterWorker.start(settings())
    onTestFinished(() => host.end())
    await expect(pool.map(calls.square, range(10), { chunksize: 1 })).resolves.toEqual(
      Array.from({ length: 10 }, (_, i) => i * i),
    )
    expect(host.counts.done).toBe(10)
  })

  it('a host with another copy of a module leaves it to others, and says so where there are none', async () => {
    await using apart = await World.open({ hosts: 0 })
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const place = join('test', 'cluster', 'fixtures')
    const module = join(place, 'calls.mjs')
    const copy = join(apart.folder, 'copy')
    mkdirSync(join(copy, place), { recursive: true })
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ name, version, type: 'module' }))
    writeFileSync(join(copy, module), `${readFileSync(join(root, module), 'utf8')}// as it was yesterday\n`)
    const other = apart.addHost(['--modules', copy])
    const [, otherName] = await other.says(/(\S+) has 2 slots/)
    await using pool = apart.executor()
    const refused = pool.map(calls.square, range(10))
    await expect(refused).rejects.toThrow(RefusedByHostsError)
    await expect(refused).rejects.toThrow(new RegExp(`${otherName}: .*calls\\.mjs.*SHA-256`))
    await apart.addHost().says(/slots/)
    expect(await pool.map(calls.square, range(40), { chunksize: 1 })).toEqual(
      Array.from({ length: 40 }, (_, i) => i * i),
    )
  })
})
