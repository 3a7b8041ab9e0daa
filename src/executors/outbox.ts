import { types } from 'node:util'
import { Pace } from '../chunks/pace.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import type { Column } from '../inputs/rows.ts'
import type { Chunk, ChunkedMap } from '../map/chunk.ts'
import { encodeValue, packList, type Wire } from '../wire/codec.ts'
import { NumberStore } from '../wire/numbers.ts'
import type { ChunkMessage, ColumnMessage, NumberCall, Orders, ToWorker, WorkMessage } from '../wire/protocol.ts'
import type { Transferable } from '../wire/transfer.ts'
import type { Call } from './call.ts'
import type { Join } from './join.ts'

/** A function as the workers of a pool know it. */
interface KnownFunction {
  readonly id: number
  /** Of its single calls: at most so long, since the ways of their messages are in it. */
  readonly pace: Pace
}

/** Functions and broadcast values, with their ids: one table a pool, so that any worker may be sent any of them. */
export class Names {
  readonly #functions = new Map<string, KnownFunction>()
  readonly #values = new WeakMap<ChunkedMap, number>()
  #next = 0
  #lastRef: Call['ref'] | undefined
  #last: KnownFunction | undefined

  functionOf(ref: Call['ref']): KnownFunction {
    if (this.#last !== undefined && ref === this.#lastRef) return this.#last
    let known = this.#functions.get(ref.id)
    if (known === undefined) {
      known = { id: this.#next++, pace: new Pace() }
      this.#functions.set(ref.id, known)
    }
    this.#lastRef = ref
    this.#last = known
    return known
  }

  /** The id of a map's first broadcast value; that of input `i` is `i` more. */
  valueIds(run: ChunkedMap): number {
    let id = this.#values.get(run)
    if (id === undefined) {
      id = this.#next
      this.#next += run.rows.columns
      this.#values.set(run, id)
    }
    return id
  }
}

/** Where a worker's end stores numbers of a chunk: shared memory, the arguments first, the results behind them. */
export interface Block {
  readonly id: number
  readonly numbers: Float64Array
  /** The worker has not seen this memory yet. */
  isNew: boolean
}

interface Numbers {
  readonly n: number
  readonly fn: number
  readonly arity: number
  readonly args: number[]
}

/** The message of the last chunk that was packed: others of its kind may join it. */
interface OpenChunks {
  readonly first: Chunk
  readonly message: Mutable<ChunkMessage>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Packs what one worker is to be told, in one message a turn. */
export class Outbox {
  readonly #carrier: 'thread' | 'bytes'
  readonly #names: Names
  readonly #knows = new Set<number>()
  #functions: [number, Call['ref']][] = []
  #values: [number, Wire][] = []
  #forget: number[] = []
  #blocks: [number, SharedArrayBuffer][] = []
  #works: (WorkMessage | Numbers)[] = []
  readonly #store: NumberStore = new NumberStore() // numbers of chunks without a block
  #open: OpenChunks | undefined
  #transferList: Transferable[] = []

  constructor(carrier: 'thread' | 'bytes', names: Names) {
    this.#carrier = carrier
    this.#names = names
  }

  paceOf(call: Call): Pace {
    return this.#names.functionOf(call.ref).pace
  }

  /** Packs a call as work `n`. Errors: what the codec says of a value that cannot travel; nothing is packed then. */
  addCall(n: number, call: Call): void {
    const { args, limits } = call
    const fn = this.#functionId(call.ref)
    const timed = limits.itemTimeout !== undefined
    if (args.length > 0 && !timed && limits.retries === 0 && args.every((arg) => typeof arg === 'number')) {
      this.#addNumbers(n, fn, args)
      return
    }
    const moved: Transferable[] = []
    const wires = args.map((arg) => encodeValue(arg, this.#carrier, moved))
    this.#transferList.push(...moved)
    this.#works.push({
      n,
      fn,
      args: wires,
      ...(limits.retries > 0 && { retries: limits.retries }),
      ...(timed && { timed }),
    })
  }

  /** Packs a worker's part in a kernel map as work `n`. */
  addJoin(n: number, { message }: Join): void {
    this.#works.push({ n, join: message })
  }

  /**
   * Packs a chunk as work `n`; its numbers go into `block`, where there is one. Never fails: a value that cannot travel fails its row in the worker.
   * Returns the bytes of numbers that were copied.
   */
  addChunk(n: number, chunk: Chunk, block: Block | undefined): number {
    const { run } = chunk
    const { errors, itemTimeout, spread } = run.settings
    const count = chunk.length
    const valueIds = this.#names.valueIds(run)
    const numbers = block === undefined ? this.#store : new NumberStore(block.numbers, count) // the results stand first
    const before = numbers.used
    let sharedBytes = 0 // copied at the call of the map
    const columns = run.rows.slice(chunk.start, chunk.end).map((column, i): ColumnMessage => {
      if (column.kind === 'repeat') return this.#repeat(valueIds + i, run.repeats[i])
      const shared = this.#carrier === 'thread' ? sharedArrayOf(run.rows.column(i)) : undefined
      if (shared !== undefined) {
        sharedBytes += count * shared.BYTES_PER_ELEMENT
        return { shared: this.#share(valueIds + i, shared), first: chunk.start }
      }
      return packList(column.values, 0, count, this.#carrier, this.#transferList, numbers)
    })
    if (block?.isNew === true) {
      this.#blocks.push([block.id, block.numbers.buffer as SharedArrayBuffer])
      block.isNew = false
    }
    const bytes = (numbers.used - before) * Float64Array.BYTES_PER_ELEMENT + sharedBytes
    const canJoin = block === undefined && count > 1 && columns.every(isOfMessage)
    if (canJoin && this.#joinOpen(n, chunk)) return bytes
    const message: Mutable<ChunkMessage> = { n, fn: this.#functionId(run.ref), count, columns }
    const retries = count === 1 ? run.retriesLeft(chunk.start) : run.settings.retries
    const timed = itemTimeout !== undefined
    if (spread) message.spread = true
    if (errors === 'raise') message.raise = true
    if (retries > 0) message.retries = retries
    if (timed) message.timed = true
    if (this.#carrier === 'bytes' && (timed || run.settings.retries > 0)) message.single = true
    if (chunk.stopMs !== Number.POSITIVE_INFINITY) message.stopMs = chunk.stopMs
    if (run.isObserved) message.observed = true
    if (block !== undefined) message.block = block.id
    this.#works.push(message)
    this.#open = canJoin ? { first: chunk, message } : undefined
    return bytes
  }

  /** No chunk of this map will come any more: its broadcast values can go. */
  forget(run: ChunkedMap): void {
    const first = this.#names.valueIds(run)
    for (let id = first; id < first + run.rows.columns; id++) if (this.#knows.delete(id)) this.#forget.push(id)
  }

  get isEmpty(): boolean {
    return this.#works.length === 0 && this.#forget.length === 0
  }

  /** Everything packed since the last time. */
  take(): { message: ToWorker; transferList: Transferable[] } {
    const transferList = this.#transferList
    const message = this.#numberCall() ?? this.#orders()
    this.#functions = []
    this.#values = []
    this.#forget = []
    this.#blocks = []
    this.#works = []
    this.#open = undefined
    this.#transferList = []
    return { message, transferList }
  }

  /** Where that is all there is to tell. */
  #numberCall(): NumberCall | undefined {
    const [work] = this.#works
    if (work === undefined || this.#works.length > 1 || !('arity' in work) || work.args.length !== work.arity)
      return undefined
    if (this.#functions.length + this.#values.length + this.#forget.length + this.#blocks.length > 0) return undefined
    return [work.n, work.fn, ...work.args]
  }

  #orders(): Orders {
    const numbers = this.#store.take()
    return {
      ...(this.#functions.length > 0 && { functions: this.#functions }),
      ...(this.#values.length > 0 && { values: this.#values }),
      ...(this.#forget.length > 0 && { forget: this.#forget }),
      ...(this.#blocks.length > 0 && { blocks: this.#blocks }),
      works: this.#works.map((work) =>
        'arity' in work ? { n: work.n, fn: work.fn, arity: work.arity, args: new Float64Array(work.args) } : work,
      ),
      ...(numbers !== undefined && { numbers }),
    }
  }

  #functionId(ref: Call['ref']): number {
    const { id } = this.#names.functionOf(ref)
    if (!this.#knows.has(id)) {
      this.#knows.add(id)
      this.#functions.push([id, ref])
    }
    return id
  }

  #addNumbers(n: number, fn: number, args: readonly number[]): void {
    const last = this.#works.at(-1)
    const arity = args.length
    if (
      last !== undefined &&
      'arity' in last &&
      last.fn === fn &&
      last.arity === arity &&
      last.n + last.args.length / arity === n
    ) {
      for (const arg of args) (last as Numbers).args.push(arg)
    } else this.#works.push({ n, fn, arity, args: [...args] })
  }

  /** Adds a chunk to the message before it; false: that is of another kind. */
  #joinOpen(n: number, { run, length, stopMs }: Chunk): boolean {
    if (this.#open === undefined) return false
    const { first, message } = this.#open
    const { chunks = 1 } = message
    if (message.n + chunks !== n) return false
    if (first.run !== run || first.length !== length || first.stopMs !== stopMs) return false
    message.chunks = chunks + 1
    return true
  }

  #repeat(id: number, value: Wire): ColumnMessage {
    this.#tell(id, () => value)
    return { repeat: id }
  }

  #share(id: number, values: NumberArray): number {
    this.#tell(id, () => encodeValue(values, this.#carrier))
    return id
  }

  /** Has the worker know a value of a map. */
  #tell(id: number, value: () => Wire): void {
    if (this.#knows.has(id)) return
    this.#knows.add(id)
    this.#values.push([id, value()])
  }
}

/** The whole array of a column that workers read where it lies. */
export function sharedArrayOf(column: Column): NumberArray | undefined {
  return column.kind === 'numbers' && types.isSharedArrayBuffer(column.values.buffer) ? column.values : undefined
}

/** Whether the values of a column stand with those of other chunks in their message. */
function isOfMessage(column: ColumnMessage): boolean {
  return 'from' in column || 'repeat' in column
}
