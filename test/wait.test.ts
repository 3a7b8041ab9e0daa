import { describe, expect, it } from 'vitest'
import { asCompleted, Future, wait } from '../src/index.ts'
import { refusal } from './options/refusal.ts'

const both = [
  { name: 'wait', call: wait },
  { name: 'asCompleted', call: asCompleted },
] as const

describe.each(both)('$name', ({ name, call }) => {
  const refused = (futures: unknown, options?: unknown): ReturnType<typeof refusal> =>
    refusal(() => call(futures as never, options as never))

  it.each([5, null, undefined, {}, new Future()])('refuses %s for futures', (value) => {
    const { type, text } = refused(value)
    expect(type).toBe(TypeError)
    expect(text).toMatch(/^futures must be an iterable, got .+; use \[future, \.\.\.\]$/)
  })

  it.each([[[1]], [[new Future(), Promise.resolve()]], ['ab']])(
    'refuses %s, which holds others than futures',
    (value) => {
      const { type, text } = refused(value)
      expect(type).toBe(TypeError)
      expect(text).toMatch(/^futures must hold futures only, got .+; use what submit\(\) returns$/)
    },
  )

  it.each([
    ['5', TypeError],
    [null, TypeError],
    [{}, TypeError],
    [5n, TypeError],
    [NaN, RangeError],
  ])('refuses a timeout of %s', (timeout, type) => {
    const got = refused([], { timeout })
    expect(got.type).toBe(type)
    expect(got.text).toMatch(/^timeout must be a number of milliseconds, got [^\n]+; leave it out to wait for ever$/)
  })

  it('suggests the nearest option for one it does not know', () => {
    expect(refused([], { timeOut: 1 })).toEqual({
      type: TypeError,
      text: `${name} has no option 'timeOut'; did you mean timeout?`,
    })
    expect(refused([], { chunksize: 1 }).text).toMatch(
      new RegExp(`^${name} has no option 'chunksize'; its options are timeout`),
    )
  })

  it.each([null, 5, 'ALL_COMPLETED', []])('refuses %s for options', (options) => {
    const { type, text } = refused([], options)
    expect(type).toBe(TypeError)
    expect(text).toMatch(new RegExp(`^options of ${name} must be a plain object, got `))
  })
})

describe('wait', () => {
  it.each(['SOME', '', null, 0])('refuses to return when %s', (returnWhen) => {
    const { type, text } = refusal(() => wait([], { returnWhen: returnWhen as never }))
    expect(type).toBe(RangeError)
    expect(text).toMatch(/^Invalid return condition: .+; use 'ALL_COMPLETED', 'FIRST_COMPLETED' or 'FIRST_EXCEPTION'$/)
  })

  it('suggests returnWhen for return_when', () => {
    expect(refusal(() => wait([], { return_when: 'FIRST_COMPLETED' } as never)).text).toBe(
      "wait has no option 'return_when'; did you mean returnWhen?",
    )
  })
})
