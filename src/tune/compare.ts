import { type Checks, optional, readOptions } from '../checks.ts'
import { LanewiseError } from '../errors.ts'
import { show } from '../show.ts'
import { type Measurements, seriesOf } from './measurements.ts'
import { percent } from './numerals.ts'
import type { Interval } from './result.ts'
import { bootstrap, estimateMedian, geometricMean, median, noiseFloor, pairedRatios } from './statistics.ts'

export interface CompareOptions {
  /** How much slower is a regression: 0.05, the default, is 5 per cent. */
  readonly threshold?: number | undefined
  /** What the two are called in errors and sentences. Default `['before', 'after']`. */
  readonly names?: readonly [before: string, after: string] | undefined
}

/** `'slower'` and `'faster'` are claimed only where the interval excludes 1 and the change is above the threshold and the noise. */
export type Change = 'slower' | 'faster' | 'same' | 'unknown'

/** One configuration that is in both. */
export interface ComparedRow {
  readonly name: string
  /** Rounds that are in both, and so paired. */
  readonly rounds: number
  /** Medians, of the paired rounds. */
  readonly beforeMs: number
  readonly afterMs: number
  /** Time after over time before, round by round. */
  readonly ratio: Interval
  /** Relative: what it differs from itself, in the worse of the two. */
  readonly noiseFloor: number
  readonly change: Change
}

/** What `lanewise compare --json` prints. `schema` counts incompatible changes. */
export interface Comparison {
  readonly schema: 1
  readonly kind: 'compare'
  readonly threshold: number
  readonly rows: readonly ComparedRow[]
  /** Geometric mean of the ratios of all rows that could be judged; null: there are none. */
  readonly overall: Interval | null
  readonly change: Change
  readonly sentence: string
  /** What speaks against the comparison: another machine, configurations of one side alone. */
  readonly warnings: readonly string[]
}

const THRESHOLD = 0.05
/** Of fewer rounds an interval is narrow by chance. */
const FEWEST_ROUNDS = 5
/** Share of comparisons that find nothing where there is nothing, over all rows together. */
const COVERAGE = 0.95

const checks: Checks<{ threshold: number; names: readonly [string, string] }> = {
  threshold: optional(share, THRESHOLD),
  names: optional(pairOfNames, ['before', 'after']),
}

/**
 * Compares two results of `tune` or of the bench, configuration by configuration, paired by round.
 *
 * A row is judged from five paired rounds on; the more rows, the wider each interval, so that all together are wrong in one of twenty comparisons.
 * Errors: TypeError and RangeError for options; LanewiseError (ERR_LANEWISE_COMPARE) for what is no result, and where they have nothing in common.
 */
export function compare(before: Measurements, after: Measurements, options?: CompareOptions): Comparison {
  const { threshold, names } = readOptions(options, checks, 'compare')
  const [one, two] = [seriesOf(before, names[0]), seriesOf(after, names[1])]
  const shared = [...one.times.keys()].filter((name) => two.times.has(name))
  if (shared.length === 0) {
    throw new LanewiseError(
      `${names[0]} and ${names[1]} have no configuration in common; measure the same function over the same rows`,
      { code: 'ERR_LANEWISE_COMPARE' },
    )
  }
  const pairs = shared.map((name) => paired(name, one.times.get(name) as Times, two.times.get(name) as Times))
  const judged = pairs.filter(({ ratios }) => ratios.length >= FEWEST_ROUNDS)
  const coverage = 1 - (1 - COVERAGE) / Math.max(1, judged.length)
  const rows = pairs.map((pair) => rowOf(pair, threshold, coverage))
  const overall = judged.length === 0 ? null : overallOf(judged.map(({ ratios }) => ratios))
  const change = changeOf(rows, overall, threshold)
  const alone = [...one.times.keys(), ...two.times.keys()].filter((name) => !shared.includes(name)).length
  return {
    schema: 1,
    kind: 'compare',
    threshold,
    rows,
    overall,
    change,
    sentence: sentenceOf(change, rows, overall, names[1]),
    warnings: [
      ...(one.machine === undefined || two.machine === undefined || one.machine === two.machine
        ? []
        : [`measured on different machines: ${one.machine} · ${two.machine}`]),
      ...(alone === 0 ? [] : [`${alone} configurations are in one of the two alone`]),
    ],
  }
}

