import { setImmediate as turn } from 'node:timers/promises'
import { duration, percent } from '../numerals.ts'
import { median, quantile } from '../statistics.ts'
import { openEcho, type Payload, runAtomics, timeOf } from './echo.ts'
import type { Experiment, FigureFile, Findings, Row, SampleRecord } from './experiment.ts'
import { linesFigure } from './figures/lines.ts'
import { knowsNothing, type Lab } from './lab.ts'
import { workerCounts } from './scaling.ts'

const DEPTHS = [1, 2, 4]
const PAYLOADS: readonly Payload[] = [1, 1000, 100_000].flatMap((numbers) =>
  (['typed', 'boxed'] as const).map((kind) => ({ numbers, kind })),
)
/** Percentiles of fewer are guesses. */
const PINGS = 3000
/** Numbers that travel for all pings of one payload, at most: a large one is sent less often. */
const MOST_NUMBERS = 3_000_000
const STARTS = 5

export const calibration: Experiment = {
  name: 'E1',
  title: 'Calibration',
  claim:
    'a chunk by message costs a worker some 30 µs here, a claim at a counter less than one, and a packed number some 20 ns',
  grid: `round trips ${DEPTHS.join(', ')} deep; payloads of 1, 1,000 and 100,000 numbers, boxed and typed; atomics on 1 … P threads; the clock; the start of a worker`,
  rounds: 1,
  seconds: 15,
  workloads: [],
  engines: [],
  run: calibrate,
}

/** Samples of one thing, in milliseconds. */
interface Sampled {
  readonly what: string
  readonly values: readonly number[]
}

async function calibrate(lab: Lab): Promise<Findings> {
  const trips: Sampled[] = []
  const others: Sampled[] = []
  for (const depth of DEPTHS) {
    if (lab.isOver) break
    lab.tell(`round trips ${depth} deep`, lab.budgetMs)
    const { tripsMs, gapsMs, mainMs } = await ping(PINGS, depth, { numbers: 1, kind: 'typed' })
    trips.push({ what: `round trip, ${depth} deep`, values: tripsMs }, { what: `gap, ${depth} deep`, values: gapsMs })
    others.push({ what: `main thread a chunk, ${depth} deep`, values: [mainMs] })
  }
  for (const payload of PAYLOADS) {
    if (lab.isOver) break
    const { numbers, kind } = payload
    lab.tell(`${numbers} ${kind} numbers`, lab.budgetMs)
    const pings = Math.max(20, Math.min(PINGS, Math.floor(MOST_NUMBERS / numbers)))
    const { tripsMs } = await ping(pings, 1, payload)
    others.push({ what: `round trip of ${numbers} ${kind} numbers`, values: tripsMs })
  }
  for (const threads of workerCounts(lab.workers).filter((each) => each <= lab.workers)) {
    if (lab.isOver) break
    others.push({
      what: `Atomics.add, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      values: await runAtomics(threads),
    })
  }
  if (!lab.isOver) {
    others.push({ what: 'performance.now()', values: timeOf(() => performance.now()) })
    others.push({ what: 'start of a worker', values: await startWorkers() })
  }
  const all = [...trips, ...others]
  if (all.length === 0) throw knowsNothing(lab.experiment)
  return {
    subjects: ['bare workers of Node, no pool'],
    rows: all.map(rowOf),
    rounds: all.map(({ what, values }): SampleRecord => {
      return { schema: 1, kind: 'samples', experiment: 'E1', subject: what, unit: 'ms', values }
    }),
    summary: summaryOf(all),
    figures: [figureFor(trips)],
  }
}

async function ping(
  pings: number,
  depth: number,
  payload: Payload,
): Promise<{ tripsMs: number[]; gapsMs: number[]; mainMs: number }> {
  const echo = await openEcho()
  try {
    await echo.ping(Math.min(pings, 200), depth, payload) // compiles
    await turn()
    return await echo.ping(pings, depth, payload)
  } finally {
    await echo.close()
  }
}

async function startWorkers(): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now()
    const echo = await openEcho()
    times.push(performance.now() - start)
    await echo.close()
  }
  return times
}

function rowOf({ what, values }: Sampled): Row {
  const at = (part: number): number => quantile(values, part)
  return { what, samples: values.length, p10Ms: at(0.1), p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) }
}

function summaryOf(all: readonly Sampled[]): string[] {
  const of = (what: string): number => median(all.find((each) => each.what === what)?.values ?? [])
  const slope = (kind: Payload['kind']): number =>
    (of(`round trip of 100000 ${kind} numbers`) - of(`round trip of 1 ${kind} numbers`)) / 100_000
  const sentences: readonly (readonly [number, string])[] = [
    [
      of('gap, 1 deep'),
      `h: a worker with one chunk at a time stands idle for ${duration(of('gap, 1 deep'))} between two of them, with a second one waiting for ${duration(of('gap, 2 deep'))}.`,
    ],
    [
      of('main thread a chunk, 4 deep'),
      `s: a chunk takes ${duration(of('main thread a chunk, 4 deep'))} of the main thread.`,
    ],
    [
      slope('typed'),
      `b: a number there and back costs ${duration(slope('typed'))} in a typed array, and ${duration(slope('boxed'))} in a plain one.`,
    ],
    [
      of('Atomics.add, 1 thread'),
      `A claim at a counter costs ${duration(of('Atomics.add, 1 thread'))} alone, and a look at the clock ${duration(of('performance.now()'))}.`,
    ],
    [of('start of a worker'), `A worker starts in ${duration(of('start of a worker'))}.`],
  ]
  return sentences.flatMap(([value, sentence]) => (Number.isFinite(value) ? [sentence] : []))
}

/** For each the share of all that took no longer. */
function figureFor(trips: readonly Sampled[]): FigureFile {
  return linesFigure({
    name: 'round-trips',
    title: 'Round trips of a message, and gaps between two chunks',
    finding: 'The share of 1 that took no longer, by how many messages are under way.',
    x: { title: 'time', isLog: true, format: duration },
    y: { title: 'share', isLog: false, format: percent },
    isStepped: true,
    series: trips.map(({ what, values }) => ({
      name: what,
      look: what.startsWith('gap, 1') ? ('auto' as const) : ('plain' as const),
      points: Array.from({ length: 101 }, (_, i) => ({ x: quantile(values, i / 100), y: i / 100 })).filter(
        ({ x }) => x > 0,
      ),
    })),
  })
}
