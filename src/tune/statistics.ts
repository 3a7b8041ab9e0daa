import type { Interval } from './result.ts'

// The few statistics that a comparison needs, pure: the same samples and the same seed give the same figures.

// How often a bootstrap draws. Larger: an interval's ends move less from seed to seed (at 2,000 by a hundredth of its width).
// Smaller: the figures come sooner; this takes some milliseconds a figure.
const DRAWS = 2000
const COVERAGE = 0.95

/** A figure and where it would lie had other rounds been run: the ends of its bootstrap interval. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface BootstrapOptions {
  /** Uniform on [0, 1). */
  readonly random?: () => number
  /** Share of such intervals that hold the true figure. Default 0.95. */
  readonly coverage?: number
}

/** The middle value, of an even count the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which a `share` of `values` lies, between two values by a straight line (Hyndman and Fan 1996, type 7); NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = Float64Array.from(values).sort() // an array of doubles is sorted several times as fast
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (at - Math.floor(at)) * (above - below)
}

/**
 * `a / b` round by round: what disturbs a round disturbs both, so the ratios scatter less than the times.
 *
 * Errors: RangeError where they are not equally long.
 */
export function pairedRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`rounds must be paired, got ${a.length} and ${b.length}`)
  return a.map((value, round) => value / (b[round] as number))
}

/** The median of `values` with its interval. */
export function estimateMedian(values: readonly number[], options: BootstrapOptions = {}): Estimate {
  return bootstrap([values], ([drawn]) => median(drawn ?? []), options)
}

/** The median of `values` with its interval, less `offset`. */
export function medianInterval(values: readonly number[], offset: number = 0): Interval {
  const { value, low, high } = estimateMedian(values)
  return { median: value - offset, low: low - offset, high: high - offset }
}

/** The geometric mean of ratios: that of a and 1 / a is 1. NaN of none. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
}

/**
 * A statistic over several samples with its interval by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): each
 * sample is drawn anew from itself, with replacement, and the statistic computed again.
 */
export function bootstrap(
  samples: readonly (readonly number[])[],
  statistic: (samples: readonly (readonly number[])[]) => number,
  { random = seededRandom(1), coverage = COVERAGE }: BootstrapOptions = {},
): Estimate {
  const drawn = Array.from({ length: DRAWS }, () => statistic(samples.map((sample) => drawAgain(sample, random))))
  return {
    value: statistic(samples),
    low: quantile(drawn, (1 - coverage) / 2),
    high: quantile(drawn, (1 + coverage) / 2),
  }
}

/**
 * How far a configuration seems to differ from itself: the half width of the 95 % interval of the median ratio of so many rounds, were each compared with the next
 * one. A difference below it is no difference.
 *
 * By the median absolute deviation (Rousseeuw and Croux 1993): one run that was disturbed does not make a machine noisy. A machine that drifts raises it. Infinity
 * below three rounds.
 */
export function noiseFloor(values: readonly number[]): number {
  if (values.length < 3) return Number.POSITIVE_INFINITY
  const ratios = pairedRatios(values.slice(1), values.slice(0, -1))
  const middle = median(ratios)
  const deviation = NORMAL_MAD * median(ratios.map((ratio) => Math.abs(ratio - middle)))
  const pairs = Math.floor(values.length / 2)
  return Math.abs(middle - 1) + (NORMAL_95 * MEDIAN_ERROR * deviation) / Math.sqrt(pairs)
}

/** Of a normal distribution: its deviation over its median absolute deviation; the ends of its 95 % interval; the error of a median over that of a mean. */
const NORMAL_MAD = 1.4826
const NORMAL_95 = 1.96
const MEDIAN_ERROR = Math.sqrt(Math.PI / 2)

/** A copy in random order, each order equally likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items]
  for (let end = copy.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1))
    const item = copy[end] as T
    copy[end] = copy[other] as T
    copy[other] = item
  }
  return copy
}

/**
 * Uniform numbers on [0, 1), the same ones for the same seed.
 *
 * Source: mulberry32, Tommy Ettinger, 2017.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function drawAgain(sample: readonly number[], random: () => number): number[] {
  return sample.map(() => sample[Math.floor(random() * sample.length)] as number)
}
