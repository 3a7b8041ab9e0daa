import { describe, expect, it } from 'vitest'
import { AutoChunks } from '../../src/chunks/auto.ts'
import { loopWasm } from '../../src/generated/wasm.ts'
import { SLOT, SLOT_BYTES, STOP, WORKER, WORKERS_AT } from '../../src/memory/control.ts'
import { ControlBlock, type Slot, type SlotSettings } from '../../src/memory/slots.ts'

const module = new WebAssembly.Module(Buffer.from(loopWasm, 'base64'))

type Join = (
  address: number,
  generation: number,
  seat: number,
  grain: number,
  group: number,
  isObserved: boolean,
) => void

/** The chunk loop on this thread, by a clock that only the rows move. */
class Loop {
  readonly block = new ControlBlock()
  readonly slot: Slot
  /** Rows of each block, and of each chunk, in the order in which they ran. */
  readonly blocks: [from: number, to: number][] = []
  readonly chunks: [from: number, to: number][] = []
  /** Called before each block. */
  onBlock: (from: number, to: number) => void = () => {}
  now = 0
  cameBack = 0
  /** What is told where somebody looks on. */
  readonly claims: number[][] = []
  readonly #join: Join

  constructor(rowMs: (row: number) => number) {
    let slot: Slot | undefined
    this.block.acquire((free) => {
      slot = free
    })
    this.slot = slot as unknown as Slot
    let row = 0
    const { exports } = new WebAssembly.Instance(module, {
      env: { memory: this.block.memory },
      kernel: {
        run: (rows: number) => {
          for (let i = 0; i < rows; i++) this.now += rowMs(row + i)
        },
      },
      host: {
        stageIn: (from: number, rows: number) => {
          row = from
          this.onBlock(from, from + rows)
          this.blocks.push([from, from + rows])
          // A chunk begins where the worker's start says so.
          const start = this.start(0)
          const last = this.chunks.at(-1)
          if (last !== undefined && last[0] === start && last[1] === from) last[1] = from + rows
          else this.chunks.push([from, from + rows])
        },
        stageOut() {},
        cameBack: () => this.cameBack++,
        chunkOver: (...claim: number[]) => this.claims.push(claim),
        now: () => this.now,
      },
    })
    this.#join = exports.join as Join
  }

  begin(settings: Partial<SlotSettings> & { rows: number }): void {
    const defaults = { workers: 4, chunksize: undefined, deadline: Number.POSITIVE_INFINITY, longestMs: 100 }
    this.slot.begin({ ...defaults, ...settings })
  }

  join(seat = 0, generation = this.slot.generation, grain = 1, isObserved = false, group = 1): void {
    this.#join(this.slot.address, generation, seat, grain, group, isObserved)
  }

  start(seat: number): number {
    return Number(new BigInt64Array(this.block.memory.buffer)[(WORKERS_AT + 64 * seat + WORKER.start.at) / 8])
  }

  word(at: number): number {
    return new Int32Array(this.block.memory.buffer)[at / 4] as number
  }
}

function sizes(chunks: readonly [number, number][]): number[] {
  return chunks.map(([from, to]) => to - from)
}

