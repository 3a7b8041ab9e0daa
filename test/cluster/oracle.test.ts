import { afterAll, describe } from 'vitest'
import { judgeHosts, scenarioFiles } from '../oracle/judge.ts'
import { poolOf, server, World } from './world.ts'

// What CPython did, on two hosts: see test/oracle/README.md.

const MOST_SLOTS = 4

describe.skipIf(server === undefined)('a NatsExecutor', async () => {
  if (server === undefined) return
  const world = await World.open({ hosts: 0 })
  afterAll(async () => await world[Symbol.asyncDispose]())
  await Promise.all(Array.from({ length: MOST_SLOTS }, (_, i) => world.openPool(i + 1)))
  judgeHosts([...scenarioFiles('scenarios'), ...scenarioFiles('more')], (slots) =>
    world.executor({ pool: poolOf(slots) }),
  )
})
