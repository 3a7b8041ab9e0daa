import { describe, expect, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { costOfFutures, growthOfMaps } from './growth.ts'

// More of each: `npm run test:soak`.

describe.each(executors)('a $name', (kind) => {
  it('keeps nothing of the maps that are over', async () => {
    const { bytes, handles } = await growthOfMaps(kind, 500)
    expect(bytes).toBeLessThan(1000) // one result kept of each map would be more
    expect(handles).toBeLessThanOrEqual(0)
  })

  it('holds pending futures by the thousand in less than 500 bytes each', async () => {
    const { bytes, isRight } = await costOfFutures(kind, kind.kind === 'process' ? 5_000 : 50_000)
    expect(bytes).toBeLessThan(500)
    expect(isRight).toBe(true)
  })
})
