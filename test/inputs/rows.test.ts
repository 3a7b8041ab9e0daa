import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { type CollectedRows, collectRows, isAsyncInput, spreadRows } from '../../src/inputs/rows.ts'
import { transfer } from '../../src/wire/transfer.ts'
import { liars, Spy } from './spy.ts'

function rowsOf(rows: CollectedRows): unknown[][] {
  return Array.from({ length: rows.length }, (_, i) => rows.row(i))
}

const zip = (...inputs: unknown[]): unknown[][] => rowsOf(collectRows(inputs))

describe('collectRows', () => {
  it('makes no rows of no inputs, nor of an empty one', () => {
    expect(collectRows([]).length).toBe(0)
    expect(zip([])).toEqual([])
    expect(zip([1, 2], '')).toEqual([])
    expect(zip(new Float64Array(0), [1])).toEqual([])
  })

  it('takes anything that can be iterated', () => {
    function* count(): Generator<number> {
      yield 1
      yield 2
    }
    expect(zip([1, 2])).toEqual([[1], [2]])
    expect(zip('a😀')).toEqual([['a'], ['😀']])
    expect(zip(new String('ab'))).toEqual([['a'], ['b']])
    expect(zip(count())).toEqual([[1], [2]])
    expect(zip(new Set([1, 2]), new Map([[3, 4]]))).toEqual([[1, [3, 4]]])
    expect(zip(Int8Array.of(1, -2), Buffer.from([7, 8, 9]))).toEqual([
      [1, 7],
      [-2, 8],
    ])
    expect(zip(BigInt64Array.of(1n))).toEqual([[1n]])
    expect(zip(range(5, 0, -2), repeat('x'))).toEqual([
      [5, 'x'],
      [3, 'x'],
      [1, 'x'],
    ])
    expect(zip(repeat('x', 2))).toEqual([['x'], ['x']])
    expect(zip(runInNewContext('[1, 2]'), runInNewContext('Float32Array.of(3, 4)'))).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  it('reads holes as undefined, and keeps -0 and NaN', () => {
    const list = [1]
    list[2] = -0
    list[3] = NaN
    expect(zip(list)).toEqual([[1], [undefined], [-0], [NaN]])
  })

  it('zips as Python does: any inputs, to the shortest', () => {
    const values = fc.array(fc.integer(), { maxLength: 8 })
    const input = fc.oneof(
      values.map((list) => ({ list, make: (): unknown => list })),
      values
        .map((list) => ({ list, make: (): unknown => new Set(list.keys()) }))
        .map(({ list, make }) => ({ list: [...list.keys()], make })),
      values.map((list) => ({ list, make: (): unknown => new Spy(list) })),
      values.map((list) => ({ list, make: (): unknown => Int32Array.from(list) })),
      fc.nat({ max: 8 }).map((n) => ({ list: [...Array(n).keys()], make: (): unknown => range(n) })),
    )
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 4 }), (inputs) => {
        const length = Math.min(...inputs.map(({ list }) => list.length))
        const expected = Array.from({ length }, (_, row) => inputs.map(({ list }) => list[row]))
        const rows = collectRows(inputs.map(({ make }) => make()))
        expect(rowsOf(rows)).toEqual(expected)
        const slices = rows.slice(0, length).map((slice) => ('values' in slice ? [...slice.values] : undefined))
        expect(slices).toEqual(inputs.map(({ list }) => list.slice(0, length)))
      }),
    )
  })

  it.each([
    [
      [5, 3],
      [4, 3],
      [1, 0],
    ],
    [
      [3, 5],
      [3, 3],
      [0, 1],
    ],
    [
      [3, 3],
      [3, 3],
      [0, 1],
    ],
    [
      [5, 0, 5],
      [1, 0, 0],
      [1, 0, 1],
    ],
  ])('pulls inputs of %j elements left to right, %j times, and tells those that are left', (lengths, pulled, left) => {
    const spies = lengths.map((length) => new Spy(range(length)))
    collectRows(spies)
    expect(spies.map((spy) => spy.pulled)).toEqual(pulled)
    expect(spies.map((spy) => spy.returns)).toEqual(left)
  })

  it('pulls one element more of an iterator before a shorter array, none of one behind it', () => {
    const before = new Spy(range(9))
    const behind = new Spy(range(9))
    expect(collectRows([before, [1, 2], behind]).length).toBe(2)
    expect([before.pulled, behind.pulled, before.returns, behind.returns]).toEqual([3, 2, 1, 1])
  })

  it('does not touch the other inputs where an array or a range is empty', () => {
    const behind = new Spy(range(9))
    collectRows([range(0), behind])
    expect([behind.pulled, behind.returns]).toEqual([0, 1])
  })

  it('takes the elements of arrays and typed arrays at the call', () => {
    const list = [1, 2]
    const numbers = Float64Array.of(1, 2)
    const shared = new Float64Array(new SharedArrayBuffer(16))
    const rows = collectRows([list, numbers, shared, Buffer.from([1, 2])])
    list[0] = numbers[0] = shared[0] = 9
    list.length = 0
    expect(rows.row(0)).toEqual([1, 1, 0, 1])
    expect(rows.slice(0, 2)[2]).toEqual({ kind: 'numbers', values: new Float64Array(2) })
    const copy = rows.column(2)
    expect(copy.kind === 'numbers' && copy.values.buffer instanceof ArrayBuffer).toBe(true)
  })

  it('reads arrays where they lie when it may borrow them, but for memory that can be resized', () => {
    const list = [1, 2]
    const numbers = Float64Array.of(1, 2)
    const resizable = new Float64Array(new ArrayBuffer(16, { maxByteLength: 32 }))
    const rows = collectRows([list, numbers, resizable], { borrow: true })
    list[0] = numbers[0] = resizable[0] = 9
    expect(rows.row(0)).toEqual([9, 9, 0])
    rows.release(0, 2)
    expect(list).toEqual([9, 2])
  })

  it('borrows no array that has an iterator of its own', () => {
    const list = Object.assign([1, 2], { [Symbol.iterator]: () => [7].values() })
    expect(rowsOf(collectRows([list], { borrow: true }))).toEqual([[7]])
  })

  it('never asks a subclass what to make', () => {
    class Floats extends Float64Array {
      static get [Symbol.species](): Float64ArrayConstructor {
        throw new Error('asked')
      }
    }
    class List extends Array<number> {
      static override get [Symbol.species](): ArrayConstructor {
        throw new Error('asked')
      }
    }
    expect(zip(Floats.of(1, 2), List.of(3, 4))).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  it('iterates an array that has an iterator of its own', () => {
    const list = Object.assign([1, 2], { [Symbol.iterator]: () => [7, 8, 9].values() })
    const numbers = Object.assign(Float64Array.of(1), { [Symbol.iterator]: () => [7, 8, 9].values() })
    expect(zip(list, numbers)).toEqual([
      [7, 7],
      [8, 8],
      [9, 9],
    ])
  })

  it('slices numbers without a copy, counts a range, and says where a value is repeated', () => {
    const rows = collectRows([Float32Array.of(1, 2, 3), range(1, 2, 0.1), repeat('x'), ['a', 'b', 'c']])
    expect(rows.columns).toBe(4)
    expect(rows.slice(1, 3)).toEqual([
      { kind: 'numbers', values: Float32Array.of(2, 3) },
      { kind: 'numbers', values: Float64Array.of(1 + 1 * 0.1, 1 + 2 * 0.1) },
      { kind: 'repeat' },
      { kind: 'values', values: ['b', 'c'] },
    ])
    const [first] = rows.slice(0, 3)
    const column = rows.column(0)
    expect(first?.kind === 'numbers' && column.kind === 'numbers' && first.values.buffer === column.values.buffer).toBe(
      true,
    )
  })

  it('forgets values of rows that are released, and those only', () => {
    const rows = collectRows([[{ a: 1 }, { a: 2 }, 'c', 4], new Spy([{ b: 1 }, { b: 2 }, 3, 4])])
    rows.release(1, 3)
    expect(rowsOf(rows)).toEqual([
      [{ a: 1 }, { b: 1 }],
      [undefined, undefined],
      [undefined, 3],
      [4, 4],
    ])
  })

  it('finds the rows that hold a transfer', () => {
    const moving = (): unknown => transfer(new ArrayBuffer(8))
    const rows = collectRows([[1, moving(), 3, 4, moving()], new Spy([1, 2, moving(), moving()])])
    expect(rows.length).toBe(4)
    expect([...rows.transfers]).toEqual([1, 2, 3])
    rows.release(2, 3)
    expect([...rows.transfers]).toEqual([1, 3])
  })

  it('refuses repeats without an end where nothing else has one', () => {
    expect(() => collectRows([repeat(1)])).toThrow(RangeError)
    expect(() => collectRows([repeat(1), repeat(2)])).toThrow('repeat() without times has no end')
    expect(zip(repeat(1), repeat(2, 1))).toEqual([[1, 2]])
  })

  it.each([[7], [null], [undefined], [{}], [true], [5n], [Symbol('s')], [() => 1], [new DataView(new ArrayBuffer(1))]])(
    'refuses %o by its place, before it touches another input',
    (bad) => {
      const spy = new Spy([1])
      expect(() => collectRows([spy, bad])).toThrow(TypeError)
      expect(() => collectRows([spy, bad])).toThrow(/^input 2 is not iterable, got .*; pass an array, an iterable/)
      expect([spy.pulled, spy.returns]).toEqual([0, 0])
    },
  )

  it('tells who passes a promise to await it', () => {
    expect(() => collectRows([Promise.resolve([1])])).toThrow('input 1 is not iterable, got [Promise]; await it first')
  })

  it('refuses async inputs, which take waiting', () => {
    expect(() => collectRows([[1], Readable.from([1])])).toThrow('input 2 is async, which takes waiting')
  })

  it('refuses a view whose memory moved or shrank', () => {
    const moved = Float64Array.of(1, 2)
    structuredClone(moved.buffer, { transfer: [moved.buffer] })
    const resizable = new ArrayBuffer(16, { maxByteLength: 16 })
    const shrunk = new Float64Array(resizable, 8, 1)
    resizable.resize(8)
    for (const view of [moved, shrunk]) {
      expect(() => collectRows([[1], view])).toThrow(TypeError)
      expect(() => collectRows([[1], view])).toThrow('input 2 is a view whose memory is gone')
    }
  })

  it('rethrows what an input throws, unchanged, and tells the others once', () => {
    for (const error of [new Error('from the input'), undefined, 0, '']) {
      const spies = [new Spy(range(9)), Spy.failing(range(9), 3, error), new Spy(range(9))]
      let caught: unknown = 'nothing'
      try {
        collectRows(spies)
      } catch (thrown) {
        caught = thrown
      }
      expect(caught).toBe(error)
      expect(spies.map((spy) => spy.pulled)).toEqual([4, 3, 3])
      expect(spies.map((spy) => spy.returns)).toEqual([1, 0, 1])
    }
  })

  it('leaves the inputs that were opened where the next one cannot be', () => {
    const spies = [new Spy([1]), new Spy([1])]
    const error = new Error('cannot open')
    const closed: Iterable<unknown> = {
      [Symbol.iterator]() {
        throw error
      },
    }
    expect(() => collectRows([spies[0], closed, spies[1]])).toThrow(error)
    expect(spies.map((spy) => spy.returns)).toEqual([1, 0])
    expect(() => collectRows([{ [Symbol.iterator]: () => 7 }])).toThrow('input 1 must give an iterator')
  })

  it.each(liars)('treats an iterator that $lie as for-of does: no return(), the others left', ({ iterator, error }) => {
    let told = 0
    const liar = (): unknown => Object.assign(iterator() as object, { return: () => told++ })
    const other = new Spy(range(3))
    let caught: unknown = 'nothing'
    try {
      collectRows([other, { [Symbol.iterator]: liar }])
    } catch (thrown) {
      caught = thrown
    }
    expect(caught).toEqual(error)
    expect(told).toBe(0)
    expect(other.returns).toBe(1)
  })

  it('takes any truthy done for the end, and a missing one for more', () => {
    const answers = [{ value: 1 }, { done: 0, value: 2 }, { done: 'yes', value: 3 }]
    expect(zip({ [Symbol.iterator]: () => ({ next: () => answers.shift() }) })).toEqual([[1], [2]])
  })

  it('drops whatever goes wrong while an input is left', () => {
    const hostile = [
      { return: 7 },
      { return: null },
      {
        get return() {
          throw new Error('from a getter')
        },
      },
    ]
    for (const methods of hostile) {
      const iterator = Object.defineProperties(
        { next: () => ({ value: 1 }) },
        Object.getOwnPropertyDescriptors(methods),
      )
      const input = { [Symbol.iterator]: () => iterator }
      expect(zip(input, [1])).toEqual([[1, 1]])
    }
  })
})

