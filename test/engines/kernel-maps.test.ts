import fc from 'fast-check'
import { describe, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { programs, runProgram } from './kernel-maps.ts'

const RUNS = { inline: 15, thread: 30, process: 5 } // what a worker costs; more of each: `npm run test:soak`

describe.each(executors)('a $name', ({ open, kind }) => {
  it('gives each row of random kernel maps its own result', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(programs(), (program) =>
      runProgram({ open, blocks: kind !== 'process' }, program),
    )
    await fc.assert(property, { numRuns: RUNS[kind], timeout: 20_000, interruptAfterTimeLimit: 40_000 })
  })
})
