import { textOf } from '../errors.mjs'
import type { State } from '../play.ts'
import type { Behaviour, Json, Scenario } from '../scenario.ts'
import type { Clock } from './clock.ts'
import { ModelFuture, Raised, type Whose } from './future.ts'

/** Where calls run: on hosts of a cluster they are sent before a worker is free for them. */
export type Place = 'here' | 'hosts'

export type Outcome = { readonly value: unknown } | { readonly error: Raised }

/** What is wrong with an outcome that has to travel: the error cannot be rebuilt, or the value not be sent. */
type Flaw = 'unreadable' | 'unsendable'

type Ending = { readonly exit: number } | (Outcome & { readonly flaw?: Flaw })

/** Calls that a worker runs one after the other: one of `submit`, one row of a map, or the rows of a chunk. */
export class ModelTask extends ModelFuture {
  readonly calls: readonly (readonly number[])[]
  /** What becomes of a chunk whose call raised. */
  readonly rule: 'stop' | 'go on'
  /** Outcomes of the calls so far. */
  readonly outcomes: Outcome[] = []
  /** CPython sends what a chunk returned as one: this failed, so that the whole chunk will. */
  unsendable: Raised | undefined
  /** The reader is gone: nothing further of this task begins. */
  isLeft = false
  /** So is whoever might hear of its outcome. */
  isUnheard = false

  constructor(clock: Clock, whose: Whose, calls: readonly (readonly number[])[], rule: 'stop' | 'go on' = 'stop') {
    super(clock, whose)
    this.calls = calls
    this.rule = rule
  }

  override state(): State {
    return this.isUnheard ? 'cancelled' : super.state()
  }
}

const TEXTS = {
  thread: {
    initializer: 'A thread initializer failed, the thread pool is not usable anymore',
    later: 'A thread initializer failed, the thread pool is not usable anymore',
  },
  process: {
    initializer: 'A process in the process pool was terminated abruptly while the future was running or pending.',
    later: 'A child process terminated abruptly, the process pool is not usable anymore',
  },
} as const

/**
 * Workers in virtual time. A call without gate or sleep takes none.
 *
 * CPython's process pool moves calls to a queue of `max_workers + 1` places, where they say running and can't be cancelled; for lanewise a call is running when
 * its worker begins it. A process takes its first call only when somebody waits: it has to start before. To hosts two calls a worker are sent, four at least,
 * which say running and can't be cancelled; nobody hears of those of a map that was left, and hosts drop those that have not begun.
 */
export class ModelPool {
  readonly clock: Clock
  readonly whose: Whose
  readonly scenario: Scenario
  readonly tasks: ModelTask[] = []
  /** Indexes that have begun. */
  readonly started: number[] = []
  isDropped = false
  readonly #workers: number
  readonly #place: Place
  readonly #isPrefetching: boolean
  readonly #queue: ModelTask[] = []
  readonly #prefetched: ModelTask[] = []
  readonly #running = new Set<ModelTask>()
  readonly #openGates = new Set<string>()
  readonly #waiting = new Map<string, (() => void)[]>()
  readonly #onBreak: ((error: Raised) => void)[] = []
  #isStarting: boolean
  #isShutDown = false
  #hasWorkers = false
  #broken: string | undefined

  constructor(scenario: Scenario, whose: Whose, clock: Clock, place: Place = 'here') {
    const { executor, max_workers = 4, initializer } = scenario
    if (max_workers < 1) throw new Raised('ValueError', 'max_workers must be greater than 0')
    this.scenario = scenario
    this.whose = whose
    this.clock = clock
    this.#workers = max_workers
    this.#place = place
    this.#isPrefetching = place === 'hosts' || (executor === 'process' && whose === 'CPython')
    this.#isStarting = place === 'hosts' || executor === 'process' || initializer === 'raise'
    clock.onWait = () => this.#start()
  }

