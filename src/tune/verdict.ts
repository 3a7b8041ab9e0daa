import type { Station } from './grid.ts'
import { duration, percent } from './numerals.ts'
import type { Configuration, Interval, Objective, Run, Verdict } from './result.ts'
import { median, medianInterval, noiseFloor, pairedRatios } from './statistics.ts'
import { objectiveOf } from './words.ts'

/** What a verdict is made of. */
export interface Findings {
  readonly objective: Objective
  readonly kind: 'function' | 'kernel'
  readonly items: number
  /** How many inputs there are. */
  readonly inputs: number
  /** The pool that one gets who sets nothing. */
  readonly usual: Station
  readonly configurations: readonly Configuration[]
  readonly runs: readonly Run[]
  /** The plain loop in rounds 0, 1, 2 …. */
  readonly plainMs: readonly number[]
  /** Median share of the time that the calling thread was busy, by configuration. */
  readonly mainShares: readonly number[]
}

/** A fixed size that gains less is not worth an option that someone must keep right. */
const WORTH = 0.05
/** Another engine that gains less is not worth a change. */
const WORTH_A_CHANGE = 0.1
/** A pool that is not so many times as fast as a plain loop is not worth its workers. */
const WORTH_A_POOL = 1.1
/** Sizes whose medians are that near the best are one valley; its middle is told, since its bottom is chance. */
const VALLEY = 0.03
/** With fewer paired rounds an interval says nothing. */
const FEWEST_PAIRS = 3
/** An interval that reaches that far to both sides, or a configuration that differs more from itself: nothing can be told. */
const TOO_NOISY = 0.15

/** A message there and back takes the calling thread about so long; reference: docs/chunking.md. */
const SEND_MS = 0.008
/** What the calling thread may be busy, and the workers idle, before it is what the work waits for. */
const BUSY = 0.7
/** Bytes a millisecond, read and written: half of what one memory channel gives. */
const MEMORY_BYTES_PER_MS = 8e6

/** Says what the runs mean: a difference is claimed only where its interval excludes none and it is above the noise. Pure. */
export function judge(findings: Findings): Verdict {
  return new Judge(findings).verdict()
}

class Judge {
  readonly #of: Findings
  /** Values by configuration, by round. */
  readonly #values: readonly Map<number, number>[]

  constructor(findings: Findings) {
    this.#of = findings
    this.#values = findings.configurations.map(() => new Map())
    for (const run of findings.runs)
      this.#values[run.configuration]?.set(run.round, objectiveOf(run, findings.objective))
  }

  verdict(): Verdict {
    const usual = this.#autoOf(this.#of.usual)
    const winner = this.#quickerThan(usual) ?? { auto: usual, ratio: undefined }
    const { auto } = winner
    const best = this.#bestFixed(auto) ?? this.#quickest()
    const regret = auto === null ? null : this.#regret(auto, best)
    const floor = this.#floor(auto ?? best)
    const boundBy = this.#boundBy(auto ?? best)
    const told = { best, auto, regret, noiseFloor: floor, boundBy }
    const choice = { ...told, floor, usual, ratio: winner.ratio }
    const { advice, sentence, option } = this.#advice(choice)
    const bound = boundBy === null || advice === 'noisy' ? '' : ` ${BOUND[boundBy]}`
    return { sentence: `${sentence}${bound}`, advice, option, ...told }
  }

