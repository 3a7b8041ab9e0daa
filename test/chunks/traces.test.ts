import { describe, expect, it } from 'vitest'
import { AutoChunks } from '../../src/chunks/auto.ts'
import { type Header, type Line, traces } from './traces.ts'

describe('AutoChunks beside the reference', () => {
  it.each(traces)('decides every chunk of $header.name to the bit', ({ header, lines }) => {
    const auto = new AutoChunks(header)
    let chunks = 0
    // Each line as this class would have written it.
    const replay = (line: Line): Line => {
      if (line[0] === 'prefetch') return ['prefetch', auto.mayPrefetch()]
      if (line[0] === 'report') {
        const [, worker, items, execMs, gapMs] = line
        auto.report(worker, items, execMs, gapMs ?? undefined)
        return line
      }
      const [, worker, remaining, length] = line
      const { items, stopMs } = auto.next(worker, remaining, length ?? undefined)
      chunks++
      return ['next', worker, remaining, length, items, stopMs === Number.POSITIVE_INFINITY ? null : stopMs]
    }
    expect(lines.map(replay)).toEqual(lines)
    expect(chunks).toBe(header.chunks)
  })

  it('is recorded over every shape, machine and engine, from 1 worker to 16', () => {
    const all = <K extends keyof Header>(key: K): Set<Header[K]> => new Set(traces.map(({ header }) => header[key]))
    expect(all('shape').size).toBe(12)
    expect(all('machine').size).toBe(6)
    expect([...all('engine')].sort()).toEqual(['native', 'pull', 'push'])
    expect([...all('workers')]).toEqual(expect.arrayContaining([1, 2, 4, 8, 16]))
    const lines = traces.flatMap((trace) => trace.lines)
    expect(lines.some((line) => line[0] === 'next' && line[3] === null)).toBe(true)
    expect(lines.some((line) => line[0] === 'prefetch' && line[1])).toBe(true)
    expect(lines.some((line) => line[0] === 'prefetch' && !line[1])).toBe(true)
  })
})
