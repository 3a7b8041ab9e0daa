import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeFunction } from '../../src/functions/describe.ts'
import { unpackList } from '../../src/wire/codec.ts'
import { decodeError } from '../../src/wire/errors.ts'
import { KEPT_NUMBERS } from '../../src/wire/numbers.ts'
import type { ChunkMessage, ChunkOver, FromProcess, FromWorker, NumberChunksOver } from '../../src/wire/protocol.ts'
import { Loop } from '../../src/worker/loop.ts'
import { ProcessLine } from '../../src/worker/process-line.ts'

type AnyFunction = (...args: never[]) => unknown

/** What a worker process answers to one message, without the process. */
class Worker {
  readonly messages: FromProcess[] = []
  readonly line: ProcessLine = new ProcessLine((message) => {
    this.messages.push(structuredClone(message)) // its numbers are written over when it is sent
    this.#tell()
  })
  readonly #loop = new Loop(this.line)
  #tell = (): void => {}

  /** Runs the chunks of `works`, numbered from 0, until the last one is over. */
  async run(fn: AnyFunction, works: Omit<ChunkMessage, 'n' | 'fn'>[], numbers: Iterable<number>): Promise<void> {
    let next = 0
    const numbered = works.map((work) => {
      const n = next
      next += work.chunks ?? 1
      return { n, fn: 0, ...work }
    })
    this.#loop.receive({
      functions: [[0, describeFunction(fn)]],
      values: [[7, 100]],
      works: numbered,
      numbers: Float64Array.from(numbers),
    })
    this.#loop.open()
    while (!this.said.some((one) => isOver(one) && one.n + chunksOf(one) === next)) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve
      })
    }
  }

  get said(): FromWorker[] {
    return this.messages.flatMap(({ said }) => said)
  }

  /** The outcomes of each chunk, by its number: values, and errors where a call failed. */
  get outcomes(): unknown[][] {
    const chunks: unknown[][] = []
    const chunkOf = (n: number): unknown[] => {
      chunks[n] ??= []
      return chunks[n]
    }
    for (const { said, numbers } of this.messages) {
      for (const one of said) {
        if (one === null || !('n' in one)) continue
        const rows = 'rows' in one ? one.rows : 'last' in one ? one.last : undefined
        if (rows !== undefined) {
          const chunk = chunkOf(one.n)
          if (chunk.length !== rows.from) throw new Error(`rows from ${rows.from} on, behind ${chunk.length}`)
          chunk.push(...unpackList(rows.list, numbers).values)
          for (const [row, error] of rows.failures ?? []) chunk[row] = decodeError(error)
        }
        if (!isOver(one)) continue
        const { n, done } = one
        for (let i = 0; i < chunksOf(one); i++) {
          const chunk = chunkOf(n + i)
          if ('from' in one) chunk.push(...numbers!.subarray(one.from + i * done, one.from + (i + 1) * done))
          if (chunk.length !== done) throw new Error(`${done} rows are done, and ${chunk.length} were told`)
        }
      }
    }
    return chunks
  }
}

function isOver(message: FromWorker): message is ChunkOver | NumberChunksOver {
  return message !== null && 'done' in message
}

function chunksOf(over: ChunkOver | NumberChunksOver): number {
  return 'from' in over ? over.execMs.length : 1
}

