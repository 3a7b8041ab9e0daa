import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, type Packed } from '../../src/wire/codec.ts'
import { isTransfer, type Transferable, transfer } from '../../src/wire/transfer.ts'
import { CARRIERS, deliver, roundTrip, thrownBy } from './carriers.ts'

describe('transfer()', () => {
  it('marks an object and leaves it as it is until it is sent', () => {
    const view = Float64Array.of(1)
    expect(isTransfer(transfer(view))).toBe(true)
    expect(isTransfer(view)).toBe(false)
    expect(view.length).toBe(1)
  })

  it.each([undefined, null, 7, 'x', 1n, false])('gives the primitive %s back', (value) => {
    expect(transfer(value)).toBe(value)
    expect(isTransfer(value)).toBe(false)
  })

  it('refuses a list that names what cannot move', () => {
    const gone = new ArrayBuffer(8)
    structuredClone(gone, { transfer: [gone] })
    const refused = (item: unknown) => thrownBy(() => transfer({}, [item as Transferable]))
    expect(refused(gone)).toBeInstanceOf(TypeError)
    expect(refused(gone).message).toContain('got one that has moved already')
    expect(refused(new SharedArrayBuffer(8)).message).toContain('got a SharedArrayBuffer; leave it out')
    expect(refused(Float64Array.of(1)).message).toContain('got a view; name its buffer')
    expect(refused({}).message).toContain('got an object;')
    expect(refused(null).message).toContain('got a value of type null')
    expect(refused(5).message).toContain('got a value of type number')
    expect(thrownBy(() => transfer({}, 5 as never))).toBeInstanceOf(TypeError)
  })
})

