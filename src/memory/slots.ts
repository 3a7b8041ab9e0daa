import { invariant } from '../invariant.ts'
import {
  NO_CHUNK,
  PAGES,
  RANGE,
  RANGE_BYTES,
  RANGES_AT,
  SLOT,
  SLOT_BYTES,
  SLOTS,
  STOP,
  type Stop,
  WORKER,
  WORKER_BYTES,
  WORKERS,
  WORKERS_AT,
} from './control.ts'

/** The caller's name in the lock word of a slot; workers have 1 + their seat. */
const CALLER = -1

export interface SlotSettings {
  readonly rows: number
  /** The first row to do; more than 0 where a map is begun anew. */
  readonly from?: number
  /** P: how many workers may share the map. */
  readonly workers: number
  /** Rows of a chunk; undefined has them sized by time. */
  readonly chunksize: number | undefined
  /** When the map stops, by `clock()`; Infinity for never. */
  readonly deadline: number
  /** No chunk sized by time shall last longer, in ms. */
  readonly longestMs: number
  /** Running time of a row in an earlier map; undefined: nothing is known, and the first chunk is one row. */
  readonly rememberedMs?: number | undefined
}

/** Kept for a caller that blocks its thread: those who hold the others could not end meanwhile. */
const BLOCKING_SLOT = SLOTS - 1

/**
 * The control block of this thread, and who has which of its slots.
 *
 * One for all executors of the thread, since its memory is set when the chunk loop is made, and the native engine is told
 * of it once.
 */
