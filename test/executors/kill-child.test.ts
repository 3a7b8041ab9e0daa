import { describe, expect, it } from 'vitest'
import { killChild } from '../../src/executors/processes.ts'

describe('ending a worker process', () => {
  it.each([
    { state: 'one that runs', pid: 7, signals: ['SIGTERM'] },
    { state: 'one that could not be spawned, and has no id', pid: undefined, signals: [] },
  ])('signals $state only where there is one', ({ pid, signals }) => {
    const got: unknown[] = []
    const kill = (signal?: unknown): boolean => got.push(signal) > 0
    killChild({ pid, kill }, 'SIGTERM')
    expect(got).toEqual(signals)
  })
})
