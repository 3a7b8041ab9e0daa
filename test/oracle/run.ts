import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { outcomeOf } from '../../src/future.ts'
import {
  asCompleted,
  type Executor,
  Future,
  type FutureState,
  InlineExecutor,
  type MapResult,
  type PoolOptions,
  ProcessPoolExecutor,
  type ReturnWhen,
  registerError,
  repeat,
  ThreadPoolExecutor,
  tasks,
  wait,
} from '../../src/index.ts'
import { tasksOf } from '../../src/map/result.ts'
import type { Tasks } from '../../src/map/tasks.ts'
import { Channel, makePlace, removePlace } from './channel.mjs'
import { errorClasses, makeError } from './errors.mjs'
import {
  type ActingFuture,
  isDone,
  type MapSizes,
  play,
  type Reading,
  STOP,
  type Stage,
  type State,
  type Task,
  type WaitOptions,
} from './play.ts'
import { gatesOf, type Json, type Scenario, type Told, type Trace } from './scenario.ts'
import type { Setting } from './worker.mjs'

/** An executor that scenarios are played on; hosts: those of a cluster. */
export type Kind = 'threads' | 'processes' | 'inline' | 'hosts'

/** Opens an executor whose hosts have so many slots. */
export type OpenHosts = (slots: number) => Executor

const calls = tasks<typeof import('./worker.mjs')>(new URL('./worker.mjs', import.meta.url))

for (const cls of errorClasses) registerError(cls)

/** An event that has not come by then will not. oracle.py gives up as late. */
const STEP_LIMIT_MS = 20_000

/** A step that takes longer waits for what only a later one brings. Scenarios sleep a second at most. */
const HANGS_MS = 8_000

/** What has not begun by then is held up by something else: longer than a worker takes to start on a busy machine. */
const CALM_MS = 5_000

/** Files cannot be waited for; this is how often they are looked at. */
const LOOK_MS = 2

/** Plays a scenario on lanewise and tells what could be seen, in lanewise's words. */
export function run(scenario: Scenario, kind: Exclude<Kind, 'hosts'>): Promise<Trace> {
  return play(scenario, new LanewiseStage(scenario, kind))
}

/** As `run`, on hosts. */
export function runOnHosts(scenario: Scenario, open: OpenHosts): Promise<Trace> {
  return play(scenario, new LanewiseStage(scenario, 'hosts', open))
}

class Hangs extends Error {}

class LanewiseStage implements Stage {
  readonly #scenario: Scenario
  readonly #kind: Kind
  readonly #openHosts: OpenHosts | undefined
  readonly #place
  readonly #channel: Channel
  readonly #maps: { view: Tasks; rowsATask: number; known: number }[] = []
  readonly #tasks: Task[] = []
  #executor: Executor | undefined

  constructor(scenario: Scenario, kind: Kind, openHosts?: OpenHosts) {
    this.#scenario = scenario
    this.#kind = kind
    this.#openHosts = openHosts
    this.#place = makePlace(kind === 'processes' || kind === 'hosts' ? 'files' : 'memory')
    this.#channel = new Channel(this.#place, gatesOf(scenario))
  }

