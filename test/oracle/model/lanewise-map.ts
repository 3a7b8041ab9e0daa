import { type MapSizes, type Reading, STOP } from '../play.ts'
import { hangs, Raised } from './future.ts'
import { type ModelPool, ModelTask, type Outcome } from './pool.ts'
import { checkBuffersize, checkChunksize, checkTimeout, Rows } from './rows.ts'

/**
 * `map` as lanewise decided it, where it parts from CPython (docs/from-python.md lists each point):
 * an object, not a generator; one outcome a row, chunks or not; takes first and refills then; counts rows; holds its executor; an error of an input, or
 * a shutdown, stands behind the outcomes that came before it.
 */
export class LanewiseMap implements Reading {
  readonly #pool: ModelPool
  readonly #resumes: boolean
  readonly #rows: Rows
  readonly #chunksize: number
  readonly #window: number | undefined
  readonly #deadline: number
  readonly #places: { task: ModelTask; at: number }[] = [] // of each row that was handed out
  #read = 0
  #end: { failure?: unknown } | undefined // what stands behind the last row
  #isOver = false
  #owed = 0 // next() without an answer

  constructor(pool: ModelPool, inputs: readonly unknown[], sizes: MapSizes) {
    this.#pool = pool
    this.#resumes = pool.scenario.semantics === '3.16'
    this.#chunksize = checkChunksize(sizes.chunksize, 'ValueError')
    this.#window = checkBuffersize(sizes.buffersize)
    if (this.#window !== undefined && this.#window < this.#chunksize) {
      throw new Raised('ValueError', 'buffersize counts items')
    }
    this.#deadline = pool.clock.now + checkTimeout(sizes.timeout)
    this.#rows = new Rows(inputs)
    pool.onBreak((failure) => {
      if (this.#window !== undefined) this.#end ??= { failure }
    })
    if (pool.isClosed) this.#refuse()
    else if (this.#window === undefined) this.#collect()
    else this.#refill()
  }

  next(): unknown {
    this.#owed++
    for (;;) {
      let outcome: { value: unknown } | { error: unknown }
      try {
        outcome = { value: this.#next() }
      } catch (error) {
        if (isHanging(error)) throw error
        outcome = { error }
      }
      // The promises of steps that went on without them are answered first.
      if (--this.#owed > 0) continue
      if ('error' in outcome) throw outcome.error
      return outcome.value
    }
  }

  #next(): unknown {
    if (this.#isOver) return STOP
    const isThere = (): boolean => this.#outcome() !== undefined || this.#isAtEnd
    const left = this.#deadline - this.#pool.clock.now
    if (!isThere() && !this.#pool.clock.pass(isThere, left === Number.POSITIVE_INFINITY ? undefined : left)) {
      if (left === Number.POSITIVE_INFINITY) throw hangs()
      this.close()
      throw new Raised('TimeoutError')
    }
    const outcome = this.#outcome()
    if (outcome === undefined) {
      const failure = this.#end?.failure
      this.close()
      if (failure !== undefined) throw failure
      return STOP
    }
    this.#read++
    if ('error' in outcome && !this.#resumes) {
      this.close()
      throw outcome.error
    }
    this.#refill()
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  close(): void {
    this.#isOver = true
    this.#pool.leave(this.#places.map(({ task }) => task))
  }

  get #isAtEnd(): boolean {
    return this.#end !== undefined && this.#read === this.#places.length
  }

  #outcome(): Outcome | undefined {
    const place = this.#places[this.#read]
    if (place === undefined || !place.task.done()) return undefined
    const { task, at } = place
    if (task.outcomes[at] !== undefined) return task.outcomes[at]
    return { error: task.cancelled() ? new Raised('CancelledError') : (task.exception() as Raised) }
  }

  /** A pool that takes no more says so once there is a row: nothing to do is no error. */
  #refuse(): void {
    this.#end = {}
    try {
      if (this.#rows.next() === undefined) return
    } catch (failure) {
      if (this.#window === undefined) throw failure
      this.#end = { failure }
      return
    }
    this.#pool.refuseIfClosed()
  }

  #collect(): void {
    const rows: number[][] = []
    for (let row = this.#rows.next(); row !== undefined; row = this.#rows.next()) rows.push(row)
    this.#submit(rows)
    this.#end = {}
  }

  #refill(): void {
    if (this.#isOver || this.#end !== undefined || this.#window === undefined) return
    let room = this.#window - (this.#places.length - this.#read)
    room -= room % this.#chunksize
    const rows: number[][] = []
    while (rows.length < room && this.#end === undefined) {
      try {
        const row = this.#rows.next()
        if (row === undefined) this.#end = {}
        else {
          this.#pool.refuseIfClosed()
          rows.push(row)
        }
      } catch (failure) {
        this.#end = { failure }
      }
    }
    this.#submit(rows)
  }

  #submit(rows: readonly number[][]): void {
    const { clock, whose } = this.#pool
    for (let start = 0; start < rows.length; start += this.#chunksize) {
      const calls = rows.slice(start, start + this.#chunksize)
      const task = new ModelTask(clock, whose, calls, this.#resumes && calls.length > 1 ? 'go on' : 'stop')
      this.#pool.submit(task)
      for (const at of calls.keys()) this.#places.push({ task, at })
    }
  }
}

function isHanging(error: unknown): boolean {
  return error instanceof Raised && error.told.type === 'Hangs'
}
