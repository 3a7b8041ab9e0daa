import { describe, expect, it } from 'vitest'
import { range, repeat, WorkerDiedError } from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import * as calls from '../support/calls.mjs'
import { pools } from '../support/executors.ts'

const TWENTY = 20

describe.each(pools)('twenty pools at once, each a $name', ({ open, kind }) => {
  it('wait for one another, give each map its own results, and die and go on apart', async () => {
    const many = Array.from(range(TWENTY), () => open({ maxWorkers: 1 }))
    using board = new Board(kind)
    const met = await Promise.all(many.map((pool) => pool.submit(calls.meet, board.place, 0, TWENTY)))
    expect(new Set(met).size).toBe(TWENTY)

    const maps = many.map((pool, n) => pool.map((x: number, y: number) => `${x}:${y}`, range(30), repeat(n)))
    for (const [n, values] of (await Promise.all(maps)).entries()) {
      expect(values).toEqual(Array.from(range(30), (i) => `${i}:${n}`))
    }

    const deaths = many.map((pool, n) => (n % 4 === 0 ? pool.submit(calls.exit, n + 1).exception() : Promise.resolve()))
    const values = many.map((pool, n) => pool.submit((x: number) => ({ x }), n))
    for (const [n, death] of (await Promise.all(deaths)).entries()) {
      if (n % 4 !== 0) continue
      expect(death).toBeInstanceOf(WorkerDiedError)
      expect(death).toHaveProperty('exitCode', n + 1)
    }
    expect(await Promise.all(values)).toEqual(Array.from(range(TWENTY), (x) => ({ x })))
    await Promise.all(many.map((pool) => pool.shutdown()))
  })
})
