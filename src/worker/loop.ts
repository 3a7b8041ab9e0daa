import { joinKernelMap } from '../engines/pull-worker.ts'
import { loadFunction } from '../functions/load.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import { decodeValue, unpackList } from '../wire/codec.ts'
import { encodeError } from '../wire/errors.ts'
import { KEPT_NUMBERS } from '../wire/numbers.ts'
import type {
  CallMessage,
  ChunkMessage,
  JoinWorkMessage,
  NumberCall,
  NumberCallsMessage,
  ToWorker,
  WorkMessage,
} from '../wire/protocol.ts'
import { isThenable } from '../wire/thenable.ts'
import { ChunkRun, type Column } from './chunk-run.ts'
import type { Line } from './line.ts'

/** The works of one message, with their numbers. */
interface Works {
  readonly works: readonly WorkMessage[]
  readonly numbers: Float64Array | undefined
}

type AnyFunction = (...args: unknown[]) => unknown

/** What runs inside a worker, thread or process: one call at a time, in the order in which they came. */
export class Loop {
  readonly #line: Line
  readonly #functions = new Map<number, AnyFunction | Promise<AnyFunction>>()
  readonly #values = new Map<number, unknown>()
  readonly #blocks = new Map<number, Float64Array>()
  #own: Float64Array = new Float64Array(0) // see #ownBlock()
  readonly #messages: Works[] = [] // what has come and is not done
  #taken = 0 // works of the first message
  #part = 0 // of the work in front, where that is several calls or chunks
  #claimed = -1 // the number that is claimed, while its function is loaded
  #busy = true // until open()

  constructor(line: Line) {
    this.#line = line
  }

  /** Begins to run what has come; messages before that wait. */
  open(): void {
    this.#busy = false
    this.#run()
  }

  receive(message: ToWorker): void {
    if (isNumberCall(message)) {
      const [n, fn, ...args] = message
      this.#take([{ n, fn, arity: args.length, args }], undefined)
      return
    }
    for (const [id, ref] of message.functions ?? []) this.#define(id, ref)
    for (const [id, value] of message.values ?? []) this.#values.set(id, decodeValue(value))
    for (const id of message.forget ?? []) this.#values.delete(id)
    for (const [id, memory] of message.blocks ?? []) this.#blocks.set(id, new Float64Array(memory))
    const { works, numbers } = message
    if (works !== undefined) this.#take(works, numbers)
  }

