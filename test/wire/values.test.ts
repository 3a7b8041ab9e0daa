import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeValue } from '../../src/wire/codec.ts'
import { CARRIERS, type Loose, roundTrip, thrownBy } from './carriers.ts'

describe.each(CARRIERS)('a value (%s)', (carrier) => {
  it.each([
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1.5,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    5e-324,
    '',
    'ä\ud800',
    0n,
    -(2n ** 70n),
  ])('arrives as itself if it is the primitive %s, and is not packed', (value) => {
    expect(encodeValue(value, carrier)).toBe(value)
    expect(roundTrip(value, carrier)).toBe(value)
  })

  it('arrives as structured clone leaves it', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withBoxedValues: true,
          withNullPrototype: true,
        }),
        (value) => {
          expect(roundTrip({ value }, carrier)).toStrictEqual(structuredClone({ value }))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps -0, NaN, holes and undefined apart inside arrays', () => {
    const sent: unknown[] = [-0, Number.NaN]
    sent[3] = undefined
    sent.push(null, 2 ** 53)
    const doubles = [0.5]
    doubles[2] = -0
    const got = roundTrip({ sent, doubles }, carrier)
    expect(Object.is(got.sent[0], -0)).toBe(true)
    expect(got.sent[1]).toBeNaN()
    expect(2 in got.sent).toBe(false)
    expect(3 in got.sent).toBe(true)
    expect(got.sent.length).toBe(6)
    expect(1 in got.doubles).toBe(false)
    expect(Object.is(got.doubles[2], -0)).toBe(true)
  })

  it('keeps a sparse array sparse, and the named fields of an array', () => {
    const sparse: number[] = []
    sparse[4_000_000_000] = 1
    const match = /(?<year>\d+)/.exec('in 1999')
    const got = roundTrip({ sparse, match }, carrier)
    expect(Object.keys(got.sparse)).toEqual(['4000000000'])
    expect(got.sparse.length).toBe(4_000_000_001)
    expect(got.match?.index).toBe(3)
    expect(got.match?.groups).toEqual({ year: '1999' })
  })

  it('keeps cycles, and objects met twice', () => {
    const shared = { n: 1 }
    const sent: Record<string, unknown> = { first: shared, list: [shared], map: new Map([[shared, shared]]) }
    sent.self = sent
    sent.set = new Set([sent])
    const got = roundTrip(sent, carrier) as Loose
    expect(got.self).toBe(got)
    expect(got.list[0]).toBe(got.first)
    expect(got.map.get(got.first)).toBe(got.first)
    expect(got.set.has(got)).toBe(true)
    expect(got.first).not.toBe(shared)
  })

  it('keeps dates, regular expressions, maps, sets and boxed primitives', () => {
    const sent = {
      date: new Date(5),
      invalid: new Date(Number.NaN),
      pattern: /a+/giu,
      map: new Map<unknown, unknown>([[Number.NaN, -0]]),
      set: new Set(['a']),
      number: Object(-0),
      text: Object('x'),
      big: Object(7n),
      flag: Object(false),
    }
    const got = roundTrip(sent, carrier)
    expect(got).toStrictEqual(sent)
    expect(got.pattern.flags).toBe('giu')
    expect(Object.is(got.map.get(Number.NaN), -0)).toBe(true)
  })

  it('brings an error inside a value with its name, message and cause', () => {
    const got = roundTrip({ e: new RangeError('low', { cause: new Map([[1, new TypeError('why')]]) }) }, carrier)
    expect(got.e).toBeInstanceOf(RangeError)
    expect(got.e.message).toBe('low')
    expect((got.e.cause as Map<number, Error>).get(1)).toBeInstanceOf(TypeError)
  })

  it('brings the fields of a class instance, as a plain object, but not what getters of the class say', () => {
    class Point {
      x = 1
      #y = 2
      get y(): number {
        throw new Error(`read ${this.#y}`)
      }
    }
    expect(roundTrip(new Point(), carrier)).toStrictEqual({ x: 1 })
  })

  it('keeps a field that is called __proto__', () => {
    const sent = JSON.parse('{"__proto__":{"a":1}}')
    expect(Object.keys(roundTrip(sent, carrier))).toEqual(['__proto__'])
  })

  it('fails with the very error of a getter that throws', () => {
    const own = new RangeError('mine')
    const value = { list: [{ get bad() { throw own } }] } // biome-ignore format: one line reads better
    expect(thrownBy(() => encodeValue(value, carrier))).toBe(own)
  })

  it('calls no trap of a Proxy and refuses it by name', () => {
    const proxy = new Proxy(
      {},
      new Proxy(
        {},
        {
          get: (_, trap) => {
            throw new Error(`trap ${String(trap)}`)
          },
        },
      ),
    )
    const error = thrownBy(() => encodeValue({ list: [1, { proxy }] }, carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain('got a Proxy at value.list[1].proxy')
    expect(thrownBy(() => encodeValue(proxy, carrier)).message).toContain('got a Proxy;')
  })

  const holder = { resize() {} }
  it.each<[string, unknown, string]>([
    ['a function', holder, 'got a function (resize) at value.resize'],
    ['a naked function', () => 1, 'got a function without a name;'],
    ['a symbol', [[], [Symbol('kind')]], 'got a symbol (kind) at value[1][0]'],
    ['a function in a Map', new Map([['a b', { f: holder.resize }]]), 'at value.get("a b").f'],
    ['a symbol as a key of a Map', new Map([[Symbol.iterator, 1]]), 'at value (a key)'],
    ['a function in a Set', { set: new Set([holder.resize]) }, 'at value.set (a member)'],
    ['a Promise', { 'not-a-name': Promise.resolve() }, 'got a Promise at value["not-a-name"]; await it first'],
    ['a WeakMap', [new WeakMap()], 'got a WeakMap at value[0]'],
    ['an iterator', [[1].values()], 'at value[0]'],
    ['an Intl object', { f: new Intl.NumberFormat() }, 'got a NumberFormat at value.f'],
    ['a boxed symbol', { s: Object(Symbol('q')) }, 'got a Symbol at value.s'],
    ['a WebAssembly.Memory', { m: new WebAssembly.Memory({ initial: 0 }) }, 'got a Memory at value.m'],
    ['a function behind a cycle', cyclic(), 'at value.inner.call'],
  ])('refuses %s, and says where it is', (_, value, text) => {
    const error = thrownBy(() => encodeValue(value, carrier))
    expect(error).toBeInstanceOf(DOMException)
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain(text)
    expect(error.message).not.toContain('\n')
  })

  it('leaves everything as it was when it refuses', () => {
    const buffer = new ArrayBuffer(8)
    const transferList: never[] = []
    thrownBy(() => encodeValue({ buffer, f: () => 1 }, carrier, transferList))
    expect(buffer.byteLength).toBe(8)
    expect(transferList).toEqual([])
  })
})

function cyclic(): object {
  const inner: Record<string, unknown> = {}
  const value = { inner }
  inner.back = value
  inner.call = () => 1
  return value
}
