import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isOnPath } from '../../scripts/setup/programs.mjs'
import { kernel, range, sharedArray, ThreadPoolExecutor } from '../../src/index.ts'
import { SLOT, SLOT_BYTES, SLOTS } from '../../src/memory/control.ts'
import { controlBlock } from '../../src/memory/slots.ts'
import { loadNative } from '../../src/native/load.ts'
import { withoutNative } from '../engines/support/native.ts'
import { nativeKernel, plainly } from '../support/native-kernel.ts'
import { Programs } from '../teardown/support/programs.ts'

const ROWS = 100_000

describe.skipIf(withoutNative)('a panic in the native engine', () => {
  it('is an error of its map, and the pool goes on', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    const rows = 1e8 // more than any engine runs before the next statements
    const doomed = pool.map(nativeKernel, range(rows), range(rows), { out: sharedArray(Uint8Array, rows) })
    const other = pool.map(nativeKernel, range(ROWS), range(ROWS))
    // A control block that lies: rows that no array has. The addon looks at each block before it runs it.
    const longs = new BigInt64Array(controlBlock().memory.buffer)
    for (let slot = 0; slot < SLOTS; slot++) {
      const end = (slot * SLOT_BYTES + SLOT.end.at) / 8
      const next = (slot * SLOT_BYTES + SLOT.next.at) / 8
      if (longs[end] !== BigInt(rows)) continue
      Atomics.store(longs, end, BigInt(2 * rows))
      Atomics.store(longs, next, BigInt(rows))
    }
    await expect(doomed).rejects.toMatchObject({
      code: 'ERR_LANEWISE_PANIC',
      message: expect.stringContaining('please report it'),
    })
    expect((await other)[ROWS - 1]).toBe(plainly(ROWS - 1, ROWS - 1))
    expect((await pool.map(nativeKernel, range(ROWS), range(ROWS)))[7]).toBe(plainly(7, 7))
  })
})

const cannotRefuse = process.platform !== 'linux' || !isOnPath('prlimit')

describe.skipIf(withoutNative || cannotRefuse)('a process that gets no more threads', () => {
  let programs: Programs

  beforeAll(async () => {
    const load = loadNative()
    vi.stubEnv('LANEWISE_NATIVE', 'from' in load ? load.from : '')
    programs = await Programs.bundle('refused')
  })
  afterAll(() => programs[Symbol.dispose]())

  it('runs native maps by wasm where there is none, says why, and fails where native was asked for', async () => {
    const { by, printed, said } = await programs.start('refused', 'none').end
    const last = plainly(ROWS - 1, ROWS - 1)
    const lines = [
      `${last} wasm no thread could be started for the native engine`,
      String(last),
      'ERR_LANEWISE_NO_THREADS',
    ]
    expect({ by, printed, said }).toEqual({ by: 0, printed: [...lines, ...lines], said: '' })
  })

  it('runs them by those that are there, and keeps their deadlines', async () => {
    const { by, printed, said } = await programs.start('refused', 'fewer').end
    const lines = [`${plainly(ROWS - 1, ROWS - 1)} native`, 'threads 1', 'ERR_LANEWISE_TIMEOUT']
    expect({ by, printed, said }).toEqual({ by: 0, printed: lines, said: '' })
  })
})

/** What a program can do to a buffer behind a map's back. */
const BLOWS: { how: string; make: () => ArrayBuffer | SharedArrayBuffer; strike: (buffer: never) => void }[] = [
  {
    how: 'transferred by structuredClone',
    make: () => new ArrayBuffer(8 * ROWS),
    strike: (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
  },
  {
    how: 'posted to a port that is closed',
    make: () => new ArrayBuffer(8 * ROWS),
    strike: (buffer: ArrayBuffer) => {
      const { port1 } = new MessageChannel()
      port1.postMessage(buffer, [buffer])
      port1.close()
    },
  },
  ...('transfer' in ArrayBuffer.prototype
    ? [
        {
          how: 'moved by transfer()',
          make: () => new ArrayBuffer(8 * ROWS),
          strike: (buffer: ArrayBuffer & { transfer(): ArrayBuffer }) => void buffer.transfer(),
        },
      ]
    : []),
  {
    how: 'shrunk to nothing',
    make: () => new ArrayBuffer(8 * ROWS, { maxByteLength: 16 * ROWS }),
    strike: (buffer: ArrayBuffer) => buffer.resize(0),
  },
  {
    how: 'grown',
    make: () => new SharedArrayBuffer(8 * ROWS, { maxByteLength: 16 * ROWS }),
    strike: (buffer: SharedArrayBuffer) => buffer.grow(16 * ROWS),
  },
]

/** Twice the entry of the row; rows behind the last have none. */
const reads = (table: Float64Array) =>
  kernel((row: number) => (row < rows ? table[row]! * 2 : 1), { with: { table, rows: ROWS } })

const plainCount = Array.from(range(ROWS), (x) => plainly(x, x)).filter(Boolean).length

describe.skipIf(withoutNative).each(BLOWS)('a buffer that is $how while native maps run', ({ make, strike }) => {
  const expected = Buffer.from(Float64Array.from(range(ROWS), (x) => plainly(x, x)).buffer)

  it('changes none of their results', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    for (let i = 0; i < 10; i++) {
      const input = new Float64Array(make())
      for (let row = 0; row < ROWS; row++) input[row] = row
      const maps = [pool.map(nativeKernel, input, input), pool.map(nativeKernel, range(ROWS), input)]
      strike(input.buffer as never)
      for (const map of maps) expect(Buffer.from((await map).buffer).equals(expected)).toBe(true)
    }
  })

  it('changes none where a kernel has captured it, and no sum', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    const rows = 2 ** 18 // enough for a number a leaf
    const whole = await pool.reduce(reads(Float64Array.from(range(ROWS))), range(rows), { op: 'sum' })
    for (let i = 0; i < 5; i++) {
      const table = new Float64Array(make())
      const input = new Float64Array(make())
      for (let row = 0; row < ROWS; row++) table[row] = input[row] = row
      const captures = reads(table)
      const results = pool.map(captures, range(ROWS))
      const sum = pool.reduce(captures, range(rows), { op: 'sum' })
      const count = pool.count(nativeKernel, input, input)
      strike(table.buffer as never)
      strike(input.buffer as never)
      expect(Array.from(await results)).toEqual(Array.from(range(ROWS), (row) => row * 2))
      expect(await sum).toBe(whole)
      expect(await count).toBe(plainCount)
    }
  })

  it('fails their map where they were to write to it, or is refused, and nothing else', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
    const write = async (): Promise<void> => {
      const out = new Float64Array(make(), 0, ROWS)
      const map = pool.map(nativeKernel, range(ROWS), range(ROWS), { out })
      strike(out.buffer as never)
      await map
    }
    await expect(write()).rejects.toThrow(TypeError)
    expect((await pool.map(nativeKernel, range(ROWS), range(ROWS)))[7]).toBe(plainly(7, 7))
  })
})

declare const rows: number
