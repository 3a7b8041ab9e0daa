import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadNative } from '../../src/native/load.ts'
import { withoutNative } from '../engines/support/native.ts'
import { endProcesses, endThreads, PLACES, PROCESS_ENDS, THREAD_ENDS } from './support/native.ts'
import { Programs } from './support/programs.ts'

const TIMES = 200

let programs: Programs

beforeAll(async () => {
  const load = loadNative()
  vi.stubEnv('LANEWISE_NATIVE', 'from' in load ? load.from : '')
  programs = await Programs.bundle('native')
})
afterAll(() => programs[Symbol.dispose]())

describe.skipIf(withoutNative).each(PLACES)('a process with native maps in flight in its %s thread', (place) => {
  it.each(PROCESS_ENDS)('ends by $how as Node does, within two seconds, 200 times of 200', async ({ how }) => {
    const longest = await endProcesses(programs, place, how, TIMES)
    console.log(`${place}, ${how}: at most ${Math.ceil(longest)} ms`)
    expect(longest).toBeLessThan(2000)
  })
})

describe.skipIf(withoutNative).each(['worker', 'worker only'] as const)(
  'two hundred threads that have native maps in flight, each a %s',
  (place) => {
    it.each(THREAD_ENDS)('end by %s, and the pool serves on', async (how) => {
      expect.hasAssertions()
      await endThreads(programs, place, how, TIMES)
    })
  },
)
