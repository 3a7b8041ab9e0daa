import { describe, expect, it } from 'vitest'
import type { ChunkLine } from '../../src/observe/chunk-line.ts'
import { type LoggedMap, readChunkLog } from '../../src/tune/chunk-log.ts'
import { explain } from '../../src/tune/explain.ts'
import { fixture } from './fixture.ts'

/** A map of these chunks, as a log has them; times in ms. */
function mapOf(...chunks: (Partial<ChunkLine> & { start: number; end: number })[]): LoggedMap {
  const lines = chunks.map((chunk) => ({
    schema: 2,
    map: 0,
    fn: 'f',
    engine: 'threads',
    worker: 0,
    done: chunk.end - chunk.start,
    beginMs: 0,
    execMs: 1,
    atMs: (chunk.beginMs ?? 0) + (chunk.execMs ?? 1),
    stopMs: null,
    ...chunk,
  }))
  return readChunkLog(lines.map((line) => JSON.stringify(line)).join('\n'), 'a').maps[0]!
}

const told = (map: LoggedMap): string => explain(map).sentences.join('\n')

describe('explain', () => {
  const [auto, quarter] = fixture().traces.map(({ chunks }) => mapOf(...chunks))

  it('tells of auto how it probed, what it planned, and how it shrank', () => {
    const text = told(auto!)
    expect(text).toMatch(/^Probe: 4 chunks of 1 row, until the first answer told that a row costs [\d.]+ µs\.$/m)
    expect(text).toMatch(
      /^Body: \d+ chunks of \d+ to \d+ rows, planned to last [\d.]+ ms; they took [\d.]+ (ms|µs) \(median\)\.$/m,
    )
    expect(text).toMatch(
      /^Taper: \d+ chunks of \d+ to \d+ rows, planned ever shorter, from [\d.]+ (ms|µs) to [\d.]+ µs, so that all workers end together\.$/m,
    )
    expect(text).toMatch(/^\d+ chunks? came back unfinished, with [\d,]+ rows that other chunks then had: /m)
    expect(text).toMatch(/^Of \d+ planned chunks, \d+ took more than twice as long as planned/m)
  })

  it('tells of a fixed chunksize how long its chunks took, and that workers waited for the last', () => {
    expect(told(quarter!)).toMatch(/^Chunks were of a fixed size, 375 rows: half of them took less than /m)
    expect(explain(quarter!).advice).toMatch(
      /^Workers wait \d+ % of their time for the last chunks: leave chunksize out/,
    )
  })

  it('is not misled by a row after which the next are planned too long', () => {
    // Chunks of 1 ms throughout but for one row that the system stopped; then a taper.
    const plans = [
      ...Array.from({ length: 20 }, () => 1),
      40,
      ...Array.from({ length: 20 }, () => 1),
      0.6,
      0.4,
      0.2,
      0.1,
    ]
    const chunks = plans.map((planMs, i) => {
      const rows = planMs === 40 ? 1 : 10
      return { start: i * 10, end: i * 10 + rows, worker: i % 2, beginMs: Math.floor(i / 2), stopMs: 3 * planMs }
    })
    expect(told(mapOf(...chunks))).toMatch(
      /^Body: 41 chunks of 1 to 10 rows, planned to last 1 ms;.*\nTaper: 4 chunks of 10 rows, planned ever shorter, from 600 µs to 100 µs,/m,
    )
  })

  it('reckons what share of the work would be serial, by Karp and Flatt', () => {
    // Two workers that did 1.5 times what one does: 1 / 1.5 = s + (1 - s) / 2, so s is a third.
    const map = mapOf({ start: 0, end: 50, execMs: 80 }, { start: 50, end: 100, worker: 1, execMs: 40 })
    expect(told(map)).toContain(
      'did 1.5 times what one does that never waits, as if 33 % of the work were serial; half of the answers',
    )
  })

  it('divides the time of the workers without remainder', () => {
    for (const map of [auto!, quarter!]) {
      const { busy, before, between, after } = explain(map).spent
      expect(busy + before + between + after).toBeCloseTo(1, 6)
    }
  })

  it('names the worker whose rows cost most, and the one that ended last', () => {
    const map = mapOf(
      { start: 0, end: 10, worker: 0, execMs: 10 },
      { start: 10, end: 20, worker: 1, execMs: 30 },
      { start: 20, end: 40, worker: 0, beginMs: 10, execMs: 25 },
    )
    expect(told(map)).toContain(
      'Worker 0 was the last to end, at 35 ms; the dearest rows were those of worker 1, 85 % above the mean.',
    )
  })

  it.each([
    [
      'a map that is too short to share',
      mapOf({ start: 0, end: 9, execMs: 0.1 }),
      /^All rows together are 100 µs of work: a plain loop/,
    ],
    ['a single worker', mapOf({ start: 0, end: 9, execMs: 100 }), /^One worker had all the work/],
    [
      'one row that takes most of the time',
      mapOf({ start: 0, end: 1, execMs: 90 }, { start: 1, end: 2, worker: 1, execMs: 1 }),
      /^Row 0 alone takes 90 ms of the 90 ms/,
    ],
    [
      'chunks that are too short',
      mapOf(
        ...Array.from({ length: 20 }, (_, i) => ({
          start: i * 2,
          end: i * 2 + 2,
          worker: i % 2,
          beginMs: i * 0.2,
          execMs: 0.1,
        })),
      ),
      /^Workers wait \d+ % of their time between chunks of 100 µs: leave chunksize out, or take one about 30 times as large\.$/,
    ],
    [
      'answers that are read late',
      mapOf(
        { start: 0, end: 1, execMs: 1, stopMs: 3 },
        { start: 1, end: 2, worker: 1, execMs: 1, stopMs: 3 },
        ...[5, 10, 15].flatMap((beginMs, i) =>
          [0, 1].map((worker) => ({
            start: 2 + i * 2 + worker,
            end: 3 + i * 2 + worker,
            worker,
            beginMs,
            execMs: 1,
            atMs: beginMs + 5,
            stopMs: 3,
          })),
        ),
      ),
      /^Workers wait \d+ % of their time between chunks, most of it until their answer is read: the thread that hands out/,
    ],
    [
      'workers that were all busy',
      mapOf({ start: 0, end: 50, execMs: 99 }, { start: 50, end: 100, worker: 1, execMs: 98 }),
      /^This chunksize does well here/,
    ],
  ])('has one advice for %s', (_, map, advice) => {
    expect(explain(map).advice).toMatch(advice)
  })

  it('says that it reckons, where the log does not tell when chunks began', () => {
    const line = {
      schema: 1,
      map: 0,
      fn: '',
      engine: 'processes',
      worker: 0,
      start: 0,
      end: 1,
      done: 1,
      atMs: 3,
      execMs: 2,
      stopMs: null,
    }
    const [map] = readChunkLog(JSON.stringify(line), 'a').maps
    const { heading, sentences } = explain(map!)
    expect(heading).toBe('map 0: a function without a name on 1 worker (processes): 1 row in 1 chunk, 3 ms')
    expect(sentences.at(-1)).toContain('schema 1')
  })
})
