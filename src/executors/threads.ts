import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { QUICK_MS } from '../chunks/pace.ts'
import { workerSource } from '../generated/worker-source.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import { Chunk } from '../map/chunk.ts'
import type { MapRun } from '../map/run.ts'
import { newSharedBuffer } from '../memory/ballast.ts'
import { giveBlockBack, shareNumbers } from '../memory/blocks.ts'
import type { FromWorker } from '../wire/protocol.ts'
import {
  BEGUN,
  EXIT,
  LEAVE,
  LISTENING,
  monotonicMs,
  NUMBER,
  NUMBERS,
  newBell,
  PENDING,
  RETRIED,
  RINGS,
  SLOTS,
  slotOf,
  startedAt,
  stateAt,
  TAKEN_BACK,
  UNDEFINED,
  WAKE,
  type Words,
  wordsOn,
} from '../wire/words.ts'
import type { Initializer } from '../worker/initialize.ts'
import type { ThreadData } from '../worker/thread-entry.ts'
import type { Death, Remains } from './aftermath.ts'
import { Join } from './join.ts'
import { initializerOf, type PoolOptions, type PoolSettings, parsePoolOptions } from './options.ts'
import { type Block, type Names, Outbox, sharedArrayOf } from './outbox.ts'
import { PoolExecutor } from './pool.ts'
import { PoolWorker, type Work, type WorkerHost } from './pool-worker.ts'

/** So many chunks of a numeric size are out at a worker at most, since each holds a block of shared memory. */
const AHEAD_CHUNKS = 64

/** A caller that blocks looks so often whether its workers are alive. */
const ALIVE_MS = 50

/** Runs calls on worker threads of this process. Idle, it keeps nothing alive. */
export class ThreadPoolExecutor extends PoolExecutor {
  override readonly engine = 'threads'
  protected override readonly kind = 'thread'
  protected override readonly carrier = 'thread'
  protected override readonly copyNumbers: (values: NumberArray) => NumberArray = shareNumbers
  readonly #bell = newBell()
  readonly #initializer: Initializer | undefined

  constructor(options?: PoolOptions) {
    super(parsePoolOptions(options, 'thread'))
    this.#initializer = initializerOf(this.settings, 'thread')
  }

