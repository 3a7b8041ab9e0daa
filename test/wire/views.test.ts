import { describe, expect, it } from 'vitest'
import { encodeValue, type Packed } from '../../src/wire/codec.ts'
import { CARRIERS, type Loose, roundTrip, thrownBy } from './carriers.ts'

const memory = Uint8Array.from({ length: 64 }, (_, i) => i).buffer
const views = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
].map((View) => [View.name, new (View as Loose)(memory, 8, 2) as ArrayBufferView] as const)

const nested: readonly [string, (view: ArrayBufferView) => unknown, (got: Loose) => ArrayBufferView][] = [
  ['alone', (view) => view, (got) => got],
  ['in an object', (view) => ({ a: { view } }), (got) => got.a.view],
  ['in an array', (view) => [1, [view]], (got) => got[1][0]],
  ['as a value of a Map', (view) => new Map([['k', view]]), (got) => got.get('k')],
  ['as a key of a Map', (view) => new Map([[view, 1]]), (got) => got.keys().next().value],
  ['in a Set', (view) => new Set([view]), (got) => got.values().next().value],
]

describe.each(CARRIERS)('a view (%s)', (carrier) => {
  describe.each(nested)('%s', (_, nest, unnest) => {
    it.each(views)('arrives as a %s with its own bytes on a buffer of that size', (_name, view) => {
      const got = unnest(roundTrip(nest(view), carrier))
      expect(got.constructor).toBe(view.constructor)
      expect(got).toStrictEqual(new (view.constructor as Loose)(memory.slice(8, 8 + view.byteLength)))
      expect(got.buffer.byteLength).toBe(view.byteLength)
      expect(got.byteOffset).toBe(0)
    })

    it('arrives as a Buffer if it is one, outside of any pool', () => {
      const got = unnest(roundTrip(nest(Buffer.from('pooled')), carrier))
      expect(Buffer.isBuffer(got)).toBe(true)
      expect(String(got)).toBe('pooled')
      expect(got.buffer.byteLength).toBe(6)
    })
  })

  it.runIf('Float16Array' in globalThis)('arrives as a Float16Array if it is one', () => {
    const { Float16Array } = globalThis as Loose
    const got: Loose = roundTrip({ half: new Float16Array([0.5, -0]) }, carrier)
    expect(got.half).toBeInstanceOf(Float16Array)
    expect([...got.half]).toEqual([0.5, -0])
  })

  it('does not bring the rest of its buffer', () => {
    const { bytes } = encodeValue(new Uint8Array(new ArrayBuffer(1 << 20), 5, 3), carrier) as Packed
    expect(bytes.length).toBeLessThan(100)
    expect(bytes.buffer.byteLength).toBe(bytes.length)
  })

  it('may be empty', () => {
    const got = roundTrip([new Float64Array(0), Buffer.alloc(0), new DataView(new ArrayBuffer(0))], carrier)
    expect(got.map((view) => view.byteLength)).toEqual([0, 0, 0])
  })

  it('that is met twice arrives as one, and other views on its buffer as others', () => {
    const view = new Float64Array([1, 2])
    const got = roundTrip({ a: view, b: view, c: new Float64Array(view.buffer) }, carrier)
    expect(got.b).toBe(got.a)
    expect(got.c).not.toBe(got.a)
    expect([...got.c]).toEqual([1, 2])
  })

  it('on a resizable buffer arrives with the length it had', () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 32 })
    const tracking = new Uint8Array(buffer)
    buffer.resize(16)
    tracking[15] = 7
    const got = roundTrip([tracking], carrier)[0]!
    expect(got.length).toBe(16)
    expect(got[15]).toBe(7)
    expect(got.buffer.resizable).toBe(false)
  })

  it('whose buffer was moved away is refused by name, and so is the buffer', () => {
    const view = new Float64Array(2)
    structuredClone(view.buffer, { transfer: [view.buffer] })
    for (const held of [view, view.buffer]) {
      const error = thrownBy(() => encodeValue({ held }, carrier))
      expect(error.name).toBe('DataCloneError')
      expect(error.message).toMatch(/at value\.held; its memory was moved away/)
    }
  })

  it('of a class of the user arrives as what it extends', () => {
    class Vector extends Float64Array {}
    const got = roundTrip([Vector.of(1, 2)], carrier)[0]!
    expect(got.constructor).toBe(Float64Array)
    expect([...got]).toEqual([1, 2])
  })
})

