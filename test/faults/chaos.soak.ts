import fc from 'fast-check'
import { describe, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { programs, runProgram } from './chaos.ts'

describe.each(executors)('a $name', (kind) => {
  it('gives each row of a thousand random programs its own outcome', { timeout: 600_000 }, async () => {
    const property = fc.asyncProperty(programs(kind), (program) => runProgram(kind, program))
    await fc.assert(property, { numRuns: 1000, timeout: 60_000, interruptAfterTimeLimit: 500_000 })
  })
})