type Times = ReadonlyMap<number, number>

interface Pair {
  readonly name: string
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly ratios: readonly number[]
}

function paired(name: string, one: Times, two: Times): Pair {
  const rounds = [...one.keys()].filter((round) => two.has(round)).sort((a, b) => a - b)
  const [before, after] = [one, two].map((times) => rounds.map((round) => times.get(round) as number)) as [
    number[],
    number[],
  ]
  return { name, before, after, ratios: pairedRatios(after, before) }
}

function rowOf({ name, before, after, ratios }: Pair, threshold: number, coverage: number): ComparedRow {
  const { value, low, high } = estimateMedian(ratios, { coverage })
  const floor = Math.min(1, Math.max(noiseFloor(before), noiseFloor(after)))
  const ratio = { median: value, low, high }
  return {
    name,
    rounds: ratios.length,
    beforeMs: median(before),
    afterMs: median(after),
    ratio,
    noiseFloor: floor,
    change: ratios.length < FEWEST_ROUNDS ? 'unknown' : changeBy(ratio, Math.max(threshold, floor)),
  }
}

/** A change is one both ways alike: to be as much faster as `least` slower is a factor of 1 / (1 + least). */
function changeBy({ median, low, high }: Interval, least: number): Change {
  if (low > 1 && median > 1 + least) return 'slower'
  return high < 1 && median < 1 / (1 + least) ? 'faster' : 'same'
}

function overallOf(ratios: readonly (readonly number[])[]): Interval {
  const { value, low, high } = bootstrap(ratios, (drawn) => geometricMean(drawn.map(median)))
  return { median: value, low, high }
}

/** One row that is slower is a regression; else all of them together count. */
function changeOf(rows: readonly ComparedRow[], overall: Interval | null, threshold: number): Change {
  if (overall === null) return 'unknown'
  if (rows.some(({ change }) => change === 'slower')) return 'slower'
  const floor = median(rows.filter(({ change }) => change !== 'unknown').map((row) => row.noiseFloor))
  const together = changeBy(overall, Math.max(threshold, floor))
  return together === 'same' && rows.some(({ change }) => change === 'faster') ? 'faster' : together
}

function sentenceOf(change: Change, rows: readonly ComparedRow[], overall: Interval | null, name: string): string {
  if (overall === null) {
    const most = Math.max(...rows.map(({ rounds }) => rounds))
    return `Nothing can be told: ${most} rounds are paired, and ${FEWEST_ROUNDS} are needed.`
  }
  const { median: all, low, high } = overall
  const told = `${percent(all - 1)} [${percent(low - 1)}, ${percent(high - 1)}] over all`
  const own = rows.filter((row) => row.change === change)
  const worst = [...own].sort((a, b) => Math.abs(Math.log(b.ratio.median)) - Math.abs(Math.log(a.ratio.median)))[0]
  const far = worst === undefined ? '' : `, most of all ${worst.name}: ${percent(worst.ratio.median - 1)}`
  switch (change) {
    case 'slower':
      return `${name} is slower: ${told}${far}.`
    case 'faster':
      return `${name} is faster: ${told}${far}.`
    default:
      return `No difference beyond the noise: ${told}.`
  }
}

function share(value: unknown, name: string): number {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
  throw new (typeof value === 'number' ? RangeError : TypeError)(
    `${name} must be a share of at least 0, got ${show(value)}; use 0.05 for 5 %`,
  )
}

function pairOfNames(value: unknown, name: string): readonly [string, string] {
  const [before, after, ...more]: unknown[] = Array.isArray(value) ? value : []
  if (typeof before === 'string' && typeof after === 'string' && more.length === 0) return [before, after]
  throw new TypeError(`${name} must be two strings, got ${show(value)}; leave it out`)
}
