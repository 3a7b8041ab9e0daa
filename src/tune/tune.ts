import { readOptions } from '../checks.ts'
import { LanewiseError } from '../errors.ts'
import { usableCores } from '../executors/cores.ts'
import type { Input } from '../inputs/rows.ts'
import { splitArguments } from '../map/options.ts'
import { show } from '../show.ts'
import { environmentOf, loadOfLastMinute } from './environment.ts'
import { configurationsOf, perWorker, ranksOf, type Station } from './grid.ts'
import { Pools } from './measure.ts'
import { FUNCTION_ENGINES, KERNEL_ENGINES, type TuneOptions, type TuneSettings, tuneChecks } from './options.ts'
import type { Configuration, Run, Trace, TuneEngine, TuneResult } from './result.ts'
import { type Contender, type SearchHost, search } from './search.ts'
import { median, seededRandom } from './statistics.ts'
import { type Subject, subjectOf } from './subject.ts'
import { judge } from './verdict.ts'
import { nameOf, objectiveOf } from './words.ts'

// The first runs start workers and compile code. Larger: less time for what counts. Smaller: V8's compilers are measured.
const WARM_UPS = 3
/** But no more of the budget than this. */
const WARM_UP_SHARE = 0.15
/** The plain loop comes first; what is left must do for the rest. */
const PLAIN_SHARE = 0.5
/** What a chunk costs beside its rows, about, in milliseconds: for guesses of what a run will take. */
const CHUNK_MS: Record<TuneEngine, number> = {
  threads: 0.03,
  processes: 0.1,
  inline: 0.001,
  js: 0.001,
  wasm: 0.001,
  native: 0.001,
}

/**
 * Finds out what chunk sizes do to a map of `fn` over `inputs` on this machine: measures auto and a sweep of fixed sizes in interleaved rounds, and says what to do.
 *
 * `inputs` are those of `map`, options behind them. All results are compared with those of a plain loop. The process should have nothing else to do.
 * Units:  milliseconds
 * Errors: TypeError and RangeError for options and inputs; LanewiseError where a row throws, results differ from the plain loop's, or that takes longer than half the
 *         budget; FunctionError for a function that cannot be handed over; where `signal` is aborted before anything is known, its reason.
 * Cost:   `budget`, about: 45 s unless it says otherwise, sooner where a run is quick.
 */
export async function tune<A extends unknown[]>(
  fn: (...args: A) => unknown,
  ...rest: [...inputs: { [K in keyof A]: Input<A[K]> }, options?: TuneOptions]
): Promise<TuneResult> {
  const { inputs, options } = splitArguments(rest)
  const settings = readOptions<TuneSettings>(options, tuneChecks, 'tune')
  refuseOverrides()
  const began = performance.now()
  const subject = await subjectOf(fn, inputs, settings.name)
  refuseEngines(settings.engines, subject)
  return await new Tuning(subject, settings, began).run()
}

/** One search on its way. */
class Tuning implements SearchHost {
  readonly random = seededRandom(Math.floor(Math.random() * 2 ** 31))
  readonly #subject: Subject
  readonly #settings: TuneSettings
  readonly #began: number
  readonly #pools: Pools
  readonly #loadBefore = loadOfLastMinute()
  #usual: Station = { engine: 'threads', workers: usableCores() }
  #configurations: readonly Configuration[] = []
  #runs: Run[] = []
  readonly #plainMs: number[] = []
  /** By configuration. */
  #mainShares = new Map<number, number[]>()

  constructor(subject: Subject, settings: TuneSettings, began: number) {
    this.#subject = subject
    this.#settings = settings
    this.#began = began
    this.#pools = new Pools(subject, settings.objective, settings.signal)
  }

