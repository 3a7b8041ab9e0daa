import { afterAll, describe, expect, it } from 'vitest'
import { ThreadPoolExecutor } from '../../src/index.ts'
import type { NumberArray } from '../../src/inputs/number-array.ts'
import { TYPES } from '../engines/support/values.ts'

// Long enough to lie on shared blocks, which are used again from map to map.
const COUNT = 20_000

const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
afterAll(() => pool.shutdown())

const counted = (from: number) => Float64Array.from({ length: COUNT }, (_, i) => from + i / 4)
const doubled = (values: ArrayLike<number>) => Array.from(values, (x) => 2 * x)
const double = (x: number) => 2 * x

describe('numbers on shared blocks', () => {
  it.each(TYPES)('%p are given as they were at the call', async (Type) => {
    const values: NumberArray = new Type(new ArrayBuffer(COUNT * Type.BYTES_PER_ELEMENT)).map((_, i) => i * 3.7 - 100)
    const wanted = doubled(values)
    const map = pool.map(double, values)
    values.fill(7)
    expect(await map).toEqual(wanted)
  })

  it('of an array that is a part of another', async () => {
    const whole = counted(0)
    expect(await pool.map(double, whole.subarray(1000, 9001))).toEqual(doubled(whole.subarray(1000, 9001)))
  })

  it('serve one map after the other, of any length', async () => {
    for (const length of [COUNT, 4096, 4095, 1, COUNT - 1, 0, 12_345]) {
      const values = counted(length).subarray(0, length)
      expect(await pool.map(double, values)).toEqual(doubled(values))
    }
  })

  it('are apart for maps that run at the same time, with numbers of either beside one another', async () => {
    const inputs = [0, 1e6, 2e6].map(counted)
    const maps = inputs.map((values) => pool.map((x: number, y: number) => x - y, values, inputs[0] as Float64Array))
    const results = await Promise.all(maps)
    expect(results).toEqual(inputs.map((values) => Array.from(values, (x, i) => x - i / 4)))
  })

  it.each([1000, 'auto'] as const)(
    'that nobody reads yet stay while chunks of %s of other maps run',
    async (chunksize) => {
      const late = pool.map(double, counted(5), { chunksize })
      const iterated = pool.map(double, counted(9), { chunksize })[Symbol.asyncIterator]()
      const first = await iterated.next()
      for (let i = 0; i < 5; i++) await pool.map(double, counted(1e9 + i), { chunksize })
      expect(await late).toEqual(doubled(counted(5)))
      const rest: number[] = [first.value]
      for await (const result of { [Symbol.asyncIterator]: () => iterated }) rest.push(result)
      expect(rest).toEqual(doubled(counted(9)))
    },
  )

  it('arrive in any order where order is given up', async () => {
    const seen: [number, number][] = []
    for await (const entry of pool.map(double, counted(3), { unordered: true }).entries()) seen.push(entry)
    seen.sort(([a], [b]) => a - b)
    expect(seen.map(([, value]) => value)).toEqual(doubled(counted(3)))
  })

  it('are not used again while a call that nobody waits for may read them', async () => {
    const turns = new Int32Array(new SharedArrayBuffer(8))
    const values = counted(11)
    // The rows of a chunk are read one by one, and this one stands in its first.
    const map = pool.map(
      (x: number, turns: Int32Array) => {
        Atomics.store(turns, 0, 1)
        Atomics.notify(turns, 0)
        Atomics.wait(turns, 1, 0)
        return x
      },
      values,
      Array(COUNT).fill(turns),
      { chunksize: COUNT },
    )
    const begun = Atomics.waitAsync(turns, 0, 0)
    await begun.value
    await map.return()
    expect(await pool.map(double, counted(1e9))).toEqual(doubled(counted(1e9)))
    Atomics.store(turns, 1, 1)
    Atomics.notify(turns, 1)
    expect(await pool.map(double, values)).toEqual(doubled(values))
  })
})
