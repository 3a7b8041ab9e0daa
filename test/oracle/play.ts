import {
  gatesOf,
  type IterableSpec,
  type Json,
  type MapStep,
  type Scenario,
  type Step,
  type StepTrace,
  type Told,
  type Trace,
} from './scenario.ts'

/** How a future or a task stands. */
export type State = 'pending' | 'running' | 'cancelled' | 'value' | 'error'

type Awaitable<T> = T | PromiseLike<T>

/** What a scenario does with one future. Times are milliseconds. */
export interface ActingFuture {
  state(): State
  cancel(): boolean
  cancelled(): boolean
  running(): boolean
  done(): boolean
  result(timeout?: Json): Awaitable<unknown>
  exception(timeout?: Json): Awaitable<unknown>
  setResult(value: Json): void
  setException(error: unknown): void
  setRunningOrNotifyCancel(): boolean
  addDoneCallback(fn: () => void): void
  describe(): string
}

/** A call that `submit` made, or one that a map made. */
export interface Task {
  state(): State
  cancel(): boolean
}

/** What is left at the end of an iterator. */
export const STOP: unique symbol = Symbol('stop')

export interface Reading<T = unknown> {
  next(): Awaitable<T | typeof STOP>
  close(): Awaitable<void>
}

export interface WaitOptions {
  readonly timeout: Json | undefined
  readonly returnWhen?: string
}

export interface MapSizes {
  readonly timeout: Json | undefined
  readonly chunksize?: Json
  readonly buffersize?: Json
}

/** Where a scenario is played: on lanewise's executors (run.ts), or in virtual time (model/stage.ts). What it throws is an outcome. */
export interface Stage {
  /** Makes the executor. */
  open(): void
  map(inputs: readonly unknown[], sizes: MapSizes): Reading
  submit(index: number): ActingFuture
  future(): ActingFuture
  error(name: string, message: string): unknown
  /** What a trace says of an error. */
  tell(error: unknown): Told
  wait(
    futures: readonly ActingFuture[],
    options: WaitOptions,
  ): Awaitable<{ done: Iterable<ActingFuture>; notDone: Iterable<ActingFuture> }>
  asCompleted(futures: readonly ActingFuture[], timeout?: Json): Reading<ActingFuture>
  shutdown(options: { wait: boolean; cancelFutures?: boolean }): Awaitable<void>
  terminateWorkers(): Awaitable<void>
  dropExecutor(): void
  openGate(name: string): void
  /** Indexes that have begun, in their order. */
  started(): readonly number[]
  /** Every task so far, in the order of submission. */
  tasks(): readonly Task[]
  sleep(ms: number): Awaitable<void>
  /** Waits for an event; false: it did not come. */
  until(isThere: () => boolean): Awaitable<boolean>
  /**
   * Waits until as many calls run as can. CPython's workers take a call at once; ours need their time to start, and what a step would see until then is
   * no more than that.
   */
  calm(): Awaitable<void>
  /** Waits for `outcome`; a step that hangs is told as an error. */
  settle<T>(outcome: Awaitable<T>): Awaitable<T>
  /** Lets go of everything. */
  leave(): Awaitable<void>
}

/** An input that counts what was taken from it. */
class Source implements Iterator<number>, Iterable<number> {
  pulled = 0
  readonly #spec: IterableSpec
  readonly #base: number
  readonly #fail: () => unknown

  constructor(spec: IterableSpec, position: number, fail: (name: string) => unknown) {
    this.#spec = spec
    this.#base = 1000 * position
    this.#fail = () => fail(spec.raise ?? 'KeyError')
  }

  next(): IteratorResult<number> {
    const { raise_at, inf, len = 0 } = this.#spec
    if (this.pulled === raise_at) throw this.#fail()
    if (inf !== true && this.pulled >= len) return { done: true, value: undefined }
    return { done: false, value: this.#base + this.pulled++ }
  }

  [Symbol.iterator](): this {
    return this
  }
}

/** What stands for an input that is none. */
const NOT_ITERABLE = 5

/** Steps that see, or decide, which calls have begun. */
const LOOKING: ReadonlySet<Step['op']> = new Set([
  'cancel',
  'cancel_task',
  'calls',
  'close',
  'drop',
  'flags',
  'repr',
  'shutdown',
  'state',
  'task_states',
  'terminate_workers',
])

type Outcome = { value: unknown } | { error: Told } | { stop: true }

/** Plays a scenario, step by step, and tells what could be seen. */
export async function play(scenario: Scenario, stage: Stage): Promise<Trace> {
  try {
    return await new Play(scenario, stage).trace()
  } finally {
    await stage.leave()
  }
}

class Play {
  readonly #scenario: Scenario
  readonly #stage: Stage
  readonly #futures = new Map<string, ActingFuture>()
  readonly #readings = new Map<string, Reading>()
  readonly #sources = new Map<string, Source[]>() // of maps, dropped ones too
  readonly #callbacks: [string, string | null, State][] = []
  #isDropped = false

