import { describe, expect, it } from 'vitest'
import type { ChunkLine } from '../../../src/observe/chunk-line.ts'
import { chunkTraceFigure } from '../../../src/tune/chart/chunk-trace.ts'
import { heatMapFigure } from '../../../src/tune/chart/heat-map.ts'
import { lanesFigure } from '../../../src/tune/chart/lanes.ts'
import type { Figure, MissingFigure } from '../../../src/tune/chart/layout.ts'
import { orderFigure } from '../../../src/tune/chart/order.ts'
import { scalingFigure } from '../../../src/tune/chart/scaling.ts'
import type { Configuration, Run, TuneResult } from '../../../src/tune/result.ts'
import { single } from '../fixture.ts'

type Timed = Partial<Configuration> & { ms: number; firstMs?: number }

/** A result of these configurations, each run thrice; the verdict is for the first. */
function resultOf(timed: readonly Timed[], more: Partial<TuneResult> = {}): TuneResult {
  const configurations = timed.map(({ workers = 2, chunksize = 10, items = 100 }): Configuration => {
    return { engine: 'threads', workers, chunksize, items, label: String(chunksize) }
  })
  const runs = [0, 1, 2].flatMap((round) =>
    timed.map(({ ms, firstMs = ms / 10 }, configuration): Run => {
      return { ...single().runs[0]!, round, configuration, makespanMs: ms, firstMs, chunks: 10, heldBack: 7 }
    }),
  )
  return {
    ...single(),
    plainMs: [],
    configurations,
    runs,
    verdict: { ...single().verdict, best: 0, auto: null },
    ...more,
  }
}

function chunk(
  worker: number,
  start: number,
  end: number,
  beginMs: number,
  execMs: number,
  own: Partial<ChunkLine> = {},
): ChunkLine {
  const line = {
    schema: 2,
    map: 0,
    fn: 'f',
    engine: 'threads',
    done: end - start,
    atMs: beginMs + execMs,
    stopMs: null,
  } as const
  return { ...line, worker, start, end, beginMs, execMs, ...own }
}

const drawn = (figure: Figure | MissingFigure): Figure => {
  if ('missing' in figure) throw new Error(figure.missing)
  return figure
}

describe('the figure of scaling', () => {
  const timed = [
    { workers: 1, ms: 100 },
    { workers: 4, ms: 40 },
    { workers: 1, ms: 110, chunksize: 'auto' as const },
    { workers: 4, ms: 50, chunksize: 'auto' as const },
  ]

  it('takes the plain loop for what one core does', () => {
    const { finding, table } = drawn(scalingFigure(resultOf(timed, { plainMs: [80, 80, 200] })))
    expect(finding).toBe(
      'With auto, 1 worker is 0.727 times as fast as the plain loop on one core (efficiency 73 %), and 4 workers are 1.6 times as fast as the plain loop on one core (efficiency 40 %).',
    )
    expect(table.rows.map(([workers, name, , speedup, efficiency]) => [workers, name, speedup, efficiency])).toEqual([
      ['1', 'auto', '0.727', '73 %'],
      ['4', 'auto', '1.6', '40 %'],
      ['1', '10', '0.8', '80 %'],
      ['4', '10', '2', '50 %'],
    ])
  })

  it('takes the best of the fewest workers where no plain loop was run', () => {
    expect(drawn(scalingFigure(resultOf(timed))).finding).toContain(
      '4 workers are 2 times as fast as 1 worker (efficiency 50 %)',
    )
  })

  it('is not there for a single number of workers', () => {
    expect(scalingFigure(resultOf([{ ms: 1 }]))).toMatchObject({ missing: expect.stringContaining('--workers 1,2,4') })
  })
})

