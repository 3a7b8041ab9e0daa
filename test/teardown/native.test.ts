import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadNative } from '../../src/native/load.ts'
import { withoutNative } from '../engines/support/native.ts'
import { endProcesses, endThreads, PLACES, PROCESS_ENDS, THREAD_ENDS } from './support/native.ts'
import { Programs } from './support/programs.ts'

const TIMES = 10 // two hundred: `npm run test:soak -- test/teardown/native`

let programs: Programs

beforeAll(async () => {
  const load = loadNative()
  vi.stubEnv('LANEWISE_NATIVE', 'from' in load ? load.from : '')
  programs = await Programs.bundle('native')
})
afterAll(() => programs[Symbol.dispose]())

const LIMIT_MS = 120_000 // ten processes, two at a time: each has twenty seconds before it is called hung

describe.skipIf(withoutNative).each(PLACES)('a process with native maps in flight in its %s thread', (place) => {
  it.each(PROCESS_ENDS)(
    'ends by $how as Node does, ten times of ten',
    async ({ how }) => {
      expect.hasAssertions()
      await endProcesses(programs, place, how, TIMES)
    },
    LIMIT_MS,
  )
})

describe.skipIf(withoutNative).each(['worker', 'worker only'] as const)(
  'ten threads that have native maps in flight, each a %s',
  (place) => {
    it.each(THREAD_ENDS)(
      'end by %s, and the pool serves on',
      async (how) => {
        expect.hasAssertions()
        await endThreads(programs, place, how, TIMES)
      },
      LIMIT_MS,
    )
  },
)
