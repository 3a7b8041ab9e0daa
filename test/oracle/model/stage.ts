import type { ActingFuture, MapSizes, Reading, Stage, Task, WaitOptions } from '../play.ts'
import type { Json, Scenario, Told } from '../scenario.ts'
import { Clock } from './clock.ts'
import { CPythonMap } from './cpython-map.ts'
import { ModelCompletions, ModelFuture, Raised, type Whose, wait } from './future.ts'
import { LanewiseMap } from './lanewise-map.ts'
import { ModelPool, ModelTask, type Place, raisedBy } from './pool.ts'

/**
 * Plays a scenario in virtual time, on a model of CPython's executors or of what lanewise decided to show instead. Both speak Python's words.
 *
 * The first is held to every recorded trace, so that what the second says is CPython's behaviour but for the points at which they are written differently.
 */
export class ModelStage implements Stage {
  readonly #scenario: Scenario
  readonly #whose: Whose
  readonly #place: Place
  readonly #clock = new Clock()
  #pool: ModelPool | undefined

  constructor(scenario: Scenario, whose: Whose, place: Place = 'here') {
    this.#scenario = scenario
    this.#whose = whose
    this.#place = place
  }

  open(): void {
    this.#pool = new ModelPool(this.#scenario, this.#whose, this.#clock, this.#place)
  }

  map(inputs: readonly unknown[], sizes: MapSizes): Reading {
    const ModelMap = this.#whose === 'CPython' ? CPythonMap : LanewiseMap
    return new ModelMap(this.#opened, inputs, sizes)
  }

  submit(index: number): ActingFuture {
    return this.#opened.submit(new ModelTask(this.#clock, this.#whose, [[index]]))
  }

  future(): ActingFuture {
    return new ModelFuture(this.#clock, this.#whose)
  }

  error(name: string, message: string): unknown {
    return raisedBy(name, message)
  }

  tell(error: unknown): Told {
    if (error instanceof Raised) return { ...error.told }
    throw error
  }

  wait(futures: readonly ActingFuture[], options: WaitOptions): { done: ModelFuture[]; notDone: ModelFuture[] } {
    return wait(this.#clock, this.#whose, futures as ModelFuture[], options)
  }

  asCompleted(futures: readonly ActingFuture[], timeout?: Json): Reading<ActingFuture> {
    return new ModelCompletions(this.#clock, this.#whose, futures as ModelFuture[], timeout)
  }

  shutdown(options: { wait: boolean; cancelFutures?: boolean }): void {
    this.#opened.shutdown(options)
  }

  terminateWorkers(): void {
    this.#opened.terminate()
  }

  dropExecutor(): void {
    this.#opened.isDropped = true
  }

  openGate(name: string): void {
    this.#opened.openGate(name)
  }

  started(): readonly number[] {
    return this.#opened.started
  }

  tasks(): readonly Task[] {
    return this.#opened.tasks
  }

  sleep(ms: number): void {
    this.#clock.pass(() => false, ms)
  }

  until(isThere: () => boolean): boolean {
    return this.#clock.pass(isThere)
  }

  calm(): void {
    if (this.#whose === 'lanewise') this.#clock.onWait?.()
  }

  settle<T>(outcome: T): T {
    return outcome
  }

  leave(): void {}

  get #opened(): ModelPool {
    if (this.#pool === undefined) throw new Error('the executor was never made')
    return this.#pool
  }
}
