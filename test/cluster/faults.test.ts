import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BrokerError, ChunkCrashedError, NoWorkersError } from '../../src/cluster/errors.ts'
import { NatsExecutor } from '../../src/cluster/executor.ts'
import { CancelledError, range, repeat, WorkerDiedError } from '../../src/index.ts'
import { hasBegun, numbers, watched } from './watched.ts'
import { calls, kill, names, server, World } from './world.ts'

describe.skipIf(server === undefined)('a map goes on, in order and with each row once', { timeout: 120_000 }, () => {
  it('when a host is killed', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 30, ms: 100 })
    await hasBegun(5)
    await kill(world.hosts[0]!.child)
    expect(await result).toEqual(numbers(30))
  })

  it('when a host stands still for longer than its lease, and comes back', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 30, ms: 150 })
    await hasBegun(3)
    const [{ child } = world.hosts[0]!] = world.hosts
    child.kill('SIGSTOP')
    const got: number[] = []
    for await (const n of result) {
      got.push(n)
      if (got.length === 25) child.kill('SIGCONT')
    }
    child.kill('SIGCONT')
    expect(got).toEqual(numbers(30))
  })

  it('when the broker is killed and keeps its data', async () => {
    await using world = await World.open({ hosts: 0 })
    await world.shape(2000, 'file')
    for (const host of [world.addHost(), world.addHost()]) await host.says(/slots/)
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 60, ms: 50 })
    await hasBegun(8)
    await world.killServer(true)
    await world.startServer()
    expect(await result).toEqual(numbers(60))
  })

  it('when the broker is killed and loses its data', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 60, ms: 50 })
    await hasBegun(8)
    await world.killServer(false)
    await world.startServer()
    expect(await result).toEqual(numbers(60))
    expect(pool.stats().republished).toBeGreaterThan(0)
  })

  it('when an operator purges the queue, or deletes it', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 60, ms: 30 })
    await hasBegun(8)
    await world.manage(async (manager) => await manager.streams.purge(names.stream))
    await hasBegun(40)
    await world.manage(async (manager) => await manager.streams.delete(names.stream))
    expect(await result).toEqual(numbers(60))
  })

  it('when the leader of three brokers is killed', async () => {
    const { world: three, servers } = await World.openThree()
    await using world = three
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 100, ms: 50 })
    await hasBegun(10)
    const { cluster } = await world.manage(async (manager) => await manager.streams.info(names.stream))
    await kill(servers.get(cluster?.leader ?? '')!)
    expect(await result).toEqual(numbers(100))
  })

  it('when a host leaves and another joins: what it has it finishes, and nothing runs twice', async () => {
    await using world = await World.open()
    await using pool = world.executor()
    const { result, begun, hasBegun } = watched(world, pool, { rows: 60, ms: 50 })
    await hasBegun(8)
    const [leaving] = world.hosts
    leaving!.child.kill('SIGTERM')
    const joining = world.addHost()
    expect(await leaving!.ended()).toBe(0)
    await joining.says(/slots/)
    expect(await result).toEqual(numbers(60))
    expect(begun().sort((a, b) => a - b)).toEqual(numbers(60))
  })

  it('when a host is told twice to leave: it gives back what it has', async () => {
    await using world = await World.open()
    await using pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 12, ms: 400 })
    await hasBegun(4)
    const [leaving] = world.hosts
    leaving!.child.kill('SIGTERM')
    await leaving!.says(/takes no more/)
    leaving!.child.kill('SIGTERM')
    expect(await leaving!.ended()).toBe(3)
    expect(await result).toEqual(numbers(12))
  })
})

