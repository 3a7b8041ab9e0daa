import { mean, median } from 'd3-array'
import type { Configuration, Interval, Objective, Run, TuneResult } from '../result.ts'
import { beginning } from './text.ts'

/** What the runs of one configuration say. */
export interface Sample {
  /** Its place in `configurations`. */
  readonly index: number
  readonly configuration: Configuration
  readonly runs: readonly Run[]
  /** Of the objective, in milliseconds. */
  readonly time: Interval
  /** Items a chunk, on average. */
  readonly meanChunksize: number
}

interface ObjectiveWords {
  readonly title: string
  readonly axis: string
  readonly of: (run: Run) => number
}

/** The measure that a tuning was after, in words and as a number. */
export const OBJECTIVES: Readonly<Record<Objective, ObjectiveWords>> = {
  makespan: { title: 'Makespan', axis: 'makespan', of: (run) => run.makespanMs },
  first: { title: 'Time to the first result', axis: 'time to the first result', of: (run) => run.firstMs },
  p95stall: {
    title: '95th percentile of the stalls',
    axis: '95th percentile of the stalls',
    of: (run) => run.p95stallMs,
  },
}

/** Of a clock that reads 0, since a logarithm of 0 is none: a tenth of a microsecond. */
const LEAST_MS = 1e-4

/** A sample for each configuration that was run, in their order. */
export function samplesOf(result: TuneResult): Sample[] {
  const { of } = OBJECTIVES[result.objective]
  const runs = new Map<number, Run[]>()
  for (const run of result.runs) {
    const others = runs.get(run.configuration)
    if (others === undefined) runs.set(run.configuration, [run])
    else others.push(run)
  }
  return result.configurations.flatMap((configuration, index) => {
    const own = runs.get(index)
    if (own === undefined) return []
    const time = intervalOfMedian(own.map((run) => Math.max(LEAST_MS, of(run))))
    const chunks = mean(own, (run) => run.chunks) ?? 1
    return [{ index, configuration, runs: own, time, meanChunksize: configuration.items / Math.max(1, chunks) }]
  })
}

/** Those that differ from `configuration` in the chunksize alone, by chunksize. */
export function peersOf(samples: readonly Sample[], configuration: Configuration): Sample[] {
  const { engine, workers, items } = configuration
  return samples
    .filter(({ configuration: other }) => other.engine === engine && other.workers === workers && other.items === items)
    .sort((a, b) => chunksizeOf(a) - chunksizeOf(b))
}

/** The chunksize; the mean one of auto. */
export function chunksizeOf({ configuration, meanChunksize }: Sample): number {
  return configuration.chunksize === 'auto' ? meanChunksize : configuration.chunksize
}

export function isFixed({ configuration }: Sample): boolean {
  return configuration.chunksize !== 'auto'
}

/** The sample that took least time. */
export function fastest(samples: readonly Sample[]): Sample | undefined {
  return samples.reduce<Sample | undefined>(
    (best, sample) => (best === undefined || sample.time.median < best.time.median ? sample : best),
    undefined,
  )
}

/** A longer label is cut: nobody reads it in a figure. */
const LONGEST_LABEL = 24

/** How a configuration is called where the chunksize alone tells it apart: `auto`, `962`, `63 (N/4P)`. */
export function nameOf({ chunksize, label }: Configuration): string {
  const size = String(chunksize)
  return label === size || label === '' ? size : `${size} (${beginning(label, LONGEST_LABEL)})`
}

/** How a configuration is called among all: `threads × 4, 962`. */
export function fullNameOf(configuration: Configuration): string {
  return `${configuration.engine} × ${configuration.workers}, ${nameOf(configuration)}`
}

/**
 * The median with its 95 % interval, by order statistics: no draw, no shape of the noise assumed. Of fewer than six values, from the least to the most,
 * which covers less.
 */
export function intervalOfMedian(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const outside = outsideOf(n)
  return {
    median: median(sorted) ?? Number.NaN,
    low: sorted[outside] ?? Number.NaN,
    high: sorted[n - 1 - outside] ?? Number.NaN,
  }
}

/** How many of `n` values lie outside the interval on each side: the chance that so few lie below the median is under 2.5 %. */
function outsideOf(n: number): number {
  if (n > 500) return Math.floor(n / 2 - 0.98 * Math.sqrt(n)) // the normal law; powers of a half underflow
  let outside = 0
  let term = 0.5 ** n
  let chance = term
  for (let i = 1; i < n / 2; i++) {
    term *= (n - i + 1) / i
    chance += term
    if (chance > 0.025) break
    outside = i
  }
  return outside
}
