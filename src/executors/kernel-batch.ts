import { copiesOf, KernelArrays } from '../engines/arrays.ts'
import { type Chosen, chooseEngine, NO_COPIES } from '../engines/choose.ts'
import type { EngineName, KernelEnd, KernelJob, KernelMap, RemoteEngine } from '../engines/engine.ts'
import { InlineMap } from '../engines/inline.ts'
import { jsCode } from '../engines/js.ts'
import { NativeMap } from '../engines/native.ts'
import { type PullHost, PullMap } from '../engines/pull.ts'
import { type Fold, LEAF_ROWS, leavesOf } from '../engines/reduce.ts'
import type { CapturedTables } from '../engines/tables.ts'
import { wasmCode } from '../engines/wasm.ts'
import type { Column } from '../inputs/columns.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import { tableBytes } from '../kernel/instance.ts'
import type { KernelParts } from '../kernel/parts.ts'
import { type Stop, WORKERS } from '../memory/control.ts'
import { machineCodeOf } from '../native/machine-code.ts'
import type { TakeClaims } from '../observe/claims.ts'

export interface BatchOptions {
  readonly kernel: KernelParts
  readonly tables: CapturedTables
  readonly columns: readonly Column[]
  /** The first row, in the whole map. */
  readonly start: number
  readonly rows: number
  readonly out: NumberArray | undefined
  readonly chunksize: number | undefined
  readonly maxWorkers: number
  /** From now. */
  readonly timeoutMs: number
  readonly asked: EngineName | 'auto'
  /** Workers may fold results, so that there is one a leaf. */
  readonly fold: Fold | undefined
  readonly isBlocking: boolean
  /** Worker threads that can join; undefined on executors without any. */
  readonly pullHost: PullHost | undefined
  /** Told of the chunks that workers claimed; rows count from `start`. Undefined: nobody asks. */
  readonly onClaims: TakeClaims | undefined
  /** Other machines, which run it in place of this one. */
  readonly remote: RemoteEngine | undefined
  readonly onEnd: (end: KernelEnd) => void
}

const ON_CALLERS_THREAD = 'the executor has no threads of its own, so it ran on the calling thread'
/** The engine is for each host to choose. */
const ELSEWHERE: Chosen = { engine: 'js', place: 'behind', why: undefined }
const NO_NATIVE_THREADS = 'no thread could be started for the native engine'

/** Fewer leaves are folded by the caller, of one result a row. Larger: more memory; smaller: dear rows, 1,024 at a time, would keep fewer workers busy. */
const LEAST_LEAVES = 256

type RemoteMap = ReturnType<RemoteEngine['newMap']>

/** Rows of a kernel map that one engine runs together, with their arrays. */
export class KernelBatch {
  readonly start: number
  readonly arrays: KernelArrays
  readonly #options: BatchOptions
  /** What workers make of the results of a leaf; undefined: there is one a row. */
  readonly #fold: Fold | undefined
  /** Nobody but this thread reads the caller's arrays, and by the end of its call. */
  readonly #borrows: boolean
  #chosen: Chosen
  #map: InlineMap | NativeMap | PullMap | RemoteMap

  /** Errors: what `chooseEngine` and `KernelArrays` say of engine, inputs and output. */
  constructor(options: BatchOptions) {
    const { kernel, asked, rows, columns, start, out, fold, isBlocking, remote } = options
    this.#options = options
    this.#chosen =
      remote === undefined
        ? chooseEngine({
            asked,
            code: kernel.code,
            rows,
            tableBytes: tableBytes(kernel.tables),
            copies: isBlocking ? NO_COPIES : copiesOf(kernel.code, columns, rows, out),
            native: () => machineCodeOf(kernel.code),
          })
        : ELSEWHERE
    this.start = start
    this.#borrows = (isBlocking || this.#isInCall) && !this.#isOnWorkers
    const leaves = leavesOf(rows)
    if (leaves >= LEAST_LEAVES) this.#fold = fold
    this.arrays = new KernelArrays(kernel.code, columns, rows, out, {
      borrow: this.#borrows,
      firstRow: start,
      results: this.#fold === undefined ? rows : leaves,
    })
    try {
      this.#map = this.#newMap()
    } catch (error) {
      this.arrays.release() // there was no memory for results, or for what the kernel captures
      throw error
    }
  }

