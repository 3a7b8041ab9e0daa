import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kernel, range, repeat, TimeoutError, WorkerDiedError } from '../../src/index.ts'
import { begun, numbers } from './watched.ts'
import { calls, server, World } from './world.ts'

const MINUTE_MS = 60_000

/** Rows by how they ended. */
function rowsThat(status: 'fulfilled' | 'rejected', outcomes: readonly { status: string }[]): number[] {
  return outcomes.flatMap((each, row) => (each.status === status ? [row] : []))
}

// Half of the lease is all the time that there is, where a test says that no lease is waited for.
describe.skipIf(server === undefined)(
  'with a lease of a minute, none is waited for',
  { timeout: MINUTE_MS / 2 },
  () => {
    it.each(['thread', 'process'])(
      'when a worker ends that is a %s: its row fails, others are run',
      async (isolation) => {
        await using world = await World.open({ hosts: 1, leaseMs: MINUTE_MS, hostArgs: ['--isolation', isolation] })
        await using pool = world.executor()
        const outcomes = await pool.map(calls.deadly, repeat(7), repeat('exit' as const), range(20), {
          errors: 'settle',
          chunksize: 5,
        })
        expect(rowsThat('rejected', outcomes)).toEqual([7])
        expect(outcomes[7]).toMatchObject({ reason: { index: 7, exitCode: 7, code: 'ERR_LANEWISE_WORKER_DIED' } })
      },
    )

    it.each(['thread', 'process'])(
      'when a worker that is a %s runs out of memory: its row fails, others are run',
      async (isolation) => {
        await using world = await World.open({ hosts: 0, leaseMs: MINUTE_MS })
        const host = world.addHost(['--isolation', isolation], { NODE_OPTIONS: '--max-old-space-size=64' })
        await host.says(/slots/)
        await using pool = world.executor()
        const outcomes = await pool.map(calls.hungry, repeat(4), range(10), { errors: 'settle', chunksize: 5 })
        expect(rowsThat('rejected', outcomes)).toEqual([4])
        expect((outcomes[4] as { reason: unknown }).reason).toBeInstanceOf(WorkerDiedError)
        expect(host.child.exitCode ?? host.child.signalCode).toBe(null)
      },
    )

    it('when a call takes longer than itemTimeout: its row fails, others are run', async () => {
      await using world = await World.open({ hosts: 1, leaseMs: MINUTE_MS })
      await using pool = world.executor()
      const outcomes = await pool.map(calls.endless, repeat(3), range(10), {
        errors: 'settle',
        chunksize: 5,
        itemTimeout: 500,
      })
      expect(rowsThat('rejected', outcomes)).toEqual([3])
      expect((outcomes[3] as { reason: unknown }).reason).toBeInstanceOf(TimeoutError)
    })

    it('when a kernel never ends, and its map is given up: its slots are free again', async () => {
      await using world = await World.open({ hosts: 1, leaseMs: MINUTE_MS })
      await using pool = world.executor()
      const hanging = kernel((x: number) => {
        let sum = x
        while (sum >= 0) sum += 1 - (sum % 2)
        return sum
      })
      await expect(pool.map(hanging, range(4), { chunksize: 1, timeout: 500 })).rejects.toThrow(TimeoutError)
      expect(await pool.map(calls.square, range(8), { chunksize: 1 })).toEqual(numbers(8).map((n) => n * n))
    })
  },
)

describe.skipIf(server === undefined)('a row that takes longer than its lease', { timeout: 60_000 }, () => {
  it('runs once, though its worker does nothing else meanwhile', async () => {
    await using world = await World.open({ leaseMs: 2000 })
    await using pool = world.executor()
    const file = join(world.folder, 'begun')
    expect(await pool.map(calls.busy, repeat(file), repeat(3000), range(2), { chunksize: 1 })).toEqual([0, 1])
    expect(begun(file).sort((a, b) => a - b)).toEqual([0, 1])
    expect(pool.stats()).toMatchObject({ duplicates: 0, republished: 0 })
  })
})
