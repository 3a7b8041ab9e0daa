import { expect } from 'vitest'
import type { Kind } from './open.ts'
import { type Programs, stillAlive } from './programs.ts'

/** Ends so many threads under the calls of the pool that each owns; each time, what they started is gone before the next. */
export async function endOwners(
  programs: Programs,
  kind: Kind,
  how: string,
  times: number,
  code: number,
): Promise<void> {
  const program = programs.start('owner', kind, how, String(times))
  for (let i = 0; i < times; i++) {
    await program.begun(2 * (i + 1))
    program.tell('they have begun')
    await program.printed(`ended by ${code}`, i + 1)
    expect(program.workers).toHaveLength(kind === 'process' ? 2 * (i + 1) : 0)
    expect(await stillAlive(program.workers)).toEqual([])
    program.tell('they are gone')
  }
  const { by, printed, said, left } = await program.end
  expect({ by, said, left }).toEqual({ by: 0, said: '', left: [] })
  expect(printed.at(-1)).toBe('49')
}
