import { describe, expect, it } from 'vitest'
import { show } from '../src/show.ts'

describe('show', () => {
  it.each([
    [5, '5'],
    [-0, '-0'],
    ['5', "'5'"],
    [5n, '5n'],
    [Symbol('s'), 'Symbol(s)'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, '{}'],
    [{ a: 1 }, '[Object]'],
    [[1, 2], '[Array]'],
    [new Map([[1, 2]]), '[Map]'],
    [Promise.resolve(), '[Promise]'],
    [class A {}, '[class A]'],
    ['line\nbreak', "'line\\nbreak'"],
  ])('writes %o as %s', (value, text) => {
    expect(show(value)).toBe(text)
  })

  it('stays short and in one line, whatever comes', () => {
    const long = { get [Symbol.toStringTag]() { return 'x\ny' } } // biome-ignore format: one line
    for (const value of ['x'.repeat(1e6), new Error('a\nb'), Array(1e4).fill(1), long]) {
      expect(show(value).length).toBeLessThan(200)
      expect(show(value)).not.toContain('\n')
    }
  })

  it('runs no trap and throws nothing', () => {
    const hostile = new Proxy({ a: 1 }, {
      get() { throw new Error('trap') },
      ownKeys() { throw new Error('trap') },
    }) // biome-ignore format: one line
    expect(show(hostile)).toBe('[Object]')
    const tagged = { a: 1, get [Symbol.toStringTag](): string { throw new Error('tag') } } // biome-ignore format: one line
    expect(show(tagged)).toBe('a value of type object')
  })
})
