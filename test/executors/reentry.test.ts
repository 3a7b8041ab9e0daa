import { describe, expect, it } from 'vitest'
import { type BrokenExecutor, type FunctionError, tasks } from '../../src/index.ts'
import { pools } from '../support/executors.ts'

const fixture = './fixtures/calls-when-imported.mjs'

describe.each(pools)('a module that calls a pool when it is imported by a worker of $name', ({ open }) => {
  it.each(['submit', 'schedule', 'map', 'mapSync', 'starmap'])('is refused at its %s', async (way) => {
    await using pool = open({ maxWorkers: 1 })
    const { twice } = tasks<typeof import('./fixtures/calls-when-imported.mjs')>(
      new URL(`${fixture}?${way}`, import.meta.url),
    )
    const error = (await pool.submit(twice, 4).exception()) as BrokenExecutor | FunctionError
    const cause = (error.cause as Error | undefined) ?? error
    expect(String(cause.stack ?? cause)).toContain('the import made a pool again')
  })

  it('is taken where it calls none', async () => {
    await using pool = open({ maxWorkers: 1 })
    const { twice } = tasks<typeof import('./fixtures/calls-when-imported.mjs')>(new URL(fixture, import.meta.url))
    expect(await pool.submit(twice, 4)).toBe(8)
  })
})