export class ControlBlock {
  readonly memory: WebAssembly.Memory
  readonly ints: Int32Array
  readonly #slots: Slot[] = []
  readonly #free: Slot[] = []
  readonly #waiting: ((slot: Slot) => void)[] = []
  #blocking: Slot | undefined
  #isBlocking = false

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true })
    this.ints = new Int32Array(this.memory.buffer)
  }

  /**
   * Gives `then` a slot, at once if one is free, else in the order of asking. The answer takes the wish back.
   *
   * `isBlocking`: the caller blocks its thread until it is done; there is a slot kept for it.
   */
  acquire(then: (slot: Slot) => void, isBlocking = false): () => void {
    const slot = (isBlocking ? this.#blockingSlot() : undefined) ?? this.#free.pop() ?? this.#newSlot()
    if (slot !== undefined) {
      then(slot)
      return () => {}
    }
    this.#waiting.push(then)
    return () => {
      const at = this.#waiting.indexOf(then)
      if (at !== -1) this.#waiting.splice(at, 1)
    }
  }

  /** Takes a slot back that no worker, and no thread of the native engine, looks at any more. */
  release(slot: Slot): void {
    invariant(!this.#free.includes(slot), 'a slot is released once')
    if (slot === this.#blocking) {
      this.#isBlocking = false
      return
    }
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(slot)
    else next(slot)
  }

  /** Undefined where a blocking call is under way already: something that it calls blocks too. */
  #blockingSlot(): Slot | undefined {
    if (this.#isBlocking) return undefined
    this.#isBlocking = true
    this.#blocking ??= new Slot(this.memory, BLOCKING_SLOT)
    return this.#blocking
  }

  #newSlot(): Slot | undefined {
    if (this.#slots.length === BLOCKING_SLOT) return undefined
    const slot = new Slot(this.memory, this.#slots.length)
    this.#slots.push(slot)
    return slot
  }
}

let ofThisThread: ControlBlock | undefined

export function controlBlock(): ControlBlock {
  ofThisThread ??= new ControlBlock()
  return ofThisThread
}

/** One slot, as the caller of a map sees it. Who may do what when stands in assembly/index.ts. */
export class Slot {
  readonly number: number
  /** Bytes from the start of the control block. */
  readonly address: number
  readonly #ints: Int32Array
  readonly #longs: BigInt64Array
  readonly #reals: Float64Array
  #workers = 0
  #ready = 0

  constructor(memory: WebAssembly.Memory, number: number) {
    this.number = number
    this.address = number * SLOT_BYTES
    this.#ints = new Int32Array(memory.buffer, this.address, SLOT_BYTES / 4)
    this.#longs = new BigInt64Array(memory.buffer, this.address, SLOT_BYTES / 8)
    this.#reals = new Float64Array(memory.buffer, this.address, SLOT_BYTES / 8)
  }

  /** Sets the slot up for a map, or for what a map has left to do. Nobody else may be looking at it. */
  begin(settings: SlotSettings): void {
    const { rows, from = 0, workers, chunksize, deadline, longestMs, rememberedMs } = settings
    invariant(workers >= 1 && workers <= WORKERS, `a map has 1 to ${WORKERS} workers, not ${workers}`)
    this.#workers = workers
    this.#ready = from
    this.#setLong(SLOT.chunksize.at, Math.min(chunksize ?? 0, rows))
    this.#setLong(SLOT.end.at, rows)
    this.#setLong(SLOT.next.at, from)
    this.#setLong(SLOT.done.at, from)
    this.#setLong(SLOT.returnedRows.at, 0)
    this.#reals[SLOT.deadline.at / 8] = deadline
    this.#reals[SLOT.longest.at / 8] = longestMs
    for (const { at } of [SLOT.stop, SLOT.moving, SLOT.left, SLOT.lock, SLOT.returned])
      Atomics.store(this.#ints, at / 4, 0)
    Atomics.store(this.#ints, SLOT.workers.at / 4, workers)
    for (let seat = 0; seat < workers; seat++) {
      const first = workerAt(seat) / 8
      this.#longs.fill(0n, first, first + WORKER_BYTES / 8)
      this.#setLong(workerAt(seat) + WORKER.start.at, NO_CHUNK)
    }
    if (rememberedMs !== undefined) {
      this.#reals[(workerAt(0) + WORKER.time.at) / 8] = rememberedMs
      this.#reals[(workerAt(0) + WORKER.items.at) / 8] = 1 // the first chunk outvotes it
    }
    // Last: a worker that was sent to the map before leaves as soon as it sees this.
    Atomics.add(this.#ints, SLOT.generation.at / 4, 1)
  }

  get generation(): number {
    return Atomics.load(this.#ints, SLOT.generation.at / 4)
  }

  /** Has the map stop; the answer is why it does, which may have been said before. */
  stop(why: Stop): Stop {
    Atomics.compareExchange(this.#ints, SLOT.stop.at / 4, STOP.none, why)
    return this.stopped
  }

  get stopped(): Stop {
    return Atomics.load(this.#ints, SLOT.stop.at / 4) as Stop
  }

  /** Whether there are rows that no worker holds. */
  get hasWork(): boolean {
    return this.#long(SLOT.next.at) < this.#long(SLOT.end.at) || Atomics.load(this.#ints, SLOT.returned.at / 4) > 0
  }

  /** Rows finished, in whatever order. */
  get done(): number {
    return this.#long(SLOT.done.at)
  }

  /**
   * The ready prefix: all rows below it are finished. Never goes down.
   *
   * The lock is only tried: whoever holds it may be waiting for a processor, and this thread does not wait. Then the answer
   * is that of the last time.
   */
  ready(): number {
    const next = this.#long(SLOT.next.at) // before the starts
    if (Atomics.compareExchange(this.#ints, SLOT.lock.at / 4, 0, CALLER) !== 0) return this.#ready
    let ready = Math.min(next, this.#long(SLOT.end.at))
    for (let seat = 0; seat < this.#workers; seat++) {
      const start = this.#long(workerAt(seat) + WORKER.start.at) // before its finished
      if (start !== NO_CHUNK) ready = Math.min(ready, start + this.#long(workerAt(seat) + WORKER.finished.at))
    }
    const returned = Atomics.load(this.#ints, SLOT.returned.at / 4)
    for (let entry = 0; entry < returned; entry++) {
      ready = Math.min(ready, this.#long(RANGES_AT + entry * RANGE_BYTES + RANGE.from.at))
    }
    Atomics.store(this.#ints, SLOT.lock.at / 4, 0)
    this.#ready = Math.max(this.#ready, ready)
    return this.#ready
  }

  /** The ready prefix when no worker is in the map any more: whoever was terminated may have held the lock. */
  readyAtLast(): number {
    Atomics.store(this.#ints, SLOT.lock.at / 4, 0)
    return this.ready()
  }

  /** Whether the worker of `seat` holds rows. */
  hasBegun(seat: number): boolean {
    return this.#long(workerAt(seat) + WORKER.start.at) !== NO_CHUNK
  }

  /** Whether rows were claimed, by whomever, now or before the map was begun anew. */
  get isEntered(): boolean {
    return this.#long(SLOT.next.at) > 0
  }

  /** What the workers did, all together. */
  get work(): { chunks: number; givenBack: number; busyMs: number } {
    const sum = { chunks: 0, givenBack: 0, busyMs: 0 }
    for (let seat = 0; seat < this.#workers; seat++) {
      sum.chunks += Atomics.load(this.#ints, (workerAt(seat) + WORKER.chunks.at) / 4)
      sum.givenBack += Atomics.load(this.#ints, (workerAt(seat) + WORKER.givenBack.at) / 4)
      sum.busyMs += this.#reals[(workerAt(seat) + WORKER.busy.at) / 8] ?? 0
    }
    return sum
  }

  /** Mean running time of a row, in ms; undefined: nothing is known. */
  get meanMs(): number | undefined {
    let ms = 0
    let items = 0
    for (let seat = 0; seat < this.#workers; seat++) {
      ms += this.#reals[(workerAt(seat) + WORKER.time.at) / 8] ?? 0
      items += this.#reals[(workerAt(seat) + WORKER.items.at) / 8] ?? 0
    }
    return items > 0 ? ms / items : undefined
  }

  /** Rows are exact as numbers: there are at most 2^53. */
  #long(at: number): number {
    return Number(Atomics.load(this.#longs, at / 8))
  }

  #setLong(at: number, value: number): void {
    Atomics.store(this.#longs, at / 8, BigInt(value))
  }
}

function workerAt(seat: number): number {
  return WORKERS_AT + seat * WORKER_BYTES
}
