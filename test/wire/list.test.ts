import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Carrier, type PackedList, packList, unpackList } from '../../src/wire/codec.ts'
import { decodeError } from '../../src/wire/errors.ts'
import { type Transferable, transfer } from '../../src/wire/transfer.ts'
import { CARRIERS, deliver, type Loose } from './carriers.ts'

function sendList(
  values: ArrayLike<unknown>,
  carrier: Carrier,
  start = 0,
  end = values.length,
): ReturnType<typeof unpackList> & { list: PackedList } {
  const transferList: Transferable[] = []
  const list = packList(values, start, end, carrier, transferList)
  return { list, ...unpackList(deliver(carrier, list, transferList)) }
}

describe.each(CARRIERS)('a list (%s)', (carrier) => {
  it('of numbers travels and arrives as one Float64Array, bit for bit', () => {
    const sent = [0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, 5e-324, 0.1]
    const { list, values } = sendList(sent, carrier)
    expect(list).toHaveProperty('numbers')
    expect(values).toBeInstanceOf(Float64Array)
    expect([...values].every((value, i) => Object.is(value, sent[i]))).toBe(true)
  })

  it.each([
    Int8Array.of(-1, 2, 3),
    Uint8ClampedArray.of(255, 2, 3),
    Float32Array.of(0.1, 2, 3),
    Uint32Array.of(2 ** 32 - 1, 2, 3),
    Buffer.of(1, 2, 3),
    new Float64Array(new SharedArrayBuffer(24)),
  ])('that is a typed array of numbers travels as its numbers', (sent) => {
    const { list, values } = sendList(sent, carrier, 1, 3)
    expect((list as { numbers: Float64Array }).numbers.buffer).toBeInstanceOf(ArrayBuffer)
    expect([...values]).toEqual([...sent.subarray(1, 3)])
  })

  it('of bigints arrives as bigints', () => {
    expect([...sendList(BigInt64Array.of(1n, -(2n ** 63n)), carrier).values]).toEqual([1n, -(2n ** 63n)])
  })

  it('that is empty arrives empty', () => {
    expect(sendList([], carrier).values).toHaveLength(0)
    expect(sendList([{}, {}], carrier, 1, 1).values).toHaveLength(0)
  })

  it('is cut where it is told', () => {
    expect(sendList(['a', 'b', 'c', 'd'], carrier, 1, 3).values).toEqual(['b', 'c'])
    expect([...sendList([1, 2, 3, 4], carrier, 2, 3).values]).toEqual([3])
    expect(sendList('abc', carrier).values).toEqual(['a', 'b', 'c'])
  })

  it('has undefined where the array has a hole', () => {
    const sent: unknown[] = ['a']
    sent[2] = 'c'
    const { values } = sendList(sent, carrier)
    expect(1 in values).toBe(true)
    expect(values).toEqual(['a', undefined, 'c'])
  })

  it('of plain data travels as one array', () => {
    const sent = [
      { id: 1, tags: ['a', 'b'] },
      'x',
      null,
      [1, [2]],
      new Map([[1, { a: 1 }]]),
      new Date(5),
      Buffer.from('b'),
    ]
    const { list, values } = sendList(sent, carrier)
    expect(list).toHaveProperty('array')
    expect(values).toStrictEqual(sent)
    expect(Buffer.isBuffer(values[6])).toBe(true)
  })

  it('arrives as its values would one by one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.anything({ withTypedArray: true, withMap: true, withSet: true, withBoxedValues: true })),
        (sent) => {
          expect([...sendList(sent, carrier).values]).toStrictEqual([...structuredClone(sent)])
        },
      ),
    )
  })

  it.each<[string, () => unknown[]]>([
    ['the same object', () => Array(2).fill({ n: 0 })],
    ['an object inside', () => [{ n: 0 }, { n: 0 }].map((item) => ({ ...item, config: CONFIG }))],
    ['the same array', () => [[CONFIG], [1, CONFIG]]],
    ['the same view', () => Array(2).fill(Float64Array.of(1))],
    ['the same Buffer', () => Array(2).fill(Buffer.from('b'))],
    ['the same date', () => Array(2).fill(new Date(5))],
    ['the same pattern', () => Array(2).fill(/a/g)],
    ['the same buffer', () => Array(2).fill(Uint8Array.of(1).buffer)],
    ['the same resizable buffer', () => Array(2).fill(new ArrayBuffer(1, { maxByteLength: 2 }))],
    ['the same Map', () => Array(2).fill(new Map([[CONFIG, new Set([CONFIG])]]))],
    ['the same error', () => Array(2).fill(new RangeError('low', { cause: CONFIG }))],
  ])('whose items hold %s arrives as items that share nothing, as it would in chunks of one', (_, make) => {
    const { values } = sendList(make(), carrier)
    expect(values).toStrictEqual(make())
    const held = values.map((value: Loose) => value.config ?? (Array.isArray(value) ? value.at(-1) : value)) as Loose[]
    expect(held[0]).not.toBe(held[1])
  })

  it('whose items hold an object twice, or themselves, arrives as it was', () => {
    const circle: Loose = { list: [CONFIG, CONFIG], missing: undefined, date: new Date(Number.NaN), text: Object('x') }
    circle.self = circle
    const { values } = sendList([circle, circle, -0], carrier)
    const [first, second] = values as Loose[]
    expect(first).toStrictEqual(circle)
    expect(first.self).toBe(first)
    expect(first.list[0]).toBe(first.list[1])
    expect(second.self).toBe(second)
    expect(values[2]).toBe(-0)
  })

  it('whose items are chained to one another brings each', () => {
    const items: Loose[] = []
    for (let i = 0; i < 800; i++) items.push({ i, previous: items[i - 1] })
    const { values } = sendList(items, carrier)
    expect((values as Loose[]).map(({ i }) => i)).toEqual(items.map(({ i }) => i))
    expect((values as Loose[])[799].previous.previous.i).toBe(797)
  })

  it('brings every item but those that cannot travel, whose errors stand in their place', () => {
    const own = new RangeError('mine')
    const bad = {
      get field(): never {
        throw own
      },
    }
    const sent = [{ a: 1 }, () => 1, 3, bad, Symbol('s'), -0, { deep: [new WeakMap()] }]
    const { list, values, failures } = sendList(sent, carrier)
    expect(list).toHaveProperty('items')
    expect(values).toEqual([{ a: 1 }, undefined, 3, undefined, undefined, -0, undefined])
    expect([...(failures as Map<number, Loose>)].map(([index, error]) => [index, error.name])).toEqual([
      [1, 'DataCloneError'],
      [3, 'RangeError'],
      [4, 'DataCloneError'],
      [6, 'DataCloneError'],
    ])
    expect(failures?.get(3)).toMatchObject({ message: 'mine' })
    expect(String(failures?.get(6))).toContain('got a WeakMap at value.deep[0]')
  })

  it('whose first item is nested too deeply for a worker brings the others', () => {
    const chain = (length: number): Loose =>
      Array(length)
        .fill(0)
        .reduce((inner) => ({ inner }), null)
    const { values } = sendList([chain(900), { a: 1 }, chain(10_000), { b: 1 }], carrier)
    expect(values[1]).toEqual({ a: 1 })
    expect(values[3]).toEqual({ b: 1 })
    let depth = 0
    for (let at = values[0] as Loose; at !== null; at = at.inner) depth++
    expect(depth).toBe(900)
    expect(values[2]).toBeUndefined()
  })

  it('moves the buffers of marked items', () => {
    const moved = Float64Array.of(1)
    const kept = Float64Array.of(2)
    const { values } = sendList([transfer(moved), kept, { n: 1 }], carrier)
    expect(values).toEqual([Float64Array.of(1), Float64Array.of(2), { n: 1 }])
    expect([moved.length, kept.length]).toEqual([0, 1])
  })

  it('brings views on shared memory, shared or as copies of their own', () => {
    const memory = new Float64Array(new SharedArrayBuffer(1 << 16))
    memory.set([1, 2, 3, 4])
    const { values } = sendList([memory.subarray(0, 2), memory.subarray(2, 4)], carrier)
    expect(Array.from(values as Float64Array[], (row) => [...row])).toEqual([
      [1, 2],
      [3, 4],
    ])
    memory[0] = 9
    expect((values[0] as Float64Array)[0]).toBe(carrier === 'bytes' ? 1 : 9)
  })
})

describe('a list on its way to a worker', () => {
  it('has the errors of items that cannot travel in a form that survives the way back too', () => {
    class Own extends RangeError {}
    const bad = {
      get field(): never {
        throw new Own('mine')
      },
    }
    const list = packList([bad], 0, 1, 'bytes') as Extract<PackedList, { items: unknown }>
    const item = list.items[0] as { error: Parameters<typeof decodeError>[0] }
    expect(decodeError(item.error)).toMatchObject({ name: 'Own', message: 'mine' })
  })
})

const CONFIG = { precision: 2 }