describe('spreadRows', () => {
  it('copies each row of arguments to an array when it is read', () => {
    const row = [1, 2]
    const rows = collectRows([spreadRows([row, Float64Array.of(3), 'ab', new Set([4])])])
    row[0] = 9
    expect(rowsOf(rows)).toEqual([[[1, 2]], [[3]], [['a', 'b']], [[4]]])
  })

  it('refuses a row that is not iterable by its index, and leaves the input', () => {
    const spy = new Spy<unknown>([[1], [2], 7])
    expect(() => collectRows([spreadRows(spy)])).toThrow('row 2 of starmap is not iterable, got 7')
    expect(spy.returns).toBe(1)
  })

  it('refuses what is not iterable, and a row repeated without an end', () => {
    expect(() => spreadRows(7)).toThrow('rows is not iterable, got 7')
    expect(() => spreadRows(repeat([1, 2]))).toThrow(RangeError)
    expect(rowsOf(collectRows([spreadRows(repeat([1, 2], 2))]))).toEqual([[[1, 2]], [[1, 2]]])
  })

  it('finds the rows with an argument that moves', () => {
    const rows = collectRows([spreadRows([[1], [2, transfer(new ArrayBuffer(8))], []])])
    expect([...rows.transfers]).toEqual([1])
  })

  it('says whether its rows take waiting', () => {
    expect(isAsyncInput(spreadRows([[1]]))).toBe(false)
    expect(isAsyncInput(spreadRows(Readable.from([[1]])))).toBe(true)
  })
})

describe('isAsyncInput', () => {
  it('is true for what only await can read, streams of both kinds among them', () => {
    const stream = new ReadableStream()
    const both = Object.assign([1], { [Symbol.asyncIterator]: () => Readable.from([1])[Symbol.asyncIterator]() })
    for (const input of [Readable.from([1]), stream, (async function* () {})(), both]) {
      expect(isAsyncInput(input)).toBe(true)
    }
    for (const input of [[1], 'a', range(1), repeat(1), new Set(), 7, null, undefined, Promise.resolve([1])]) {
      expect(isAsyncInput(input)).toBe(false)
    }
    expect(isAsyncInput({ [Symbol.asyncIterator]: null, [Symbol.iterator]: () => [].values() })).toBe(false)
  })
})
