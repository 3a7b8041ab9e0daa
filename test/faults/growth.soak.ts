import { describe, expect, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { costOfFutures, growthOfMaps } from './growth.ts'

describe.each(executors)('a $name', (kind) => {
  it('keeps nothing of 10,000 maps', { timeout: 600_000 }, async () => {
    const { bytes, handles } = await growthOfMaps(kind, 10_000)
    expect(bytes).toBeLessThan(100)
    expect(handles).toBeLessThanOrEqual(0)
  })

  // A process takes one call at a time: its million would take minutes.
  const futures = kind.kind === 'process' ? 100_000 : 1_000_000

  it(`holds ${futures.toLocaleString('en')} pending futures in less than 500 bytes each`, {
    timeout: 600_000,
  }, async () => {
    const { bytes, isRight } = await costOfFutures(kind, futures)
    expect(bytes).toBeLessThan(500)
    expect(isRight).toBe(true)
  })

  it('takes a time for futures that is linear in their number', { timeout: 600_000 }, async () => {
    const few = await costOfFutures(kind, futures / 10)
    const many = await costOfFutures(kind, futures)
    expect(many.ms / few.ms).toBeLessThan(40) // a square would be a hundred times as much
  })
})