  protected override startWorker(index: number, name: string): PoolWorker {
    return new ThreadWorker(index, name, this, this.names, this.settings, this.#bell, this.#initializer)
  }

  protected override hasRoomForCall(worker: PoolWorker): boolean {
    return worker.progress.aheadMs < QUICK_MS
  }

  protected override hasRoomForChunk(worker: PoolWorker, run: MapRun): boolean {
    if (run.settings.chunksize === 'auto') return worker.load < 2 && run.mayPrefetch && worker.progress.isKnown
    return worker.load < AHEAD_CHUNKS && worker.progress.aheadMs < QUICK_MS
  }

  protected override forget(run: MapRun): void {
    super.forget(run)
    // Every row that was handed out has been answered: no worker reads its arguments any more.
    for (let i = 0; i < run.rows.columns; i++) {
      const array = sharedArrayOf(run.rows.column(i))
      if (array !== undefined) giveBlockBack(array.buffer as SharedArrayBuffer)
    }
  }

  override block(isDone: () => boolean, timeoutMs: number | undefined): void {
    const end = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
    Atomics.store(this.#bell, LISTENING, 1)
    try {
      for (;;) {
        const rings = Atomics.load(this.#bell, RINGS)
        for (const worker of [...this.workers] as ThreadWorker[]) {
          worker.poll()
          this.crew.retire(worker)
        }
        this.balance.tend()
        this.deal()
        if (isDone()) return
        const left = end - performance.now()
        if (left <= 0) return
        Atomics.wait(this.#bell, RINGS, rings, Math.min(this.balance.tendInMs ?? ALIVE_MS, left))
        for (const worker of [...this.workers]) (worker as ThreadWorker).lookAlive()
      }
    } finally {
      Atomics.store(this.#bell, LISTENING, 0)
    }
  }
}

/** A worker thread: its works' states stand in shared memory (see words.ts), so what it has begun and done is known at any time. */
class ThreadWorker extends PoolWorker {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #words: Words
  readonly #states: Int32Array
  readonly #blocks = new Map<number, Block>() // by the chunk that uses it
  #freeBlocks: Block[] = []
  #blockIds = 0
  #passed = -1 // the highest number that the worker is known to be past
  #cause: unknown
  #isGone = false

  constructor(
    index: number,
    name: string,
    host: WorkerHost,
    names: Names,
    settings: PoolSettings,
    bell: Int32Array,
    initializer: Initializer | undefined,
  ) {
    super(index, name, host, new Outbox('thread', names))
    this.#words = wordsOn()
    this.#states = this.#words.ints
    const { port1, port2 } = new MessageChannel()
    const data: ThreadData = { lanewise: 1, port: port2, memory: this.#words.memory, bell, initializer }
    const { resourceLimits, env, execArgv } = settings
    this.#worker = new Worker(workerSource, {
      eval: true,
      name,
      workerData: data,
      transferList: [port2],
      ...(resourceLimits !== undefined && { resourceLimits }),
      ...(env !== undefined && { env }),
      ...(execArgv !== undefined && { execArgv: [...execArgv] }),
    })
    this.#port = port1
    port1.on('message', (message: FromWorker) => {
      // The others that are there are read by hand: an event for each costs four times as much.
      this.#receive(message)
      this.poll()
      this.host?.progressed(this)
    })
    port1.unref()
    this.#worker.unref()
    this.#worker.on('error', (error) => {
      this.#cause = error
    })
    this.#worker.once('exit', (exitCode) => this.#exited({ exitCode, signal: null }))
  }

  override hasBegun(work: Work): boolean {
    return Atomics.load(this.#states, stateAt(slotOf(work.n))) !== PENDING
  }

  override takeBack(work: Work): boolean {
    const { n } = work
    const state = stateAt(slotOf(n))
    if (Atomics.compareExchange(this.#states, state, PENDING, TAKEN_BACK) !== PENDING) return false
    this.#freeBlock(n)
    this.takenBack(work)
    return true
  }

  override leave(chunk: Chunk): void {
    Atomics.store(this.#states, LEAVE, (chunk.n + 1) | 0)
  }

  /** Whether the next number's slot is free: taken back or not, the worker must be past the number that had it before. */
  override get hasSlot(): boolean {
    return this.next - this.#passed <= SLOTS
  }

  protected override sendEnd(): void {
    this.#worker.ref()
    this.#port.postMessage({ stop: true })
  }

  protected override sendKill(): void {
    this.#worker.ref()
    void this.#worker.terminate()
  }

  /** Reads what has come while the event loop stands still. */
  poll(): void {
    for (let got = receiveMessageOnPort(this.#port); got !== undefined; got = receiveMessageOnPort(this.#port)) {
      this.#receive(got.message)
    }
    this.#sweep()
    this.heard()
  }

  /** Sees a death that the event loop would tell of, if it were not blocked. */
  lookAlive(): void {
    this.limits.check()
    const exit = Atomics.load(this.#states, EXIT)
    // Of a worker that was terminated or ran out of memory nothing tells but this: once its loop has begun, an idle time below 0 says that it is gone.
    if (exit !== 0) this.#exited({ exitCode: exit - 1, signal: null })
    else if (idleMs(this.#worker) < 0) this.#exited({ exitCode: 1, signal: null })
  }

  override hear(then: () => void): void {
    this.poll()
    this.host?.progressed(this)
    then()
  }

  protected override becameReady(): void {
    // It tells of the worker's death if it was read once while that lived; and Node lets it be read only after 'online', an event that a caller who
    // blocks from the start never gets. The message that is being read says the same.
    const isOnline = Object.getOwnPropertySymbols(this.#worker).find(({ description }) => description === 'kIsOnline')
    if (isOnline !== undefined) Object.assign(this.#worker, { [isOnline]: true })
    idleMs(this.#worker)
  }

  protected override sendChunk(n: number, chunk: Chunk): void {
    const block = this.#block(chunk.length * (1 + chunk.run.rows.columns))
    this.#blocks.set(n, block)
    chunk.run.stats.bytesCopied += this.outbox.addChunk(n, chunk, block)
  }

  protected override numbered(n: number): void {
    Atomics.store(this.#states, stateAt(slotOf(n)), PENDING)
  }

  override settled(work: Work): void {
    this.#passed = work.n
    if (work instanceof Chunk) this.#freeBlock(work.n)
    super.settled(work)
  }

  protected override post(): void {
    const { message, transferList } = this.outbox.take()
    this.#port.postMessage(message, transferList)
  }

  protected override setBusy(busy: boolean): void {
    if (this.#isGone) return
    if (busy) this.#worker.ref()
    else this.#worker.unref()
  }

  override runningMs(): number {
    const startedMs = startedAt(this.#words)
    return Number.isNaN(startedMs) ? 0 : monotonicMs() - startedMs
  }

  override retriesAtEnd(): number {
    return this.#states[RETRIED] ?? 0
  }

  #freeBlock(n: number): void {
    const block = this.#blocks.get(n)
    if (block === undefined) return
    this.#blocks.delete(n)
    this.#freeBlocks.push(block)
  }

  override numbersOf(chunk: Chunk, from: number, to: number): Float64Array {
    const block = this.#blocks.get(chunk.n)
    chunk.run.stats.bytesCopied += (to - from) * Float64Array.BYTES_PER_ELEMENT
    return block?.numbers.subarray(from, to) ?? new Float64Array(0)
  }

  override remains(chunk: Chunk): Remains {
    const numbers = this.#states[NUMBERS] ?? 0
    const begun = this.#states[BEGUN] ?? 0
    return { numbers, inRow: begun > Math.max(numbers, chunk.settled) ? begun - 1 : undefined }
  }

  /** A block of shared memory for `count` numbers. Old ones are used again: fresh memory costs a page fault every 512 numbers. */
  #block(count: number): Block {
    const free = this.#freeBlocks.findIndex((block) => block.numbers.length >= count)
    if (free !== -1) return this.#freeBlocks.splice(free, 1)[0] as Block
    this.#freeBlocks = [] // too small, all of them
    const memory = newSharedBuffer(count * Float64Array.BYTES_PER_ELEMENT)
    return { id: this.#blockIds++, numbers: new Float64Array(memory), isNew: true }
  }

  #receive(message: FromWorker): void {
    if (message === null) {
      Atomics.store(this.#states, WAKE, 0)
      return // poll() reads the states when all messages are read
    }
    this.#sweep() // what stands before it was settled earlier
    this.read(message)
  }

  /** Settles the calls whose outcome stands in the words, in order, up to the first that has none there. */
  #sweep(): void {
    for (const work of this.works.values()) {
      if (work instanceof Chunk || work instanceof Join) return
      const slot = slotOf(work.n)
      const state = Atomics.load(this.#states, stateAt(slot))
      if (state === NUMBER) {
        this.settled(work)
        work.returned(this.#words.values[slot])
      } else if (state === UNDEFINED) {
        this.settled(work)
        work.returned(undefined)
      } else return
    }
  }

  #exited(death: Death): void {
    if (this.#isGone) return
    this.poll() // what it had said before it died
    this.#isGone = true
    this.#port.close()
    this.died({ ...death, ...(this.#cause !== undefined && { cause: this.#cause }) })
  }
}

/**
 * The idle time of a worker's event loop, in milliseconds; below 0: there is none any more. 0 where it is not told: Deno has no such function, and Bun's only
 * prints that it is none, so there a caller who blocks does not see that a worker was terminated or ran out of memory.
 */
function idleMs(worker: Worker): number {
  const { performance } = worker as { performance: Partial<Worker['performance']> }
  if (process.versions.bun !== undefined) return 0
  return performance.eventLoopUtilization?.().idle ?? 0
}
