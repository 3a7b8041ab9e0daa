import { describe, expect, it } from 'vitest'
import { refusal } from '../options/refusal.ts'
import { executors } from '../support/executors.ts'

// What stands at a place where it means nothing, for callers without types.

const root = (x: number): number => Math.sqrt(x)

describe.each(executors)('a $name', ({ open }) => {
  it.each(['f', 5, null, undefined, {}, [1]])('refuses %s for a function, however it is called', (fn) => {
    const pool = open()
    const ways = [
      () => pool.submit(fn as never, 1),
      () => pool.schedule(fn as never, []),
      () => pool.map(fn as never, [1]),
      () => pool.starmap(fn as never, [[1]]),
    ]
    for (const way of ways) {
      const { type, text } = refusal(way)
      expect(type).toBe(TypeError)
      expect(text).toMatch(/^fn must be a function, got [^\n]+; it comes first, as in map\(fn, items\)$/)
    }
  })

  it.each([undefined, null, 5, 'ab', {}, new Set([1])])('refuses %s for the arguments of schedule', (args) => {
    const { type, text } = refusal(() => open().schedule(root, args as never))
    expect(type).toBe(TypeError)
    expect(text).toMatch(/^args of schedule must be an array, got [^\n]+; use \[argument, \.\.\.\]$/)
  })

  it('takes one input of rows for starmap, and refuses a second one', async () => {
    const pool = open()
    for (const more of [[[[2]]], [null], [[[2]], {}], [7, undefined]]) {
      const { type, text } = refusal(() => pool.starmap(root, [[1]], ...(more as [])))
      expect(type).toBe(TypeError)
      expect(text).toMatch(/^starmap takes one input, of rows, got [^\n]+ too; use map\(fn, \.\.\.\) for several$/)
    }
    expect(await pool.starmap(root, [[1]], undefined)).toEqual([1])
    await pool.shutdown()
  })
})
