import { describe, expect, it } from 'vitest'
import { show } from '../src/show.ts'

function fail(): never {
  throw new Error('on purpose')
}

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
    const long = { [Symbol.toStringTag]: 'x\ny' }
    for (const value of ['x'.repeat(1e6), new Error('a\nb'), Array(1e4).fill(1), long]) {
      expect(show(value).length).toBeLessThan(200)
      expect(show(value)).not.toContain('\n')
    }
  })

  it('runs no trap of a proxy', () => {
    const hostile = new Proxy({ a: 1 }, { get: fail, ownKeys: fail })
    expect(['[Object]', 'Proxy([Object])']).toContain(show(hostile)) // Node 26 says that it is a proxy
  })

  it('throws nothing', () => {
    const heir = Object.create(new Proxy({}, { getOwnPropertyDescriptor: fail }))
    expect(show(heir)).toBe('a value of type object')
    const nameless = Object.defineProperty(() => {}, 'name', { get: fail })
    expect(show(nameless)).toBe('a value of type function')
    const tagless = Object.defineProperty({ a: 1 }, Symbol.toStringTag, { get: fail })
    expect(['a value of type object', '[Object]']).toContain(show(tagless)) // Node 24 goes on without the tag
  })
})
