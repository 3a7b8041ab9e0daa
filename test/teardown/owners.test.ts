import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POOLS } from './support/open.ts'
import { endOwners } from './support/owners.ts'
import { Programs } from './support/programs.ts'

let programs: Programs

beforeAll(async () => {
  programs = await Programs.bundle('owner', 'nested')
})
afterAll(() => programs[Symbol.dispose]())

describe.each(POOLS)('a thread that owns a pool of the %s executor', (kind) => {
  it.each([
    { how: 'terminate', code: 1, times: 10 },
    { how: 'exit', code: 4, times: 2 },
    { how: 'throw', code: 1, times: 2 },
  ])('ends by $how under its calls, and the program goes on', async ({ how, code, times }) => {
    expect.hasAssertions()
    await endOwners(programs, kind, how, times, code)
  })
})

describe('a thread that blocks in mapSync', () => {
  it('ends when it is terminated, and the program goes on', async () => {
    expect.hasAssertions()
    await endOwners(programs, 'thread', 'terminate while it blocks', 3, 1)
  })
})

const NESTS = POOLS.flatMap((outer) => POOLS.map((inner) => ({ outer, inner })))

describe.concurrent.each(NESTS)(
  'a pool of the $inner executor in a worker of the $outer executor',
  ({ outer, inner }) => {
    it('lets the program end by itself', async () => {
      const { by, printed, said, left } = await programs.start('nested', outer, inner, 'natural').end
      expect({ by, printed, said, left }).toEqual({ by: 0, printed: ['49'], said: '', left: [] })
    })

    it.each<{ how: 'exit' | NodeJS.Signals; by: number | string }>([
      { how: 'exit', by: 5 },
      { how: 'SIGTERM', by: 'SIGTERM' },
      { how: 'SIGKILL', by: 'SIGKILL' },
    ])('ends with the program that ends by $how', async ({ how, by }) => {
      const program = programs.start('nested', outer, inner, 'in flight')
      await program.begun(1)
      if (how === 'exit') program.tell(how)
      else program.kill(how)
      expect(await program.end).toMatchObject({ by, said: '', left: [] })
      expect(program.workers.length).toBe(outer === 'thread' && inner === 'thread' ? 0 : 1)
    })
  },
)