  constructor(scenario: Scenario, stage: Stage) {
    this.#scenario = scenario
    this.#stage = stage
  }

  async trace(): Promise<Trace> {
    const made = await this.#outcome(() => this.#stage.open())
    if ('error' in made) return { steps: [{ op: 'new', error: made.error }], final: {} }
    const steps: StepTrace[] = []
    for (const step of this.#scenario.steps) steps.push({ op: step.op, ...(await this.#stepOrAbsent(step)) })
    return { steps, final: await this.#end() }
  }

  async #end(): Promise<Trace['final']> {
    const stage = this.#stage
    for (const gate of gatesOf(this.#scenario)) stage.openGate(gate)
    if (!this.#isDropped) await stage.settle(stage.shutdown({ wait: true }))
    else await stage.until(() => stage.tasks().every((task) => isDone(task.state())))
    const order = stage.started()
    return {
      tasks: stage.tasks().map((task) => task.state()),
      calls: sorted(order),
      ...(this.#scenario.max_workers === 1 && { call_order: [...order] }),
      ...(this.#callbacks.length > 0 && { callbacks: this.#callbacks }),
    }
  }

  /** A step on what was refused by an earlier one reports just that. */
  async #stepOrAbsent(step: Step): Promise<object> {
    try {
      if (LOOKING.has(step.op)) await this.#stage.calm()
      return await this.#step(step)
    } catch (error) {
      if (error instanceof Absent) return { absent: error.message }
      throw error
    }
  }

  async #step(step: Step): Promise<object> {
    const stage = this.#stage
    switch (step.op) {
      case 'map':
        return this.#map(step)
      case 'next': {
        const got: Outcome[] = []
        for (let i = 0; i < (step.times ?? 1); i++) got.push(await this.#pull(step.it))
        return { got }
      }
      case 'rest': {
        const values: unknown[] = []
        for (;;) {
          const got = await this.#pull(step.it)
          if (!('value' in got)) return { values, end: got }
          values.push(got.value)
        }
      }
      case 'pulled':
        return { pulled: found(this.#sources.get(step.it), step.it).map((source) => source.pulled) }
      case 'close':
        return this.#outcome(() => this.#reading(step.it).close())
      case 'drop':
        await this.#reading(step.it).close()
        this.#readings.delete(step.it)
        return {}
      case 'submit': {
        const got = await this.#outcome(() => {
          this.#futures.set(step.as, stage.submit(step.index))
        })
        return 'error' in got ? got : { ok: true }
      }
      case 'future':
        this.#futures.set(step.as, stage.future())
        return {}
      case 'cancel':
        return this.#outcome(() => this.#future(step.f).cancel())
      case 'result':
        return this.#outcome(() => this.#future(step.f).result(inMs(step.timeout_s)))
      case 'exception':
        return this.#outcome(async () => {
          const error = await this.#future(step.f).exception(inMs(step.timeout_s))
          return error === undefined ? undefined : stage.tell(error)
        })
      case 'set_result':
        return this.#outcome(() => this.#future(step.f).setResult(step.value))
      case 'set_exception':
        return this.#outcome(() => this.#future(step.f).setException(stage.error(step.raise, step.msg ?? '')))
      case 'set_running_or_notify_cancel':
        return this.#outcome(() => this.#future(step.f).setRunningOrNotifyCancel())
      case 'add_done_callback':
        return this.#outcome(() => this.#addCallback(step.f, step.tag, step.raise))
      case 'repr':
        return { repr: this.#future(step.f).describe() }
      case 'flags': {
        const future = this.#future(step.f)
        return { cancelled: future.cancelled(), running: future.running(), done: future.done() }
      }
      case 'state':
        return { states: step.fs.map((name) => this.#future(name).state()) }
      case 'done':
        return this.#until(() => step.fs.every((name) => this.#future(name).done()))
      case 'cancel_task':
        return this.#outcome(() => this.#task(step.task).cancel())
      case 'task_states':
        return { states: stage.tasks().map((task) => task.state()) }
      case 'tasks_done':
        return this.#until(() => step.tasks.every((at) => isDone(stage.tasks()[at]?.state())))
      case 'wait':
        return this.#outcome(async () => {
          const futures = step.fs.map((name) => this.#future(name))
          const { done, notDone } = await stage.wait(futures, {
            timeout: inMs(step.timeout_s),
            ...(step.return_when !== undefined && { returnWhen: step.return_when }),
          })
          return { done: this.#names(done), not_done: this.#names(notDone) }
        })
      case 'as_completed': {
        const futures = step.fs.map((name) => this.#future(name))
        const completions = stage.asCompleted(futures, inMs(step.timeout_s))
        const reading: Reading = {
          next: async () => {
            const future = await completions.next()
            return future === STOP ? STOP : this.#nameOf(future)
          },
          close: () => completions.close(),
        }
        this.#readings.set(step.as, reading)
        return {}
      }
      case 'open':
        stage.openGate(step.gate)
        return {}
      case 'started':
        return this.#until(() => stage.started().includes(step.index))
      case 'calls':
        return { calls: sorted(stage.started()) }
      case 'sleep':
        await stage.sleep(step.ms)
        return {}
      case 'shutdown':
        return this.#outcome(() =>
          stage.shutdown({
            wait: step.wait ?? true,
            ...(step.cancel_futures !== undefined && { cancelFutures: step.cancel_futures }),
          }),
        )
      case 'drop_executor':
        this.#isDropped = true
        stage.dropExecutor()
        return {}
      case 'terminate_workers':
        return this.#outcome(() => stage.terminateWorkers())
    }
    throw new Error(`a scenario has no step ${JSON.stringify(step satisfies never)}`)
  }

  async #map(step: MapStep): Promise<object> {
    const fail = (name: string): unknown => this.#stage.error(name, 'from the input')
    const inputs = (step.iterables ?? []).map((spec, i) =>
      spec.not_iterable ? NOT_ITERABLE : new Source(spec, i, fail),
    )
    const sources = inputs.filter((input) => input instanceof Source)
    const got = await this.#outcome(() => {
      const reading = this.#stage.map(inputs, {
        timeout: inMs(step.timeout_s),
        ...(step.chunksize !== undefined && { chunksize: step.chunksize }),
        ...(step.buffersize !== undefined && { buffersize: step.buffersize }),
      })
      this.#readings.set(step.as, reading)
      this.#sources.set(step.as, sources)
    })
    const pulled = sources.map((source) => source.pulled)
    return 'error' in got ? { error: got.error, pulled } : { ok: true, pulled }
  }

  #pull(name: string): Promise<Outcome> {
    return this.#outcome(() => this.#reading(name).next())
  }

