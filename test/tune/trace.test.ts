import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChunkLog } from '../../src/tune/chunk-log.ts'
import { type TraceEvent, traceOf } from '../../src/tune/trace.ts'
import { fixture } from './fixture.ts'

const { traces } = fixture()
const log = traces
  .map(({ chunks }, map) => chunks.map((chunk) => JSON.stringify({ ...chunk, map })).join('\n'))
  .join('\n')

/** What the format asks of a file: names first, then events by time, lanes free of overlap. */
function expectSound(events: readonly TraceEvent[]): void {
  const timed = events.filter(({ ph }) => ph !== 'M')
  const names = events.filter(({ ph }) => ph === 'M')
  expect(events.slice(0, names.length)).toEqual(names)
  const named = new Set(names.filter(({ name }) => name === 'thread_name').map(({ pid, tid }) => `${pid}/${tid}`))
  const ends = new Map<string, number>()
  let last = 0
  for (const { ph, ts, dur, pid, tid, args } of timed) {
    expect(ts).toBeGreaterThanOrEqual(last)
    last = ts!
    if (ph === 'C') {
      for (const value of Object.values(args)) expect(value).toBeGreaterThanOrEqual(0)
      continue
    }
    const lane = `${pid}/${tid}`
    expect(named).toContain(lane)
    expect(dur).toBeGreaterThanOrEqual(0)
    expect(Math.round(ts! * 1000)).toBeGreaterThanOrEqual(ends.get(lane) ?? 0)
    ends.set(lane, Math.round((ts! + dur!) * 1000))
  }
}

describe('traceOf', () => {
  it('makes a process of each map, a lane of each worker and a slice of each chunk', () => {
    const { traceEvents } = traceOf(readChunkLog(log, 'a').maps)
    expectSound(traceEvents)
    expect(traceEvents.filter(({ name }) => name === 'process_name').map(({ args }) => args.name)).toEqual([
      'map 0: score (threads)',
      'map 1: score (threads)',
    ])
    expect(traceEvents.filter(({ ph }) => ph === 'X')).toHaveLength(traces[0]!.chunks.length + traces[1]!.chunks.length)
  })

  it('counts up to all rows, and down to no busy worker', () => {
    const { traceEvents } = traceOf(readChunkLog(log, 'a').maps)
    const last = (name: string): TraceEvent => traceEvents.findLast((event) => event.name === name && event.pid === 1)!
    expect(last('rows done').args).toEqual({ rows: 6000 })
    expect(last('busy workers').args).toEqual({ workers: 0 })
  })

  it('writes times as microseconds, and what came back in the name', () => {
    const line = {
      schema: 2,
      map: 7,
      fn: 'f',
      engine: 'wasm',
      worker: 2,
      start: 10,
      end: 20,
      done: 4,
      beginMs: 1.5,
      execMs: 0.25,
      atMs: 2,
      stopMs: 0.2,
    }
    const { traceEvents } = traceOf(readChunkLog(JSON.stringify(line), 'a').maps)
    expect(traceEvents.filter(({ ph }) => ph !== 'M')).toEqual([
      { name: 'busy workers', ph: 'C', pid: 1, tid: 0, ts: 1500, args: { workers: 1 } },
      { name: 'rows done', ph: 'C', pid: 1, tid: 0, ts: 1500, args: { rows: 0 } },
      {
        name: '10 to 20, 6 given back',
        cat: 'chunk,returned',
        ph: 'X',
        pid: 1,
        tid: 3,
        ts: 1500,
        dur: 250,
        args: { rows: 10, done: 4, exec_ms: 0.25, answer_ms: 2, stop_ms: 0.2 },
      },
      { name: 'busy workers', ph: 'C', pid: 1, tid: 0, ts: 1750, args: { workers: 0 } },
      { name: 'rows done', ph: 'C', pid: 1, tid: 0, ts: 1750, args: { rows: 4 } },
    ])
  })

  it('keeps lanes free of overlap whatever times a log has, of either schema', () => {
    const time = fc.double({ min: 0, max: 1e5, noNaN: true })
    const line = fc.record({
      schema: fc.constantFrom(1, 2),
      map: fc.nat(2),
      fn: fc.constant('f'),
      engine: fc.constant('threads'),
      worker: fc.nat(3),
      start: fc.nat(1000),
      size: fc.nat(50),
      beginMs: time,
      execMs: time,
      atMs: time,
      stopMs: fc.option(time),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
        const text = lines
          .map(({ size, ...rest }) => JSON.stringify({ ...rest, end: rest.start + size, done: size }))
          .join('\n')
        expectSound(traceOf(readChunkLog(text, 'a').maps).traceEvents)
      }),
    )
  })
})
