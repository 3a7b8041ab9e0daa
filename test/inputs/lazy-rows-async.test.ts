import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { range } from '../../src/inputs/range.ts'
import { LazyRows, spreadRows } from '../../src/inputs/rows.ts'
import { rowsOf, turns } from './lazy.ts'
import { liars, Tap } from './spy.ts'

async function pullAll(rows: LazyRows, count = 1000): Promise<unknown[][]> {
  while (!rows.ended) await rows.pull(count)
  return rowsOf(rows)
}

async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

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