  open(): void {
    const { max_workers, initializer, behaviours = {} } = this.#scenario
    if (this.#openHosts !== undefined) {
      this.#executor = this.#openHosts(this.#slots)
      return
    }
    const prepared: PoolOptions = { initializer: calls.prepare, initargs: [this.#setting, initializer ?? 'ok'] }
    if (this.#kind === 'inline') {
      this.#executor = new InlineExecutor(prepared)
      return
    }
    const dies = Object.values(behaviours).some(({ exit }) => exit !== undefined)
    const options: PoolOptions = {
      ...prepared,
      ...(max_workers !== undefined && { maxWorkers: max_workers }),
      ...(dies && { onWorkerDeath: 'break' }), // upstream's rule; ours would go on with a new worker
    }
    const Pool = this.#kind === 'threads' ? ThreadPoolExecutor : ProcessPoolExecutor
    this.#executor = new Pool(options)
  }

  map(inputs: readonly unknown[], { timeout, chunksize = 1, buffersize }: MapSizes): Reading {
    this.#noticeTasks()
    const options = {
      chunksize, // 1 is Python's default
      ...(timeout !== undefined && { timeout }),
      ...(buffersize !== undefined && buffersize !== null && { buffersize }),
      ...(this.#scenario.semantics === '3.16' && { errors: 'continue' }),
    }
    const map = this.#opened.map as (...args: unknown[]) => MapResult<unknown>
    const isPrepared = this.#kind !== 'hosts'
    const given = isPrepared || inputs.length === 0 ? inputs : [repeat(this.#setting), ...inputs]
    const result = map.call(this.#opened, isPrepared ? calls.perform : calls.performWith, ...given, options)
    // On processes upstream's tasks are chunks, on threads they are rows.
    const rowsATask = this.#scenario.executor === 'process' && typeof chunksize === 'number' ? chunksize : 1
    this.#maps.push({ view: tasksOf(result), rowsATask, known: 0 })
    return {
      next: async () => {
        const next = await result.next()
        return next.done === true ? STOP : next.value
      },
      close: async () => {
        await result.return()
      },
    }
  }

  submit(index: number): ActingFuture {
    this.#noticeTasks()
    const call =
      this.#kind === 'hosts'
        ? this.#opened.submit(calls.performWith, this.#setting, index)
        : this.#opened.submit(calls.perform, index)
    const future = new RealFuture(call)
    this.#tasks.push(future)
    return future
  }

  future(): ActingFuture {
    return new RealFuture(new Future<unknown>())
  }

  error(name: string, message: string): unknown {
    return makeError(name, message)
  }

  tell(error: unknown): Told {
    if (error instanceof Hangs) return { type: 'Hangs' }
    if (!(error instanceof Error)) return { type: typeof error, msg: String(error) }
    const { name, message, stack = '' } = error
    // Upstream has the remote traceback as the cause, and only in the process pool; here it is in the stack, everywhere.
    const isRemote = this.#scenario.executor === 'process' && /^ +— in worker /m.test(stack)
    return { type: name, msg: message, ...(isRemote && { cause: '_RemoteTraceback' }) }
  }

  async wait(
    futures: readonly ActingFuture[],
    { timeout, returnWhen }: WaitOptions,
  ): Promise<{ done: ActingFuture[]; notDone: ActingFuture[] }> {
    const acting = new Map((futures as RealFuture[]).map((future) => [future.real, future]))
    const { done, notDone } = await wait(
      futures.map((future) => (future as RealFuture).real),
      {
        ...(timeout !== undefined && { timeout: timeout as number }),
        ...(returnWhen !== undefined && { returnWhen: returnWhen as ReturnWhen }),
      },
    )
    const actingOf = (reals: Set<Future<unknown>>): ActingFuture[] => [...reals].map((real) => acting.get(real)!)
    return { done: actingOf(done), notDone: actingOf(notDone) }
  }

  asCompleted(futures: readonly ActingFuture[], timeout?: Json): Reading<ActingFuture> {
    const acting = new Map((futures as RealFuture[]).map((future) => [future.real, future]))
    const completions = asCompleted(
      futures.map((future) => (future as RealFuture).real),
      timeout === undefined ? {} : { timeout: timeout as number },
    )
    return {
      next: async () => {
        const next = await completions.next()
        return next.done === true ? STOP : acting.get(next.value)!
      },
      close: async () => {
        await completions.return?.()
      },
    }
  }

  shutdown(options: { wait: boolean; cancelFutures?: boolean }): Promise<void> {
    return this.#opened.shutdown(options)
  }

  terminateWorkers(): Promise<void> {
    return this.#opened.terminateWorkers()
  }

  dropExecutor(): void {
    // Nothing to do: an executor that nobody holds goes on.
  }

  openGate(name: string): void {
    this.#channel.open(name)
  }

  started(): readonly number[] {
    return this.#channel.begun()
  }

  tasks(): readonly Task[] {
    this.#noticeTasks()
    return this.#tasks
  }

  async sleep(ms: number): Promise<void> {
    await delay(ms)
  }

  async until(isThere: () => boolean): Promise<boolean> {
    const end = performance.now() + STEP_LIMIT_MS
    while (!isThere()) {
      if (performance.now() > end) return false
      await delay(LOOK_MS)
    }
    return true
  }

  async calm(): Promise<void> {
    const isCalm = (): boolean => {
      if (this.#kind === 'hosts' && this.#opened.maxWorkers !== this.#slots) return false // it has not heard them
      const unfinished = this.tasks().filter((task) => !isDone(task.state())).length
      return this.#channel.begun().length - this.#channel.ended() >= Math.min(this.#opened.maxWorkers, unfinished)
    }
    const end = performance.now() + CALM_MS
    while (!isCalm() && performance.now() < end) await delay(LOOK_MS)
  }

  async settle<T>(outcome: T | PromiseLike<T>): Promise<T> {
    const limit = new AbortController()
    const hangs = delay(HANGS_MS, undefined, { signal: limit.signal }).then(() => {
      throw new Hangs()
    })
    hangs.catch(() => {}) // the abort
    try {
      return await Promise.race([outcome, hangs])
    } finally {
      limit.abort()
    }
  }

  async leave(): Promise<void> {
    for (const gate of gatesOf(this.#scenario)) this.#channel.open(gate)
    await this.#executor?.killWorkers()
    removePlace(this.#place)
  }

  /** What calls have to know. */
  get #setting(): Setting {
    const { behaviours = {} } = this.#scenario
    return { behaviours, place: this.#place, gates: gatesOf(this.#scenario), blocks: this.#kind !== 'inline' }
  }

  /** Workers of hosts; CPython's default is what the model has. */
  get #slots(): number {
    return this.#scenario.max_workers ?? 4
  }

  get #opened(): Executor {
    if (this.#executor === undefined) throw new Error('the executor was never made')
    return this.#executor
  }

  /** Adds the tasks of rows that maps have pulled since the last time, so that all stand in the order of submission. */
  #noticeTasks(): void {
    for (const map of this.#maps) {
      for (const { view, rowsATask } = map; map.known < view.count(); map.known += rowsATask) {
        this.#tasks.push(new TaskOfMap(view, map.known, rowsATask, this.#scenario.semantics === '3.16'))
      }
    }
  }
}

/** A row of a map, or a chunk of rows where upstream submits those. */
class TaskOfMap implements Task {
  readonly #view: Tasks
  readonly #start: number
  readonly #most: number
  readonly #isGuarded: boolean

  constructor(view: Tasks, start: number, most: number, isGuarded: boolean) {
    this.#view = view
    this.#start = start
    this.#most = most
    this.#isGuarded = isGuarded && most > 1 // such a chunk returns the errors of its calls, and so never fails
  }

  state(): State {
    const states = this.#rows().map((row) => stateIn(this.#view.state(row)))
    for (const state of ['running', 'pending'] as const) if (states.includes(state)) return state
    if (states.includes('error')) return this.#isGuarded ? 'value' : 'error'
    return states.includes('value') ? 'value' : 'cancelled'
  }

  cancel(): boolean {
    return this.#rows()
      .map((row) => this.#view.cancel(row))
      .every((isCancelled) => isCancelled)
  }

  #rows(): number[] {
    const length = Math.min(this.#most, this.#view.count() - this.#start)
    return Array.from({ length }, (_, i) => this.#start + i)
  }
}

class RealFuture implements ActingFuture {
  readonly real: Future<unknown>

  constructor(real: Future<unknown>) {
    this.real = real
  }

  state(): State {
    return this.real.running() ? 'running' : stateIn(outcomeOf(this.real).state)
  }

  cancel(): boolean {
    return this.real.cancel()
  }

  cancelled(): boolean {
    return this.real.cancelled()
  }

  running(): boolean {
    return this.real.running()
  }

  done(): boolean {
    return this.real.done()
  }

  result(timeout?: Json): Promise<unknown> {
    return this.real.result(timeout as number | undefined)
  }

  exception(timeout?: Json): Promise<unknown> {
    return this.real.exception(timeout as number | undefined)
  }

  setResult(value: Json): void {
    this.real.setResult(value)
  }

  setException(error: unknown): void {
    this.real.setException(error)
  }

  setRunningOrNotifyCancel(): boolean {
    return this.real.setRunningOrNotifyCancel()
  }

  addDoneCallback(fn: () => void): void {
    this.real.addDoneCallback(fn)
  }

  describe(): string {
    return inspect(this.real)
  }
}

function stateIn(state: FutureState): State {
  if (state === 'done') return 'value'
  return state === 'failed' ? 'error' : state
}
