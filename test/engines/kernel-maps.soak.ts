import fc from 'fast-check'
import { describe, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { programs, runProgram } from './kernel-maps.ts'

describe.each(executors)('a $name', ({ open, kind }) => {
  it('gives each row of a thousand random programs of kernel maps its own result', { timeout: 900_000 }, async () => {
    const property = fc.asyncProperty(programs(), (program) =>
      runProgram({ open, blocks: kind !== 'process' }, program),
    )
    await fc.assert(property, { numRuns: 1000, timeout: 60_000, interruptAfterTimeLimit: 800_000 })
  })
})
