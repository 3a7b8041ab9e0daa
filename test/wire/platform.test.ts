import { createSecretKey, type KeyObject, webcrypto } from 'node:crypto'
import { open } from 'node:fs/promises'
import { BlockList } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { encodeValue, type Packed } from '../../src/wire/codec.ts'
import { type Transferable, transfer } from '../../src/wire/transfer.ts'
import { CARRIERS, type Loose, roundTrip, thrownBy } from './carriers.ts'

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const blocked = new BlockList()
blocked.addAddress('10.0.0.1')
const cryptoKey = await webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])

const onlyThreads: readonly [string, object, (got: Loose) => void][] = [
  [
    'WebAssembly.Module',
    new WebAssembly.Module(EMPTY_MODULE),
    (got) => expect(WebAssembly.Module.exports(got)).toEqual([]),
  ],
  [
    'shared WebAssembly.Memory',
    new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }),
    (got) => expect(got.buffer.byteLength).toBe(65_536),
  ],
  ['KeyObject', createSecretKey(Buffer.from('abcd')), (got: KeyObject) => expect(String(got.export())).toBe('abcd')],
  ['CryptoKey', cryptoKey, (got) => expect(got.algorithm.length).toBe(128)],
  ['Blob', new Blob(['xyz']), (got) => expect(got.size).toBe(3)],
  ['BlockList', blocked, (got) => expect(got.check('10.0.0.1')).toBe(true)],
  ['histogram', createHistogram(), (got) => expect(got.count).toBe(0)],
]

describe.each(onlyThreads)('a %s', (_, object, check) => {
  it('arrives on threads, wherever it lies, and what lies beside it too', () => {
    check(roundTrip(object, 'thread'))
    const sent = {
      before: [1],
      deep: new Map([['k', [object, { object }]]]),
      view: Buffer.from('b'),
      after: 'x',
      self: undefined as unknown,
    }
    sent.self = sent
    const got = roundTrip(sent, 'thread')
    const [first, second] = got.deep.get('k') as Loose
    check(first)
    expect(second.object).toBe(first)
    expect(got.before).toEqual([1])
    expect(String(got.view)).toBe('b')
    expect(got.after).toBe('x')
    expect(got.self).toBe(got)
  })

  it.each(['bytes', 'inline'] as const)('is refused by name elsewhere (%s)', (carrier) => {
    const error = thrownBy(() => encodeValue({ held: [object] }, carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toMatch(/got an? \w+ at value\.held\[0\]; only threads can carry it: use ThreadPoolExecutor/)
  })
})

describe('what one value holds beside plain data', () => {
  it('arrives together: a module, shared memory, an error with a cause, a moved buffer, sets, sparse arrays', () => {
    const moved = Float64Array.of(1)
    const memory = new SharedArrayBuffer(8)
    const module = new WebAssembly.Module(EMPTY_MODULE)
    const sparse: unknown[] = []
    sparse[1] = module
    const sent = [
      new RangeError('r', { cause: { module } }),
      new Set([memory]),
      transfer({ moved, module }),
      sparse,
      new Date(1),
      JSON.parse('{"__proto__":1}'),
    ] as const
    const got = roundTrip(sent, 'thread')
    expect(got[0]).toBeInstanceOf(RangeError)
    expect(got[0].message).toBe('r')
    expect((got[0].cause as Loose).module).toBe(got[3][1])
    expect([...got[1]][0]).toBeInstanceOf(SharedArrayBuffer)
    expect([...got[2].moved]).toEqual([1])
    expect(moved.length).toBe(0)
    expect(0 in got[3]).toBe(false)
    expect(got[4]).toEqual(new Date(1))
    expect(Object.keys(got[5])).toEqual(['__proto__'])
  })

  it('arrives in a real worker', async () => {
    const worker = new Worker(
      `import { parentPort } from 'node:worker_threads'
       parentPort.once('message', ({ carried }) => {
         Atomics.add(new Int32Array(carried.find((held) => held instanceof SharedArrayBuffer)), 0, 5)
         parentPort.postMessage(carried.some((held) => held instanceof WebAssembly.Module))
       })`,
      { eval: true },
    )
    const shared = new Int32Array(new SharedArrayBuffer(4))
    const transferList: Transferable[] = []
    const wire = encodeValue({ shared, module: new WebAssembly.Module(EMPTY_MODULE) }, 'thread', transferList) as Packed
    const answer = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    worker.postMessage(wire, transferList)
    expect(await answer).toBe(true)
    expect(shared[0]).toBe(5)
    await worker.terminate()
  })

  it('is moved where it can only be moved', async () => {
    const file = await open(new URL(import.meta.url), 'r')
    expect(thrownBy(() => encodeValue({ file }, 'thread')).message).toContain(
      'got a FileHandle at value.file; it can only be moved',
    )
    const got = roundTrip(transfer({ file }), 'thread')
    expect((await got.file.stat()).isFile()).toBe(true)
    await got.file.close()
  })
})

describe.each(CARRIERS)('an object of the platform (%s)', (carrier) => {
  it('stays a DOMException if it is one, wherever it lies', () => {
    const sent = { list: [new DOMException('gone', 'AbortError')], plain: 1 }
    const got = roundTrip(sent, carrier)
    expect(got.list[0]).toBeInstanceOf(DOMException)
    expect(got.list[0]?.name).toBe('AbortError')
    expect(got.list[0]?.code).toBe(20)
    expect(got.list[0]?.message).toBe('gone')
    expect(got.list[0]?.stack).toBe(sent.list[0]?.stack)
    expect(got.plain).toBe(1)
  })

  it.each([
    ['URL', new URL('http://a/b')],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['Headers', new Headers()],
    ['AbortSignal', new AbortController().signal],
    ['TextEncoder', new TextEncoder()],
    ['Object', process.env],
  ])('is refused if it would arrive empty: a %s', (name, object) => {
    const error = thrownBy(() => encodeValue({ deep: [object] }, carrier))
    expect(error.name).toBe('DataCloneError')
    expect(error.message).toContain(`${name} at value.deep[0]; it would arrive as an empty object`)
  })

  it('is not taken for what its tag says', () => {
    class Odd {
      n = 1
      get [Symbol.toStringTag](): string {
        return 'WebAssembly.Module'
      }
    }
    expect(roundTrip(new Odd(), carrier)).toStrictEqual({ n: 1 })
  })
})
