// The few statistics that the bench needs, pure: the same samples and the same seed give the same figures.

// How often a bootstrap draws. Larger: an interval's ends move less from seed to seed (at 2,000 by a hundredth of its width).
// Smaller: the figures come sooner; this takes some milliseconds a figure.
const DRAWS = 2000
const COVERAGE = 0.95

/**
 * A figure and where it would lie had other rounds been run: the ends of its 95 % bootstrap interval.
 *
 * @typedef {{ value: number, low: number, high: number }} Estimate
 */

/**
 * The middle value, of an even count the mean of the middle two; NaN of none.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  return quantile(values, 0.5)
}

/**
 * The value below which a share of `values` lies, between two values by a straight line (Hyndman and Fan 1996, type 7); NaN of none.
 *
 * @param {readonly number[]} values
 * @param {number} share 0 to 1
 */
function quantile(values, share) {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (at - Math.floor(at)) * (above - below)
}

/**
 * `a / b` round by round: what disturbs a round disturbs both, so the ratios scatter less than the times.
 *
 * @param {readonly number[]} a
 * @param {readonly number[]} b as long as `a`
 */
export function pairedRatios(a, b) {
  if (a.length !== b.length) throw new RangeError(`rounds must be paired, got ${a.length} and ${b.length}`)
  return a.map((value, round) => value / /** @type {number} */ (b[round]))
}

/**
 * The median of `values` with its interval.
 *
 * @param {readonly number[]} values
 */
export function estimateMedian(values) {
  return bootstrap([values], ([drawn]) => median(drawn ?? []))
}

/**
 * A statistic over several samples with its interval by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): each
 * sample is drawn anew from itself, with replacement, and the statistic computed again.
 *
 * @param {readonly (readonly number[])[]} samples
 * @param {(samples: readonly (readonly number[])[]) => number} statistic
 * @param {() => number} [random] uniform on [0, 1)
 * @returns {Estimate}
 */
export function bootstrap(samples, statistic, random = seededRandom(1)) {
  const drawn = Array.from({ length: DRAWS }, () => statistic(samples.map((sample) => drawAgain(sample, random))))
  return {
    value: statistic(samples),
    low: quantile(drawn, (1 - COVERAGE) / 2),
    high: quantile(drawn, (1 + COVERAGE) / 2),
  }
}

/**
 * A copy in random order, each order equally likely (Fisher and Yates).
 *
 * @template T
 * @param {readonly T[]} items
 * @param {() => number} random uniform on [0, 1)
 */
export function shuffled(items, random) {
  const copy = [...items]
  for (let end = copy.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1))
    const item = /** @type {T} */ (copy[end])
    copy[end] = /** @type {T} */ (copy[other])
    copy[other] = item
  }
  return copy
}

/**
 * Uniform numbers on [0, 1), the same ones for the same seed.
 *
 * Source: mulberry32, Tommy Ettinger, 2017.
 *
 * @param {number} seed
 */
export function seededRandom(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * @param {readonly number[]} sample
 * @param {() => number} random
 */
function drawAgain(sample, random) {
  return sample.map(() => /** @type {number} */ (sample[Math.floor(random() * sample.length)]))
}
