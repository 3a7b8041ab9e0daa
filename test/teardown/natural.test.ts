import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AWAITS } from './support/awaits.ts'
import { KINDS } from './support/open.ts'
import { Programs } from './support/programs.ts'

let programs: Programs

beforeAll(async () => {
  programs = await Programs.bundle('await', 'natural')
})
afterAll(() => programs[Symbol.dispose]())

describe.concurrent.each(AWAITS)('a module that awaits $title', ({ title, kinds = KINDS }) => {
  it.each(kinds)('gets it on the %s executor, and ends by itself', async (kind) => {
    const { by, printed, said, left } = await programs.start('await', kind, title).end
    expect({ by, said, left }).toEqual({ by: 0, said: '', left: [] })
    expect(printed.at(-1)).toBe('got 49')
  })
})

/** Runs a program without a shutdown to its end: what it printed, sorted, since calls that run at once print as they like. */
async function printedBy(what: string, kind: string, by = 0): Promise<string[]> {
  const { printed, ...end } = await programs.start('natural', what, kind).end
  expect(end).toEqual({ by, said: '', left: [] })
  return printed.sort()
}

describe.concurrent.each(KINDS)('a program that comes to its end with the %s executor', (kind) => {
  it('waits for a call that nobody awaits', async () => {
    expect(await printedBy('a pending call', kind)).toEqual(['called'])
  })

  it('waits for a map that nobody reads', async () => {
    expect(await printedBy('a pending map', kind)).toEqual(['one', 'three', 'two'])
  })

  it('waits for what its pool still does after a shutdown that does not wait', async () => {
    expect(await printedBy('work after shutdown without a wait', kind)).toEqual(['called'])
  })

  it('does not wait for a map that stands until it is read on', async () => {
    expect(await printedBy('a map that stands with a full window', kind)).toEqual(['read'])
  })

  it('ends with twenty pools that are idle', async () => {
    expect(await printedBy('twenty pools', kind)).toEqual(['2470'])
  })

  it('ends when its calls have died in every way', async () => {
    const lines = await printedBy('calls that die in every way', kind)
    expect(lines.length).toBe({ inline: 3, thread: 6, process: 7 }[kind])
    for (const line of lines) expect(line).toMatch(/^[\w ]+: 0,died,2, 2$/)
  })

  it('keeps its exit code', async () => {
    expect(await printedBy('an exit code of its own', kind, 3)).toEqual(['7'])
  })

  it('can shut down on a signal', async () => {
    expect(await printedBy('a handler of SIGINT that shuts down', kind, 9)).toContain('shut down')
  })
})

describe.concurrent('a program that comes to its end', () => {
  it.each(['thread', 'process'])('waits for calls that each need a new worker of the %s executor', async (kind) => {
    expect(await printedBy('a call that needs several workers', kind)).toEqual(['one', 'three', 'two'])
  })

  it('does not wait for pools that never worked', async () => {
    expect(await printedBy('pools that never work', '')).toEqual([])
  })

  it('does not wait for idle pools of every kind', async () => {
    expect(await printedBy('idle pools of every kind', '')).toEqual(['49', '49', '49'])
  })
})
