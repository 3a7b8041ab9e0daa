import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { LazyRows, spreadRows } from '../../src/inputs/rows.ts'
import { transfer } from '../../src/wire/transfer.ts'
import { rowsOf, turns } from './lazy.ts'
import { liars, Spy } from './spy.ts'

/** Pulls without waiting. */
function pull(rows: LazyRows, count: number): void {
  expect(rows.pull(count)).toBeUndefined()
}

describe('LazyRows over sync inputs', () => {
  it('pulls exactly what it is asked for, at once, and nothing before', () => {
    const spy = new Spy(range(9))
    const rows = new LazyRows([spy, repeat('x')])
    expect([rows.isAsync, spy.pulled, rows.length, rows.ended]).toEqual([false, 0, 0, false])
    expect(rows.pull(2)).toBeUndefined()
    expect([spy.pulled, rows.length, rows.ended]).toEqual([2, 2, false])
    pull(rows, 1)
    expect(rowsOf(rows)).toEqual([
      [0, 'x'],
      [1, 'x'],
      [2, 'x'],
    ])
    pull(rows, 100)
    expect([spy.pulled, rows.length, rows.ended, spy.returns]).toEqual([9, 9, true, 0])
  })

  it('knows the end only when it is asked for a row behind it', () => {
    const rows = new LazyRows([new Spy([1, 2])])
    pull(rows, 2)
    expect(rows.ended).toBe(false)
    pull(rows, 1)
    expect([rows.ended, rows.length]).toEqual([true, 2])
    pull(rows, 1)
    expect(rows.length).toBe(2)
  })

  it.each([[0], [-1], [NaN]])('pulls nothing when it is asked for %d', (count) => {
    const spy = new Spy([1])
    const rows = new LazyRows([spy])
    expect(rows.pull(count)).toBeUndefined()
    expect(spy.pulled).toBe(0)
  })

  it('has ended where there is no input', () => {
    const rows = new LazyRows([])
    expect(rows.pull(1)).toBeUndefined()
    expect([rows.ended, rows.length, rows.columns]).toEqual([true, 0, 0])
  })

  it('pulls left to right and loses one element of each input before the shortest, as zip does', () => {
    const spies = [new Spy(range(9)), new Spy(range(2)), new Spy(range(9))]
    const rows = new LazyRows(spies)
    pull(rows, 5)
    expect([rows.length, rows.ended]).toEqual([2, true])
    expect(spies.map((spy) => spy.pulled)).toEqual([3, 2, 2])
    expect(spies.map((spy) => spy.returns)).toEqual([1, 0, 1])
  })

  it('gives the rows of zip, however they are pulled, sliced and released', () => {
    const lists = fc.array(fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 3000, size: 'max' }), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(lists, fc.array(fc.nat(1500), { minLength: 1 }), (inputs, counts) => {
        const length = Math.min(...inputs.map((list) => list.length))
        const rows = new LazyRows([...inputs, range(2 ** 40)])
        for (let i = 0; !rows.ended; i++) {
          const before = rows.length
          pull(rows, 1 + counts[i % counts.length]!)
          const slices = rows.slice(before, rows.length)
          for (const [k, list] of inputs.entries()) {
            expect(slices[k]).toEqual({ kind: 'values', values: list.slice(before, rows.length) })
          }
          if (i % 2 === 1) rows.release(before, rows.length)
        }
        expect(rows.length).toBe(length)
      }),
      { numRuns: 30 },
    )
  })

  it('reads arrays as they are when their turn comes', () => {
    const list = [1, 2]
    const rows = new LazyRows([list])
    pull(rows, 1)
    list[1] = 7
    list.push(8)
    pull(rows, 9)
    expect(rowsOf(rows)).toEqual([[1], [7], [8]])
  })

  it('keeps what an input throws behind the last row, falsy or not, and tells the others once', () => {
    for (const error of [new Error('from the input'), undefined, null, 0]) {
      const spies = [new Spy(range(9)), Spy.failing(range(9), 2, error)]
      const rows = new LazyRows(spies)
      pull(rows, 1)
      expect(rows.failure).toBeUndefined()
      pull(rows, 5)
      expect([rows.length, rows.ended]).toEqual([2, true])
      expect(rows.failure).toEqual({ reason: error })
      rows.leave()
      expect(spies.map((spy) => spy.returns)).toEqual([1, 0])
    }
  })

  it('has no failure at a plain end', () => {
    const rows = new LazyRows([[1]])
    pull(rows, 5)
    expect([rows.ended, rows.failure]).toEqual([true, undefined])
  })

  it.each(liars)('treats an iterator that $lie as for-of does', ({ iterator, error }) => {
    let told = 0
    const rows = new LazyRows([
      { [Symbol.iterator]: () => Object.assign(iterator() as object, { return: () => told++ }) },
    ])
    pull(rows, 1)
    expect([rows.ended, rows.length, told]).toEqual([true, 0, 0])
    expect(rows.failure).toStrictEqual({ reason: error })
  })

  it('checks and opens its inputs at the call', () => {
    const spy = new Spy([1])
    const closed: Iterable<unknown> = {
      [Symbol.iterator]() {
        throw new RangeError('shut')
      },
    }
    expect(() => new LazyRows([spy, closed])).toThrow('shut')
    expect(spy.returns).toBe(1)
    expect(() => new LazyRows([[1], 7])).toThrow('input 2 is not iterable, got 7')
    expect(() => new LazyRows([repeat(1)])).toThrow(RangeError)
  })

  it('tells its inputs once when they are left', () => {
    const spies = [new Spy(range(9)), new Spy(range(9))]
    const rows = new LazyRows(spies)
    pull(rows, 2)
    rows.leave()
    rows.leave()
    expect(spies.map((spy) => spy.returns)).toEqual([1, 1])
    pull(rows, 1)
    expect([rows.ended, rows.length, spies[0]!.pulled]).toEqual([true, 2, 2])
  })

  it('stands an input that pulls or leaves the rows while it is asked', () => {
    let rows: LazyRows
    function* pulling(): Generator<number> {
      yield 1
      pull(rows, 3) // three rows behind the first, which is there
      yield* [2, 3, 4, 5]
    }
    rows = new LazyRows([pulling()])
    pull(rows, 2)
    expect(rowsOf(rows)).toEqual([[1], [2], [3], [4]])

    function* leaving(): Generator<number> {
      yield 1
      rows.leave()
      yield 2
    }
    rows = new LazyRows([leaving()])
    pull(rows, 5)
    expect([rowsOf(rows), rows.failure]).toEqual([[[1]], undefined])
  })

  it('counts a range of 2^53 items and repeats a value without keeping a row', () => {
    const rows = new LazyRows([range(2 ** 53), repeat('x')])
    pull(rows, 2 ** 12)
    expect(rows.slice(4094, 4096)).toEqual([
      { kind: 'numbers', values: Float64Array.of(4094, 4095) },
      { kind: 'repeat' },
    ])
    expect([rows.column(0).kind, rows.column(1).kind]).toEqual(['range', 'repeat'])
  })

  it('finds the rows that hold a transfer as they come, and drops them when they are released', () => {
    const moving = (): unknown => transfer(new ArrayBuffer(8))
    const rows = new LazyRows([[1, moving(), moving(), 4]])
    pull(rows, 2)
    expect([...rows.transfers]).toEqual([1])
    pull(rows, 2)
    expect([...rows.transfers]).toEqual([1, 2])
    rows.release(0, 2)
    expect([...rows.transfers]).toEqual([2])
  })

  it('copies rows of arguments, and keeps the refusal of one behind the rows before it', () => {
    const rows = new LazyRows([spreadRows([[1, 2], [3], 7, [4]])])
    pull(rows, 9)
    expect(rowsOf(rows)).toEqual([[[1, 2]], [[3]]])
    expect(rows.failure?.reason).toEqual(
      new TypeError('row 2 of starmap is not iterable, got 7; make it an array of arguments'),
    )
  })

  it('lets go of numbers by the 1,024, once all rows of such a block are released', () => {
    const rows = new LazyRows([new Spy(range(2048))])
    pull(rows, 2048)
    rows.release(1, 1024)
    expect([rows.row(0), rows.row(1), rows.row(1024)]).toEqual([[0], [1], [1024]])
    rows.release(0, 1)
    expect([rows.row(0), rows.row(1), rows.row(1024)]).toEqual([[undefined], [undefined], [1024]])
  })

  it('lets go of the values of released rows, also behind one that is not settled', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const rows = new LazyRows([
      (function* () {
        for (;;) yield { payload: 'x'.repeat(10) }
      })(),
    ])
    pull(rows, 3000)
    const watched = [0, 1, 1500, 2999].map((i) => new WeakRef(rows.row(i)[0] as object))
    rows.release(1, 2000)
    return turns(1).then(() => {
      collect() // a WeakRef holds its target until the end of the turn that made it
      expect(watched.map((ref) => ref.deref() !== undefined)).toEqual([true, false, false, true])
      expect(rows.row(0)).toEqual([{ payload: 'x'.repeat(10) }])
    })
  })
})
