import { timesOf } from './compare.mjs'
import { estimateMedian, median } from './statistics.mjs'

/** @import { Plan, Samples } from './case.mjs' */

/**
 * A policy, run against rivals over one kind of work until it is known how far it is from the best of them.
 *
 *   heats    all rivals, then the quicker half. The quickest go on, and nothing else is taken from these rounds: who was lucky in them has no gain of it
 *   finals   the policy, the policy again, and the finalists, until the interval is narrow
 *
 * In the finals the best rival is chosen on the even rounds and scored on the odd ones, and the other way about, or the luckiest of them would win.
 *
 * @typedef {object} Race
 * @property {string} work
 * @property {string} policy the configurations, by their names
 * @property {string} again  the same as the policy: what they differ by is the machine's noise
 * @property {readonly string[]} rivals
 * @property {(finals: Finals) => readonly number[]} score what is to be known, a number a round
 * @property {number} width half of an interval that is narrow enough, in units of the score
 * @property {number} laps  finals in a round: more where a run is so short that it costs little and tells little
 */

/**
 * Times by round of the finals: `best[r]` is the time in round r of the rival that was best in the other half of the rounds.
 *
 * @typedef {{ policy: readonly number[], again: readonly number[], best: readonly number[], names: readonly string[] }} Finals
 */

/** Two: one disturbance in the second does not put the best rival out. Each costs as much as two rounds of finals. */
const HEATS = 2
/** Of rivals in steps of two the best has a neighbour on either side within a few per cent. Fewer: noise puts it out. More: fewer rounds. */
const FINALISTS = 4
/** Below this an interval of a median is chance itself. */
const LEAST_FINALS = 6

/**
 * The plan of all races side by side.
 *
 * @param {readonly Race[]} races
 * @param {number} finals at most
 * @param {number} budgetMs no group of a round begins later
 * @returns {Plan}
 */
export function planRaces(races, finals, budgetMs) {
  let round = 0
  return {
    warmUp: races.map(({ policy }) => policy),
    next(samples, spentMs) {
      if (spentMs >= budgetMs) return undefined
      const live = races.filter((race) => !isOver(samples, race, finals))
      if (live.length === 0) return undefined
      round++
      const stage = round <= HEATS ? `heat ${round} of ${HEATS}` : `final ${round - HEATS} of ${finals} at most`
      const time = `${Math.round(spentMs / 1000)} s of ${Math.round(budgetMs / 1000)} s at most`
      const groups = live.flatMap((race) => {
        const runners = runnersOf(samples, race)
        return Array.from({ length: round <= HEATS ? 1 : race.laps }, () => runners)
      })
      return { groups, says: `${stage}, ${live.length} of ${races.length} go on, ${time}`, untilMs: budgetMs }
    },
  }
}

/**
 * What the finals gave so far; undefined as long as there are not two rounds of them.
 *
 * @param {Samples} samples
 * @param {Race} race
 * @returns {Finals | undefined}
 */
export function finalsOf(samples, race) {
  const [policy, again] = [finalTimes(samples, race.policy), finalTimes(samples, race.again)]
  if (policy.length < 2) return undefined
  const best = bestOfOtherHalf(finalistsOf(samples, race).map((name) => [name, finalTimes(samples, name)]))
  return { policy, again, best: best.times, names: best.names }
}

/**
 * By round the time of the one that is best in the other half of the rounds, even or odd ones: who is lucky in a half is not scored in it.
 *
 * @param {readonly (readonly [name: string, times: readonly number[]])[]} rivals at least one, of two rounds or more
 * @returns {{ times: number[], names: string[] }} `names`: of those that were the best of a half
 */
export function bestOfOtherHalf(rivals) {
  const winners = [0, 1].map((half) => {
    const medians = rivals.map(([, times]) => median(times.filter((_, round) => round % 2 === half)))
    return rivals[medians.indexOf(Math.min(...medians))]
  })
  const times = rivals[0]?.[1].map((_, round) => winners[1 - (round % 2)]?.[1][round] ?? Number.NaN) ?? []
  return { times, names: [...new Set(winners.flatMap((winner) => winner?.[0] ?? []))] }
}

/**
 * @param {Samples} samples
 * @param {Race} race
 */
function runnersOf(samples, race) {
  const { policy, again, rivals } = race
  const rounds = timesOf(samples, policy).length
  if (rounds === 0) return [policy, again, ...rivals]
  const half = Math.max(FINALISTS, Math.ceil(rivals.length / 2))
  return [policy, again, ...(rounds < HEATS ? quickest(samples, rivals, half) : finalistsOf(samples, race))]
}

/**
 * Of those that ran in all heats.
 *
 * @param {Samples} samples
 * @param {Race} race
 */
function finalistsOf(samples, { rivals }) {
  const last = rivals.filter((name) => timesOf(samples, name).length >= HEATS)
  return quickest(samples, last, FINALISTS)
}

/**
 * By their least time in the heats: what disturbs makes one longer, never shorter.
 *
 * @param {Samples} samples
 * @param {readonly string[]} names
 * @param {number} count
 */
function quickest(samples, names, count) {
  /** @param {string} name */
  const least = (name) => Math.min(...timesOf(samples, name).slice(0, HEATS))
  return names.length <= count ? names : [...names].sort((a, b) => least(a) - least(b)).slice(0, count)
}

/**
 * @param {Samples} samples
 * @param {Race} race
 * @param {number} most
 */
function isOver(samples, race, most) {
  const finals = finalsOf(samples, race)
  if (finals === undefined) return false
  if (finals.policy.length >= most * race.laps) return true
  if (finals.policy.length < LEAST_FINALS) return false
  const { low, high } = estimateMedian(race.score(finals))
  return (high - low) / 2 <= race.width
}

/**
 * @param {Samples} samples
 * @param {string} name
 */
function finalTimes(samples, name) {
  return timesOf(samples, name).slice(HEATS)
}
