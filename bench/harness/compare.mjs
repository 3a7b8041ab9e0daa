import { estimateMedian, median, pairedRatios } from './statistics.mjs'

/** @import { Bar, Measure, Samples } from './case.mjs' */

/**
 * The configuration of these with the least median time.
 *
 * @param {Samples} samples
 * @param {readonly string[]} names at least one
 */
export function fastest(samples, names) {
  return names.reduce((best, name) => (median(timesOf(samples, name)) < median(timesOf(samples, best)) ? name : best))
}

/**
 * How many times faster one configuration is than another, round by round.
 *
 * @param {Samples} samples
 * @param {string} what
 * @param {string} name
 * @param {string} than
 * @param {Bar} [bar]
 * @returns {Measure}
 */
export function timesFaster(samples, what, name, than, bar) {
  const figure = estimateMedian(pairedRatios(timesOf(samples, than), timesOf(samples, name)))
  return { measure: `${what}, against ${than}`, figure, unit: '× as fast', ...(bar && { bar }) }
}

/**
 * How many times the other configuration's time one takes, round by round.
 *
 * @param {Samples} samples
 * @param {string} what
 * @param {string} name
 * @param {string} than
 * @param {Bar} [bar]
 * @returns {Measure}
 */
export function timesAsLong(samples, what, name, than, bar) {
  const figure = estimateMedian(pairedRatios(timesOf(samples, name), timesOf(samples, than)))
  return { measure: `${what}, against ${than}`, figure, unit: '× the time', ...(bar && { bar }) }
}

/**
 * How many times the other configuration's processor time one takes, round by round.
 *
 * @param {Samples} samples
 * @param {string} what
 * @param {string} name
 * @param {string} than
 * @param {Bar} [bar]
 * @returns {Measure}
 */
export function timesTheCpu(samples, what, name, than, bar) {
  const figure = estimateMedian(pairedRatios(cpuOf(samples, name), cpuOf(samples, than)))
  return { measure: `${what}, against ${than}`, figure, unit: '× the CPU', ...(bar && { bar }) }
}

/**
 * The processor times of a configuration, by round.
 *
 * @param {Samples} samples
 * @param {string} name
 */
function cpuOf(samples, name) {
  timesOf(samples, name)
  return samples[name]?.cpuMs ?? []
}

/**
 * The wall times of a configuration, by round.
 *
 * @param {Samples} samples
 * @param {string} name
 */
export function timesOf(samples, name) {
  const sample = samples[name]
  if (sample === undefined)
    throw new RangeError(`no configuration ${name}; there are ${Object.keys(samples).join(', ')}`)
  return sample.ms
}
