import { clock } from '../clock.ts'
import type { Stop } from '../memory/control.ts'
import type { KernelColumn, KernelEnd, KernelJob, KernelMap } from './engine.ts'
import { LEAF_ROWS, LeafFolder } from './reduce.ts'

/** A map of an engine, before it begins. */
interface Startable extends KernelMap {
  start(): void
  block(limitMs: number): void
}

/**
 * Rows of a slice, in whole leaves. Larger: two arrays of 8 bytes a row; smaller: more often do threads wait for the last one of them.
 */
const SLICE_ROWS = 1024 * LEAF_ROWS

/**
 * A fold for an engine that gives a result a row: it runs slice by slice, one map each, and the caller's thread folds a slice while the next one runs.
 */
export class SlicedFold implements Startable {
  readonly #job: KernelJob
  readonly #make: (slice: KernelJob, onEnd: (end: KernelEnd) => void) => Startable
  readonly #onEnd: (end: KernelEnd) => void
  readonly #deadline: number
  readonly #folder: LeafFolder
  /** Results of the slice that runs, and of the one before. */
  readonly #results: [Float64Array, Float64Array]
  /** By column: the items of a range in the slice that runs. */
  readonly #counted: readonly Float64Array[]
  #map: Startable
  #from = 0 // first row of the slice that runs
  #folded = 0
  #told: Stop | undefined
  #hasEnded = false
  #before: KernelMap['work'] = { chunks: 0, givenBack: 0, busyMs: 0 }

  /** `job.out` gets a number a leaf; `make` makes the map of a slice, which has no fold. */
  constructor(
    job: KernelJob & { readonly fold: NonNullable<KernelJob['fold']> },
    make: (slice: KernelJob, onEnd: (end: KernelEnd) => void) => Startable,
    onEnd: (end: KernelEnd) => void,
  ) {
    this.#job = job
    this.#make = make
    this.#onEnd = onEnd
    this.#deadline = clock() + job.timeoutMs
    this.#folder = new LeafFolder(job.fold, job.rows, (leaf, total) => {
      job.out[leaf] = total
    })
    const length = Math.min(SLICE_ROWS, job.rows)
    this.#results = [new Float64Array(length), new Float64Array(Math.min(length, job.rows - length))]
    this.#counted = job.columns.map(({ kind }) => new Float64Array(kind === 'range' ? length : 0))
    this.#map = this.#newMap()
  }

  get hasBegun(): boolean {
    return this.#from > 0 || this.#map.hasBegun
  }

  get engine(): KernelMap['engine'] {
    return this.#map.engine
  }

  start(): void {
    this.#map.start()
  }

  /** Runs to the end of the slice at hand, or up to `limitMs`. */
  block(limitMs: number): void {
    this.#map.block(limitMs)
  }

  ready(): number {
    return this.#folded
  }

  stop(why: Stop): void {
    this.#told ??= why
    this.#map.stop(why)
  }

  get work(): KernelMap['work'] {
    return added(this.#before, this.#map.work)
  }

  get #to(): number {
    return Math.min(this.#job.rows, this.#from + SLICE_ROWS)
  }

  #newMap(): Startable {
    const [from, to] = [this.#from, this.#to]
    const { onClaims } = this.#job
    const slice: KernelJob = {
      ...this.#job,
      fold: undefined,
      columns: this.#job.columns.map((column, i) => sliceOf(column, from, to, this.#counted[i] as Float64Array)),
      out: this.#results[0].subarray(0, to - from),
      rows: to - from,
      timeoutMs: this.#deadline - clock(),
      onClaims: onClaims && ((worker, claims, firstRow) => onClaims(worker, claims, from + firstRow)),
    }
    return this.#make(slice, (end) => this.#ended(end))
  }

  #ended(end: KernelEnd): void {
    const { rows } = this.#job
    const [from, to] = [this.#from, this.#to]
    // A slice that is stopped may have been at its last rows.
    const isStopped = end.kind === 'done' && to < rows && this.#told !== undefined
    if (end.kind !== 'done' || isStopped) {
      this.#hasEnded = true
      this.#onEnd(isStopped ? { kind: 'stopped', why: this.#told as Stop } : end)
      return
    }
    const [results] = this.#results
    this.#results.reverse()
    if (to < rows) {
      this.#before = this.work
      this.#from = to
      this.#map = this.#newMap()
      this.#map.start()
      if (this.#hasEnded) return // `out` may serve another map by now
    }
    this.#folder.take(results, from, to - from)
    this.#folded = to
    if (to === rows) this.#onEnd(end)
  }
}

/** Rows of a column. A range is counted here, into a block: from another row on its items would round otherwise. */
function sliceOf(column: KernelColumn, from: number, to: number, block: Float64Array): KernelColumn {
  if (column.kind === 'repeat') return column
  if (column.kind === 'array') return { kind: 'array', view: column.view.subarray(from, to) }
  const { start, step } = column
  for (let row = from; row < to; row++) block[row - from] = start + row * step
  return { kind: 'array', view: block.subarray(0, to - from) }
}

function added(a: KernelMap['work'], b: KernelMap['work']): KernelMap['work'] {
  return { chunks: a.chunks + b.chunks, givenBack: a.givenBack + b.givenBack, busyMs: a.busyMs + b.busyMs }
}
