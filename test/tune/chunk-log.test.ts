import { describe, expect, it } from 'vitest'
import { readChunkLog } from '../../src/tune/chunk-log.ts'

const LINE = {
  schema: 2,
  map: 0,
  fn: 'f',
  engine: 'threads',
  worker: 0,
  start: 0,
  end: 1,
  done: 1,
  beginMs: 1,
  execMs: 2,
  atMs: 4,
  stopMs: null,
}

/** Lines of a log, each with what makes it differ from a usual one. */
function log(...lines: (object | string)[]): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify({ ...LINE, ...line })}\n`).join('')
}

describe('readChunkLog', () => {
  it('reads the maps of a log, their chunks in the order in which they began', () => {
    const text = log({ start: 1, end: 2, beginMs: 3 }, { start: 0 }, { map: 1, fn: 'g', worker: 3 })
    const { maps, notes } = readChunkLog(text, 'a.jsonl')
    expect(notes).toEqual([])
    expect(maps.map(({ map, fn, workers }) => ({ map, fn, workers }))).toEqual([
      { map: 0, fn: 'f', workers: [0] },
      { map: 1, fn: 'g', workers: [3] },
    ])
    expect(maps[0]!.chunks.map(({ start }) => start)).toEqual([0, 1])
    expect(maps[0]!).toMatchObject({ makespanMs: 5, isReckoned: false })
  })

  it('reckons the begin of a chunk from its answer in a log of schema 1, so that no two of a worker overlap', () => {
    // A busy thread read both answers at 10 ms: the first chunk was over before the second began.
    const one = { schema: 1, beginMs: undefined }
    const text = log({ ...one, start: 0, execMs: 4, atMs: 10 }, { ...one, start: 1, end: 2, execMs: 3, atMs: 10 })
    const [map] = readChunkLog(text, 'a.jsonl').maps
    expect(map!.chunks.map(({ beginMs, execMs }) => [beginMs, execMs])).toEqual([
      [3, 4],
      [7, 3],
    ])
    expect(map!.isReckoned).toBe(true)
  })

  it('tells runs apart that were appended to one log, by rows that are done again', () => {
    const { maps } = readChunkLog(log({}, { start: 1, end: 2 }, {}, { start: 1, end: 2 }), 'a.jsonl')
    expect(maps.map(({ chunks }) => chunks.length)).toEqual([2, 2])
  })

  it('keeps rows together that were sent twice and done once', () => {
    const { maps } = readChunkLog(log({ done: 0 }, { worker: 1 }), 'a.jsonl')
    expect(maps).toHaveLength(1)
  })

  it('leaves out a last line that is cut off, and says which', () => {
    const { maps, notes } = readChunkLog(`${log({})}{"schema":2,"ma`, 'a.jsonl')
    expect(maps[0]!.chunks).toHaveLength(1)
    expect(notes).toEqual(['line 2 of a.jsonl is cut off, as by a program that was ended: it is left out'])
  })

  it.each([
    ['words', 'hello', "a line is a JSON object, got 'hello'"],
    ['a line cut off before the last', '{"schema":2,', 'a line is a JSON object, got'],
    ['a list', '[]', 'a line is a JSON object, got'],
    ['a newer schema', { schema: 3 }, 'schema is 1 or 2 for this version of lanewise, got 3'],
    ['no schema', { schema: undefined }, 'schema must be 1 or 2, got undefined'],
    ['a time that is none', { execMs: null }, 'execMs must be a time of 0 or more, got null'],
    ['no begin', { beginMs: undefined }, 'beginMs must be a time, got undefined'],
    ['rows below 0', { start: -1 }, 'start must be an integer from 0, got -1'],
    ['rows beyond what a number counts', { end: 2 ** 53 }, 'end must be an integer from 0, got 9007199254740992'],
    ['more rows done than sent', { done: 2 }, '0 <= done <= end - start, got 2'],
  ])('refuses %s, with the number of its line', (_, line, rule) => {
    const text = log({}, line, { start: 5, end: 6 })
    expect(() => readChunkLog(text, 'a.jsonl')).toThrow(`a.jsonl:2 is no line of a chunk log: `)
    expect(() => readChunkLog(text, 'a.jsonl')).toThrow(rule)
  })

  it.each([['', '\n\n']])('refuses a log without chunks, and says how to make one', (text) => {
    expect(() => readChunkLog(text, 'a.jsonl')).toThrow(
      'a.jsonl has no chunks; a program writes them when it runs with LANEWISE_CHUNK_LOG=a.jsonl',
    )
  })
})
