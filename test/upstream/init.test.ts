import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { BrokenExecutor } from '../../src/index.ts'
import { executors } from '../support/executors.ts'
import { calls } from './calls.ts'

describe.each(executors)('test_init.py on the $name', ({ open }) => {
  it('shows calls what the initializer has set: InitializerMixin.test_initializer', async () => {
    await using executor = open({ initializer: calls.setState, initargs: ['initialized'] })
    const futures = Array.from({ length: 4 }, () => executor.submit(calls.getState))
    expect(await Promise.all(futures)).toEqual(Array(4).fill('initialized'))
  })

  it('is broken by an initializer that throws, and reports it: FailingInitializerMixin.test_initializer', async () => {
    const warned = once(process, 'warning')
    await using executor = open({ maxWorkers: 2, initializer: calls.failInitializer })
    await expect(executor.submit(calls.getState).result()).rejects.toThrow(BrokenExecutor)
    expect(() => executor.submit(calls.getState)).toThrow(BrokenExecutor)
    const [warning] = await warned
    expect(warning.message).toMatch(/Exception in initializer.*error in initializer/)
  })
})