  async run(): Promise<TuneResult> {
    try {
      this.#tell(0)
      const plainMs = await this.#subject.runPlainly(PLAIN_SHARE * this.#settings.budget, () => this.isOver())
      const contenders = await this.#contenders(plainMs)
      if (!this.isOver()) await search(contenders, Math.max(0, this.#settings.budget - this.#spentMs()), this)
      if (this.#runs.length === 0) {
        this.#settings.signal?.throwIfAborted()
        throw new LanewiseError('no run came to its end; give a larger budget, or fewer rows', {
          code: 'ERR_LANEWISE_TUNE',
        })
      }
      return await this.#result()
    } finally {
      await this.#pools.close()
    }
  }

  // What the search asks.

  async measure(contender: number, round: number, limitMs: number): Promise<number | undefined> {
    const configuration = this.#configurations[contender]
    if (configuration === undefined) {
      const ms = await this.#subject.runPlainly(Number.POSITIVE_INFINITY, () => this.isOver())
      if (!this.isOver()) this.#plainMs.push(ms)
      return ms
    }
    const measured = await this.#pools.measure(configuration, limitMs)
    if (measured === undefined || this.isOver()) return undefined
    const run = { round, configuration: contender, ...measured.run }
    this.#runs.push(run)
    this.#mainShares.set(contender, [...(this.#mainShares.get(contender) ?? []), measured.mainShare])
    return objectiveOf(run, this.#settings.objective)
  }

  now(): number {
    return performance.now()
  }

  isOver(): boolean {
    return this.#settings.signal?.aborted === true
  }

  ran(more: number): void {
    this.#tell(more)
  }

  #tell(more: number): void {
    const { onProgress, objective, budget } = this.#settings
    if (onProgress === undefined) return
    const runs = this.#runs.length + this.#plainMs.length
    const leftMs = Math.max(0, budget - this.#spentMs())
    onProgress({ runs, planned: runs + more, best: bestOf(this.#configurations, this.#runs, objective), leftMs })
  }

  /** All configurations, with the plain loop behind them. */
  async #contenders(plainMs: number): Promise<Contender[]> {
    const contenders: Contender[] = []
    const configurations: Configuration[] = []
    const stations = await this.#stations()
    for (const [group, station] of stations.entries()) {
      const autoMs = await this.#warmUp(station, stations.length)
      const { items } = this.#subject
      const own = configurationsOf(station, items, this.#settings.chunks)
      const ranks = ranksOf(own, perWorker(items, station.workers, 4))
      for (const [i, configuration] of own.entries()) {
        const { chunksize } = configuration
        const chunks = chunksize === 'auto' ? 0 : items / chunksize
        const guessMs = autoMs + (chunks * CHUNK_MS[station.engine]) / station.workers
        configurations.push(configuration)
        contenders.push({ group, stays: chunksize === 'auto', rank: ranks[i] as number, guessMs })
      }
    }
    this.#configurations = configurations
    return [...contenders, { group: stations.length, stays: false, rank: 0, guessMs: plainMs, isPlain: true }]
  }

  /** The pools to try, the usual one among them where it was asked for. */
  async #stations(): Promise<Station[]> {
    const workers = this.#settings.workers ?? [usableCores()]
    const most = Math.max(...workers)
    const { kind, name, items } = this.#subject
    const chosen = kind === 'kernel' ? await this.#pools.chosenEngine(most) : 'threads'
    if (chosen === undefined && this.#settings.engines === undefined) {
      throw new LanewiseError(
        `${name} over ${items} rows is over before a worker would begin: a map runs it on the calling thread, whatever its chunksize; give more rows, or engines`,
        { code: 'ERR_LANEWISE_TUNE' },
      )
    }
    const engines = this.#settings.engines ?? [chosen as TuneEngine]
    this.#usual = {
      engine: chosen !== undefined && engines.includes(chosen) ? chosen : (engines[0] as TuneEngine),
      workers: most,
    }
    return engines.flatMap((engine): Station[] =>
      engine === 'inline' ? [{ engine, workers: 1 }] : workers.map((count) => ({ engine, workers: count })),
    )
  }

  /** Starts the workers and has their code compiled: what a run takes then. */
  async #warmUp({ engine, workers }: Station, stations: number): Promise<number> {
    const { items } = this.#subject
    const auto: Configuration = { engine, workers, chunksize: 'auto', items, label: 'auto' }
    const until = this.#spentMs() + (WARM_UP_SHARE * this.#settings.budget) / stations
    let runMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < WARM_UPS && !this.isOver() && (i === 0 || this.#spentMs() + runMs < until); i++) {
      this.#tell(0)
      const start = performance.now()
      await this.#pools.measure(auto, Number.POSITIVE_INFINITY)
      runMs = Math.min(runMs, performance.now() - start)
    }
    return runMs
  }

  async #result(): Promise<TuneResult> {
    this.#forgetUnrun()
    const { name, kind, items, inputs } = this.#subject
    const { objective, argv, input } = this.#settings
    const verdict = judge({
      objective,
      kind,
      items,
      inputs: inputs.length,
      usual: this.#usual,
      configurations: this.#configurations,
      runs: this.#runs,
      plainMs: this.#plainMs,
      mainShares: this.#configurations.map((_, i) => median(this.#mainShares.get(i) ?? [])),
    })
    const traces = this.#settings.traces && !this.isOver() ? await this.#traces(verdict.auto ?? verdict.best) : []
    return {
      schema: 1,
      kind: 'tune',
      at: new Date().toISOString(),
      argv,
      environment: environmentOf(Math.max(...this.#configurations.map(({ workers }) => workers)), this.#loadBefore),
      subject: { name, kind, input: input ?? inputs.map(show).join(', '), items },
      objective,
      plainMs: this.#plainMs,
      configurations: this.#configurations,
      runs: this.#runs,
      traces,
      verdict,
    }
  }

  /** Configurations that there was no time for, and those that were stopped. */
  #forgetUnrun(): void {
    const ran = new Set(this.#runs.map(({ configuration }) => configuration))
    const places = [...ran].sort((a, b) => a - b)
    this.#configurations = places.map((i) => this.#configurations[i] as Configuration)
    this.#runs = this.#runs.map((run) => ({ ...run, configuration: places.indexOf(run.configuration) }))
    this.#mainShares = new Map(places.map((i, place) => [place, this.#mainShares.get(i) as number[]]))
  }

  /** One more run of `auto` and of N/4P in the same pool, for figures. */
  async #traces(auto: number): Promise<Trace[]> {
    const { engine, workers, items } = this.#configurations[auto] as Configuration
    const quarter = this.#configurations.findIndex(
      (each) => each.engine === engine && each.workers === workers && each.chunksize === perWorker(items, workers, 4),
    )
    const traces: Trace[] = []
    for (const configuration of new Set([auto, quarter].filter((i) => i !== -1))) {
      const at = this.#configurations[configuration] as Configuration
      const measured = await this.#pools.measure(at, Number.POSITIVE_INFINITY)
      if (measured === undefined || measured.lines.length === 0) continue
      traces.push({ configuration, chunks: measured.lines, delivered: measured.delivered })
    }
    return traces
  }

  #spentMs(): number {
    return performance.now() - this.#began
  }
}

/** The quickest so far, by its median. */
function bestOf(
  configurations: readonly Configuration[],
  runs: readonly Run[],
  objective: TuneSettings['objective'],
): { label: string; ms: number } | undefined {
  const values = new Map<number, number[]>()
  for (const run of runs) {
    const its = values.get(run.configuration) ?? []
    its.push(objectiveOf(run, objective))
    values.set(run.configuration, its)
  }
  const medians = [...values].map(([i, its]) => ({
    label: nameOf(configurations[i] as Configuration),
    ms: median(its),
  }))
  return medians.sort((a, b) => a.ms - b.ms)[0]
}

/** They would override every chunksize and engine alike: all configurations would be the same one. */
function refuseOverrides(): void {
  for (const name of ['LANEWISE_CHUNKSIZE', 'LANEWISE_ENGINE']) {
    const value = process.env[name]
    if (value === undefined || value === '') continue
    throw new RangeError(`${name} overrides what tune compares, got ${show(value)}; unset it`)
  }
}

function refuseEngines(engines: readonly TuneEngine[] | undefined, { kind, name }: Subject): void {
  const fit = kind === 'kernel' ? KERNEL_ENGINES : FUNCTION_ENGINES
  const unfit = engines?.find((engine) => !fit.includes(engine))
  if (unfit === undefined) return
  const other = kind === 'kernel' ? '' : ', or wrap it in kernel()'
  throw new RangeError(`${name} is a ${kind}, which runs on ${fit.join(', ')}, got ${unfit}; use one of these${other}`)
}
