import type { EngineName, KernelEnd, KernelJob, KernelMap } from '../engines/engine.ts'
import { wholeLeaves } from '../engines/reduce.ts'
import { LanewiseError } from '../errors.ts'
import type { Stop } from '../memory/control.ts'
import { execMsOf } from './answer.ts'
import { FrameError } from './errors.ts'
import type { Section } from './frame.ts'
import { ArrivingLeaves } from './leaves.ts'
import type { KernelManifest } from './manifest.ts'
import type { Parcel } from './run.ts'
import { ClusterSizes } from './sizes.ts'
import { numberSection, numbersOf, numbersSection, rangeSection, unpackValues } from './values.ts'

/** What the executor does for a kernel map of its own. */
export interface KernelMapHost {
  readonly slots: number
  /** It can hand out rows from now on. */
  enqueue(map: RemoteKernelMap): void
  /** It is over: nothing of it is out, or wanted. Answers why it took the time that it did. */
  over(map: RemoteKernelMap): string | undefined
}

/** A kernel map in flight on other machines: rows go out in chunks, results are stored where they belong. */
export class RemoteKernelMap implements KernelMap {
  readonly engine = 'nats'
  readonly manifest: KernelManifest
  readonly work = { chunks: 0, givenBack: 0, busyMs: 0 }
  why: string | undefined
  /** Its place among the calls of submit and map. */
  order = 0
  readonly #job: KernelJob
  readonly #host: KernelMapHost
  readonly #onEnd: (end: KernelEnd) => void
  readonly #sizes: ClusterSizes
  readonly #leaves: ArrivingLeaves | undefined
  readonly #finished = new Map<number, number>() // ends of finished chunks, by their starts
  #next = 0
  #ready = 0
  #hasEnded = false

  /** Errors: LanewiseError for a kernel without a program. */
  constructor(job: KernelJob, asked: EngineName | 'auto', host: KernelMapHost, onEnd: (end: KernelEnd) => void) {
    this.#job = job
    this.#host = host
    this.#onEnd = onEnd
    this.#sizes = new ClusterSizes({ timeoutMs: job.timeoutMs })
    const { fold, rows, out } = job
    if (fold !== undefined) this.#leaves = new ArrivingLeaves(fold, rows, out)
    this.manifest = kernelManifest(job, asked)
  }

  start(): void {
    this.#host.enqueue(this)
  }

  get hasBegun(): boolean {
    return this.#next > 0 && !this.#hasEnded
  }

  ready(): number {
    return this.#leaves === undefined ? this.#ready : wholeLeaves(this.#ready, this.#job.rows)
  }

  stop(why: Stop): void {
    this.#end({ kind: 'stopped', why })
  }

  get isExhausted(): boolean {
    return this.#hasEnded || this.#next === this.#job.rows
  }

  /** The next rows; undefined: there are none. */
  next(): Parcel | undefined {
    if (this.isExhausted) return undefined
    const { rows, chunksize } = this.#job
    const start = this.#next
    const size = chunksize ?? this.#sizes.next(rows - start, Math.max(1, this.#host.slots), false).items
    const end = Math.min(rows, start + size)
    this.#next = end
    this.work.chunks++
    return {
      items: end - start,
      sections: this.#job.columns.map((column): Section => {
        if (column.kind === 'array') return numbersSection(column.view.subarray(start, end))
        return column.kind === 'range' ? rangeSection(column.start, column.step, start) : numberSection(column.value)
      }),
      read: (frame, sections, overheadMs) => {
        const [section] = sections
        if (section === undefined || frame.items !== end - start) {
          throw new FrameError(`a chunk of ${end - start} rows has as many results, got ${frame.items}`)
        }
        const execMs = execMsOf(frame)
        const { values } = unpackValues(section, end - start)
        if (!(values instanceof Float64Array)) throw new FrameError('results of a kernel are doubles')
        return () => this.#store(start, values, execMs, overheadMs)
      },
      failed: (reason) => this.#end({ kind: 'failed', reason }),
    }
  }

  #store(start: number, values: Float64Array, execMs: number, overheadMs: number): void {
    if (this.#hasEnded) return
    if (this.#leaves === undefined) this.#job.out.set(values, start)
    else this.#leaves.take(start, values)
    this.work.busyMs += execMs
    this.#sizes.report(values.length, execMs, overheadMs)
    this.#finished.set(start, start + values.length)
    for (let end = this.#finished.get(this.#ready); end !== undefined; end = this.#finished.get(this.#ready)) {
      this.#finished.delete(this.#ready)
      this.#ready = end
    }
    if (this.#ready === this.#job.rows) this.#end({ kind: 'done' })
  }

  #end(end: KernelEnd): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.why = this.#host.over(this)
    this.#onEnd(end)
  }
}

function kernelManifest({ code, captures }: KernelJob, engine: EngineName | 'auto'): KernelManifest {
  const { uniforms, tables } = captures
  return {
    kind: 'kernel',
    name: code.name,
    program: programOf(code),
    uniforms,
    tables: tables.map(onOwnMemory),
    engine,
  }
}

/** The program of a kernel as it travels. Errors: LanewiseError for one of a file in AssemblyScript. */
export function programOf({ name, portable }: KernelJob['code']): Uint8Array {
  if (portable !== undefined) return portable()
  throw new LanewiseError(
    `kernel ${name} is of a file in AssemblyScript, which other machines cannot verify; write it as a kernel`,
    { code: 'ERR_LANEWISE_NOT_PORTABLE' },
  )
}

/** Shared memory does not travel; and it is written while it is read. */
function onOwnMemory(table: KernelJob['captures']['tables'][number]): KernelManifest['tables'][number] {
  const { element, bytes } = numbersSection(table)
  return numbersOf(element, bytes)
}