  /** Apart from the constructor, since some end at once. */
  run(): void {
    const map = this.#map
    if (this.#chosen.place !== 'tiny') map.start()
    if (this.#isInCall && 'block' in map) map.block(Number.POSITIVE_INFINITY)
  }

  get engine(): KernelMap['engine'] {
    return this.#map.engine
  }

  /** Why this engine, where it is not plain. */
  get why(): string | undefined {
    const { engine, why } = this.#chosen
    const map: KernelMap = this.#map
    const isHere = !this.#isOnWorkers && engine !== 'native' && this.#options.remote === undefined
    return map.why ?? why ?? (isHere ? ON_CALLERS_THREAD : undefined)
  }

  get hasBegun(): boolean {
    return this.#map.hasBegun
  }

  get work(): KernelMap['work'] {
    return this.#map.work
  }

  /** The map that workers may join; undefined: none, or there is nothing for one more. */
  get joinable(): PullMap | undefined {
    return this.#map instanceof PullMap && this.#map.hasRoom ? this.#map : undefined
  }

  /** Rows that are finished, all before the first that is not. */
  ready(): number {
    return this.#map.ready()
  }

  /** Whether there is a result a leaf, not one a row. */
  get isFolded(): boolean {
    return this.#fold !== undefined
  }

  /** Takes over the results of the first `ready` rows, and gives those that are new. Errors: TypeError if the caller has detached `out`. */
  give(ready: number): ReturnType<KernelArrays['give']> {
    if (!this.isFolded) return this.arrays.give(ready)
    return this.arrays.give(ready === this.arrays.rows ? leavesOf(ready) : Math.floor(ready / LEAF_ROWS))
  }

  stop(why: Stop): void {
    this.#map.stop(why)
  }

  /** Blocks until it has ended or the time is up; `wait` lets workers go on meanwhile. */
  block(limitMs: number, hasEnded: () => boolean, wait: (isDone: () => boolean, ms: number) => void): void {
    if (this.#map instanceof PullMap) wait(hasEnded, limitMs)
    else if ('block' in this.#map) this.#map.block(limitMs)
  }

  /** Blocks, if arrays of the caller are borrowed, until nobody is in them any more. */
  untilReturned(): void {
    if (this.#borrows && 'block' in this.#map) this.#map.block(Number.POSITIVE_INFINITY)
  }

  get #isInCall(): boolean {
    return this.#chosen.place !== 'behind'
  }

  get #isOnWorkers(): boolean {
    return this.#chosen.engine !== 'native' && !this.#isInCall && this.#options.pullHost !== undefined
  }

  #newMap(): InlineMap | NativeMap | PullMap | RemoteMap {
    const { kernel, tables, chunksize, maxWorkers, rows, timeoutMs, isBlocking, pullHost, remote, onClaims } =
      this.#options
    const { arrays } = this
    const { engine, native } = this.#chosen
    const job: KernelJob = {
      code: kernel.code,
      captures: { uniforms: kernel.uniforms, tables: tables.of(engine, this.#borrows) },
      columns: arrays.columns,
      out: arrays.results(!this.#isOnWorkers),
      rows,
      fold: this.#fold,
      chunksize,
      workers: Math.min(maxWorkers, rows, WORKERS),
      timeoutMs,
      isInPlace: arrays.isInPlace,
      isBlocking: isBlocking || this.#isInCall,
      onClaims,
    }
    const onEnd = (end: KernelEnd): void => this.#ended(end)
    if (remote !== undefined) return remote.newMap(job, this.#options.asked, onEnd)
    if (native !== undefined) return new NativeMap(native, job, (end) => this.#nativeEnded(end))
    const other = engine === 'js' ? 'js' : 'wasm'
    if (!this.#isOnWorkers || pullHost === undefined) return new InlineMap(other, job, onEnd)
    return new PullMap(job, other === 'js' ? jsCode(job) : wasmCode(job), pullHost)
  }

  #nativeEnded(end: KernelEnd): void {
    const { asked } = this.#options
    const hasNoThreads = end.kind === 'failed' && (end.reason as { code?: unknown }).code === 'ERR_LANEWISE_NO_THREADS'
    if (!hasNoThreads || asked === 'native') {
      this.#ended(end)
      return
    }
    // Workers could not see arrays that were borrowed.
    this.#chosen = { engine: 'wasm', place: this.#borrows ? 'tiny' : 'behind', why: NO_NATIVE_THREADS }
    this.#map = this.#newMap()
    this.run()
  }

  /** A later turn: maps that are awaited one after the other would else keep timers, sockets and signals from theirs. */
  #ended(end: KernelEnd): void {
    const { onEnd } = this.#options
    if (this.#chosen.place === 'lent') setImmediate(onEnd, end)
    else onEnd(end)
  }
}
