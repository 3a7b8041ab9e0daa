import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AutoChunks, type AutoChunksOptions, type NextChunk } from '../../src/chunks/auto.ts'

const push = (options?: Partial<AutoChunksOptions>): AutoChunks =>
  new AutoChunks({ workers: 4, engine: 'push', overheadMs: 0.03, serialMs: 0.005, ...options })

/** One that has been told by each worker that an item costs `ms`. */
function measured(ms: number, options?: Partial<AutoChunksOptions>): AutoChunks {
  const auto = push(options)
  for (let worker = 0; worker < (options?.workers ?? 4); worker++) auto.report(worker, 100, 100 * ms)
  return auto
}

const million = 1_000_000
const oneItem: NextChunk = { items: 1, stopMs: Number.POSITIVE_INFINITY }

describe('AutoChunks', () => {
  it('gives one item each, without a limit, until something is measured', () => {
    const auto = push()
    expect([0, 1, 2, 3, 0].map((worker) => auto.next(worker, million, million))).toEqual(Array(5).fill(oneItem))
    expect(auto.meanMs).toBeUndefined()
    auto.report(2, 1, 0.01)
    expect(auto.meanMs).toBe(0.01)
    // 100 h = 3 ms of items of 0.01 ms; the limit is three times that.
    expect(auto.next(0, million, million)).toEqual({ items: 300, stopMs: 9 })
  })

  it('sizes the first chunks by what is remembered, and lets the first result outvote it', () => {
    const auto = push({ rememberedMs: 0.01 })
    expect(auto.meanMs).toBe(0.01)
    expect(auto.next(0, million, million).items).toBe(300)
    auto.report(0, 300, 30)
    expect(auto.meanMs).toBeCloseTo(0.1, 3)
    expect(push({ rememberedMs: 0 }).next(0, million, million)).toEqual(oneItem)
  })

  it('learns nothing from a chunk that finished nothing or whose time is none', () => {
    const auto = push()
    for (const [items, ms] of [
      [0, 1],
      [-1, 1],
      [Number.NaN, 1],
      [1, Number.NaN],
      [1, -1],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      auto.report(0, items, ms)
    }
    expect(auto.meanMs).toBeUndefined()
    expect(auto.next(0, million, million)).toEqual(oneItem)
  })

  it('copes with a clock that stands still', () => {
    const auto = measured(0)
    const { items, stopMs } = auto.next(0, million, million)
    expect(items).toBeGreaterThan(1)
    expect(items).toBeLessThanOrEqual(million)
    expect(stopMs).toBeGreaterThanOrEqual(6 * 0.03)
  })

  it('gives a slower worker fewer items for the same time', () => {
    const auto = measured(0.01)
    for (let round = 0; round < 8; round++) {
      for (let worker = 0; worker < 4; worker++) auto.report(worker, 100, worker === 3 ? 4 : 1)
    }
    const [fast, slow] = [auto.next(0, million, million), auto.next(3, million, million)]
    expect(fast.items / slow.items).toBeGreaterThan(3)
    expect(fast.stopMs / slow.stopMs).toBeCloseTo(1, 1)
  })

  it('takes the longest chunk throughout when there is nobody to balance with', () => {
    const auto = measured(0.01, { workers: 1 })
    for (const remaining of [million, 5_000, 301]) expect(auto.next(0, remaining, million).items).toBe(300)
    expect(auto.next(0, 299, million).items).toBe(299)
  })

  it('shrinks towards the end, but never below its own overhead', () => {
    const auto = measured(0.001)
    const sizes = [400_000, 40_000, 4_000, 400, 100, 10].map((remaining) => auto.next(0, remaining, million).items)
    // 3 ms; sqrt(4 h r) for r = 10, 1 and r / 2 for 0.1 ms; then h.
    expect(sizes).toEqual([3_000, 1_095, 346, 50, 30, 10])
  })

  it('plans no chunk longer than a tenth of the timeout, nor shorter than its overhead for it', () => {
    expect(measured(0.01, { timeoutMs: 10 }).next(0, million, million).items).toBe(100)
    expect(measured(0.01, { timeoutMs: 1e9 }).next(0, million, million).items).toBe(300)
    expect(measured(0.01, { timeoutMs: Number.POSITIVE_INFINITY }).next(0, million, million).items).toBe(300)
    for (const timeoutMs of [0.1, 0, -5, Number.NEGATIVE_INFINITY]) {
      for (const length of [million, undefined]) {
        expect(measured(0.01, { timeoutMs }).next(0, million, length).items).toBe(3)
      }
    }
  })

  it('plans no chunk longer than 100 ms, unless the overhead alone is', () => {
    expect(measured(1, { overheadMs: 5 }).next(0, million, million).items).toBe(100)
    expect(measured(1, { overheadMs: 300 }).next(0, million, million).items).toBe(300)
  })

  it('takes a calibration of a push pool for no less than 5 µs', () => {
    for (const overheadMs of [-1, 0, 0.001, 0.005]) {
      expect(measured(0.001, { overheadMs, serialMs: 0 }).next(0, million, million).items).toBe(500)
    }
  })

  it('leaves room in a bounded buffer for two chunks of each worker', () => {
    expect(measured(0.001, { buffersize: 1_000 }).next(0, million, million).items).toBe(125)
    expect(measured(0.001, { buffersize: 15 }).next(0, million, million).items).toBe(1)
    expect(measured(0.001, { buffersize: 1 }).next(0, million, million).items).toBe(1)
  })

  it('shares out what was read ahead of an input whose length is not known', () => {
    const auto = measured(0.01)
    expect(auto.next(0, 400, undefined).items).toBe(100)
    expect(auto.next(0, 4, undefined).items).toBe(3) // h, not a quarter of it
    expect(auto.next(0, 1, undefined).items).toBe(1)
    expect(auto.next(0, million, undefined).items).toBe(300)
    expect(auto.next(0, 400, 400).items).toBe(35) // when it has ended chunks shrink: sqrt(4 h r)
  })

  it('asks for two of the longest chunks of each worker to be read ahead', () => {
    expect(push().readAhead).toBe(8)
    expect(measured(0.01).readAhead).toBe(8 * 300)
    expect(measured(1_000).readAhead).toBe(8)
    expect(measured(0.01, { buffersize: 100 }).readAhead).toBe(100)
    expect(push({ buffersize: 3 }).readAhead).toBe(3)
  })

  it('sends a second chunk ahead only where waiting costs more than it risks', () => {
    const auto = push()
    for (let worker = 0; worker < 3; worker++) auto.report(worker, 100, 1, 5)
    auto.next(0, million, million)
    expect(auto.mayPrefetch()).toBe(false) // three of four have reported
    auto.report(3, 100, 1, 5)
    auto.next(0, million, million)
    expect(auto.mayPrefetch()).toBe(true)
    auto.next(0, 1_000, million)
    expect(auto.mayPrefetch()).toBe(true)
    auto.next(0, 30, million)
    expect(auto.mayPrefetch()).toBe(false) // too little left to balance
    for (let i = 0; i < 100; i++) auto.report(i % 4, 100, 1, 0.02)
    auto.next(0, million, million)
    expect(auto.mayPrefetch()).toBe(false) // a gap of 0.02 ms beside chunks of 3 ms
    expect(measured(0.01).mayPrefetch()).toBe(false) // nothing sized so far, no gap known
  })

  it.each(['push', 'pull', 'native'] as const)('answers a possible chunk whatever a %s engine reports', (engine) => {
    const odd = fc.constantFrom(0, -0, 5e-324, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    const ms = fc.oneof(odd, fc.double({ min: 0, max: 1e15, noNaN: true }))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.record(
          {
            rememberedMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
            overheadMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
            serialMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
            timeoutMs: fc.double({ noNaN: true }),
            buffersize: fc.integer({ min: 1, max: 10_000 }),
          },
          { requiredKeys: [] },
        ),
        fc.array(fc.tuple(fc.nat(63), fc.maxSafeNat(), ms, ms, fc.boolean()), { maxLength: 30 }),
        (workers, options, steps) => {
          const auto = new AutoChunks({ workers, engine, ...options })
          for (const [who, remaining, execMs, gapMs, known] of steps) {
            const worker = who % workers
            const { items, stopMs } = auto.next(worker, remaining, known ? remaining : undefined)
            expect(Number.isSafeInteger(items) && items >= 1 && items <= Math.max(1, remaining)).toBe(true)
            expect(items).toBeLessThanOrEqual(
              Math.max(1, (options.buffersize ?? Number.POSITIVE_INFINITY) / (2 * workers)),
            )
            expect(stopMs).toBeGreaterThanOrEqual(0)
            expect(auto.readAhead).toBeGreaterThanOrEqual(1)
            expect(typeof auto.mayPrefetch()).toBe('boolean')
            auto.report(worker, items, execMs, gapMs)
          }
        },
      ),
    )
  })

  it('calls it a fault of its own to have no workers, or times that were never measured', () => {
    for (const workers of [0, -1, 1.5, Number.NaN]) expect(() => push({ workers })).toThrow('lanewise is at fault')
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => push({ overheadMs: ms })).toThrow('lanewise is at fault')
    }
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => push({ serialMs: ms })).toThrow('lanewise is at fault')
      expect(() => push({ rememberedMs: ms })).toThrow('lanewise is at fault')
    }
  })
})