describe('a worker process', () => {
  // However long this process is kept waiting: an answer that has waited for a millisecond goes out.
  beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(1))
  afterEach(() => void vi.restoreAllMocks())

  it('takes the inputs of chunks that came together one behind the other, and answers numbers in one go', async () => {
    const worker = new Worker()
    const columns = [{ from: 0, count: 2 }, { repeat: 7 }, { from: 2, count: 2 }]
    const works = [{ count: 2, columns, chunks: 3, raise: true }]
    await worker.run((a: number, b: number, c: number) => a + b + c, works, [0, 1, 10, 20, 2, 3, 30, 40, 4, 5, 50, 60])
    expect(worker.outcomes).toEqual([
      [110, 121],
      [132, 143],
      [154, 165],
    ])
    expect(worker.said).toEqual([{ n: 0, done: 2, execMs: Array(3).fill(expect.any(Number)), from: 0 }])
  })

  it('tells chunks of another length apart', async () => {
    const worker = new Worker()
    const works = [
      { count: 2, columns: [{ from: 0, count: 2 }], chunks: 2 },
      { count: 3, columns: [{ from: 4, count: 3 }] },
    ]
    await worker.run((x: number) => x, works, [0, 1, 2, 3, 4, 5, 6])
    expect(worker.outcomes).toEqual([
      [0, 1],
      [2, 3],
      [4, 5, 6],
    ])
  })

  it('answers numbers bit for bit', async () => {
    const worker = new Worker()
    const numbers = [0, -0, Number.NaN, Infinity, 2 ** 53, 5e-324]
    await worker.run((x: number) => x, [{ count: 3, columns: [{ from: 0, count: 3 }], chunks: 2 }], numbers)
    expect(worker.outcomes.flat().every((value, i) => Object.is(value, numbers[i]))).toBe(true)
  })

  it('tells of a chunk by itself whose calls return something else, in the order of its rows', async () => {
    const worker = new Worker()
    const columns = [{ from: 0, count: 4 }]
    const fn = (x: number): unknown => (x === 5 || x === 6 ? `text ${x}` : x)
    await worker.run(fn, [{ count: 4, columns, chunks: 3 }], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(worker.outcomes).toEqual([
      [0, 1, 2, 3],
      [4, 'text 5', 'text 6', 7],
      [8, 9, 10, 11],
    ])
    expect(worker.said.filter(isOver).map((over) => [over.n, 'from' in over])).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ])
  })

  it('goes on with the chunk behind one that a throw has ended', async () => {
    const worker = new Worker()
    const fn = (x: number): number => {
      if (x === 1) throw new RangeError('no 1')
      return x
    }
    await worker.run(fn, [{ count: 3, columns: [{ from: 0, count: 3 }], chunks: 2, raise: true }], [0, 1, 2, 3, 4, 5])
    expect(worker.outcomes).toEqual([
      [0, new RangeError('no 1')],
      [3, 4, 5],
    ])
  })

  it('leaves the one chunk that it is told to', async () => {
    const worker = new Worker()
    worker.line.leave(1)
    await worker.run((x: number) => x, [{ count: 2, columns: [{ from: 0, count: 2 }], chunks: 3 }], [0, 1, 2, 3, 4, 5])
    expect(worker.outcomes).toEqual([[0, 1], [], [4, 5]])
  })

  it('waits for promises, between numbers too', async () => {
    const worker = new Worker()
    const fn = (x: number): unknown => (x % 3 === 1 ? Promise.resolve(-x) : x)
    await worker.run(fn, [{ count: 3, columns: [{ from: 0, count: 3 }], chunks: 2 }], [0, 1, 2, 3, 4, 5])
    expect(worker.outcomes).toEqual([
      [0, -1, 2],
      [3, -4, 5],
    ])
  })

  it('answers each row before it begins the next, where it must', async () => {
    const worker = new Worker()
    await worker.run((x: number) => x, [{ count: 3, columns: [{ from: 0, count: 3 }], single: true }], [4, 5, 6])
    expect(worker.outcomes).toEqual([[4, 5, 6]])
    expect(worker.messages.map(({ said }) => said.length)).toEqual([1, 1, 2])
  })

  it('takes a chunk of more numbers than it keeps memory for', async () => {
    const worker = new Worker()
    const count = KEPT_NUMBERS + 1
    await worker.run(
      (x: number) => x + 1,
      [{ count, columns: [{ from: 0, count }] }],
      new Float64Array(count).fill(6, -1),
    )
    expect(worker.outcomes[0]).toHaveLength(count)
    expect(worker.outcomes[0]?.at(-1)).toBe(7)
  })
})
