import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BEACON_MS, CLIENT_SILENT_MS } from '../../src/cluster/notes.ts'
import { range } from '../../src/index.ts'
import { hasBegun, numbers, watched } from './watched.ts'
import { calls, kill, names, server, startProgram, World } from './world.ts'

const program = fileURLToPath(new URL('fixtures/submitter-program.mjs', import.meta.url))
const MINUTES = 90_000

// What takes longer than `npm test` may: times of the protocol that are no setting.
describe.skipIf(server === undefined)('hosts', { timeout: MINUTES }, () => {
  it('end what is of a program that was killed, 30 s after it was heard, and are free for another', async () => {
    await using world = await World.open()
    const file = join(world.folder, 'begun')
    const child = startProgram(program, [world.url, file])
    await hasBegun(file, 4) // so all slots are taken, for ten minutes
    await kill(child)
    const began = performance.now()
    await using pool = world.executor()
    expect(await pool.map(calls.square, range(8), { chunksize: 1 })).toEqual(numbers(8).map((n) => n * n))
    const tookMs = performance.now() - began
    // The rows would have taken twenty times as long, and on a busy machine nothing is prompt.
    expect(tookMs).toBeLessThan(2 * CLIENT_SILENT_MS)
    console.log(`free after ${Math.round(tookMs)} ms; at most ${CLIENT_SILENT_MS + BEACON_MS} and a grace are promised`)
  })

  it('whose tasks somebody takes and throws away get them again', async () => {
    await using world = await World.open({ hosts: 0 })
    await using pool = world.executor()
    const result = pool.map(calls.square, range(20), { chunksize: 1 })
    await world.connected(async (connection) => {
      const { stream, consumer } = names
      const inbox = connection.subscribe('stolen')
      const ask = JSON.stringify({ batch: 4, expires: 20e9 })
      let stolen = 0
      const asking = setInterval(() => {
        connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, ask, { reply: 'stolen' })
      }, 100)
      for await (const { reply, subject } of inbox) {
        if (names.readTask(subject) === undefined) continue // there is no pool so far, or no task
        connection.publish(reply!, stolen % 2 === 0 ? '+TERM' : '+ACK')
        if (++stolen === 4) break // all that go out before a host is heard
      }
      clearInterval(asking)
      await connection.flush()
    })
    await world.addHost().says(/slots/)
    expect(await result).toEqual(numbers(20).map((n) => n * n))
    expect(pool.stats().republished).toBeGreaterThanOrEqual(4)
  })
})

describe.skipIf(server === undefined)('a map goes on, in order and with each row once', { timeout: MINUTES }, () => {
  it('when an operator deletes the consumer', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 60, ms: 50 })
    await hasBegun(8)
    await world.manage(async (manager) => await manager.consumers.delete(names.stream, names.consumer))
    expect(await result).toEqual(numbers(60))
  })

  it('when three brokers are restarted, one after the other', async () => {
    const { world: three, restart } = await World.openThree()
    await using world = three
    await using pool = world.executor()
    const { result, begun, hasBegun } = watched(world, pool, { rows: 400, ms: 100 })
    await hasBegun(10)
    for (const name of ['server-0', 'server-1', 'server-2']) {
      await hasBegun(begun().length + 20)
      await restart(name)
    }
    expect(await result).toEqual(numbers(400))
  })
})
