import { vi } from 'vitest'
import '../executors/arguments.test.ts'
import '../executors/item-timeout.test.ts'
import '../executors/late-inputs.test.ts'
import '../executors/retries.test.ts'
import '../executors/shutdown.test.ts'
import '../executors/signals.test.ts'

// What other executors do beside their laws, with a server and two hosts.
vi.mock('../support/executors.ts', async (original) => {
  const { natsKinds } = await import('./kind.ts')
  const kinds = await natsKinds()
  return { ...(await original<object>()), executors: kinds, pools: kinds }
})

vi.setConfig({ testTimeout: 120_000 })
