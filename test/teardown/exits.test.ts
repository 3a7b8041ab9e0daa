import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kind, POOLS } from './support/open.ts'
import { Programs } from './support/programs.ts'

let programs: Programs

beforeAll(async () => {
  programs = await Programs.bundle('flight', 'starting')
})
afterAll(() => programs[Symbol.dispose]())

/** What a program is told, or the signal that it gets, and how Node ends by it. */
const SIGNALS = [
  { how: 'SIGINT', by: 'SIGINT', said: '' },
  { how: 'SIGTERM', by: 'SIGTERM', said: '' },
  { how: 'SIGKILL', by: 'SIGKILL', said: '' },
] as const
const ENDS = [
  { how: 'exit', by: 5, said: '' },
  { how: 'throw', by: 1, said: expect.stringContaining('Error: on purpose') },
  { how: 'reject', by: 1, said: expect.stringContaining('Error: on purpose') },
  ...SIGNALS,
] as const

/** How many calls begin, and whether the program's event loop goes on meanwhile. */
const FLIGHTS: { kind: Kind; work: string; calls: number; isBlocked?: true }[] = [
  ...POOLS.flatMap((kind) => [
    { kind, work: 'an endless loop', calls: 2 },
    { kind, work: 'a pending promise', calls: 2 },
    { kind, work: 'many queued calls', calls: 2 },
    { kind, work: 'an initializer in a loop', calls: 2 },
    { kind, work: 'a map that is iterated', calls: 2 },
    { kind, work: 'a map that goes on and on', calls: 500 },
  ]),
  { kind: 'inline', work: 'a pending promise', calls: 1 },
  { kind: 'inline', work: 'many queued calls', calls: 1 },
  { kind: 'inline', work: 'a map that is iterated', calls: 1 },
  { kind: 'inline', work: 'a map that goes on and on', calls: 500 },
  { kind: 'inline', work: 'an endless loop', calls: 1, isBlocked: true },
  { kind: 'inline', work: 'a caller that blocks', calls: 1, isBlocked: true },
  { kind: 'thread', work: 'a caller that blocks', calls: 2, isBlocked: true },
]

describe.each(FLIGHTS)('a program with $work on the $kind executor', ({ kind, work, calls, isBlocked }) => {
  it.each(isBlocked ? SIGNALS : ENDS)(
    'ends by $how as Node does, and leaves nobody behind',
    async ({ how, by, said }) => {
      const program = programs.start('flight', kind, work)
      await program.begun(calls)
      if (how.startsWith('SIG')) program.kill(how as NodeJS.Signals)
      else program.tell(how)
      expect(await program.end).toMatchObject({ by, said, left: [] })
      expect(program.workers.length > 0).toBe(kind === 'process')
    },
  )
})

describe.each(POOLS)('a program whose workers start on the %s executor', (kind) => {
  it('ends as it says, and leaves nobody behind', async () => {
    expect(await programs.start('starting', kind, 'exit').end).toMatchObject({ by: 5, said: '', left: [] })
  })

  it.each(SIGNALS)('ends by $how, and leaves nobody behind', async ({ how, by }) => {
    const program = programs.start('starting', kind, 'stay')
    await program.printed('started')
    program.kill(how)
    expect(await program.end).toMatchObject({ by, said: '', left: [] })
  })
})
