import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ledger, type Range } from '../../src/chunks/ledger.ts'

/** The plain twin: a state a row, looked through from the start each time. */
class Model {
  readonly rows: { state: 'waiting' | 'out' | 'dropped'; alone: boolean }[] = []
  readonly out: Range[] = []
  open: boolean
  readonly chunksize: number | undefined

  constructor(length: number, open: boolean, chunksize: number | undefined) {
    this.open = open
    this.chunksize = chunksize
    this.grow(length)
  }

  grow(length: number): void {
    while (this.rows.length < length) this.rows.push({ state: 'waiting', alone: false })
  }

  close(): void {
    this.open = false
  }

  waits(index: number): boolean {
    return this.rows[index]?.state === 'waiting'
  }

  alone(index: number): boolean {
    const waits = this.waits(index)
    if (waits) this.rows[index]!.alone = true
    return waits
  }

  drop(index: number): boolean {
    const waits = this.waits(index)
    if (waits) this.rows[index]!.state = 'dropped'
    return waits
  }

  get remaining(): number {
    return this.rows.filter((row) => row.state === 'waiting').length
  }

  take(max: number): Range | undefined {
    const start = this.rows.findIndex((row) => row.state === 'waiting')
    if (start < 0) return undefined
    const { chunksize } = this
    if (chunksize === undefined && !(max >= 1)) return undefined
    const limit = chunksize === undefined ? start + Math.floor(max) : (Math.floor(start / chunksize) + 1) * chunksize
    let end = start + 1
    if (!this.rows[start]!.alone) {
      while (end < limit && this.waits(end) && !this.rows[end]!.alone) end++
      if (chunksize !== undefined && this.open && end === this.rows.length && end < limit) return undefined
    }
    for (let i = start; i < end; i++) this.rows[i]!.state = 'out'
    this.out.push({ start, end })
    return { start, end }
  }

  giveBack({ start, end }: Range, singly: boolean): void {
    for (let i = start; i < end; i++) this.rows[i] = { state: 'waiting', alone: singly || end - start === 1 }
  }

  clear(): Range[] {
    const ranges: Range[] = []
    for (const [i, row] of this.rows.entries()) {
      if (row.state !== 'waiting') continue
      row.state = 'dropped'
      if (ranges.at(-1)?.end === i) ranges.at(-1).end = i + 1
      else ranges.push({ start: i, end: i + 1 })
    }
    return ranges
  }
}

