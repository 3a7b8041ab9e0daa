import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { cgroupProcessors } from '../../src/executors/cgroup.ts'
import { usableCores } from '../../src/executors/cores.ts'

describe('the number of cores that workers are counted by', () => {
  it('is a whole one, within the affinity and the control group of the process', () => {
    const cores = usableCores()
    expect(Number.isInteger(cores)).toBe(true)
    expect(cores).toBeGreaterThanOrEqual(1)
    expect(cores).toBeLessThanOrEqual(availableParallelism())
    expect(cores).toBeLessThanOrEqual(Math.max(1, cgroupProcessors() ?? Number.POSITIVE_INFINITY))
  })
})