describe('the heat map', () => {
  it('has the regret of each chunksize and of auto, by number of items', () => {
    const timed = [
      { items: 100, chunksize: 1, ms: 20 },
      { items: 100, chunksize: 8, ms: 10 },
      { items: 100, chunksize: 'auto' as const, ms: 11 },
      { items: 1000, chunksize: 1, ms: 300 },
      { items: 1000, chunksize: 64, ms: 100 },
      { items: 1000, chunksize: 'auto' as const, ms: 90 },
      { items: 5, chunksize: 1, ms: 1 }, // one size alone is no column
    ]
    const { finding, table } = drawn(heatMapFigure(resultOf(timed)))
    expect(finding).toBe(
      'The best fixed chunksize goes from 8 to 64 over 2 numbers of items, from 100 to 1,000; auto loses 10 % at most.',
    )
    expect(table.rows).toEqual([
      ['100', '8', '10', '10 %', '100 %'],
      ['1,000', '64', '100', '-10 %', '200 %'],
    ])
  })
})

const TRACED: Partial<TuneResult> = {
  traces: [
    {
      configuration: 0,
      chunks: [
        chunk(0, 0, 1, 0, 2),
        chunk(1, 1, 2, 0, 4),
        chunk(0, 2, 12, 2, 6, { stopMs: 6 }),
        chunk(1, 12, 22, 4, 5, { stopMs: 6, done: 4 }),
        chunk(0, 16, 22, 8, 2, { stopMs: 3 }),
      ],
      delivered: [
        [2, 1],
        [4, 2],
        [8, 12],
        [10, 22],
      ],
    },
  ],
}

describe('the lanes', () => {
  it('say how busy workers were, how long they wait for the last, and what came back', () => {
    const { finding, table } = drawn(lanesFigure(resultOf([{ chunksize: 'auto', ms: 10 }], TRACED)))
    expect(finding).toBe(
      'auto: the workers are busy for 95 % of the 10 ms; the first to have nothing left waits 1 ms for the last, and 1 chunk came back unfinished.',
    )
    expect(table.rows).toEqual([
      ['auto', '0', '3', '17', '100 %', '0 ms', '10 ms'],
      ['auto', '1', '2', '5', '90 %', '0 ms', '9 ms'],
    ])
  })

  it('are drawn hatched where a chunk came back, and nowhere else', () => {
    const { draw } = drawn(lanesFigure(resultOf([{ chunksize: 'auto', ms: 10 }], TRACED)))
    const [, hatched] =
      /<path fill="url\(#[\w-]+\)" d="([^"]*)"/.exec(draw({ name: 'wide', width: 840, fontSize: 13 })) ?? []
    expect(hatched?.match(/M/g)).toHaveLength(1)
  })
})

describe('the order of results', () => {
  it('says when the first and half of them are there, and the longest wait', () => {
    const timed = [
      { chunksize: 'auto' as const, ms: 10, firstMs: 2 },
      { chunksize: 50, ms: 12, firstMs: 6 },
    ]
    const { finding, table } = drawn(orderFigure(resultOf(timed, TRACED)))
    expect(finding).toBe(
      'The first result is there after 2 ms with auto, and after 6 ms with 50, best. With auto half of the results are there after 8 ms, and the longest wait for the next is 4 ms.',
    )
    expect(table.rows[0]).toEqual(['auto', '2 ms', '2 ms to 2 ms', '20 %', '7'])
  })
})

describe('the trace of chunks', () => {
  it('says what each regime had, and how near the plans were', () => {
    const { finding, table } = drawn(chunkTraceFigure(resultOf([{ chunksize: 'auto', ms: 10 }], TRACED)))
    expect(finding).toBe(
      '5 chunks. Probe: 2 chunks of 1 row. Body: 2 chunks of 10 rows. Taper: 1 chunk of 6 rows. 0 of 3 planned chunks took between half and twice the plan.',
    )
    expect(table.rows.map(([name, chunks]) => [name, chunks])).toEqual([
      ['probe', '2'],
      ['body', '2'],
      ['taper', '1'],
    ])
  })
})