  /** Raises what `submit` raises on a pool that takes no more. */
  refuseIfClosed(): void {
    if (this.#broken !== undefined) throw this.brokenError(this.#broken)
    if (this.#isShutDown) throw new Raised('RuntimeError', 'cannot schedule new futures after shutdown')
  }

  get isClosed(): boolean {
    return this.#broken !== undefined || this.#isShutDown
  }

  submit<T extends ModelTask>(task: T): T {
    this.refuseIfClosed()
    this.tasks.push(task)
    this.#queue.push(task)
    this.#hasWorkers = true
    this.#prefetch()
    this.#deal()
    return task
  }

  openGate(name: string): void {
    if (this.#openGates.has(name)) return
    this.#openGates.add(name)
    for (const go of this.#waiting.get(name) ?? []) go()
  }

  /** The reader of a map is gone. */
  leave(tasks: Iterable<ModelTask>): void {
    for (const task of tasks) {
      task.cancel()
      task.isLeft = true
      if (this.#place === 'here' || task.done()) continue
      task.isUnheard = true
      const at = this.#prefetched.indexOf(task)
      if (at !== -1) this.#prefetched.splice(at, 1)
    }
    this.#prefetch()
  }

  shutdown({ wait, cancelFutures }: { wait: boolean; cancelFutures?: boolean }): void {
    this.#isShutDown = true
    if (cancelFutures === true) for (const task of this.#queue.splice(0)) task.cancel()
    if (wait) this.clock.pass(() => this.#isQuiet)
  }

  terminate(): void {
    this.shutdown({ wait: false, cancelFutures: true })
    if (!this.#isQuiet) this.#break(TEXTS.process.initializer)
  }

  /** Calls `fn`, if the pool breaks, with what `submit` raises from then on. */
  onBreak(fn: (error: Raised) => void): void {
    this.#onBreak.push(fn)
  }

  get #isQuiet(): boolean {
    return this.#running.size === 0 && [...this.#queue, ...this.#prefetched].every((task) => task.done())
  }

  /** Somebody waits: what had to start has started. */
  #start(): void {
    if (!this.#isStarting || !this.#hasWorkers) return
    this.#isStarting = false
    if (this.scenario.initializer === 'raise') this.#break(TEXTS[this.scenario.executor].initializer)
    else this.#deal()
  }

  #prefetch(): void {
    if (!this.#isPrefetching) return
    while (this.#hasPlace) {
      const task = this.#queue.shift()
      if (task === undefined) return
      if (task.setRunningOrNotifyCancel()) this.#prefetched.push(task)
    }
  }

  /** Whether another call may be sent, or put in the call queue. */
  get #hasPlace(): boolean {
    if (this.#place === 'here') return this.#prefetched.length < this.#workers + 1
    const heard = [...this.#running].filter(({ isUnheard }) => !isUnheard)
    return this.#prefetched.length + heard.length < Math.max(4, 2 * this.#workers)
  }

  #deal(): void {
    if (this.#isStarting) return
    while (this.#running.size < this.#workers) {
      const task = this.#isPrefetching ? this.#prefetched.shift() : this.#queue.shift()
      if (task === undefined) return
      if (this.#isPrefetching || task.setRunningOrNotifyCancel()) this.#run(task)
    }
  }

  #run(task: ModelTask): void {
    this.#running.add(task)
    const step = (at: number): void => {
      const args = task.calls[at]
      if (args === undefined || (task.isLeft && at > 0)) {
        this.#over(task)
        return
      }
      this.#call(args, (outcome) => {
        if (!this.#running.has(task)) return // its worker was killed
        if ('exit' in outcome) {
          this.#break(TEXTS.process.initializer)
          return
        }
        const isWhole = this.whose === 'CPython' && this.scenario.executor === 'process'
        if (isWhole && outcome.flaw === 'unreadable') {
          this.#break(TEXTS.process.initializer)
          return
        }
        const isUnsendable = isWhole && outcome.flaw === 'unsendable'
        if (isUnsendable && 'error' in outcome) task.unsendable = outcome.error
        task.outcomes.push(outcome)
        if ('error' in outcome && task.rule === 'stop' && !isUnsendable) this.#over(task)
        else step(at + 1)
      })
    }
    step(0)
  }

  #over(task: ModelTask): void {
    this.#running.delete(task)
    if (task.isUnheard) {
      this.#deal()
      return
    }
    const failed = task.outcomes.find((outcome) => 'error' in outcome)
    if (task.unsendable !== undefined) task.setException(task.unsendable)
    else if (failed !== undefined && 'error' in failed && task.rule === 'stop') task.setException(failed.error)
    else {
      const [first] = task.outcomes
      task.setResult(task.calls.length === 1 && first !== undefined && 'value' in first ? first.value : null)
    }
    this.#prefetch()
    this.#deal()
  }

  /** What a call does: the same as `perform` of worker.mjs. */
  #call(args: readonly number[], done: (ending: Ending) => void): void {
    const index = args[0] ?? 0
    const { behaviours = {}, executor } = this.scenario
    const todo: Behaviour = behaviours[index] ?? behaviours.default ?? {}
    const cause = executor === 'process' ? '_RemoteTraceback' : undefined
    this.started.push(index)
    const end = (): void => {
      if (todo.exit !== undefined) done({ exit: todo.exit })
      else if (todo.raise === 'Unrebuildable') done({ error: new Raised(todo.raise, 'a-b', cause), flaw: 'unreadable' })
      else if (todo.raise !== undefined) done({ error: raisedBy(todo.raise, todo.msg ?? '', cause) })
      else if (todo.unserialisable === true) {
        done({ error: new Raised('TypeError', "cannot pickle '_thread.lock' object", cause), flaw: 'unsendable' })
      } else done({ value: resultOf(todo, args) })
    }
    const sleep = (): void => {
      if (todo.sleep_ms === undefined) end()
      else this.clock.after(todo.sleep_ms, end)
    }
    if (todo.gate === undefined || this.#openGates.has(todo.gate)) sleep()
    else this.#waiting.set(todo.gate, [...(this.#waiting.get(todo.gate) ?? []), sleep])
  }

  /** A worker died, or could not start: nothing goes on. */
  #break(text: string): void {
    this.#broken = TEXTS[this.scenario.executor].later
    const unfinished = [
      ...[...this.#running].filter(({ isUnheard }) => !isUnheard),
      ...this.#prefetched.splice(0),
      ...this.#queue.splice(0),
    ]
    this.#running.clear()
    for (const task of unfinished) if (!task.done()) task.setException(this.brokenError(text))
    for (const tell of this.#onBreak) tell(this.brokenError(this.#broken))
  }

  brokenError(text: string): Raised {
    return new Raised(this.scenario.executor === 'thread' ? 'BrokenThreadPool' : 'BrokenProcessPool', text)
  }
}

function resultOf(todo: Behaviour, args: readonly number[]): Json {
  return todo.value !== undefined ? todo.value : 10 * args.reduce((sum, arg) => sum + arg, 0)
}

export function raisedBy(name: string, message: string, cause?: string): Raised {
  return new Raised(name, textOf(name, message), cause)
}
