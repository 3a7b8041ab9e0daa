import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FunctionError,
  InlineExecutor,
  InvalidStateError,
  kernel,
  type MapStats,
  range,
  repeat,
  TimeoutError,
  WorkerDiedError,
} from '../../src/index.ts'
import { calls, server, World } from './world.ts'

/** Faster than toEqual, for hundreds of thousands of numbers. */
function isSame(a: Float64Array, b: Float64Array): boolean {
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0
}

describe.skipIf(server === undefined)('a NatsExecutor with two hosts', () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  }, 60_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  it('maps a function of a module, in order', async () => {
    await using pool = world.executor()
    expect(await pool.map(calls.square, range(1000))).toEqual(Array.from({ length: 1000 }, (_, i) => i * i))
  })

  it('maps rows of several inputs, values that all share among them', async () => {
    await using pool = world.executor()
    const result = await pool.map(calls.repeated, repeat('ab'), [1, 2, 0])
    expect(result).toEqual([
      { text: 'ab', bytes: Uint8Array.of(1) },
      { text: 'abab', bytes: Uint8Array.of(2) },
      { text: '', bytes: Uint8Array.of(0) },
    ])
  })

  it('maps a task that its module does not export as such', async () => {
    await using pool = world.executor()
    const { hidden } = await import('./fixtures/calls.mjs')
    expect(await pool.map(hidden, [1, 2])).toEqual([41, 42])
  })

  it('maps a kernel to the very bits of its plain call', async () => {
    await using pool = world.executor()
    const table = Float64Array.from({ length: 100 }, (_, i) => Math.sqrt(i))
    const scale = 0.25
    const wave = kernel((x: number, i: number, gain: number) => Math.sin(x * gain) * table[i % 100]! - scale, {
      with: { table, scale },
    })
    const xs = Float32Array.from({ length: 5000 }, (_, i) => i / 7 - 300)
    const result = await pool.map(wave, xs, range(0, 50_000, 10), repeat(1.5))
    expect(result).toEqual(Float64Array.from(xs, (x, i) => wave(x, i * 10, 1.5)))
  })

  it('stores the results of a kernel where it is told to, as that array converts', async () => {
    await using pool = world.executor()
    const out = new Int16Array(300)
    expect(
      await pool.map(
        kernel((x: number) => x * 1000.7),
        range(300),
        { out, chunksize: 7 },
      ),
    ).toBe(out)
    expect(out).toEqual(Int16Array.from({ length: 300 }, (_, i) => i * 1000.7))
  })

  it('adds a kernel up to the bits of other executors', async () => {
    await using pool = world.executor()
    const square = kernel((x: number) => x * x)
    expect(await pool.reduce(square, range(1000), { op: 'sum' })).toBe(332_833_500)
    expect(
      await pool.count(
        kernel((x: number) => x % 3 === 0),
        range(1000),
      ),
    ).toBe(334)
  })

  it('adds many rows up without an array of them, and leaves them at its timeout', async () => {
    await using pool = world.executor()
    const root = kernel((x: number) => Math.sqrt(x))
    const many = 300_001 // more leaves than are folded at the end
    await using here = new InlineExecutor()
    const expected = await here.reduce(root, range(many), { op: 'sum' })
    for (const chunksize of ['auto', 50_000] as const) {
      expect(await pool.reduce(root, range(many), { op: 'sum', chunksize })).toBe(expected)
    }
    // 80 GB, if there were one result a row.
    await expect(pool.count(root, range(1e10), { timeout: 300 })).rejects.toThrow(TimeoutError)
  })

  it('tells of a worker that died which row it ran', async () => {
    await using pool = world.executor()
    const outcomes = await pool.map(calls.deadly, repeat(7), repeat('exit' as const), range(12), {
      errors: 'settle',
      chunksize: 5,
    })
    const { reason } = outcomes[7] as PromiseRejectedResult
    expect(reason).toBeInstanceOf(WorkerDiedError)
    expect(String(reason)).toMatch(/^WorkerDiedError: \S+ exited with code 7 while it ran item 7$/)
    expect(reason.stack).toMatch(/^WorkerDiedError: \S+ exited with code 7 while it ran item 7\n/)
    const single = await pool.submit(calls.deadly, 0, 'exit', 0).exception()
    expect(String(single)).toMatch(/^WorkerDiedError: \S+ exited with code 7 while it ran a call$/)
  })

  it('runs single calls, of functions and of kernels', async () => {
    await using pool = world.executor()
    const area = kernel((r: number, k = 2) => Math.PI * r ** k)
    expect(await pool.submit(calls.sum, 1, 2)).toBe(3)
    expect(await pool.submit(area, 3)).toBe(area(3))
    await expect(pool.submit(calls.picky, 3)).rejects.toThrow(new RangeError('no 3'))
  })

  it('takes rows of arguments', async () => {
    await using pool = world.executor()
    expect(
      await pool.starmap(calls.sum, [
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([3, 7])
  })

  it('raises the first error in order, with its class, its index and its host', async () => {
    await using pool = world.executor()
    const got: number[] = []
    const failed = (async () => {
      for await (const n of pool.map(calls.picky, range(100), { chunksize: 2 })) got.push(n)
    })()
    await expect(failed).rejects.toThrow(RangeError)
    await expect(failed).rejects.toMatchObject({
      message: 'no 3',
      index: 3,
      stack: expect.stringMatching(/in worker .*, item 3/),
    })
    expect(got).toEqual([0, 1, 2])
  })

  it('has an outcome for each row where that is asked for', async () => {
    await using pool = world.executor()
    const outcomes = await pool.map(calls.picky, range(200), { errors: 'settle' })
    expect(outcomes.map(({ status }, i) => (status === 'fulfilled') === (i % 5 !== 3))).not.toContain(false)
    expect(outcomes[8]).toMatchObject({ status: 'rejected', reason: { index: 8, message: 'no 8' } })
  })

  it('fails a row alone whose value cannot travel', async () => {
    await using pool = world.executor()
    const values = [1, () => 2, 3]
    const outcomes = await pool.map(calls.same, values as number[], { errors: 'settle' })
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('pulls lazy inputs as its buffer allows', async () => {
    await using pool = world.executor()
    let pulled = 0
    async function* numbers() {
      for (; pulled < 500; pulled++) yield pulled
    }
    const result = pool.map(calls.square, numbers(), { buffersize: 8 })
    expect(await result.next()).toEqual({ done: false, value: 0 })
    expect(pulled).toBeLessThanOrEqual(10)
    const rest: number[] = []
    for await (const n of result) rest.push(n)
    expect(rest).toEqual(Array.from({ length: 499 }, (_, i) => (i + 1) ** 2))
  })

  it('fetches what is larger than a message', async () => {
    await using pool = world.executor()
    const value = Float64Array.from({ length: 400_000 }, (_, i) => i / 3) // 3 MB there and back
    expect(isSame((await pool.submit(calls.same, value)) as Float64Array, value)).toBe(true)
    const big = await pool.map(calls.large, [10, 3_000_000, 20])
    expect(big.map((bytes) => bytes.length)).toEqual([10, 3_000_000, 20])
    const wide = Float64Array.from({ length: 300_000 }, (_, i) => i)
    const shift = kernel((x: number) => x + 0.5)
    const shifted = await pool.map(shift, wide, { chunksize: 300_000 })
    expect(
      isSame(
        shifted,
        Float64Array.from(wide, (x) => shift(x)),
      ),
    ).toBe(true)
  })

  it('fetches what is larger than the largest message that a broker takes', async () => {
    await using pool = world.executor()
    const bytes = await pool.submit(calls.large, 70_000_000)
    expect([bytes.length, bytes[0], bytes.at(-1)]).toEqual([70_000_000, 70_000_000 % 251, 70_000_000 % 251])
  })

  it('says at its end what slowed it down, in stats and on the channel', async () => {
    await using pool = world.executor()
    const told: unknown[] = []
    const hear = (event: unknown): void => {
      const { event: kind, stats } = event as { event: string; stats?: MapStats }
      if (kind === 'end') told.push(stats?.why)
    }
    subscribe('lanewise:map', hear)
    const squares = pool.map(calls.square, range(100))
    await squares
    const kernels = pool.map(
      kernel((x: number) => x + 1),
      range(1000),
    )
    await kernels
    unsubscribe('lanewise:map', hear)
    const whys = [squares.stats.why, kernels.stats.why]
    for (const why of whys) expect(why).toMatch(/^(?:hosts|rows|chunks|submitter|broker|reader|input): .{20}/)
    expect(told).toEqual(whys)
    expect(squares.stats.utilisation).toBeLessThanOrEqual(1)
    const { sent, settled, out, bytesOut, execMs, wayMs } = pool.stats()
    expect({ settled, out, bytesOut }).toEqual({ settled: sent, out: 0, bytesOut: 0 })
    expect(Math.min(execMs, wayMs)).toBeGreaterThan(0)
  })

  it('refuses calls that block, with the reason', () => {
    const pool = world.executor()
    const text = 'cannot block on a NatsExecutor: its connection needs the event loop'
    expect(() => pool.mapSync(calls.square, [1])).toThrow(InvalidStateError)
    expect(() => pool.mapSync(calls.square, [1])).toThrow(`mapSync ${text}`)
    expect(() => pool.submit(calls.square, 1).resultSync()).toThrow(`resultSync ${text}`)
  })

  it('refuses a lambda at the call, unless it is signed', async () => {
    await using pool = world.executor()
    expect(() => pool.map((n: number) => n + 1, [1])).toThrow(FunctionError)
    expect(() => pool.submit((n: number) => n + 1, 1)).toThrow(
      /hosts run a function by its source only when that is signed/,
    )
  })
})
