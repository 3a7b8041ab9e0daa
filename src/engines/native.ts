import { clock } from '../clock.ts'
import { LanewiseError } from '../errors.ts'
import type { Stop } from '../memory/control.ts'
import { controlBlock, type Slot } from '../memory/slots.ts'
import type { NativeBinding, NativeSession } from '../native/load.ts'
import type { NativeCode } from '../native/machine-code.ts'
import { CLAIM_NUMBERS, Claims } from '../observe/claims.ts'
import { type KernelColumn, type KernelEnd, type KernelJob, type KernelMap, longestChunkMs } from './engine.ts'
import { FOLDS, wholeLeaves } from './reduce.ts'

/** Statuses that the addon gives beside those of the stop word. */
const PANICKED = -1
const NOT_ENDED = -2

/** A caller that blocks comes back to JavaScript so often, so that its thread can be terminated. */
const BLOCK_MS = 50

/** The addon's side of this thread: the maps it has in flight, by id. */
class Flights {
  readonly session: NativeSession
  readonly #maps = new Map<number, NativeMap>()
  #ids = 0
  /** The addon's own call back does not keep the process alive; a pending map does. */
  readonly #keepAlive = setInterval(() => {}, 2 ** 31 - 1).unref()
  #numbers = new Float64Array(64)