describe.each(CARRIERS)('a buffer (%s)', (carrier) => {
  it('arrives whole, resizable if it was', () => {
    const fixed = Uint8Array.of(1, 2, 3).buffer
    const resizable = new ArrayBuffer(4, { maxByteLength: 16 })
    const got = roundTrip({ fixed, again: fixed, resizable }, carrier)
    expect(new Uint8Array(got.fixed)).toEqual(Uint8Array.of(1, 2, 3))
    expect(got.again).toBe(got.fixed)
    expect(got.fixed).not.toBe(fixed)
    expect(got.resizable.maxByteLength).toBe(16)
    expect(fixed.byteLength).toBe(3)
  })
})

describe.each(CARRIERS)('shared memory (%s)', (carrier) => {
  const isShared = carrier !== 'bytes'

  it(`arrives ${isShared ? 'as the same memory' : 'as a copy that is shared memory too'}`, () => {
    const memory = new SharedArrayBuffer(16)
    const sent = new Int32Array(memory, 4, 2)
    sent[0] = 5
    const got = roundTrip({ list: [sent], naked: memory }, carrier)
    expect([...got.list[0]!]).toEqual([5, 0])
    expect(got.naked).toBeInstanceOf(SharedArrayBuffer)
    expect(got.list[0]?.buffer).toBe(got.naked)
    expect(got.naked.byteLength).toBe(16)
    sent[0] = 6
    expect(got.list[0]?.[0]).toBe(isShared ? 6 : 5)
  })

  it('arrives naked', () => {
    const memory = new SharedArrayBuffer(8)
    new Uint8Array(memory)[7] = 9
    const got = roundTrip(memory, carrier)
    expect(got).toBeInstanceOf(SharedArrayBuffer)
    expect(new Uint8Array(got)[7]).toBe(9)
  })

  it('stays one under several views', () => {
    const memory = new SharedArrayBuffer(64)
    const sent = {
      doubles: new Float64Array(memory, 16, 2),
      bytes: new Uint8Array(memory, 17, 20),
      view: new DataView(memory, 8, 8),
    }
    const got = roundTrip(sent, carrier)
    expect(got.bytes.buffer).toBe(got.doubles.buffer)
    expect(got.view.buffer).toBe(got.doubles.buffer)
    got.doubles[0] = 1
    expect(got.bytes[6]).toBe(0x3f)
    expect(got.view.byteLength).toBe(8)
  })

  it('may be growable', () => {
    const memory = new SharedArrayBuffer(8, { maxByteLength: 64 })
    const got = roundTrip([memory], carrier)[0]!
    expect(got.maxByteLength).toBe(64)
    expect(got.byteLength).toBe(8)
  })

  it('may be empty', () => {
    const got = roundTrip([new SharedArrayBuffer(0), new Float64Array(new SharedArrayBuffer(0))] as const, carrier)
    expect(got[0].byteLength).toBe(0)
    expect(got[1].length).toBe(0)
  })
})

describe('shared memory under a view, as bytes', () => {
  it('is copied as far as the view goes', () => {
    const view = new Float64Array(new SharedArrayBuffer(1 << 20), 1024, 2)
    view.set([1, 2])
    const { bytes, carried } = encodeValue({ view }, 'bytes') as Packed
    expect(bytes.length).toBeLessThan(200)
    expect(carried).toBeUndefined()
    expect([...roundTrip({ view }, 'bytes').view]).toEqual([1, 2])
  })
})
