import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { LazyRows, spreadRows } from '../../src/inputs/rows.ts'
import { transfer } from '../../src/wire/transfer.ts'
import { liars, Spy, Tap } from './spy.ts'

function rowsOf(rows: LazyRows): unknown[][] {
  return Array.from({ length: rows.length }, (_, i) => rows.row(i))
}

/** Pulls without waiting. */
function pull(rows: LazyRows, count: number): void {
  expect(rows.pull(count)).toBeUndefined()
}

async function pullAll(rows: LazyRows, count = 1000): Promise<unknown[][]> {
  while (!rows.ended) await rows.pull(count)
  return rowsOf(rows)
}

async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

/** The turns of the event loop in which all that is under way without waiting for anything else has come to an end. */
async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
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

describe('LazyRows over async inputs', () => {
  it('gives the rows of zip for generators, streams of both kinds and sync inputs beside them', async () => {
    const inputs = (): unknown[] => [
      asyncOf([1, 2, 3]),
      Readable.from(['a', 'b', 'c', 'd']),
      new Response('xyz').body!.pipeThrough(new TextDecoderStream()),
      range(10),
    ]
    expect(await pullAll(new LazyRows(inputs()))).toEqual([[1, 'a', 'xyz', 0]])
    expect(await pullAll(new LazyRows(inputs().toSpliced(2, 1)))).toEqual([
      [1, 'a', 0],
      [2, 'b', 1],
      [3, 'c', 2],
    ])
  })

  it('is the zip of its lists, for any count', async () => {
    const lists = fc.array(fc.array(fc.integer(), { maxLength: 20 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        lists,
        fc.integer({ min: 1, max: 25 }),
        fc.array(fc.boolean()),
        async (inputs, count, isSync) => {
          const length = Math.min(...inputs.map((list) => list.length))
          const made = inputs.map((list, k) => (isSync[k] === true ? new Set(list.keys()) : asyncOf(list.keys())))
          const rows = await pullAll(new LazyRows(made), count)
          expect(rows).toEqual(Array.from({ length }, (_, row) => inputs.map(() => row)))
        },
      ),
    )
  })

  it('pulls no more than it was asked for', async () => {
    let made = 0
    const rows = new LazyRows([
      (async function* () {
        for (;;) yield made++
      })(),
    ])
    await rows.pull(3)
    await turns()
    expect([made, rows.length]).toEqual([3, 3])
    await rows.pull(2)
    await turns()
    expect([made, rows.length]).toEqual([5, 5])
  })

  it('answers with the first row where the next one takes time, and goes on pulling', async () => {
    const tap = new Tap<string>()
    const rows = new LazyRows([tap])
    const first = rows.pull(3)
    await tap.give('a')
    await first
    expect(rowsOf(rows)).toEqual([['a']])
    await tap.give('b')
    await turns()
    expect([rowsOf(rows), tap.asked]).toEqual([[['a'], ['b']], 3])
    const second = rows.pull(1) // the third, which is asked for already
    await tap.give('c')
    await second
    await turns()
    expect([rowsOf(rows), tap.asked]).toEqual([[['a'], ['b'], ['c']], 3])
  })

  it('answers with all rows that come without waiting in one go', async () => {
    const lengths: number[] = []
    const rows = new LazyRows([asyncOf(range(100))])
    while (!rows.ended) {
      await rows.pull(40)
      lengths.push(rows.length)
    }
    expect(lengths).toEqual([40, 80, 100])
  })

  it('answers in the same turn of the event loop when it has all it was asked for', async () => {
    const order: string[] = []
    const rows = new LazyRows([asyncOf(range(9))])
    const turn = new Promise<void>((resolve) => {
      setImmediate(() => {
        order.push('turn')
        resolve()
      })
    })
    await rows.pull(5)
    order.push('rows')
    await turn
    expect(order).toEqual(['rows', 'turn'])
  })

  it('gives two who ask at once the same answer', async () => {
    const tap = new Tap<number>()
    const rows = new LazyRows([tap])
    const both = [rows.pull(1), rows.pull(2)]
    await tap.give(1, 2)
    await both[0]
    await both[1]
    expect(rows.length).toBe(2)
    await turns()
    expect(tap.asked).toBe(2)
  })

  it('asks each input of a row after the one before it has answered', async () => {
    const taps = [new Tap<number>(), new Tap<number>()]
    const rows = new LazyRows(taps)
    const done = rows.pull(1)
    await turns()
    expect(taps.map((tap) => tap.asked)).toEqual([1, 0])
    await taps[0]!.give(1)
    await turns()
    expect(taps.map((tap) => tap.asked)).toEqual([1, 1])
    await taps[1]!.give(2)
    await done
    expect(rowsOf(rows)).toEqual([[1, 2]])
  })

  it('ends with the input that ends, and tells the others without waiting for them', async () => {
    const taps = [new Tap<number>(), new Tap<number>(), new Tap<number>()]
    const rows = new LazyRows(taps)
    const done = rows.pull(5)
    await taps[0]!.give(1)
    await taps[1]!.end()
    await done
    expect([rows.length, rows.ended, rows.failure]).toEqual([0, true, undefined])
    expect(taps.map((tap) => tap.returns)).toEqual([1, 0, 1])
  })

  it('keeps a rejection behind the rows before it, falsy or not', async () => {
    for (const reason of [new Error('from the stream'), undefined, 0]) {
      const taps = [new Tap<number>(), new Tap<number>()]
      const rows = new LazyRows(taps)
      const done = rows.pull(5)
      await taps[0]!.give(1)
      await taps[1]!.give(1)
      await taps[0]!.give(2)
      await taps[1]!.fail(reason)
      await done
      while (!rows.ended) await rows.pull(1)
      expect([rows.length, rows.failure]).toEqual([1, { reason }])
      expect(taps.map((tap) => tap.returns)).toEqual([1, 0])
    }
  })

  it.each(liars)('treats an async iterator that $lie as for-await does', async ({ iterator, error }) => {
    let told = 0
    const liar = (): unknown => Object.assign(iterator() as object, { return: () => told++ })
    const rows = new LazyRows([{ [Symbol.asyncIterator]: liar }])
    await rows.pull(1)
    expect([rows.ended, rows.length, told]).toEqual([true, 0, 0])
    expect(rows.failure).toStrictEqual({ reason: error })
  })

  it('takes answers that are no promises', async () => {
    const answers = [{ value: 1 }, { value: 2, done: false }, { done: true }]
    const rows = new LazyRows([{ [Symbol.asyncIterator]: () => ({ next: () => answers.shift() }) }])
    expect(await pullAll(rows)).toEqual([[1], [2]])
  })

  it('leaves a promise among the values of a sync input as it is', async () => {
    const promise = Promise.resolve(1)
    const [row] = await pullAll(new LazyRows([[promise], asyncOf([2])]))
    expect(row?.[0]).toBe(promise)
  })

  it('answers at once when it is left while an input is asked; what comes later is dropped', async () => {
    for (const late of ['give', 'fail', 'end'] as const) {
      const tap = new Tap<unknown>()
      const rows = new LazyRows([tap])
      const done = rows.pull(3)
      rows.leave()
      await done
      expect([rows.ended, rows.length, rows.failure, tap.returns]).toEqual([true, 0, undefined, 1])
      await tap[late](new Error('too late'))
      await turns()
      expect([rows.length, rows.failure, tap.asked, tap.returns]).toEqual([0, undefined, 1, 1])
    }
  })

  it('destroys a Node stream and cancels a web stream that are left', async () => {
    const stream = new Readable({ objectMode: true, read() {} })
    stream.push(1)
    let reason: unknown = 'not cancelled'
    const web = new ReadableStream({
      start: (controller) => controller.enqueue(2),
      cancel: (given) => {
        reason = given
      },
    })
    const rows = new LazyRows([stream, web])
    await rows.pull(1)
    expect(rowsOf(rows)).toEqual([[1, 2]])
    const closed = new Promise((resolve) => stream.once('close', resolve))
    rows.leave()
    await closed
    await turns()
    expect([stream.destroyed, reason]).toEqual([true, undefined])
  })

  it('copies rows of arguments that come from a stream', async () => {
    expect(await pullAll(new LazyRows([spreadRows(Readable.from([[1, 2], [3]]))]))).toEqual([[[1, 2]], [[3]]])
    const bad = new LazyRows([spreadRows(asyncOf([[1], null]))])
    await pullAll(bad)
    expect(bad.failure?.reason).toEqual(
      new TypeError('row 1 of starmap is not iterable, got null; make it an array of arguments'),
    )
  })
})
