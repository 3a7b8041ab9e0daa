import { expect, it } from 'vitest'
import { Served } from '../../src/cluster/blobs.ts'
import { Names } from '../../src/cluster/names.ts'
import { NatsSubmitterLink } from '../../src/cluster/nats-submitter.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { poolOf, server, World } from './world.ts'

// A submitter that has just begun has heard no host so far: it must not take that for there being none.
it.skipIf(server === undefined)('a run is not purged where a host is that was not heard so far', async () => {
  await using world = await World.open({ hosts: 0 })
  await world.openPool(1)
  const pool = poolOf(1)
  await using executor = world.executor({ pool })
  using board = new Board('process')
  const held = executor.submit(calls.blockAt, board.place, 0, 1, 'held')
  const waiting = executor.submit(calls.markAnd, board.place, 2, 'at the broker')
  await board.until(0)
  const settings = { servers: [world.url], credentials: undefined, tls: undefined, name: 'a test' }
  const link = new NatsSubmitterLink('other', settings, new Names(pool, 'lw'), new Served())
  try {
    link.purge('left', { unlessServed: true })
    const view = await new Promise((resolve) => link.look(resolve)) // asked for behind it
    expect(view).toMatchObject({ alive: 2 })
  } finally {
    await link.close()
  }
  board.mark(1)
  expect(await Promise.all([held, waiting])).toEqual(['held', 'at the broker'])
  expect(executor.stats().republished).toBe(0)
})
