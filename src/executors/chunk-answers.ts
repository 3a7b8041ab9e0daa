import type { Chunk } from '../map/chunk.ts'
import { kept, type Segment } from '../map/outcome.ts'
import type { ChunkTimes } from '../map/report.ts'
import { unpackList } from '../wire/codec.ts'
import { decodeError, placeError } from '../wire/errors.ts'
import type { ChunkOver, NumberChunksOver, RowsMessage } from '../wire/protocol.ts'
import type { Work } from './pool-worker.ts'

/**
 * A worker that waits so long between two chunks waited for messages, 20 to 100 µs; longer, for a busy caller. Only that is worth a chunk sent ahead: where the
 * caller was idle, a chunk ahead made a map of cheap rows 10 % slower; where it was busy, 10 % faster (2 cores, Node 20).
 */
const MESSAGES_MS = 0.25

/** The worker that answers. */
export interface AnsweringWorker {
  readonly index: number
  readonly name: string
  /** The numbers that the worker stored for rows `from` to `to` of a chunk, in memory that the next chunk has. */
  numbersOf(chunk: Chunk, from: number, to: number): Float64Array
  /** The final answer of `work` is here. */
  settled(work: Work): void
}

/** What the messages of a worker mean for the chunks that it has. */
export class ChunkAnswers {
  readonly #worker: AnsweringWorker
  readonly #works: ReadonlyMap<number, Work>
  /** The numbers of the message that is being read, where they came apart from their lists. */
  numbers: Float64Array | undefined

  constructor(worker: AnsweringWorker, works: ReadonlyMap<number, Work>) {
    this.#worker = worker
    this.#works = works
  }

  /** Some rows of a chunk that goes on have their outcomes. */
  rows(chunk: Chunk, rows: RowsMessage): void {
    const stored = keptIfAny(this.takeNumbers(chunk, rows.from)) // what is decoded next may run code of users
    const posted = this.#takeRows(chunk, rows)
    // Both are in the books now: who hears of one may block, and so read the next message of this chunk.
    if (stored !== undefined) chunk.run.settle(stored)
    chunk.run.settle(posted)
  }

  /** The chunk is over. */
  over(chunk: Chunk, { done, execMs, began, numbers, last }: ChunkOver): void {
    const lent = this.takeNumbers(chunk, numbers)
    const stored = last === undefined ? lent : keptIfAny(lent)
    const posted = last === undefined ? undefined : this.#takeRows(chunk, last)
    const gapMs = this.#close(chunk, execMs)
    if (stored !== undefined) chunk.run.settle(stored)
    if (posted !== undefined) chunk.run.settle(posted)
    this.#report(chunk, done, { execMs, began }, gapMs)
  }

  /** Chunks of a process are over. The outcomes of neighbours are settled together: what one segment costs is more than its numbers do. */
  numberChunksOver({ n, done, from, execMs, began }: NumberChunksOver): void {
    const over = execMs.map((ms, i) => {
      const chunk = this.#works.get(n + i) as Chunk // each is answered once, and none was taken back: they were sent to a process
      chunk.settled = done
      return { chunk, times: { execMs: ms, began: began?.[i] }, gapMs: this.#close(chunk, ms) }
    })
    let first = 0
    for (let i = 1; i <= over.length; i++) {
      const { run, start } = (over[i - 1] as { chunk: Chunk }).chunk
      const next = over[i]?.chunk
      if (next?.run === run && next.start === start + done) continue
      run.settle({
        start: start - (i - 1 - first) * done,
        values: (this.numbers as Float64Array).subarray(from + first * done, from + i * done),
      })
      run.stats.bytesCopied += (i - first) * done * Float64Array.BYTES_PER_ELEMENT
      first = i
    }
    for (const { chunk, times, gapMs } of over) this.#report(chunk, done, times, gapMs)
  }

  /** Takes a chunk off the books, before its outcomes are told: who hears of them may block on this worker. */
  #close(chunk: Chunk, execMs: number): number | undefined {
    this.#worker.settled(chunk)
    if (chunk.idleSinceMs === undefined) return undefined
    const gapMs = performance.now() - chunk.idleSinceMs - execMs
    return gapMs > MESSAGES_MS ? gapMs : 0
  }

  #report(chunk: Chunk, done: number, times: ChunkTimes, gapMs: number | undefined): void {
    chunk.run.report(this.#worker.index, chunk, done, times, gapMs)
    this.#rest(chunk, done)
  }

  /** What becomes of the rows behind the last one that ran. */
  #rest(chunk: Chunk, done: number): void {
    const { run, start, end } = chunk
    if (done === chunk.length) return
    const stoppedByError = run.settings.errors === 'raise' && chunk.lastFailed
    if (stoppedByError) run.drop({ start: start + done, end })
    else run.overran(chunk, done)
  }

  /** The numbers of a chunk's first `count` rows that were not taken yet. */
  takeNumbers(chunk: Chunk, count: number): Segment | undefined {
    const from = chunk.settled
    if (count <= from) return undefined
    chunk.settled = count
    const numbers = this.#worker.numbersOf(chunk, from, count)
    return { start: chunk.start + from, values: numbers, lent: numbers }
  }

  #takeRows(chunk: Chunk, { from, list, failures }: RowsMessage): Segment {
    const start = chunk.start + from
    const { values, failures: unsent } = unpackList(list, this.numbers)
    chunk.settled = from + values.length
    if (values instanceof Float64Array) chunk.run.stats.bytesCopied += values.byteLength
    const reasons = new Map<number, unknown>()
    for (const [row, error] of failures ?? []) {
      const index = chunk.start + row
      reasons.set(index, decodeError(error, { index, worker: this.#worker.name }))
    }
    for (const [row, error] of unsent ?? []) {
      placeError(error, { index: start + row, worker: this.#worker.name })
      reasons.set(start + row, error)
    }
    chunk.lastFailed = reasons.has(start + values.length - 1)
    return { start, values, failures: reasons.size > 0 ? reasons : undefined }
  }
}

function keptIfAny(segment: Segment | undefined): Segment | undefined {
  return segment === undefined ? undefined : kept(segment)
}
