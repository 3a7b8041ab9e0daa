import { setImmediate as turn } from 'node:timers/promises'
import { LanewiseError } from '../../errors.ts'
import { usableCores } from '../../executors/cores.ts'
import type { Measured } from '../measure-map.ts'
import { KERNEL_ENGINES } from '../options.ts'
import type { TuneEngine } from '../result.ts'
import { seededRandom } from '../statistics.ts'
import { workloadOf } from '../workloads.ts'
import type { Experiment, RoundRecord } from './experiment.ts'
import { interleave, type Told } from './interleave.ts'
import type { StandRun } from './protocol.ts'
import type { Times } from './regret.ts'
import { NotHere, Stand } from './stand.ts'

/** Somebody else's pool, that takes the same work in chunks made by hand. */
export interface Peer {
  readonly name: string
  /** What its process runs: a program that answers as a stand does. */
  readonly program: string
  readonly workloads: readonly string[]
  /** It cuts chunks by itself, as `Pool.map` of Python does: by these sizes of its own. */
  readonly chunksizes: (items: number, workers: number) => readonly number[]
}

/** How experiments are run: what is missing is the experiment's own choice. */
export interface LabOptions {
  readonly workloads?: readonly string[] | undefined
  readonly engines?: readonly string[] | undefined
  readonly workers?: number | undefined
  readonly rounds?: number | undefined
  readonly budgetMs?: number | undefined
  /** What a map takes, about, in milliseconds. */
  readonly jobMs?: number | undefined
  /** Fewer configurations: what five minutes are enough for. */
  readonly isBrief?: boolean | undefined
  readonly seed?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string, leftMs: number) => void) | undefined
  readonly peers?: readonly Peer[] | undefined
}

/** One workload on one engine. */
export interface Cell {
  readonly workload: string
  readonly engine: string
}

/** One way to run the work of a cell. */
export interface Contender {
  readonly stand: Stand
  /** What it is called beside its workload: 'straggler'; '' for nothing. */
  readonly condition?: string | undefined
  readonly label: string
  /** `plain`: the loop that one would write without a pool. */
  readonly run: StandRun | { readonly plain: true; readonly items: number }
}

/** What a contender told. */
export interface Outcome {
  readonly contender: Contender
  readonly runs: Told<Measured>
  readonly makespans: Times
}

/** Half of a second on two workers is far above what a clock and a scheduler disturb, and leaves time for rounds. */
const JOB_MS = 60

/** The processes of one experiment, and how it runs them. Leave them at the end. */
export class Lab {
  readonly experiment: Experiment
  readonly options: LabOptions
  readonly workers: number
  readonly jobMs: number
  readonly rounds: number
  readonly budgetMs: number
  readonly seed: number
  readonly random: () => number
  /** What was left out, and why: sentences for the summary. */
  readonly remarks: string[] = []
  readonly #stands = new Map<string, Stand>()

  constructor(experiment: Experiment, options: LabOptions) {
    this.experiment = experiment
    this.options = options
    this.workers = options.workers ?? usableCores()
    this.jobMs = options.jobMs ?? JOB_MS
    this.rounds = options.rounds ?? experiment.rounds
    this.budgetMs = options.budgetMs ?? experiment.seconds * 1000
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
    this.random = seededRandom(this.seed)
  }

  get isBrief(): boolean {
    return this.options.isBrief === true
  }

  /** Whether it is to end with what it has. */
  get isOver(): boolean {
    return this.options.signal?.aborted === true
  }

  /** Workloads on engines that can run them: those that were asked for, or the experiment's own. Errors: LanewiseError where there is none. */
  cells(): Cell[] {
    const { workloads = this.experiment.workloads, engines = this.experiment.engines } = this.options
    const unfit: string[] = []
    const cells = workloads.flatMap((workload) => {
      const { isKernel } = workloadOf(workload)
      const fit = engines.filter((engine) => isKernel || !KERNEL_ENGINES.includes(engine as TuneEngine))
      if (fit.length === 0) unfit.push(`${workload} is no kernel, and ${engines.join(', ')} runs nothing else`)
      return fit.map((engine) => ({ workload, engine }))
    })
    if (cells.length > 0) this.remarks.push(...unfit.map((each) => `One was left out: ${each}.`))
    else throw failure(`${unfit.join('; ')}; name another engine, such as threads`)
    return cells
  }

  /** The process of a cell; undefined, with a remark, where that cannot be measured on this machine. */
  async stand({ workload, engine }: Cell, program?: string): Promise<Stand | undefined> {
    const key = `${workload} ${engine}`
    const before = this.#stands.get(key)
    if (before !== undefined) return before
    try {
      const stand = await Stand.open(workload, engine, program)
      this.#stands.set(key, stand)
      return stand
    } catch (error) {
      if (!(error instanceof NotHere)) throw error
      this.remarks.push(`${engine} was left out: ${error.message}.`)
      return undefined
    }
  }

