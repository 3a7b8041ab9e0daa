import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LanewiseError } from '../../errors.ts'
import type { Measured } from '../measure-map.ts'
import type { FromStand, StandRun, ToStand } from './protocol.ts'

/** The program that a stand of ours runs. Peers have one of their own. */
const STAND_PROGRAM: string = join(
  dirname(createRequire(import.meta.url).resolve('lanewise/package.json')),
  'dist/tune/experiments/stand-process.js',
)

/** What a stand needs is not on this machine: no failure, and no figure. */
export class NotHere extends Error {}

/**
 * A process in which one workload runs on one engine, asked one thing at a time.
 *
 * Errors, of all questions: NotHere; LanewiseError for what failed there, and where the process ended.
 */
export class Stand {
  readonly workload: string
  readonly engine: string
  readonly #child: ChildProcess
  #answered: ((answer: FromStand | undefined) => void) | undefined
  #hasEnded = false

  private constructor(program: string, workload: string, engine: string) {
    this.workload = workload
    this.engine = engine
    this.#child = fork(program, {
      serialization: 'advanced', // Infinity and NaN are among the figures
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: withoutOverrides(process.env),
    })
    this.#child.on('message', (answer) => this.#settle(answer as FromStand))
    // Not at `exit`: its last answer may come behind that.
    this.#child.once('close', () => this.#end())
    this.#child.once('error', () => this.#end())
  }

  /** Starts a process. `engine`: what `program` knows by that name. */
  static async open(workload: string, engine: string, program: string = STAND_PROGRAM): Promise<Stand> {
    const stand = new Stand(program, workload, engine)
    try {
      await stand.#ask({ open: { workload, engine } })
    } catch (error) {
      stand.leave()
      throw error
    }
    return stand
  }

  /** How many items take about so long. */
  async itemsFor(ms: number, workers: number): Promise<number> {
    const answer = await this.#ask({ size: { workers, ms } })
    return 'items' in answer ? answer.items : this.#refuse(answer)
  }

  /** Milliseconds of a plain loop. */
  async runPlainly(items: number, limitMs: number): Promise<number> {
    const answer = await this.#ask({ plain: { items, limitMs } })
    return 'ms' in answer ? answer.ms : this.#refuse(answer)
  }

  /** One run; undefined where it was stopped after `limitMs`. */
  async run(run: StandRun, limitMs: number): Promise<Measured | undefined> {
    const answer = await this.#ask({ run, limitMs })
    return 'measured' in answer ? (answer.measured ?? undefined) : this.#refuse(answer)
  }

  async close(): Promise<void> {
    if (!this.#hasEnded) await this.#ask({ close: true })
    this.leave()
  }

  /** It ends when nobody is at the other end. */
  leave(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  async #ask(question: ToStand): Promise<FromStand> {
    const answer = await new Promise<FromStand | undefined>((resolve) => {
      this.#answered = resolve
      if (this.#hasEnded) this.#settle(undefined)
      else this.#child.send(question, () => {}) // where the process has ended, its end says so
    })
    if (answer === undefined) throw failure(`the process of ${this.#name} ended; what is above says why`)
    if (!('failed' in answer)) return answer
    if (answer.cannotMeasure) throw new NotHere(answer.failed)
    throw failure(`${this.#name}: ${answer.failed}`)
  }

  get #name(): string {
    return `${this.workload} on ${this.engine}`
  }

  #refuse(answer: FromStand): never {
    throw failure(`the process of ${this.#name} answered ${JSON.stringify(answer).slice(0, 100)}`)
  }

  #end(): void {
    this.#hasEnded = true
    this.#settle(undefined)
  }

  #settle(answer: FromStand | undefined): void {
    const answered = this.#answered
    this.#answered = undefined
    answered?.(answer)
  }
}

function failure(message: string): LanewiseError {
  return new LanewiseError(message, { code: 'ERR_LANEWISE_BENCH' })
}

/** They would make all configurations one and the same. */
function withoutOverrides(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LANEWISE_CHUNKSIZE: _, LANEWISE_ENGINE: __, LANEWISE_CHUNK_LOG: ___, ...others } = env
  return others
}
