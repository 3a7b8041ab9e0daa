import { expect, it, vi } from 'vitest'
import { executors } from '../support/executors.ts'
import { server } from './world.ts'
import '../contract/laws.test.ts'
import '../contract/liars.test.ts'
import '../contract/lost.test.ts'
import '../contract/order.test.ts'
import '../contract/stop.test.ts'
import '../contract/values.test.ts'

// What is tested there of every executor, of one more: with a server and two hosts.
vi.mock('../support/executors.ts', async (original) => {
  const { natsKinds } = await import('./kind.ts')
  const kinds = await natsKinds()
  return { ...(await original<object>()), executors: kinds, pools: kinds }
})

vi.setConfig({ testTimeout: 120_000 })

it.skipIf(server === undefined)('a NatsExecutor is held to what the others are', () => {
  expect(executors.map(({ name }) => name)).toEqual(['NatsExecutor'])
})
