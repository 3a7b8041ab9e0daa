import fc from 'fast-check'
import { describe, it } from 'vitest'
import { executors } from '../support/executors.ts'
import { programs, runProgram } from './chaos.ts'

const RUNS = { inline: 400, thread: 40, process: 10 } // what a worker costs; more of each: `npm run test:soak`

describe.each(executors)('a $name', (kind) => {
  it('gives each row of random programs its own outcome', async () => {
    const property = fc.asyncProperty(programs(kind), (program) => runProgram(kind, program))
    await fc.assert(property, { numRuns: RUNS[kind.kind], timeout: 20_000, interruptAfterTimeLimit: 25_000 })
  })
})