describe('the chunk loop', () => {
  it.each([1, 2, 3, 8, 64])('sizes chunks as AutoChunks does, for %d workers', (workers) => {
    // Powers of two, so that sums of them are exact.
    for (const rowMs of [2 ** -20, 2 ** -15, 2 ** -9, 0.5, 32]) {
      for (const rows of [1, 10, 1000, 30_000]) {
        const loop = new Loop(() => rowMs)
        loop.begin({ rows, workers })
        loop.join()

        const auto = new AutoChunks({ workers, engine: 'pull' })
        const expected: number[] = []
        for (let left = rows; left > 0; ) {
          const { items } = auto.next(0, left, rows)
          expected.push(items)
          auto.report(0, items, items * rowMs)
          left -= items
        }
        expect(sizes(loop.chunks), `${rows} rows of ${rowMs} ms`).toEqual(expected)
      }
    }
  })

  it('begins with what is remembered of a row, as AutoChunks does', () => {
    const rowMs = 2 ** -12
    const loop = new Loop(() => rowMs)
    loop.begin({ rows: 30_000, workers: 1, rememberedMs: 2 * rowMs })
    loop.join()
    const auto = new AutoChunks({ workers: 1, engine: 'pull', rememberedMs: 2 * rowMs })
    const first = auto.next(0, 30_000, 30_000).items
    auto.report(0, first, first * rowMs)
    expect(first).toBeGreaterThan(100)
    expect(sizes(loop.chunks).slice(0, 2)).toEqual([first, auto.next(0, 30_000 - first, 30_000).items])
    expect(loop.slot.meanMs).toBeCloseTo(rowMs, 4)
  })

  it('tells of each chunk where somebody looks on, and of none otherwise', () => {
    const loop = new Loop((row) => (row === 5 ? 0.5 : 1))
    loop.begin({ rows: 10, chunksize: 4 })
    loop.onBlock = (from) => {
      if (from === 9) loop.slot.stop(STOP.cancelled)
    }
    loop.join(0, loop.slot.generation, 1, true)
    // First row, end, rows done, begin, duration, limit.
    expect(loop.claims).toEqual([
      [0, 4, 4, 0, 4, Number.POSITIVE_INFINITY],
      [4, 8, 4, 4, 3.5, Number.POSITIVE_INFINITY],
      [8, 10, 2, 7.5, 2, Number.POSITIVE_INFINITY],
    ])
    loop.begin({ rows: 10, chunksize: 4 })
    loop.join()
    expect(loop.claims).toHaveLength(3)
  })

  it('tells of a chunk that overran what it gave back', () => {
    const loop = new Loop((row) => (row < 50_500 || row > 51_500 ? 2 ** -18 : 0.125))
    loop.begin({ rows: 1_000_000, workers: 2 })
    loop.join(0, loop.slot.generation, 1, true)
    const cut = loop.claims.filter(([start = 0, end = 0, done]) => done !== end - start)
    expect(cut).toHaveLength(loop.slot.work.givenBack)
    for (const [, , , , ms, stopMs] of cut) expect(ms).toBeGreaterThan(stopMs as number)
    expect(loop.claims.reduce((sum, [, , done = 0]) => sum + done, 0)).toBe(1_000_000)
  })

  it('takes chunks of a given size, the last one shorter', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 10, chunksize: 4 })
    loop.join()
    expect(loop.chunks).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ])
    expect(loop.slot.work).toEqual({ chunks: 3, givenBack: 0, busyMs: 10 })
    expect(loop.slot.ready()).toBe(10)
  })

  it('runs blocks of a tenth of a millisecond, the first of one row, none longer than 2,048', () => {
    const loop = new Loop((row) => (row < 5000 ? 2 ** -10 : 0))
    loop.begin({ rows: 12_000, chunksize: 12_000 })
    loop.join()
    const rows = sizes(loop.blocks)
    expect(rows.slice(0, 4)).toEqual([1, 102, 102, 102])
    expect(Math.max(...rows)).toBe(2048)
  })

  it('has whole groups in a block and in a chunk, however dear rows are, but where the chunksize is given', () => {
    const loop = new Loop(() => 0.25)
    loop.begin({ rows: 100, workers: 2 })
    loop.join(0, loop.slot.generation, 1, false, 8)
    expect(sizes(loop.blocks)).toEqual([...new Array(12).fill(8), 4])
    expect(sizes(loop.chunks).every((rows, i, { length }) => rows % 8 === 0 || i === length - 1)).toBe(true)

    const cheap = new Loop(() => 2 ** -10)
    cheap.begin({ rows: 12_000, workers: 2 })
    cheap.join(0, cheap.slot.generation, 1, false, 8)
    expect(
      sizes(cheap.blocks)
        .slice(0, -1)
        .every((rows) => rows % 8 === 0),
    ).toBe(true)
    expect(sizes(cheap.blocks)).toContain(96)

    const exact = new Loop(() => 0.25)
    exact.begin({ rows: 20, workers: 2, chunksize: 3 })
    exact.join(0, exact.slot.generation, 1, false, 8)
    expect(sizes(exact.blocks)).toEqual([3, 3, 3, 3, 3, 3, 2])
  })

  it('keeps groups inside of the rows that nobody may part', () => {
    const loop = new Loop(() => 2 ** -12)
    loop.begin({ rows: 4000, workers: 2 })
    loop.join(0, loop.slot.generation, 1024, false, 16)
    const blocks = loop.blocks.map(([from, to]) => [Math.floor(from / 1024), Math.floor((to - 1) / 1024)])
    expect(blocks.every(([first, last]) => first === last)).toBe(true)
    expect(loop.chunks.every(([from]) => from % 1024 === 0)).toBe(true)
  })

  it('gives the rest of a chunk back that overruns, and says so once others have left', () => {
    // Cheap rows make chunks of a dozen blocks; some dear ones stand in the middle of one.
    const loop = new Loop((row) => (row < 50_500 || row > 51_500 ? 2 ** -18 : 0.125))
    loop.begin({ rows: 1_000_000, workers: 2 })
    loop.join(1, loop.slot.generation - 1) // leaves at once
    loop.join()
    expect(loop.slot.work.givenBack).toBeGreaterThan(0)
    expect(loop.cameBack).toBe(loop.slot.work.givenBack)
    const times = new Uint8Array(1_000_000)
    for (const [from, to] of loop.blocks) for (let row = from; row < to; row++) times[row] = (times[row] as number) + 1
    expect(times.every((count) => count === 1)).toBe(true)
    expect(loop.slot.ready()).toBe(1_000_000)
  })

  it('takes up what came back in chunks like any other rows', () => {
    // The first rows of the only chunk are dear: it overruns in its first block, and nothing else is left to claim.
    const loop = new Loop((row) => (row < 2048 ? 2 ** -11 : 2 ** -20))
    loop.begin({ rows: 10_000, workers: 1, rememberedMs: 2 ** -20 })
    loop.join()
    expect(loop.chunks[0]).toEqual([0, 2048])
    expect(loop.slot.work.givenBack).toBe(1)
    expect(loop.slot.ready()).toBe(10_000)
    expect(loop.slot.work.chunks).toBeLessThan(100)
  })

  it.each([1, 100, 4096, 4097, undefined])(
    'takes whole grains for chunks of %d rows, by blocks that end with them',
    (chunksize) => {
      const loop = new Loop((row) => (row < 20_000 ? 2 ** -9 : 2 ** -4))
      loop.begin({ rows: 60_001, workers: 2, chunksize })
      loop.join(0, loop.slot.generation, 1024)
      const ends = [...loop.chunks, ...loop.blocks].map(([, to]) => to)
      expect(loop.chunks.every(([from, to]) => from % 1024 === 0 && (to % 1024 === 0 || to === 60_001))).toBe(true)
      expect(loop.blocks.every(([from, to]) => Math.floor(from / 1024) === Math.floor((to - 1) / 1024))).toBe(true)
      expect(loop.blocks.map(([from]) => from)).toEqual([0, ...loop.blocks.slice(0, -1).map(([, to]) => to)])
      expect(ends.at(-1)).toBe(60_001)
      expect(loop.slot.ready()).toBe(60_001)
      if (chunksize !== undefined) expect(sizes(loop.chunks)[0]).toBe(Math.ceil(chunksize / 1024) * 1024)
    },
  )

  it('gives whole grains back', () => {
    const loop = new Loop((row) => (row < 300_000 ? 2 ** -18 : 2 ** -6))
    loop.begin({ rows: 2_000_000, workers: 2 })
    loop.join(0, loop.slot.generation, 1024)
    expect(loop.slot.work.givenBack).toBeGreaterThan(0)
    expect(loop.chunks.every(([from, to]) => from % 1024 === 0 && (to % 1024 === 0 || to === 2_000_000))).toBe(true)
    expect(loop.slot.ready()).toBe(2_000_000)
  })

  it('tells the ready prefix between blocks', () => {
    const loop = new Loop(() => 0.05)
    loop.begin({ rows: 100, chunksize: 10 })
    loop.onBlock = (from) => expect(loop.slot.ready()).toBe(from)
    loop.join()
    expect(loop.slot.ready()).toBe(100)
  })

  it('answers with the last prefix while a worker holds the lock', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 100, chunksize: 10 })
    const lock = new Int32Array(loop.block.memory.buffer, loop.slot.address)
    loop.onBlock = (from) => {
      if (from !== 50) return
      expect(loop.slot.ready()).toBe(50)
      lock[SLOT.lock.at / 4] = 1
    }
    loop.join()
    expect(loop.slot.ready()).toBe(50)
    expect(loop.slot.readyAtLast()).toBe(100)
  })

  it('leaves within a block once the stop word is set, with the prefix as it is', () => {
    const loop = new Loop(() => 0.1)
    loop.begin({ rows: 1000, chunksize: 1000 })
    loop.onBlock = (from) => {
      if (from === 20) loop.slot.stop(STOP.cancelled)
    }
    loop.join()
    expect(loop.blocks.at(-1)).toEqual([20, 21])
    expect(loop.slot.ready()).toBe(21)
    loop.join()
    expect(loop.blocks.at(-1)).toEqual([20, 21])
  })

  it('stops at the deadline', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 1000, deadline: 5.5 })
    loop.join()
    expect(loop.slot.stopped).toBe(STOP.deadline)
    expect(loop.slot.ready()).toBe(6)
  })

  it('does not wait for a lock that nobody gives back when the map stops', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 10, chunksize: 1 })
    const words = new Int32Array(loop.block.memory.buffer, loop.slot.address)
    words[SLOT.returned.at / 4] = 1 // so that the lock is wanted
    words[SLOT.lock.at / 4] = 7
    loop.slot.stop(STOP.broken)
    loop.join()
    expect(loop.blocks).toEqual([])
  })

  it('lets a worker that was sent to an earlier map leave at once, and counts it', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 10 })
    loop.join(0, loop.slot.generation - 1)
    expect(loop.blocks).toEqual([])
    expect(loop.word(loop.slot.address + SLOT.left.at)).toBe(1)
  })

  it('claims no row past an end that moves', () => {
    const loop = new Loop(() => 1)
    loop.begin({ rows: 5 })
    const slot = new Int32Array(loop.block.memory.buffer, loop.slot.address, SLOT_BYTES / 4)
    const longs = new BigInt64Array(loop.block.memory.buffer, loop.slot.address, SLOT_BYTES / 8)
    slot[SLOT.moving.at / 4] = 1
    loop.join()
    expect(loop.slot.ready()).toBe(5)
    expect(longs[SLOT.next.at / 8]).toBe(5n)
    longs[SLOT.end.at / 8] = 9n
    loop.join()
    expect(loop.blocks.at(-1)?.[1]).toBe(9)
    expect(loop.slot.ready()).toBe(9)
  })
})