  #addCallback(name: string, tag: string, raise: string | undefined): void {
    const future = this.#future(name)
    future.addDoneCallback(() => {
      this.#callbacks.push([tag, this.#nameOf(future), future.state()])
      if (raise !== undefined) throw this.#stage.error(raise, 'from a callback')
    })
  }

  async #until(isThere: () => boolean): Promise<object> {
    return (await this.#stage.until(isThere)) ? {} : { gave_up: true }
  }

  async #outcome(act: () => unknown): Promise<Outcome> {
    try {
      const value = await this.#stage.settle(act())
      return value === STOP ? { stop: true } : { value: value ?? null }
    } catch (error) {
      if (error instanceof Absent) return { error: { type: 'KeyError', msg: `'${error.message}'` } } // as of a dict
      return { error: this.#stage.tell(error) }
    }
  }

  #names(futures: Iterable<ActingFuture>): string[] {
    return Array.from(futures, (future) => String(this.#nameOf(future))).sort()
  }

  #nameOf(future: ActingFuture): string | null {
    for (const [name, other] of this.#futures) if (other === future) return name
    return null
  }

  #future(name: string): ActingFuture {
    return found(this.#futures.get(name), name)
  }

  #reading(name: string): Reading {
    return found(this.#readings.get(name), name)
  }

  #task(at: number): Task {
    return found(this.#stage.tasks()[at], `task ${at}`)
  }
}

class Absent extends Error {}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Absent(name)
  return value
}

export function isDone(state: State | undefined): boolean {
  return state === 'value' || state === 'error' || state === 'cancelled'
}

function inMs(seconds: Json | undefined): Json | undefined {
  if (typeof seconds === 'number') return seconds * 1000
  return seconds ?? undefined
}

function sorted(indexes: readonly number[]): number[] {
  return [...new Set(indexes)].sort((a, b) => a - b)
}