  constructor(binding: NativeBinding) {
    this.session = new binding.Session(() => this.#settle(), controlBlock().ints)
  }

  add(map: NativeMap): number {
    const id = this.#ids
    this.#ids = (id + 1) >>> 0
    this.#maps.set(id, map)
    if (this.#maps.size === 1) this.#keepAlive.ref()
    return id
  }

  /** Forgets a map that has ended: the text of its panic, if it ended by one. */
  remove(id: number): string | null {
    this.#maps.delete(id)
    if (this.#maps.size === 0) this.#keepAlive.unref()
    return this.session.release(id)
  }

  /** Memory for so many numbers or more, to be read before it is asked for again. */
  numbers(count: number): Float64Array {
    if (this.#numbers.length < count) this.#numbers = new Float64Array(2 * count)
    return this.#numbers
  }

  #settle(): void {
    const settled = this.session.takeSettled()
    // One that its caller waited for has been removed already.
    for (let i = 0; i < settled.length; i += 2) this.#maps.get(settled[i] as number)?.settled(settled[i + 1] as number)
  }
}

let flights: Flights | undefined

/** A map on the threads of the addon's pool. */
export class NativeMap implements KernelMap {
  readonly engine = 'native'
  readonly #flights: Flights
  readonly #native: NativeCode
  readonly #job: KernelJob
  readonly #onEnd: (end: KernelEnd) => void
  readonly #deadline: number
  #slot: Slot | undefined
  #giveUpWaiting: () => void = () => {}
  #id = -1
  #hasEnded = false
  #reached = 0
  #work: KernelMap['work'] = { chunks: 0, givenBack: 0, busyMs: 0 }

  constructor(native: NativeCode, job: KernelJob, onEnd: (end: KernelEnd) => void) {
    flights ??= new Flights(native.binding)
    this.#flights = flights
    this.#native = native
    this.#job = job
    this.#onEnd = onEnd
    this.#deadline = clock() + job.timeoutMs
  }

  start(): void {
    this.#giveUpWaiting = controlBlock().acquire((slot) => this.#submit(slot), this.#job.isBlocking)
  }

  ready(): number {
    return this.#hasEnded ? this.#reached : this.#wholeOf(this.#slot?.ready() ?? 0)
  }

  stop(why: Stop): void {
    if (this.#hasEnded) return
    if (this.#slot !== undefined) this.#slot.stop(why)
    else {
      this.#giveUpWaiting()
      this.#end({ kind: 'stopped', why })
    }
  }

  get hasBegun(): boolean {
    return this.#slot?.isEntered === true
  }

  get work(): KernelMap['work'] {
    return this.#slot === undefined ? this.#work : this.#slot.work
  }

  /**
   * Blocks until the map has ended, or `limitMs` have passed. The calling thread works in it too where the kernel ends by
   * itself: another could not be stopped when this thread is to be terminated.
   */
  block(limitMs: number): void {
    const end = clock() + limitMs
    while (!this.#hasEnded && this.#slot !== undefined) {
      const left = end - clock()
      if (left <= 0) return
      const status = this.#flights.session.wait(this.#id, Math.min(BLOCK_MS, left), this.#job.code.isBounded)
      if (status !== NOT_ENDED) this.settled(status)
    }
  }

  /** The addon says that no thread is in it any more. */
  settled(status: number): void {
    this.#tellClaims()
    const panic = this.#flights.remove(this.#id)
    const reached = this.#slot?.readyAtLast()
    if (status === PANICKED) this.#end({ kind: 'failed', reason: panicError(panic) })
    else if (reached === this.#job.rows) this.#end({ kind: 'done' })
    else this.#end({ kind: 'stopped', why: status as Stop })
  }

  #submit(slot: Slot): void {
    this.#slot = slot
    const { rows, chunksize, workers, timeoutMs } = this.#job
    slot.begin({ rows, workers, chunksize, deadline: this.#deadline, longestMs: longestChunkMs(timeoutMs) })
    this.#id = this.#flights.add(this)
    try {
      this.#flights.session.submit(this.#describe(slot), this.#native.code, this.#views())
    } catch (reason) {
      this.#flights.remove(this.#id)
      this.#end({ kind: 'failed', reason })
    }
  }

  /** What the addon has to know, as numbers: see `Description` of crates/node/src/map.rs. */
  #describe(slot: Slot): Float64Array {
    const { code, captures, columns, fold, workers, isBlocking, onClaims } = this.#job
    const { uniforms } = captures
    const now = clock()
    const numbers = this.#flights.numbers(HEAD + uniforms.length + 3 * columns.length)
    numbers[0] = this.#id
    numbers[1] = slot.number
    numbers[2] = workers
    numbers[3] = this.#deadline - now
    numbers[4] = isBlocking && code.isBounded ? 1 : 0
    numbers[5] = fold === undefined ? -1 : FOLDS.indexOf(fold)
    numbers[6] = onClaims === undefined ? Number.NaN : now
    numbers.set(uniforms, HEAD)
    let at = HEAD + uniforms.length
    for (const column of columns) {
      describeColumn(column, numbers, at)
      at += 3
    }
    return numbers
  }

  #views(): ArrayBufferView[] {
    const { captures, columns, out } = this.#job
    const views: ArrayBufferView[] = []
    for (const column of columns) if (column.kind === 'array') views.push(column.view)
    views.push(out, ...captures.tables)
    return views
  }

  /** A thread's place in the map is the worker's number: which of the pool's threads it is differs from map to map. */
  #tellClaims(): void {
    const { onClaims } = this.#job
    if (onClaims === undefined) return
    const numbers = this.#flights.session.takeClaims(this.#id)
    const bySeat = new Map<number, Claims>()
    for (let at = 0; at < numbers.length; at += 1 + CLAIM_NUMBERS) {
      const [seat = 0, ...claim] = numbers.subarray(at, at + 1 + CLAIM_NUMBERS)
      let claims = bySeat.get(seat)
      if (claims === undefined) {
        claims = new Claims((some) => onClaims(seat, some, 0))
        bySeat.set(seat, claims)
      }
      claims.add(...(claim as Parameters<Claims['add']>))
    }
    for (const claims of bySeat.values()) claims.end()
  }

  /** Of so many rows those that have results. */
  #wholeOf(ready: number): number {
    const { fold, rows } = this.#job
    return fold === undefined ? ready : wholeLeaves(ready, rows)
  }

  #end(end: KernelEnd): void {
    this.#hasEnded = true
    const slot = this.#slot
    if (slot !== undefined) {
      this.#reached = this.#wholeOf(slot.readyAtLast())
      this.#work = slot.work
      this.#slot = undefined
      controlBlock().release(slot)
    }
    this.#onEnd(end)
  }
}

/** Numbers in front of uniforms and columns. */
const HEAD = 7

/** Three numbers for a column. */
function describeColumn(column: KernelColumn, numbers: Float64Array, at: number): void {
  switch (column.kind) {
    case 'array':
      numbers[at] = 0
      break
    case 'range':
      numbers[at] = 1
      numbers[at + 1] = column.start
      numbers[at + 2] = column.step
      break
    case 'repeat':
      numbers[at] = 2
      numbers[at + 1] = column.value
      break
  }
}

function panicError(text: string | null): LanewiseError {
  return new LanewiseError(`lanewise is at fault: the native engine panicked: ${text}; please report it`, {
    code: 'ERR_LANEWISE_PANIC',
  })
}