describe.skipIf(server === undefined)('a chunk', { timeout: 120_000 }, () => {
  it('that ends its worker fails as on one machine, and no other row does', async () => {
    await using world = await World.open({ hostArgs: ['--isolation', 'process'] })
    await using pool = world.executor()
    const outcomes = await pool.map(calls.deadly, repeat(7), repeat('SIGKILL' as const), range(20), {
      errors: 'settle',
      chunksize: 5,
    })
    expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([7])
    expect(outcomes[7]).toMatchObject({ reason: { index: 7, signal: 'SIGKILL', code: 'ERR_LANEWISE_WORKER_DIED' } })
    expect((outcomes[7] as { reason: unknown }).reason).toBeInstanceOf(WorkerDiedError)
  })

  it('that ends its hosts fails when it has ended as many as it may', async () => {
    await using world = await World.open({ leaseMs: 2000, hosts: 4, slots: 1 })
    await using pool = world.executor({ attempts: 2 })
    const outcomes = await pool.map(calls.killsHost, repeat(3), range(8), { errors: 'settle', chunksize: 1 })
    expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([3])
    const { reason } = outcomes[3] as { reason: ChunkCrashedError }
    expect(reason).toBeInstanceOf(ChunkCrashedError)
    expect(reason).toMatchObject({ index: 3 })
    expect(reason.deliveries).toBeGreaterThanOrEqual(2)
    const dead = world.hosts.filter(({ child }) => child.signalCode === 'SIGKILL')
    expect(dead).toHaveLength(2)
  })
})

describe.skipIf(server === undefined)('leaving a map', { timeout: 120_000 }, () => {
  it('with 200 chunks to come begins no more of them', async () => {
    await using world = await World.open()
    await using pool = world.executor()
    const { result, begun, hasBegun } = watched(world, pool, { rows: 200, ms: 100 })
    await hasBegun(4)
    await result.return()
    // What runs next comes behind whatever of the map is still to come.
    expect(await pool.map(calls.square, range(20), { chunksize: 1 })).toEqual(numbers(20).map((n) => n * n))
    expect(begun().length).toBeLessThanOrEqual(4 + 4 + 4) // those that ran, and those that were on their way
  })

  it('by a signal ends it with its reason, and calls with theirs', async () => {
    await using world = await World.open()
    await using pool = world.executor()
    const stop = new AbortController()
    const { result, file, hasBegun } = watched(world, pool, { rows: 4, ms: 600_000, signal: stop.signal })
    const call = pool.schedule(calls.noted, [file, 600_000, 9], { signal: stop.signal })
    const [ended, failed] = [result.next(), call.result()]
    await hasBegun(4)
    stop.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
    await expect(failed).rejects.toThrow('enough')
    // All slots were taken, for ten minutes: what ran in them is ended.
    expect(await pool.map(calls.square, range(8), { chunksize: 1 })).toEqual(numbers(8).map((n) => n * n))
  })

  it('behind which shutdown waits lets it end', async () => {
    await using world = await World.open()
    const pool = world.executor()
    const { result, hasBegun } = watched(world, pool, { rows: 200, ms: 100 })
    await hasBegun(4)
    const ended = pool.shutdown()
    await result.return()
    await ended
    expect(pool.stats().settled).toBeLessThan(200)
  })

  it('by shutdown cancels what waits', async () => {
    await using world = await World.open()
    const pool = world.executor()
    const file = join(world.folder, 'begun')
    const futures = numbers(40).map((n) => pool.submit(calls.noted, file, 50, n))
    await hasBegun(file, 2)
    await pool.shutdown({ cancelFutures: true })
    const outcomes = await Promise.allSettled(futures.map((future) => future.result()))
    const cancelled = outcomes.filter(({ status }) => status === 'rejected')
    expect(cancelled.length).toBeGreaterThan(20)
    expect(cancelled.every((each) => (each as PromiseRejectedResult).reason instanceof CancelledError)).toBe(true)
  })
})

describe('without a broker', () => {
  it('a map and a call fail, and say what was tried', async () => {
    await using pool = new NatsExecutor({ servers: 'nats://127.0.0.1:1' })
    const call = pool.submit(calls.square, 1)
    await expect(pool.map(calls.square, [1, 2])).rejects.toThrow(BrokerError)
    await expect(call).rejects.toThrow(
      /cannot use the broker at nats:\/\/127\.0\.0\.1:1: .*is nats-server running there/,
    )
  })
})

describe.skipIf(server === undefined)('without a host', () => {
  it('a map and a call fail when the time for one is over', async () => {
    await using world = await World.open({ hosts: 0 })
    await using pool = world.executor({ noWorkersTimeout: 300 })
    const call = pool.submit(calls.square, 1)
    await expect(pool.map(calls.square, [1, 2])).rejects.toThrow(NoWorkersError)
    await expect(call).rejects.toThrow(
      /no host of pool default was heard for 300 ms; start one with lanewise worker --pool default/,
    )
  })
})
