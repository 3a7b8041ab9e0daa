import type { ChildProcess } from 'node:child_process'
import { InvalidStateError } from '../errors.ts'
import { workerSource } from '../generated/worker-source.ts'
import type { Chunk } from '../map/chunk.ts'
import type { MapRun } from '../map/run.ts'
import type { FromProcess, FromWorker } from '../wire/protocol.ts'
import type { Initializer } from '../worker/initialize.ts'
import { OWNER_FD } from '../worker/watch-owner.ts'
import type { Death, Remains } from './aftermath.ts'
import { endAtExit, killChild } from './exit.ts'
import { initializerOf, type PoolOptions, type PoolSettings, parsePoolOptions } from './options.ts'
import { type Names, Outbox } from './outbox.ts'
import { PoolExecutor } from './pool.ts'
import { PoolWorker, type Work, type WorkerHost } from './pool-worker.ts'

/** Chunks in one message last so long together at most: a message costs about 60 µs on both sides, and what is sent can't be called back. */
const MESSAGE_MS = 1
const MESSAGE_CHUNKS = 16
/** One message runs while the next one waits. */
const MESSAGES = 2

/**
 * What a child runs until its source comes as the first message: too long for a command line (32,767 characters on Windows), and a file of its own would be
 * lost in a bundle.
 */
const LOADER = `process.once('message', (source) => {
  const { Module } = require('node:module')
  new Module('lanewise worker')._compile(source, require('node:path').resolve('lanewise-worker.cjs'))
})`

/** This process's own flags, but for those that belong to its program: what to run, and the port of its debugger. */
function ownExecArgv(): string[] {
  const flags = [...process.execArgv]
  const evalAt = flags.findIndex((flag) => /^(-e|-p|-pe|--eval|--print)$/.test(flag))
  if (evalAt !== -1) flags.splice(evalAt, 2)
  return flags.filter((flag) => !/^--(eval|print|input-type|inspect|watch|test)\b/.test(flag))
}

/** Runs calls on child processes of their own. Idle, it keeps nothing alive. */
export class ProcessPoolExecutor extends PoolExecutor {
  override readonly engine = 'processes'
  protected override readonly kind = 'process'
  protected override readonly carrier = 'bytes'
  readonly #initializer: Initializer | undefined

  constructor(options?: PoolOptions) {
    super(parsePoolOptions(options, 'process'))
    this.#initializer = initializerOf(this.settings, 'bytes')
  }

  protected override startWorker(index: number, name: string): PoolWorker {
    return new ProcessWorker(index, name, this, this.names, this.settings, this.#initializer)
  }

  protected override hasRoomForCall(): boolean {
    return false // what is sent to a process can't be called back
  }

  protected override hasRoomForChunk(worker: PoolWorker, run: MapRun): boolean {
    if (!worker.progress.isKnown) return false
    if (run.settings.chunksize === 'auto') return worker.load < 2 && run.mayPrefetch
    if (run.settings.chunksize === 1 || run.chunkMs === undefined) return false
    const inMessage = Math.min(MESSAGE_CHUNKS, Math.max(1, Math.floor(MESSAGE_MS / run.chunkMs)))
    // A message is begun where there is room for a whole one: else a short one, once sent, would make short ones for ever.
    const { isPacking } = worker as ProcessWorker
    return isPacking ? worker.load < MESSAGES * inMessage : worker.load <= (MESSAGES - 1) * inMessage
  }

  protected override refuseBlocking(what: string): never {
    throw new InvalidStateError(
      `${what} cannot block on a ProcessPoolExecutor: its pipes need the event loop; await instead, or use a ThreadPoolExecutor`,
    )
  }

  override block(): never {
    this.refuseBlocking('resultSync')
  }
}

/** Functions that run in a child may send messages of their own; many do, where they see a `process.send`. */
function isOurs(message: unknown): message is FromProcess {
  return Array.isArray((message as Partial<FromProcess> | null)?.said)
}

class ProcessWorker extends PoolWorker {
  readonly #child: ChildProcess
  #startedMs = 0 // when the running call with a limit began
  #retried = 0 // how often the running call threw and was tried again
  #death: Death | undefined
  #cause: unknown