const step = fc.oneof(
  { weight: 24, arbitrary: fc.record({ do: fc.constant('take' as const), max: fc.integer({ min: -1, max: 12 }) }) },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('giveBack' as const),
      which: fc.nat(50),
      from: fc.oneof(fc.constant(0), fc.nat(12)), // mostly whole chunks, so that runs meet again
      rows: fc.oneof(fc.constant(12), fc.nat(12)),
      singly: fc.oneof(fc.constant(false), fc.boolean()),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('drop' as const), index: fc.integer({ min: -1, max: 70 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('alone' as const), index: fc.nat(70) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('grow' as const), by: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does one thing to both; answers what each of them answered. */
function doBoth(what: Step, ledger: Ledger, model: Model): [got: unknown, expected: unknown] {
  switch (what.do) {
    case 'take':
      return [ledger.take(what.max), model.take(what.max)]
    case 'giveBack': {
      // Some rows of a chunk that is out; what lies beside them is settled.
      const [chunk] = model.out.splice(what.which % (model.out.length || 1), 1)
      if (chunk === undefined) return [undefined, undefined]
      const start = Math.min(chunk.start + what.from, chunk.end)
      const range = { start, end: Math.min(start + what.rows, chunk.end) }
      return [ledger.giveBack(range, { singly: what.singly }), model.giveBack(range, what.singly)]
    }
    case 'drop':
      return [ledger.drop(what.index), model.drop(what.index)]
    case 'alone': {
      const index = what.index % (model.rows.length || 1)
      return model.rows.length === 0 ? [undefined, undefined] : [ledger.alone(index), model.alone(index)]
    }
    case 'grow': {
      const length = model.rows.length + (model.open ? what.by : 0)
      return [model.open && ledger.grow(length), model.open && model.grow(length)]
    }
    case 'close':
      return [ledger.close(), model.close()]
    case 'clear':
      return [ledger.clear(), model.clear()]
  }
}

const chunksizes = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })

/** Takes all that can be had. */
function drain(ledger: Ledger, max = Number.POSITIVE_INFINITY): Range[] {
  const ranges: Range[] = []
  for (let range = ledger.take(max); range !== undefined; range = ledger.take(max)) ranges.push(range)
  return ranges
}

describe('Ledger', () => {
  it('hands out the rows that its plain twin hands out, whatever is done to it', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.boolean(),
        chunksizes,
        fc.array(step, { maxLength: 120, size: 'max' }),
        (length, open, chunksize, steps) => {
          const ledger = new Ledger({ length, open, chunksize })
          const model = new Model(length, open, chunksize)
          for (const what of steps) {
            const [got, expected] = doBoth(what, ledger, model)
            expect(got).toEqual(expected)
            expect(ledger.remaining).toBe(model.remaining)
          }
          ledger.close()
          model.close()
          for (let range = model.take(3); range !== undefined; range = model.take(3)) {
            expect(ledger.take(3)).toEqual(range)
          }
          expect(ledger.take(3)).toBeUndefined()
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('cuts chunks of numeric size at its multiples, as the inputs come in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(9)), (chunksize, arrivals) => {
        const ledger = new Ledger({ length: 0, open: true, chunksize })
        const ranges: Range[] = []
        let length = 0
        for (const arrived of arrivals) {
          length += arrived
          ledger.grow(length)
          ranges.push(...drain(ledger, 1))
        }
        expect(ranges.every(({ start, end }) => start % chunksize === 0 && end - start === chunksize)).toBe(true)
        expect(ledger.remaining).toBe(length % chunksize)
        ledger.close()
        ranges.push(...drain(ledger, 1))
        expect(ranges.map(({ start }) => start)).toEqual(
          Array.from({ length: Math.ceil(length / chunksize) }, (_, i) => i * chunksize),
        )
        expect(ranges.at(-1)?.end ?? 0).toBe(length)
      }),
    )
  })

  it('hands out what came back before what was never touched, the lowest first', () => {
    const ledger = new Ledger({ length: 100 })
    for (let i = 0; i < 5; i++) ledger.take(10)
    ledger.giveBack({ start: 33, end: 40 })
    ledger.giveBack({ start: 12, end: 20 })
    expect(ledger.remaining).toBe(65)
    expect(drain(ledger, 6)).toEqual([
      { start: 12, end: 18 },
      { start: 18, end: 20 },
      { start: 33, end: 39 },
      { start: 39, end: 40 },
      ...Array.from({ length: 8 }, (_, i) => ({ start: 50 + 6 * i, end: 56 + 6 * i })),
      { start: 98, end: 100 },
    ])
  })

  it('lets a row travel alone, and the chunks around it keep to the multiples', () => {
    const ledger = new Ledger({ length: 12, chunksize: 4 })
    expect(ledger.alone(5)).toBe(true)
    expect(drain(ledger)).toEqual([
      { start: 0, end: 4 },
      { start: 4, end: 5 },
      { start: 5, end: 6 },
      { start: 6, end: 8 },
      { start: 8, end: 12 },
    ])
    expect(ledger.alone(5)).toBe(false)
  })

  it('lets a row that travelled alone do so again when it comes back beside others', () => {
    const ledger = new Ledger({ length: 6 })
    ledger.alone(2)
    drain(ledger)
    ledger.giveBack({ start: 0, end: 2 })
    ledger.giveBack({ start: 2, end: 3 })
    ledger.giveBack({ start: 3, end: 6 })
    expect(drain(ledger)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 3 },
      { start: 3, end: 6 },
    ])
  })

  it('sends rows one by one when they are given back singly, whatever the chunksize', () => {
    for (const chunksize of [undefined, 4]) {
      const ledger = new Ledger({ length: 8, chunksize })
      ledger.take(4)
      ledger.giveBack({ start: 1, end: 4 }, { singly: true })
      expect(drain(ledger)).toEqual([
        { start: 1, end: 2 },
        { start: 2, end: 3 },
        { start: 3, end: 4 },
        { start: 4, end: 8 },
      ])
    }
  })

  it('never hands out what was dropped, and says whether it could be', () => {
    const ledger = new Ledger({ length: 10 })
    ledger.take(3)
    expect([0, 2, 3, 9, 10, -1, Number.NaN].map((index) => ledger.drop(index))).toEqual([
      false, // out
      false,
      true,
      true,
      false, // not known
      false,
      false,
    ])
    expect(ledger.drop(3)).toBe(false)
    expect(drain(ledger)).toEqual([{ start: 4, end: 9 }])
  })

  it('waits for a whole chunk while inputs come in, but not beyond a row that cannot be of it', () => {
    const ledger = new Ledger({ length: 7, open: true, chunksize: 4 })
    expect(ledger.take(1)).toEqual({ start: 0, end: 4 })
    expect(ledger.take(1)).toBeUndefined()
    ledger.alone(6)
    expect(ledger.take(1)).toEqual({ start: 4, end: 6 })
    expect(ledger.take(1)).toEqual({ start: 6, end: 7 })
    ledger.grow(8)
    expect(ledger.take(1)).toEqual({ start: 7, end: 8 })
    ledger.grow(10)
    expect(ledger.take(1)).toBeUndefined()
    ledger.close()
    expect(ledger.take(1)).toEqual({ start: 8, end: 10 })
  })

  it('hands out nothing when there is room for nothing', () => {
    const ledger = new Ledger({ length: 3 })
    for (const max of [0, -1, 0.9, Number.NaN]) expect(ledger.take(max)).toBeUndefined()
    expect(ledger.take(1.9)).toEqual({ start: 0, end: 1 })
    expect(ledger.take(Number.POSITIVE_INFINITY)).toEqual({ start: 1, end: 3 })
    expect(new Ledger({ length: 0 }).take(1)).toBeUndefined()
    expect(new Ledger({ length: 0, chunksize: 5 }).take(1)).toBeUndefined()
  })

  it('keeps nothing for a row that was never touched', () => {
    const length = 2 ** 53 - 1
    const ledger = new Ledger({ length })
    expect(ledger.take(5)).toEqual({ start: 0, end: 5 })
    expect(ledger.drop(length - 1)).toBe(true)
    expect(ledger.remaining).toBe(length - 6)
    expect(ledger.clear()).toEqual([{ start: 5, end: length - 1 }])
    const chunked = new Ledger({ length, chunksize: 2 ** 52 })
    expect(drain(chunked)).toEqual([
      { start: 0, end: 2 ** 52 },
      { start: 2 ** 52, end: length },
    ])
  })

  it('takes ten million rows in chunks, and a million that all travel alone', () => {
    const ledger = new Ledger({ length: 10_000_000, chunksize: 7 })
    let rows = 0
    for (let range = ledger.take(1); range !== undefined; range = ledger.take(1)) rows += range.end - range.start
    expect(rows).toBe(10_000_000)

    const alone = new Ledger({ length: 0, open: true })
    for (let i = 0; i < 1_000_000; i++) {
      alone.grow(i + 1)
      alone.alone(i)
    }
    rows = 0
    for (let range = alone.take(9); range?.start === rows && range.end === rows + 1; range = alone.take(9)) rows++
    expect(rows).toBe(1_000_000)
  })

  it('stays fast when its rows are scattered', () => {
    const length = 400_000
    const ledger = new Ledger({ length })
    // Every second row, in an order that jumps about; a list searched from one end would take minutes.
    let dropped = 0
    for (let i = 0; i < length; i += 2) if (ledger.drop((i * 7919) % length)) dropped++
    expect(dropped).toBe(length / 2)
    let start = 1
    for (let range = ledger.take(9); range?.start === start && range.end === start + 1; range = ledger.take(9))
      start += 2
    expect(start).toBe(length + 1)
  })

  it('calls it a fault of its own when rows come back that are not out', () => {
    const ledger = new Ledger({ length: 10 })
    ledger.take(4)
    for (const range of [
      { start: 3, end: 5 },
      { start: 5, end: 6 },
      { start: -1, end: 2 },
      { start: 8, end: 11 },
      { start: 3, end: 2 },
      { start: Number.NaN, end: 2 },
    ]) {
      expect(() => ledger.giveBack(range)).toThrow('lanewise is at fault')
    }
    ledger.giveBack({ start: 1, end: 3 })
    expect(() => ledger.giveBack({ start: 2, end: 4 })).toThrow('lanewise is at fault')
    ledger.giveBack({ start: 2, end: 2 })
    expect(drain(ledger)).toEqual([
      { start: 1, end: 3 },
      { start: 4, end: 10 },
    ])
  })

  it('calls it a fault of its own to mark a row that is not known', () => {
    const ledger = new Ledger({ length: 3, open: true })
    for (const index of [3, -1, Number.NaN]) expect(() => ledger.alone(index)).toThrow('lanewise is at fault')
    ledger.grow(4)
    expect(ledger.alone(3)).toBe(true)
  })

  it('calls it a fault of its own to grow when closed, to shrink, or to have no proper length', () => {
    expect(() => new Ledger({ length: 3 }).grow(4)).toThrow('lanewise is at fault')
    expect(() => new Ledger({ length: 3, open: true }).grow(2)).toThrow('lanewise is at fault')
    for (const length of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => new Ledger({ length })).toThrow('lanewise is at fault')
    }
  })
})
