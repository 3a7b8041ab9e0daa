import { clock } from '../clock.ts'
import { BLOCK_MS, LARGEST_BLOCK, STOP, type Stop } from '../memory/control.ts'
import { type BlockRunner, instanceOf, runnerOf } from './block-runner.ts'
import { groupOf, type KernelEnd, type KernelJob, type KernelMap } from './engine.ts'
import { jsCode } from './js.ts'
import { wasmCode } from './wasm.ts'

/** The event loop gets its turn so often: a deadline, a signal or a `return()` is seen this soon. */
const TURN_MS = 10

/**
 * A map on the caller's own thread, block by block, in turns of 10 ms: the plain model that the other ways are held to.
 * Nothing can stop a kernel inside a block.
 */
export class InlineMap implements KernelMap {
  readonly engine: 'js' | 'wasm'
  readonly #job: KernelJob
  readonly #runner: BlockRunner
  readonly #group: number
  readonly #onEnd: (end: KernelEnd) => void
  readonly #deadline: number
  #row = 0
  #busyMs = 0
  #began = 0
  #turn: NodeJS.Immediate | undefined
  #hasEnded = false

  constructor(engine: 'js' | 'wasm', job: KernelJob, onEnd: (end: KernelEnd) => void) {
    this.engine = engine
    this.#job = job
    this.#onEnd = onEnd
    this.#deadline = clock() + job.timeoutMs
    const code = engine === 'js' ? jsCode(job) : wasmCode(job)
    this.#group = groupOf(code)
    // An instance of its own: its memory keeps what this map repeats, and another map of the kernel may run in between.
    this.#runner = runnerOf(code, instanceOf(code), job)
  }

  /** Begins in a later turn. */
  start(): void {
    this.#turn = setImmediate(() => this.#goOn(TURN_MS))
  }

  /** Runs it here and now, up to `limitMs`. */
  block(limitMs: number): void {
    clearImmediate(this.#turn)
    this.#goOn(limitMs)
  }

  ready(): number {
    return this.#row
  }

  stop(why: Stop): void {
    if (!this.#hasEnded) this.#end({ kind: 'stopped', why })
  }

  get hasBegun(): boolean {
    return this.#row > 0 && !this.#hasEnded
  }

  get work(): KernelMap['work'] {
    return { chunks: this.#row > 0 ? 1 : 0, givenBack: 0, busyMs: this.#busyMs }
  }

  #goOn(limitMs: number): void {
    if (this.#hasEnded) return
    const { rows } = this.#job
    const begin = clock()
    if (this.#row === 0) this.#began = begin
    let now = begin
    try {
      const group = this.#group
      for (let size = group; this.#row < rows && now - begin < limitMs && now <= this.#deadline; ) {
        size = Math.min(size, rows - this.#row)
        this.#runBlock(size)
        const end = clock()
        size = Math.min(LARGEST_BLOCK, Math.floor((size * BLOCK_MS) / (end - now)))
        size = Math.max(group, size - (size % group))
        now = end
      }
    } catch (reason) {
      this.#end({ kind: 'failed', reason })
      return
    }
    this.#busyMs += now - begin
    if (this.#row === rows) this.#end({ kind: 'done' })
    else if (now > this.#deadline) this.#end({ kind: 'stopped', why: STOP.deadline })
    else this.start()
  }

  #runBlock(rows: number): void {
    this.#runner.stageIn(this.#row, rows)
    this.#runner.run(rows)
    this.#runner.stageOut(this.#row, rows)
    this.#row += rows
  }

  #end(end: KernelEnd): void {
    clearImmediate(this.#turn)
    this.#hasEnded = true
    this.#tellClaim()
    this.#onEnd(end)
  }

  /** All turns together are one chunk. */
  #tellClaim(): void {
    const { rows, onClaims } = this.#job
    if (onClaims === undefined || this.#row === 0) return
    onClaims(0, Float64Array.of(0, rows, this.#row, this.#began, this.#busyMs, Number.POSITIVE_INFINITY), 0)
  }
}
