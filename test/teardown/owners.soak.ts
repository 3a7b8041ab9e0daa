import { expect, it } from 'vitest'
import { POOLS } from './support/open.ts'
import { endOwners } from './support/owners.ts'
import { Programs } from './support/programs.ts'

it.each(POOLS)(
  'two hundred threads that own a pool of the %s executor are terminated under its calls',
  async (kind) => {
    using programs = await Programs.bundle('owner')
    expect.hasAssertions()
    await endOwners(programs, kind, 'terminate', 200, 1)
  },
)
