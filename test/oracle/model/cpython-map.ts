import { type MapSizes, type Reading, STOP } from '../play.ts'
import { hangs, Raised } from './future.ts'
import { type ModelPool, ModelTask, type Outcome } from './pool.ts'
import { checkBuffersize, checkChunksize, checkTimeout, Rows } from './rows.ts'

/**
 * `Executor.map` as CPython has it: a generator, so that nothing is cleaned up before its first `next`, over one future a row or, on processes, a chunk.
 *
 * Source: Lib/concurrent/futures/_base.py and process.py of 3.14; `resumes`: the model of 3.16 in oracle.py.
 */
export class CPythonMap implements Reading {
  readonly #pool: ModelPool
  readonly #resumes: boolean
  readonly #rows: Rows
  readonly #chunksize: number | undefined
  readonly #buffersize: number | undefined
  readonly #deadline: number
  readonly #tasks: ModelTask[] = []
  #chunk: Outcome[] = [] // outcomes of the chunk that is being read
  #isStarted = false
  #isOver = false
  #holdsExecutor = false
  #isSpent = false // a chunk came out empty, which ends the rows for good; zip alone is asked again and again

  constructor(pool: ModelPool, inputs: readonly unknown[], sizes: MapSizes) {
    const { executor, semantics } = pool.scenario
    this.#pool = pool
    this.#resumes = semantics === '3.16'
    this.#chunksize = executor === 'process' ? checkChunksize(sizes.chunksize, 'TypeError') : undefined
    const early = executor === 'process' && !this.#resumes ? new Rows(inputs) : undefined
    this.#buffersize = checkBuffersize(sizes.buffersize)
    this.#deadline = pool.clock.now + checkTimeout(sizes.timeout)
    this.#rows = early ?? new Rows(inputs)
    const first = this.#buffersize ?? Number.POSITIVE_INFINITY
    while (this.#tasks.length < first && this.#submitNext()) {}
  }

  next(): unknown {
    if (this.#isOver) return STOP
    this.#isStarted = true
    const outcome = this.#chunk.shift() ?? this.#nextChunk()
    if (outcome === undefined) {
      this.#isOver = true
      return STOP
    }
    if ('error' in outcome) {
      if (!this.#resumes) this.#end()
      throw outcome.error
    }
    return outcome.value
  }

  close(): void {
    if (this.#isStarted) this.#end()
    this.#isOver = true
  }

  #nextChunk(): Outcome | undefined {
    if (this.#tasks.length === 0) return undefined
    if (this.#buffersize !== undefined && this.#keepsExecutor()) {
      try {
        this.#submitNext()
      } catch (error) {
        this.#end()
        throw error
      }
    }
    const task = this.#tasks.shift() as ModelTask
    const left = this.#deadline - this.#pool.clock.now
    if (!task.done()) this.#pool.clock.pass(() => task.done(), left === Number.POSITIVE_INFINITY ? undefined : left)
    if (!task.done()) {
      if (left === Number.POSITIVE_INFINITY) throw hangs()
      task.cancel()
      this.#end()
      throw new Raised('TimeoutError')
    }
    this.#chunk = this.#outcomesOf(task)
    return this.#chunk.shift()
  }

  #outcomesOf(task: ModelTask): Outcome[] {
    if (task.cancelled()) return [{ error: new Raised('CancelledError') }]
    if (task.hasFailed) return [{ error: task.exception() as Raised }]
    // Inside a list that a chunk returns, an error travels without its remote traceback.
    return task.outcomes.map((outcome) => ('error' in outcome ? { error: outcome.error.withoutCause() } : outcome))
  }

  /** The executor is held weakly until the first `next`, and by that one's frame from then on. */
  #keepsExecutor(): boolean {
    this.#holdsExecutor ||= this.#resumes || !this.#pool.isDropped
    return this.#holdsExecutor
  }

  #submitNext(): boolean {
    const rows = this.#take()
    if (rows.length === 0) return false
    const { clock, whose } = this.#pool
    const isGuarded = this.#resumes && this.#chunksize !== undefined
    this.#tasks.push(this.#pool.submit(new ModelTask(clock, whose, rows, isGuarded ? 'go on' : 'stop')))
    return true
  }

  #take(): number[][] {
    const rows: number[][] = []
    if (this.#isSpent) return rows
    const size = this.#chunksize ?? 1
    while (rows.length < size) {
      const row = this.#rows.next()
      if (row === undefined) break
      rows.push(row)
    }
    this.#isSpent = rows.length === 0 && (this.#chunksize !== undefined || this.#resumes)
    return rows
  }

  #end(): void {
    this.#isOver = true
    this.#chunk = []
    for (const task of this.#tasks.splice(0)) task.cancel()
  }
}