describe.each(CARRIERS)('a marked value (%s)', (carrier) => {
  it('arrives, and is gone here', () => {
    const view = Float64Array.of(1, 2)
    const got = roundTrip(transfer(view), carrier)
    expect([...got]).toEqual([1, 2])
    expect(view.length).toBe(0)
    expect(view.buffer.byteLength).toBe(0)
  })

  it('moves what is named only', () => {
    const moved = Float64Array.of(1)
    const kept = Float64Array.of(2)
    const got = roundTrip(transfer({ list: [moved, kept] }, [moved.buffer]), carrier)
    expect(got.list.map((view) => [...view])).toEqual([[1], [2]])
    expect(moved.length).toBe(0)
    expect(kept.length).toBe(1)
  })

  it('moves all that it holds where nothing is named, however deep', () => {
    const a = Float64Array.of(1)
    const b = Uint8Array.of(2).buffer
    const c = Uint16Array.of(3)
    const got = roundTrip(transfer({ a, map: new Map([['b', { b }]]), set: new Set([[c]]) }), carrier)
    expect([a.length, b.byteLength, c.length]).toEqual([0, 0, 0])
    expect(got.a[0]).toBe(1)
    expect(new Uint8Array(got.map.get('b')!.b)[0]).toBe(2)
    expect([...got.set][0]?.[0]?.[0]).toBe(3)
  })

  it('may be nested in what is not marked', () => {
    const a = Float64Array.of(1)
    const b = Float64Array.of(2)
    const got = roundTrip({ list: [transfer(a), b] }, carrier)
    expect(got.list.map((view) => [...view])).toEqual([[1], [2]])
    expect([a.length, b.length]).toEqual([0, 1])
  })

  it('keeps several views on one buffer, with what lies between them', () => {
    const memory = new ArrayBuffer(32)
    const sent = { doubles: new Float64Array(memory, 8, 2), bytes: new Uint8Array(memory), naked: memory }
    sent.doubles[0] = 1
    const got = roundTrip(transfer(sent), carrier)
    expect(got.doubles.buffer).toBe(got.naked)
    expect(got.bytes.buffer).toBe(got.naked)
    expect(got.doubles.byteOffset).toBe(8)
    expect(got.naked.byteLength).toBe(32)
    expect(got.bytes[15]).toBe(0x3f)
    expect(memory.byteLength).toBe(0)
  })

  it('keeps a resizable buffer resizable', () => {
    const memory = new ArrayBuffer(4, { maxByteLength: 16 })
    const got = roundTrip(transfer([memory, new Uint8Array(memory, 0, 2)] as const), carrier)
    expect(got[0].maxByteLength).toBe(16)
    expect(got[1].buffer).toBe(got[0])
    expect(memory.byteLength).toBe(0)
  })

  it('leaves shared memory and Buffers of the pool where they are', () => {
    const shared = new Int32Array(new SharedArrayBuffer(8))
    const pooled = Buffer.from('pooled')
    const got = roundTrip(transfer({ shared, pooled }), carrier)
    expect(shared.length).toBe(2)
    expect(String(pooled)).toBe('pooled')
    expect(String(got.pooled)).toBe('pooled')
  })

  it('moves a Buffer that has its buffer to itself', () => {
    const own = Buffer.from(Uint8Array.of(1, 2, 3).buffer)
    const got = roundTrip(transfer(own), carrier)
    expect(Buffer.isBuffer(got)).toBe(true)
    expect([...got]).toEqual([1, 2, 3])
    expect(own.length).toBe(0)
  })

  it('fails alone if its buffer was moved since it was marked', () => {
    const view = Float64Array.of(1)
    const first = transfer(view, [view.buffer])
    const second = transfer(view, [view.buffer])
    roundTrip(first, carrier)
    const error = thrownBy(() => encodeValue({ second }, carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain('its memory was moved away')
  })

  it('fails if it names the pool of Buffers', () => {
    const pooled = Buffer.from('pooled')
    const error = thrownBy(() => encodeValue(transfer(pooled, [pooled.buffer]), carrier))
    expect(error.message).toContain('the pool that Buffers share')
    expect(String(pooled)).toBe('pooled')
  })

  it("fails if it names WebAssembly's memory", () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1 })
    const error = thrownBy(() => encodeValue(transfer({ buffer }), carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain('at value.buffer; it')
    expect(buffer.byteLength).toBe(65_536)
  })

  it('moves nothing if something in it cannot travel', () => {
    const view = Float64Array.of(1)
    const transferList: Transferable[] = []
    thrownBy(() => encodeValue(transfer({ view, call: () => 1 }), carrier, transferList))
    expect(view.length).toBe(1)
    expect(transferList).toEqual([])
  })
})

describe('a large value on threads', () => {
  it('moves its bytes, but only where the caller has a list of what moves', () => {
    const transferList: Transferable[] = []
    const { bytes } = encodeValue('x '.repeat(10_000).split(' '), 'thread', transferList) as Packed
    expect(transferList).toEqual([bytes.buffer])
    const wire = encodeValue(new Float64Array(10_000), 'thread')
    expect([1, 2].map(() => decodeValue(deliver('thread', wire, [])))).toEqual([
      new Float64Array(10_000),
      new Float64Array(10_000),
    ])
  })
})

describe('a marked value on threads', () => {
  it('moves its buffer with the message and not in the bytes', () => {
    const view = new Float64Array(1 << 16)
    const transferList: Transferable[] = []
    const { bytes, carried } = encodeValue(transfer([view]), 'thread', transferList) as Packed
    expect(bytes.length).toBeLessThan(100)
    expect(carried).toHaveLength(1)
    expect(transferList).toEqual(carried)
  })

  it('moves ports and streams', async () => {
    const { port1, port2 } = new MessageChannel()
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue('chunk')
        controller.close()
      },
    })
    const transferList: Transferable[] = []
    const wire = encodeValue({ deep: [transfer({ port1, stream })] }, 'thread', transferList)
    const got = decodeValue(deliver('thread', wire, transferList)) as {
      deep: [{ port1: MessagePort; stream: ReadableStream }]
    }
    got.deep[0].port1.postMessage('hello')
    expect(receiveMessageOnPort(port2)).toEqual({ message: 'hello' })
    got.deep[0].port1.close()
    const chunks = []
    for await (const chunk of got.deep[0].stream) chunks.push(chunk)
    expect(chunks).toEqual(['chunk'])
  })

  it('fails alone if a port in it is closed', async () => {
    const { port1 } = new MessageChannel()
    const closed = new Promise((resolve) => port1.on('close', resolve))
    port1.close()
    await closed
    expect(thrownBy(() => encodeValue(transfer({ port1 }), 'thread')).message).toContain(
      'at value.port1; it cannot be moved',
    )
  })
})

it('a port that is not marked is refused with what to do', () => {
  const { port1 } = new MessageChannel()
  const error = thrownBy(() => encodeValue([port1], 'thread'))
  expect(error.message).toContain(
    'got a MessagePort at value[0]; it can only be moved: mark it with transfer(value, [it])',
  )
  port1.close()
})

it.each(['bytes', 'inline'] as const)('a port is refused where there is no thread to move it to (%s)', (carrier) => {
  const { port1 } = new MessageChannel()
  for (const value of [{ port1 }, transfer({ port1 })]) {
    const error = thrownBy(() => encodeValue(value, carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain('got a MessagePort at value.port1; only threads can carry it')
  }
  port1.close()
})
