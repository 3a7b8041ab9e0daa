import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BrokerError } from '../../src/cluster/errors.ts'
import { encodeFrame, KIND } from '../../src/cluster/frame.ts'
import { encodeNote } from '../../src/cluster/notes.ts'
import { createPool, DEFAULT_SHAPE } from '../../src/cluster/pools.ts'
import { range } from '../../src/index.ts'
import { random } from './twin.ts'
import { numbers, watched } from './watched.ts'
import { calls, names, server, World } from './world.ts'

describe.skipIf(server === undefined)('a broker', { timeout: 60_000 }, () => {
  it.each([
    ['bytes', { max_bytes: 100_000 }],
    ['chunks', { max_msgs: 2 }],
  ])('that keeps few %s is waited for: nothing fails, nothing is lost, and stats count it', async (_, limit) => {
    await using world = await World.open({ hosts: 0 })
    await world.manage(async (manager) => {
      await createPool(manager, names, DEFAULT_SHAPE)
      await manager.streams.update(names.stream, limit)
    })
    for (const host of [world.addHost(), world.addHost()]) await host.says(/slots/)
    await using pool = world.executor()
    const values = numbers(10).map((n) => new Uint8Array(30_000).fill(n))
    expect(await pool.map(calls.same, values, { chunksize: 1 })).toEqual(values)
    expect(pool.stats()).toMatchObject({ sent: 10, settled: 10, republished: 0 })
    expect(pool.stats().full).toBeGreaterThan(0)
  })

  it('that takes too little in one message is refused at the start, by callers and hosts, with what to set', async () => {
    await using world = await World.open({ hosts: 0, conf: 'max_payload: 65536' })
    await using pool = world.executor()
    const why = /takes messages of 65536 bytes at most, and chunks need \d+; set its max_payload to 1MB/
    const refused = pool.map(calls.square, [1])
    await expect(refused).rejects.toThrow(BrokerError)
    await expect(refused).rejects.toThrow(why)
    const host = world.addHost()
    expect(await host.ended()).toBe(1)
    expect(host.said).toMatch(why)
  })

  it('through which somebody sends what is none of ours: it is counted, and disturbs nothing', async () => {
    await using world = await World.open({ conf: 'max_payload: 8MB' })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 40, ms: 40 })
    await hasBegun(4)
    await world.connected(async (connection) => {
      let client = ''
      for await (const { subject } of connection.subscribe(names.results('*'), { max: 1 })) {
        client = subject.split('.')[2]!
      }
      const chance = random(15)
      const run = randomBytes(16)
      const runName = run.toString('hex')
      const frame = encodeFrame({ kind: KIND.result, run, chunk: 1, items: 1, token: randomBytes(30) })
      const subjects = [
        names.task('stranger', runName),
        names.task('stranger', 'no-run'),
        names.result(client, runName),
        names.beacon('stranger'),
        names.control(client),
      ]
      for (let i = 0; i < 200; i++) {
        const size = i % 50 === 0 ? 2_000_000 : [0, 1, 63, 64, 65, 1000][i % 6]!
        const bytes = size === 64 ? frame.slice() : new Uint8Array(randomBytes(size))
        if (size === 64) bytes[Math.floor(chance() * 64)] = 255
        if (size === 2_000_000) bytes.set(frame.subarray(0, 60)) // says that it is shorter
        for (const subject of subjects) connection.publish(subject, bytes)
      }
      // Others say that the run is over, and that hosts are to leave one that they may know.
      connection.publish(names.control('stranger'), encodeNote({ client: 'stranger', cancel: [runName] }))
      await connection.flush()
    })
    expect(await result).toEqual(numbers(40))
    expect(pool.stats().malformed).toBeGreaterThan(0)
    expect(await pool.map(calls.square, range(20), { chunksize: 1 })).toEqual(numbers(20).map((n) => n * n))
    expect(world.hosts.map(({ child }) => child.exitCode ?? child.signalCode)).toEqual([null, null])
  })
})