  #advice({
    best,
    auto,
    regret,
    floor,
    boundBy,
    usual,
    ratio,
  }: Choice): Pick<Verdict, 'advice' | 'sentence' | 'option'> {
    const quickest = auto === null || this.#median(best) < this.#median(auto) ? best : auto
    const plain = this.#overPlain(quickest)
    if (plain !== undefined && plain.median < WORTH_A_POOL && plain.high < WORTH_A_POOL * (1 + 2 * TOO_NOISY)) {
      const why = boundBy === 'handing out' || boundBy === 'transfer' ? '' : ', which costs no workers'
      return {
        advice: 'plain',
        option: null,
        sentence: `A plain loop takes ${duration(median(this.#of.plainMs))}, a pool ${duration(this.#median(quickest))}: call the function in a loop${why}.`,
      }
    }
    if (auto === null || regret === null) return this.#withoutAuto(best, auto)
    const worth = Math.max(WORTH, floor)
    const isWorse = regret.low > 0 && regret.median > worth
    const name = this.#of.configurations[best]?.chunksize
    const interval = `${percent(regret.median)} [${percent(regret.low)}, ${percent(regret.high)}]`
    const size = isWorse ? `, with chunksize ${name}` : ''
    if (ratio !== undefined && usual !== null) {
      const to = this.#of.configurations[auto] as Configuration
      return {
        advice: 'engine',
        option: isWorse ? `${this.#optionOf(to)}, { chunksize: ${name} }` : this.#optionOf(to),
        sentence: `${stationName(to)} take ${duration(this.#median(isWorse ? best : auto))}${size}, ${stationName(this.#of.usual)} ${duration(this.#median(usual))}: use ${this.#optionOf(to)}${isWorse ? `, and { chunksize: ${name} }` : ''}.`,
      }
    }
    if (isWorse) {
      return {
        advice: 'chunksize',
        option: `{ chunksize: ${name} }`,
        sentence: `chunksize ${name} takes ${duration(this.#median(best))}, auto ${duration(this.#median(auto))}, ${interval} more: use { chunksize: ${name} }.`,
      }
    }
    if (floor > TOO_NOISY || (regret.low < -TOO_NOISY && regret.high > TOO_NOISY)) {
      return {
        advice: 'noisy',
        option: null,
        sentence: `Nothing can be told: the same configuration differs from itself by ${percent(floor)}, and auto from the best fixed chunksize, ${name}, by ${interval}. Close other programs, or give a larger --budget.`,
      }
    }
    const than =
      regret.median <= 0
        ? `no more than the best fixed chunksize, ${name} (${interval})`
        : `within ${interval} of the best fixed chunksize, ${name}`
    return {
      advice: 'auto',
      option: null,
      sentence: `auto takes ${duration(this.#median(auto))}, ${than}: leave chunksize at auto.`,
    }
  }

  /** Where there is no auto to compare with, or too few rounds to. */
  #withoutAuto(best: number, auto: number | null): Pick<Verdict, 'advice' | 'sentence' | 'option'> {
    const { chunksize } = this.#of.configurations[best] as Configuration
    if (auto === null && chunksize !== 'auto' && (this.#values[best]?.size ?? 0) >= 2 * FEWEST_PAIRS) {
      return {
        advice: 'chunksize',
        option: `{ chunksize: ${chunksize} }`,
        sentence: `chunksize ${chunksize} takes ${duration(this.#median(best))}, the least of these; auto was not run.`,
      }
    }
    const only = auto === best ? '; there is no other chunksize to compare it with' : ''
    if (only !== '' && (this.#values[best]?.size ?? 0) >= 2 * FEWEST_PAIRS) {
      return { advice: 'auto', option: null, sentence: `auto takes ${duration(this.#median(best))}${only}.` }
    }
    const rounds = Math.max(...this.#values.map(({ size }) => size))
    return {
      advice: 'noisy',
      option: null,
      sentence: `Nothing can be told of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, with ${duration(this.#median(best))} a run: give a larger --budget, or fewer rows.`,
    }
  }

  /** Of a pool; null where it was not run. */
  #autoOf({ engine, workers }: Station): number | null {
    const at = this.#of.configurations.findIndex(
      (each, i) =>
        each.engine === engine && each.workers === workers && each.chunksize === 'auto' && this.#values[i]?.size !== 0,
    )
    return at === -1 ? null : at
  }

  /** The auto of another pool that is quicker for sure, and by how much: few are compared, so no luck flatters the best. */
  #quickerThan(usual: number | null): { auto: number; ratio: Interval } | undefined {
    if (usual === null) return undefined
    const autos = this.#of.configurations.flatMap(({ chunksize }, i) =>
      chunksize === 'auto' && i !== usual ? [i] : [],
    )
    const floor = this.#floor(usual)
    const quicker = autos.flatMap((auto) => {
      const ratios = this.#ratios(auto, usual, () => true)
      const ratio = medianInterval(ratios)
      const isSure =
        ratios.length >= FEWEST_PAIRS && ratio.high < 1 && 1 - ratio.median > Math.max(WORTH_A_CHANGE, floor)
      return isSure ? [{ auto, ratio }] : []
    })
    return quicker.sort((a, b) => a.ratio.median - b.ratio.median)[0]
  }

  /**
   * The fixed size of the pool of `auto` to compare it with: of those that were measured longest, the middle of the valley around the best in even
   * rounds.
   */
  #bestFixed(auto: number | null): number | undefined {
    const pool = auto === null ? undefined : this.#of.configurations[auto]
    const fixed = this.#of.configurations.flatMap(({ engine, workers, chunksize }, i) => {
      const isThere = chunksize !== 'auto' && (this.#values[i]?.size ?? 0) > 0
      return isThere && (pool === undefined || (engine === pool.engine && workers === pool.workers)) ? [i] : []
    })
    const most = Math.max(...fixed.map((i) => this.#values[i]?.size ?? 0))
    const last = fixed.filter((i) => this.#values[i]?.size === most)
    const evens = last.map((i) => median(this.#inRounds(i, isEven)))
    const least = Math.min(...evens)
    const at = evens.indexOf(least)
    if (at === -1) return undefined
    let [from, to] = [at, at]
    while (from > 0 && (evens[from - 1] as number) <= least * (1 + VALLEY)) from--
    while (to < last.length - 1 && (evens[to + 1] as number) <= least * (1 + VALLEY)) to++
    return last[Math.floor((from + to) / 2)]
  }

  #quickest(): number {
    const ran = this.#values.flatMap(({ size }, i) => (size > 0 ? [i] : []))
    return ran.reduce((best, i) => (this.#median(i) < this.#median(best) ? i : best), ran[0] ?? 0)
  }

  #regret(auto: number, best: number): Interval | null {
    if (auto === best) return null
    const ratios = this.#ratios(auto, best, (round) => !isEven(round))
    return ratios.length < FEWEST_PAIRS ? null : medianInterval(ratios, 1)
  }

  #overPlain(i: number): Interval | undefined {
    if (this.#of.objective !== 'makespan') return undefined
    const rounds = [...(this.#values[i]?.keys() ?? [])].filter((round) => round < this.#of.plainMs.length)
    if (rounds.length < FEWEST_PAIRS) return undefined
    return medianInterval(
      pairedRatios(
        rounds.map((round) => this.#of.plainMs[round] as number),
        rounds.map((round) => this.#values[i]?.get(round) as number),
      ),
    )
  }

  #boundBy(i: number): Verdict['boundBy'] {
    const { kind, items, inputs, plainMs, objective, mainShares } = this.#of
    const runs = this.#of.runs.filter(({ configuration }) => configuration === i)
    const utilisation = median(runs.map((run) => run.utilisation))
    const makespanMs = median(runs.map((run) => run.makespanMs))
    const mainShare = mainShares[i] ?? 0
    const { workers, engine } = this.#of.configurations[i] as Configuration
    if (objective !== 'makespan' || engine === 'inline') return null
    if (mainShare >= BUSY && utilisation < BUSY) {
      const sendsMs = SEND_MS * median(runs.map(({ chunks }) => chunks))
      return sendsMs >= (mainShare * makespanMs) / 2 ? 'handing out' : 'transfer'
    }
    const speedUp = median(plainMs) / makespanMs // NaN where it was not run
    const bytesPerMs = (items * 8 * (inputs + 1)) / makespanMs
    if (kind === 'kernel' && bytesPerMs > MEMORY_BYTES_PER_MS && speedUp < BUSY * workers) return 'memory'
    return utilisation >= BUSY && speedUp >= BUSY * workers ? 'compute' : null
  }

  /** 1, which hides any difference, where there were too few rounds to know. */
  #floor(i: number): number {
    return Math.min(1, noiseFloor([...(this.#values[i]?.values() ?? [])]))
  }

  #ratios(a: number, b: number, of: (round: number) => boolean): number[] {
    const [as, bs] = [this.#values[a] as Map<number, number>, this.#values[b] as Map<number, number>]
    const rounds = [...as.keys()].filter((round) => bs.has(round) && of(round))
    return pairedRatios(
      rounds.map((round) => as.get(round) as number),
      rounds.map((round) => bs.get(round) as number),
    )
  }

  #inRounds(i: number, of: (round: number) => boolean): number[] {
    return [...(this.#values[i] ?? [])].flatMap(([round, value]) => (of(round) ? [value] : []))
  }

  #median(i: number): number {
    return median([...(this.#values[i]?.values() ?? [])])
  }

  #optionOf({ engine, workers }: Station): string {
    const { usual } = this.#of
    if (engine === usual.engine) return `{ maxWorkers: ${workers} }`
    if (engine === 'inline') return 'new InlineExecutor()'
    if (engine === 'processes') return `new ProcessPoolExecutor({ maxWorkers: ${workers} })`
    if (engine === 'threads') return `new ThreadPoolExecutor({ maxWorkers: ${workers} })`
    return workers === usual.workers ? `{ engine: '${engine}' }` : `{ engine: '${engine}', maxWorkers: ${workers} }`
  }
}

interface Choice {
  readonly best: number
  readonly auto: number | null
  readonly regret: Interval | null
  readonly floor: number
  readonly boundBy: Verdict['boundBy']
  readonly usual: number | null
  readonly ratio: Interval | undefined
}

const BOUND = {
  compute: 'The work is bound by computing: more cores would help.',
  transfer:
    'The work is bound by copying values to the workers and back: send fewer or smaller ones, or numbers in typed arrays.',
  memory: 'The work is bound by memory: more workers would not help.',
  'handing out': 'The work is bound by handing out chunks: an item costs less than its message.',
} as const

function isEven(round: number): boolean {
  return round % 2 === 0
}

function stationName({ engine, workers }: Station): string {
  return `${workers} ${workers === 1 ? 'worker' : 'workers'} on ${engine}`
}