  /** The processes of a cell are not needed any more. */
  async leave({ workload }: Cell): Promise<void> {
    const own = [...this.#stands].filter(([, stand]) => stand.workload === workload)
    await Promise.all(own.map(([, stand]) => stand.close()))
    for (const [key] of own) this.#stands.delete(key)
  }

  /**
   * Runs contenders in interleaved rounds, with a share of the budget.
   *
   * Errors: LanewiseError for wrong results; the signal's reason where nothing is known yet.
   */
  async compete(contenders: readonly Contender[], share: number, what: string): Promise<Outcome[]> {
    const measure = async (i: number, limitMs: number): Promise<{ ms: number; told: Measured } | undefined> => {
      const { stand, run } = contenders[i] as Contender
      if ('plain' in run) {
        const ms = await stand.runPlainly(run.items, Number.POSITIVE_INFINITY)
        return { ms, told: plainly(ms) }
      }
      const told = await this.#run(stand, run, limitMs)
      return told && { ms: told.run.makespanMs, told }
    }
    const told = await interleave<Measured>(
      contenders.length,
      { rounds: this.rounds, budgetMs: this.budgetMs * share },
      {
        measure,
        now: () => performance.now(),
        random: this.random,
        isOver: () => this.isOver,
        ran: (round, leftMs) =>
          this.tell(`${what}, ${round < 0 ? 'warm-up' : `round ${round + 1} of ${this.rounds}`}`, leftMs),
      },
    )
    return contenders.map((contender, i) => {
      const runs = told[i] as Told<Measured>
      const makespans = new Map([...runs].map(([round, { run }]) => [round, run.makespanMs]))
      return { contender, runs, makespans }
    })
  }

  /** Runs a map once more, beside all rounds, chunk by chunk; undefined: the experiment is over. */
  async record(stand: Stand, run: StandRun): Promise<Measured | undefined> {
    return this.isOver ? undefined : this.#run(stand, { ...run, traces: true }, Number.POSITIVE_INFINITY)
  }

  async #run(stand: Stand, run: StandRun, limitMs: number): Promise<Measured | undefined> {
    try {
      return await stand.run(run, limitMs)
    } catch (error) {
      await turn() // Ctrl-C reaches child processes too: they may be gone before this process hears of it
      if (this.isOver) return undefined
      throw error
    }
  }

  tell(text: string, leftMs: number): void {
    this.options.onProgress?.(`${this.experiment.name}: ${text}`, leftMs)
  }

  /** Its processes end. */
  leaveAll(): void {
    for (const stand of this.#stands.values()) stand.leave()
    this.#stands.clear()
  }

  /** The runs of outcomes as lines of `rounds.jsonl`, in the order of rounds. */
  recordsOf(outcomes: readonly Outcome[]): RoundRecord[] {
    return outcomes
      .flatMap(({ contender: { stand, run, label, condition = '' }, runs }) =>
        [...runs].map(([round, { run: told, delivered }]): RoundRecord => {
          const isOrdered = delivered.length > 0
          return {
            schema: 1,
            kind: 'round',
            experiment: this.experiment.name,
            subject: condition === '' ? stand.workload : `${stand.workload}, ${condition}`,
            engine: 'plain' in run ? 'plain' : stand.engine,
            workers: 'plain' in run ? 1 : run.workers,
            chunksize: 'plain' in run ? run.items : run.chunksize,
            items: run.items,
            label,
            round,
            ...told,
            firstMs: 'plain' in run ? null : told.firstMs,
            p95stallMs: isOrdered ? told.p95stallMs : null,
            heldBack: isOrdered ? told.heldBack : null,
          }
        }),
      )
      .sort((a, b) => a.round - b.round)
  }
}

/** A plain loop is one chunk that is never idle. */
function plainly(ms: number): Measured {
  const run = {
    makespanMs: ms,
    firstMs: ms,
    p95stallMs: ms,
    heldBack: 0,
    chunks: 1,
    givenBack: 0,
    utilisation: 1,
  }
  return { run, lines: [], delivered: [], mainShare: 1, bytesCopied: 0 }
}

/** What an experiment says that was stopped before it knew anything. */
export function knowsNothing(experiment: Experiment): LanewiseError {
  return failure(`${experiment.name} was stopped before a round was over; give it a larger --budget`)
}

function failure(message: string): LanewiseError {
  return new LanewiseError(message, { code: 'ERR_LANEWISE_BENCH' })
}