  constructor(
    index: number,
    name: string,
    host: WorkerHost,
    names: Names,
    settings: PoolSettings,
    initializer: Initializer | undefined,
  ) {
    super(index, name, host, new Outbox('bytes', names))
    const { env, execArgv } = settings
    const { spawn } = process.getBuiltinModule('node:child_process') // a fifth of an import, and most programs start without it
    const child = spawn(process.execPath, [...(execArgv ?? ownExecArgv()), '-e', LOADER], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
      serialization: 'advanced',
      windowsHide: true,
      ...(env !== undefined && { env }),
    })
    this.#child = child
    const unsent = (): void => {} // a child that ended at once: 'exit' tells
    child.send(workerSource, unsent)
    child.send({ initializer }, unsent)
    child.on('message', (message) => {
      if (!isOurs(message)) return
      this.answers.numbers = message.numbers
      for (const said of message.said) this.read(said)
      this.heard()
      this.host?.progressed(this)
    })
    child.on('error', (error) => {
      this.#cause = error
      if (child.pid === undefined) this.#gone({ exitCode: null, signal: null })
    })
    // What it had said is read when the channel is closed, which may be after its exit.
    child.once('exit', (exitCode, signal) => {
      this.#death = { exitCode, signal }
      if (!child.connected) this.#gone(this.#death)
    })
    child.once('disconnect', () => {
      if (this.#death !== undefined) this.#gone(this.#death)
    })
    ;(child.stdio[OWNER_FD] as import('node:net').Socket).on('error', () => {}).unref()
    this.setBusy(false)
  }

  /** Something waits to be sent. */
  get isPacking(): boolean {
    return !this.outbox.isEmpty
  }

  override hasBegun(work: Work): boolean {
    return this.works.values().next().value === work
  }

  override takeBack(): false {
    return false
  }

  override get waiting(): 0 {
    return 0
  }

  override leave(chunk: Chunk): void {
    this.#send({ leave: chunk.n })
  }

  protected override sendEnd(): void {
    this.#keepAlive(true)
    this.#send({ stop: true })
  }

  protected override sendKill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#keepAlive(true)
    killChild(this.#child, signal)
  }

  protected override sendChunk(n: number, chunk: Chunk): void {
    chunk.run.stats.bytesCopied += this.outbox.addChunk(n, chunk, undefined)
  }

  protected override numbered(): void {}

  protected override post(): void {
    this.#send(this.outbox.take().message)
  }

  protected override setBusy(isBusy: boolean): void {
    if (isBusy) endAtExit.add(this.#child)
    else endAtExit.delete(this.#child)
    this.#keepAlive(isBusy)
  }

  protected override read(message: FromWorker): void {
    if (message !== null) {
      if ('started' in message) this.#startedMs = performance.now()
      else if ('retried' in message) this.#retried = message.retried
      else if ('rows' in message) this.#retried = 0
    }
    super.read(message)
  }

  override runningMs(): number {
    return this.#startedMs === 0 ? 0 : performance.now() - this.#startedMs
  }

  override hear(then: () => void): void {
    setImmediate(then) // what lies in the pipe is read before that
  }

  override settled(work: Work): void {
    this.#startedMs = 0
    this.#retried = 0
    super.settled(work)
  }

  override retriesAtEnd(): number {
    return this.#retried
  }

  override numbersOf(): Float64Array {
    return new Float64Array(0)
  }

  override remains(chunk: Chunk): Remains {
    const { itemTimeout, retries } = chunk.run.settings
    // Every item was answered before the next one began: so the one behind the last answer is the deadly one.
    if (chunk.length === 1 || itemTimeout !== undefined || retries > 0) return { numbers: 0, inRow: chunk.settled }
    return { numbers: 0, inRow: undefined, singly: true }
  }

  #send(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => {}) // a channel that breaks now ends in 'exit'
  }

  #keepAlive(alive: boolean): void {
    // Bun's channel has neither of the two; the child alone keeps the program alive there.
    const handles: (Partial<Handle> | null | undefined)[] = [this.#child, this.#child.channel]
    for (const handle of handles) {
      if (alive) handle?.ref?.()
      else handle?.unref?.()
    }
  }

  #gone(death: Death): void {
    endAtExit.delete(this.#child)
    this.died({ ...death, ...(this.#cause !== undefined && { cause: this.#cause }) })
  }
}

/** What may keep a program alive. */
interface Handle {
  ref(): void
  unref(): void
}
