import { describe, expect, it } from 'vitest'
import type { KernelEnd, KernelJob } from '../../src/engines/engine.ts'
import { InlineMap } from '../../src/engines/inline.ts'
import { leavesOf as numberOfLeaves } from '../../src/engines/reduce.ts'
import { SlicedFold } from '../../src/engines/slices.ts'
import { type KernelParts, kernelParts } from '../../src/kernel/parts.ts'
import { STOP, type Stop } from '../../src/memory/control.ts'
import { axpy } from './support/axpy.ts'
import { leavesOf, rounding } from './support/tree.ts'
import { bits } from './support/values.ts'

const SLICE = 2 ** 20
const { code, ...captures } = kernelParts(axpy(3)) as KernelParts

/** A map of one slice that waits to be told how it ends. */
class Told extends InlineMap {
  stops = 0

  override start(): void {}

  override stop(why: Stop): void {
    this.stops++
    // At its last row: it has no time left to stop.
    if (why === STOP.cancelled) this.block(Number.POSITIVE_INFINITY)
    else super.stop(why)
  }
}

function folding(rows: number) {
  const xs = rounding(rows)
  const job = {
    code,
    captures,
    columns: [
      { kind: 'array', view: xs },
      { kind: 'range', start: 0.1, step: 0.7 },
    ],
    out: new Float64Array(numberOfLeaves(rows)),
    rows,
    fold: 'sum',
    chunksize: undefined,
    workers: 1,
    timeoutMs: Number.POSITIVE_INFINITY,
    isInPlace: false,
    isBlocking: false,
  } as const satisfies KernelJob
  const slices: Told[] = []
  const ends: KernelEnd[] = []
  const make = (slice: KernelJob, onEnd: (end: KernelEnd) => void): Told => {
    expect(slice.fold).toBeUndefined()
    const map = new Told('js', slice, onEnd)
    slices.push(map)
    return map
  }
  const map = new SlicedFold(job, make, (end) => ends.push(end))
  map.start()
  const results = xs.map((x, i) => 3 * x + (0.1 + i * 0.7))
  return { map, job, slices, ends, expected: bits(leavesOf('sum', results)) }
}

describe('a fold by slices', () => {
  it.each([1, 1024, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 1030])(
    'gives the numbers of all leaves of %d rows',
    (rows) => {
      const { map, job, slices, ends, expected } = folding(rows)
      while (ends.length === 0) map.block(Number.POSITIVE_INFINITY)
      expect(ends).toEqual([{ kind: 'done' }])
      expect(map.ready()).toBe(rows)
      expect(bits(job.out)).toEqual(expected)
      expect(slices).toHaveLength(Math.ceil(rows / SLICE))
      expect(map.work.chunks).toBe(slices.length)
      expect(map.engine).toBe('js')
    },
  )

  it('ends where it is stopped, at the last rows of a slice too', () => {
    const { map, slices, ends } = folding(3 * SLICE)
    map.block(Number.POSITIVE_INFINITY)
    expect([map.ready(), slices.length]).toEqual([SLICE, 2])
    map.stop(STOP.cancelled)
    expect(ends).toEqual([{ kind: 'stopped', why: STOP.cancelled }])
    expect([map.ready(), slices.length]).toEqual([SLICE, 2])

    const other = folding(3 * SLICE)
    other.map.stop(STOP.deadline)
    expect(other.ends).toEqual([{ kind: 'stopped', why: STOP.deadline }])
    expect([other.map.ready(), other.slices.length]).toEqual([0, 1])
  })

  it('is done where it is stopped at its last rows', () => {
    const { map, ends } = folding(1000)
    map.stop(STOP.cancelled)
    expect(ends).toEqual([{ kind: 'done' }])
  })
})
