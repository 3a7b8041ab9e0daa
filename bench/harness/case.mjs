import { timer as rounds } from '../engines/rounds.mjs'

/** @import { Timer } from '../engines/timer.mjs' */

/**
 * What a case is, and how its configurations are timed. A case is a module of bench/cases.
 *
 * @import { Estimate } from './statistics.mjs'
 */

/**
 * One run of one configuration.
 *
 * @typedef {object} Sample
 * @property {number} ms       wall time
 * @property {number} [cpuMs]  time on any core, over all threads of the subject's process; its child processes are not in it
 * @property {string} [told]   what it said, where that is what counts
 * @property {ServerSample} [server] of the server that it used
 */

/**
 * @typedef {object} ServerSample
 * @property {number} cpuMs  time on any core, in this run
 * @property {number} mib    the most memory that it ever had, in MiB
 */

/**
 * All samples, by configuration: `ms[r]`, `cpuMs[r]` and `told[r]` are round r's, so that rounds can be paired.
 *
 * @typedef {Record<string, { ms: number[], cpuMs: number[], told?: string[], server?: ServerSample[] }>} Samples
 */

/**
 * A line of the table.
 *
 * @typedef {object} Measure
 * @property {string} measure
 * @property {Estimate} figure
 * @property {'× as fast' | '× the time' | '× the CPU' | 'ns' | 'µs' | 'ms' | '%' | 'MiB'} unit
 * @property {Bar} [bar] none: the figure is there to read the others by
 */

/** @typedef {{ atLeast: number } | { atMost: number }} Bar */

/**
 * One contender, ready to run: a pool that is open.
 *
 * @typedef {object} Subject
 * @property {Record<string, () => Promise<Sample>>} configurations each runs once a round; their names are unique in the case
 * @property {() => Promise<unknown>} close
 */

/**
 * @typedef {object} Case
 * @property {string} about  what is compared with what, for who reads the results
 * @property {number} rounds enough for intervals that tell the bar from the figure on a quiet machine
 * @property {Record<string, () => Promise<Subject>>} subjects each opened in a process of its own, as a user has one pool and not
 *   six: none runs on the heap, or on the compiled code, that another one has left. Throws `CannotMeasure` where a program is missing.
 * @property {readonly string[]} [optional] subjects that the case does without where they cannot be measured
 * @property {(samples: Samples) => Measure[]} measures of what was measured: of as many rounds as there are, since Ctrl-C ends a case at any
 * @property {(names: readonly string[], rounds: number) => Plan} [plan] left out: all configurations, once in each of `rounds` rounds
 * @property {(samples: Samples) => string[][]} [rows] a table in place of the times of all configurations, its heads first
 */

/**
 * What runs when.
 *
 * @typedef {object} Plan
 * @property {readonly string[]} warmUp configurations that run first, and do not count
 * @property {(samples: Samples, spentMs: number) => Round | undefined} next undefined: the case is over
 */

/**
 * The configurations of a group are compared with one another, so they run one after the other. One that was left out of a round never comes back: round r of
 * one is round r of all that it was grouped with. No group begins `untilMs` after the first round did; left out: all do.
 *
 * @typedef {{ groups: readonly (readonly string[])[], says: string, untilMs?: number }} Round
 */

/** All bars are for two workers. */
export const WORKERS = 2

/** Something that the case needs is not on this machine: no failure, and no figure. */
export class CannotMeasure extends Error {}

/** By what all configurations of this process are timed. */
let timer = rounds

/** @param {Timer} chosen */
export function useTimer(chosen) {
  timer = chosen
}

/**
 * A configuration that times `work` and then lets `check` look at its result.
 *
 * @template R
 * @param {() => PromiseLike<R> | R} work
 * @param {(result: R) => void} check throws if the result is wrong
 * @returns {() => Promise<Sample>}
 */
export function timed(work, check) {
  return async () => {
    const { result, ms, cpuMs } = await timer.time(work)
    check(result)
    return { ms, cpuMs }
  }
}

/**
 * Throws unless `actual` is a plain array of exactly these values, bit for bit.
 *
 * @param {unknown} actual
 * @param {ArrayLike<number | string>} expected
 */
export function expectArray(actual, expected) {
  if (!Array.isArray(actual)) throw new Error(`expected a plain array, got ${Object.prototype.toString.call(actual)}`)
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${actual.length}`)
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      throw new Error(`result ${i} must be ${expected[i]}, got ${String(actual[i])}`)
    }
  }
}
