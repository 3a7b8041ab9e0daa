import { expect } from 'vitest'
import type { Programs } from './programs.ts'

/** Where the native maps are in flight: on the main thread; on another; or on another, in a process whose main thread has no addon. */
export type Place = 'main' | 'worker' | 'worker only'
export const PLACES: readonly Place[] = ['main', 'worker', 'worker only']

/** How the process ends under them, and how Node says so. */
export const PROCESS_ENDS = [
  { how: 'natural', by: 0, said: '' },
  { how: 'exit', by: 5, said: '' },
  { how: 'throw', by: 1, said: expect.stringContaining('Error: on purpose') },
  { how: 'reject', by: 1, said: expect.stringContaining('Error: on purpose') },
  { how: 'SIGTERM', by: 'SIGTERM', said: '' },
  { how: 'SIGTERM while it blocks', by: 'SIGTERM', said: '' },
] as const

/** How a thread ends under them while the process goes on. */
export const THREAD_ENDS = ['natural', 'exit', 'throw', 'reject', 'terminate', 'terminate while it blocks'] as const
const CODES = { natural: 0, exit: 5, throw: 1, reject: 1, terminate: 1, 'terminate while it blocks': 1 }

export type How = (typeof PROCESS_ENDS)[number]['how'] | (typeof THREAD_ENDS)[number]

/** Ends so many processes, two at a time: the longest that one took from having maps in flight to its end, in ms. */
export async function endProcesses(programs: Programs, place: Place, how: How, times: number): Promise<number> {
  const wanted = PROCESS_ENDS.find((end) => end.how === how)
  let left = times
  let longest = 0
  const endSome = async (): Promise<void> => {
    while (left-- > 0) {
      const program = programs.start('native', place, how)
      await program.printed('in flight')
      const start = performance.now()
      if (how.startsWith('SIGTERM')) program.kill('SIGTERM')
      const { by, said, left } = await program.end
      longest = Math.max(longest, performance.now() - start)
      expect({ by, said, left }).toEqual({ by: wanted?.by, said: wanted?.said, left: [] })
    }
  }
  await Promise.all([endSome(), endSome()])
  return longest
}

/** Ends so many threads of a process, one after the other; then its pool serves on. */
export async function endThreads(
  programs: Programs,
  place: Place,
  how: keyof typeof CODES,
  times: number,
): Promise<void> {
  const { by, printed, said, left } = await programs.start('native', place, how, String(times)).end
  const ended = Array.from({ length: times }, () => `ended by ${CODES[how]}`)
  expect({ by, printed, said, left }).toEqual({ by: 0, printed: [...ended, 'served'], said: '', left: [] })
}