  #take(works: readonly WorkMessage[], numbers: Float64Array | undefined): void {
    this.#messages.push({ works, numbers })
    this.#run()
  }

  #define(id: number, ref: Parameters<typeof loadFunction>[0]): void {
    const loaded = new Promise<AnyFunction>((resolve) => resolve(loadFunction(ref)))
    loaded.then(
      (fn) => this.#functions.set(id, fn),
      () => {}, // told by the calls that need it
    )
    this.#functions.set(id, loaded)
  }

  /** Runs until nothing is left or a call has to be waited for. */
  #run(): void {
    if (this.#busy) return
    this.#busy = true
    for (let message = this.#messages[0]; message !== undefined; message = this.#messages[0]) {
      const work = message.works[this.#taken]
      if (work === undefined) {
        this.#messages.shift()
        this.#taken = 0
        continue
      }
      const later = this.#step(work, message.numbers)
      if (later !== undefined) {
        this.#line.flush()
        void later.then(() => {
          this.#busy = false
          this.#run()
        })
        return
      }
    }
    this.#busy = false
    this.#line.flush()
  }

  /** Runs one call or one chunk of the work in front, or the worker's part of a kernel map. */
  #step(work: WorkMessage, numbers: Float64Array | undefined): Promise<void> | undefined {
    if ('join' in work) return this.#join(work)
    const fn = this.#functions.get(work.fn)
    if (fn === undefined) throw new Error(`function ${work.fn} was never sent`)
    const n = work.n + this.#part
    if (this.#claimed !== n) {
      // Before the claim: once the call counts as running, the caller may look how long.
      if ('timed' in work && work.timed === true) this.#line.loading()
      if (!this.#line.claim(n)) {
        this.#passOver(work)
        return undefined
      }
      this.#claimed = n
    }
    if (fn instanceof Promise) {
      // Claimed already: should its module end this worker, the caller knows which call asked for it.
      if ('columns' in work) this.#line.begun(1)
      return fn.then(
        () => {}, // the next step finds the function
        (error) => this.#functions.set(work.fn, () => Promise.reject(error)),
      ) as Promise<void>
    }
    const part = this.#part
    this.#passOver(work)
    if ('arity' in work) return this.#numberCall(work, part, fn)
    return 'columns' in work ? this.#chunk(work, part, numbers, fn) : this.#oneCall(work, fn)
  }

  /** Goes on to the next part of the work in front, or to the next work. */
  #passOver(work: CallMessage | NumberCallsMessage | ChunkMessage): void {
    this.#claimed = -1
    if (++this.#part < partsOf(work)) return
    this.#part = 0
    this.#taken++
  }

  #join({ n, join }: JoinWorkMessage): Promise<void> | undefined {
    this.#taken++
    if (!this.#line.claim(n)) return
    let failure: { failure: ReturnType<typeof encodeError> } | undefined
    try {
      joinKernelMap(join, {
        cameBack: () => this.#line.post(n, { n, cameBack: true }, [], true),
        claimed: (claims) => this.#line.post(n, { n, claims }, [claims.buffer], true),
      })
    } catch (error) {
      failure = { failure: encodeError(error, this.#line.carrier) }
    }
    this.#line.post(n, { n, left: true, ...failure }, [], false)
    return this.#line.pause(performance.now())
  }

  #numberCall({ n, arity, args }: NumberCallsMessage, call: number, fn: AnyFunction): Promise<void> | undefined {
    const at = call * arity
    let value: unknown
    try {
      if (arity === 1) value = fn(args[at])
      else value = fn(...args.slice(at, at + arity))
    } catch (error) {
      return this.#failed(n + call, error)
    }
    return this.#returned(n + call, value)
  }

  #oneCall(work: CallMessage, fn: AnyFunction): Promise<void> | undefined {
    const { n, args, timed } = work
    let retries = work.retries ?? 0
    const attempt = (): Promise<void> | undefined => {
      if (timed === true) this.#line.started(n)
      try {
        const value = fn(...args.map(decodeValue))
        if (!isThenable(value)) return this.#returned(n, value)
        return Promise.resolve(value).then((settled) => this.#returned(n, settled), again)
      } catch (error) {
        return again(error)
      }
    }
    const again = (error: unknown): Promise<void> | undefined => {
      if (retries === 0) return this.#failed(n, error)
      retries--
      this.#line.retried((work.retries ?? 0) - retries)
      return attempt()
    }
    return attempt()
  }

  #returned(n: number, value: unknown): Promise<void> | undefined {
    if (isThenable(value)) {
      return Promise.resolve(value).then(
        (settled) => this.#returned(n, settled),
        (error) => this.#failed(n, error),
      )
    }
    try {
      this.#line.returned(n, value)
    } catch (error) {
      return this.#failed(n, error)
    }
    return this.#answered()
  }

  #failed(n: number, error: unknown): Promise<void> | undefined {
    const transferList: [] = []
    this.#line.post(n, { n, error: encodeError(error, this.#line.carrier) }, transferList, false)
    return this.#answered()
  }

  /** A call is over. Its answer goes out before the next work begins: a death is laid to the first work that has none. */
  #answered(): Promise<void> | undefined {
    this.#line.flush()
    return this.#line.pause(performance.now())
  }

  #chunk(
    message: ChunkMessage,
    part: number,
    numbers: Float64Array | undefined,
    fn: AnyFunction,
  ): Promise<void> | undefined {
    const { n, count, columns, single } = message
    const shared = message.block === undefined ? undefined : this.#blocks.get(message.block)
    const memory = shared ?? numbers
    const before = part === 0 ? 0 : part * count * columns.filter((column) => 'from' in column).length
    const inputs = columns.map((column): Column => {
      if ('repeat' in column) return { values: [this.#values.get(column.repeat)], step: 0 }
      if ('shared' in column) {
        const whole = this.#values.get(column.shared) as NumberArray
        return { values: whole.subarray(column.first, column.first + count), step: 1 }
      }
      const list = 'from' in column && before > 0 ? { from: column.from + before, count } : column
      const { values, failures } = unpackList(list, memory)
      return { values, step: 1, failures }
    })
    const block = single === true ? undefined : (shared ?? this.#ownBlock(count))
    return new ChunkRun(message, n + part, fn, inputs, block, this.#line).go()
  }

  /** Memory for the results of a chunk that came without: one for all, since they run one after the other. */
  #ownBlock(count: number): Float64Array {
    if (count > KEPT_NUMBERS) return new Float64Array(count)
    if (this.#own.length < count) this.#own = new Float64Array(count)
    return this.#own
  }
}

function isNumberCall(message: ToWorker): message is NumberCall {
  return Array.isArray(message)
}

/** How many calls or chunks a message's work is. */
function partsOf(work: CallMessage | NumberCallsMessage | ChunkMessage): number {
  if ('arity' in work) return work.args.length / work.arity
  return 'columns' in work ? (work.chunks ?? 1) : 1
}
