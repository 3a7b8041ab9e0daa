import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { EngineName, KernelEnd, KernelJob, RemoteEngine } from '../engines/engine.ts'
import { BrokenExecutor, InvalidStateError } from '../errors.ts'
import { BaseExecutor } from '../executors/base.ts'
import { Call, type CallHolder } from '../executors/call.ts'
import { type Offer, WorkQueue } from '../executors/queue.ts'
import type { FunctionRef } from '../functions/ref.ts'
import { whenDone } from '../future.ts'
import { invariant } from '../invariant.ts'
import type { Chunk } from '../map/chunk.ts'
import type { MapSettings } from '../map/options.ts'
import type { MapRun } from '../map/run.ts'
import type { Sizes } from '../map/sizes.ts'
import { Served } from './blobs.ts'
import { sayBottleneck, usedShare } from './bottleneck.ts'
import { callManifest, callParcel } from './calls.ts'
import { chunkParcel, MapSizes, mapManifest } from './chunks.ts'
import { machineClock } from './clock.ts'
import type { ConnectSettings } from './connect.ts'
import { RemoteKernelMap } from './kernel-map.ts'
import { extensionsOf, type Sealed, seal } from './manifest.ts'
import { Names } from './names.ts'
import { NatsSubmitterLink } from './nats-submitter.ts'
import { type NatsOptions, type NatsSettings, parseNatsOptions, poolSettingsOf } from './options.ts'
import { type Payload, payloadOf } from './payload.ts'
import { type PortableRef, portableRef } from './portable.ts'
import type { Parcel, Run } from './run.ts'
import { Submitter, type SubmitterCounts } from './submitter.ts'
import type { Gate } from './tally.ts'

/** What an executor of a cluster did so far. */
export interface ClusterStats extends Readonly<SubmitterCounts> {
  /** Hosts that are heard, by name. */
  readonly hosts: readonly string[]
  /** Their slots. */
  readonly slots: number
}

/** A call, a map or a kernel map that is on its way. */
interface Entry {
  readonly run: Run
  readonly sealed: Sealed
  /** What is out, of a map. */
  readonly chunks: Set<Chunk>
  /** What is out, and may be fetched. */
  readonly payloads: Set<Payload>
}

/**
 * Runs calls on the workers of other machines, through a NATS server: the same `map`, the same order and errors, whatever dies on the way.
 *
 * Idle, it keeps nothing alive, and within two seconds no connection. Functions must be exported by a module that hosts have too; kernels travel as programs.
 * A call may run twice where a host dies.
 *
 * Errors: TypeError for an option that is unknown or of another type, RangeError for a value.
 * Cost:   nothing until the first call; then a connection.
 */
export class NatsExecutor extends BaseExecutor implements RemoteEngine {
  override readonly engine = 'nats'
  protected override readonly kind = 'nats'
  protected override readonly carrier = 'bytes'
  readonly #options: NatsSettings
  readonly #served = new Served()
  readonly #link: NatsSubmitterLink
  readonly #submitter: Submitter
  readonly #client = `c${randomBytes(12).toString('hex')}`
  readonly #queue = new WorkQueue<MapRun | RemoteKernelMap>()
  readonly #runs = new Set<MapRun>()
  readonly #entries = new Map<MapRun | RemoteKernelMap, Entry>()
  /** Calls that were sent. */
  readonly #calls = new Map<Call, Entry>()
  readonly #manifests = new WeakMap<Call | MapRun | RemoteKernelMap, Sealed>()
  readonly #holder: CallHolder = {
    hasBegun: (call) => this.#calls.has(call),
    takeBack: (call) => !this.#calls.has(call),
  }
  readonly #portables = new WeakMap<FunctionRef, PortableRef>()
  #isPlanned = false

  constructor(options?: NatsOptions) {
    const settings = parseNatsOptions(options)
    super(poolSettingsOf(settings))
    this.#options = settings
    const names = new Names(settings.pool, settings.prefix)
    const { servers, credentials, tls, attempts, noWorkersTimeout, pool } = settings
    const connect: ConnectSettings = { servers, credentials, tls, name: `lanewise ${this.#client}`, role: 'submitter' }
    this.#link = new NatsSubmitterLink(this.#client, connect, names, this.#served)
    this.#submitter = new Submitter(
      this.#link,
      machineClock,
      {
        attempts,
        noWorkersTimeoutMs: noWorkersTimeout,
        pool,
        fetch: this.#link.fetch,
        activeMs: () => performance.eventLoopUtilization().active,
      },
      { feed: () => this.#feed(), hopeless: (error) => this.#hopeless(error) },
    )
  }

  /** Slots of the hosts that are heard now; 1 before. */
  override get maxWorkers(): number {
    return Math.max(1, this.#submitter?.slots ?? 1)
  }

  override get remote(): RemoteEngine {
    return this
  }

  /** What happened so far, over all maps and calls. */
  stats(): ClusterStats {
    const { counts, hosts, slots } = this.#submitter
    return { ...counts, hosts, slots }
  }

  newSizes(settings: MapSettings): Sizes {
    return new MapSizes(settings, this.#submitter)
  }

  newMap(job: KernelJob, asked: EngineName | 'auto', onEnd: (end: KernelEnd) => void): RemoteKernelMap {
    const { slots } = this.#submitter
    return new RemoteKernelMap(
      job,
      asked,
      { slots, enqueue: (map) => this.#enqueueKernel(map), over: (map) => this.#kernelOver(map) },
      onEnd,
    )
  }

  protected override enqueue(entry: Call | MapRun): void {
    if (entry instanceof Call) {
      this.#manifests.set(entry, seal(callManifest(entry, () => this.#portable(entry))))
      entry.holder = this.#holder
    } else {
      this.#manifests.set(entry, seal(mapManifest(entry, () => this.#portable(entry))))
      this.#runs.add(entry)
    }
    this.#queue.push(entry)
    this.#plan()
  }

  override ready(run: MapRun): void {
    this.#queue.putBackMap(run)
    this.#plan()
  }

  override withdraw(run: MapRun): void {
    this.#queue.remove(run)
    const entry = this.#entries.get(run)
    if (entry === undefined) return
    this.#submitter.cancel(entry.run)
    const out = [...entry.chunks]
    entry.chunks.clear()
    releaseAll(entry.payloads)
    for (const chunk of out) {
      run.lost()
      run.giveBack(chunk)
    }
  }

  override over(run: MapRun): void {
    this.#queue.remove(run)
    this.#runs.delete(run)
    const entry = this.#entries.get(run)
    if (entry !== undefined) {
      const facts = this.#submitter.factsOf(entry.run)
      run.stats.why = sayBottleneck(facts)
      run.stats.utilisation = usedShare(facts) // by the slots that were heard, where the call knew none
    }
    this.#close(run)
    this.#checkQuietSoon()
  }

  override recall(): boolean {
    return false // what was sent may have begun
  }

  override isRunning(run: MapRun, index: number): boolean {
    for (const { start, end } of this.#entries.get(run)?.chunks ?? []) if (start <= index && index < end) return true
    return false
  }

  override cancelled(): void {
    this.checkQuiet()
  }

  override block(): never {
    this.refuseBlocking('resultSync')
  }

  protected override refuseBlocking(what: string): never {
    throw new InvalidStateError(
      `${what} cannot block on a NatsExecutor: its connection needs the event loop; await instead, or use a ThreadPoolExecutor`,
    )
  }

  protected override takePendingCalls(): Call[] {
    return this.#queue.drainCalls().filter((call) => !call.future.done())
  }

  protected override recallChunks(): void {}

  protected override get runs(): Iterable<MapRun> {
    return this.#runs
  }

  protected override get isQuiet(): boolean {
    return this.#calls.size === 0 && !this.#queue.hasCalls && ![...this.#runs].some((run) => run.hasWork)
  }

  protected override async endWorkers(): Promise<void> {
    this.#submitter.end()
    await this.#link.close()
  }

  protected override terminatedError(): BrokenExecutor {
    return new BrokenExecutor('The executor was terminated abruptly while the future was running or pending.')
  }

  /** Ends what is ours: hosts go on, and serve others. */
  protected override async terminate(): Promise<void> {
    const error = (): BrokenExecutor => this.terminatedError()
    for (const [call, entry] of [...this.#calls]) {
      this.#calls.delete(call)
      this.#end(entry)
      call.failed(error())
    }
    for (const run of [...this.#runs]) {
      const entry = this.#entries.get(run)
      if (entry === undefined) continue
      this.#submitter.cancel(entry.run)
      const out = [...entry.chunks]
      entry.chunks.clear()
      releaseAll(entry.payloads)
      for (const chunk of out) {
        run.lost()
        run.fail(chunk, error)
      }
    }
    this.checkQuiet()
  }

  #portable({ fn, ref }: Call | MapRun): PortableRef {
    let portable = this.#portables.get(ref)
    if (portable === undefined) {
      portable = portableRef(fn, ref, this.#options.signingKey)
      this.#portables.set(ref, portable) // its file may change now; what is loaded here does not
    }
    return portable
  }

  /** Behind what is being told now: that may be the last outcome that a shutdown waits for. A map that nobody reads is not over with it. */
  #checkQuietSoon(): void {
    queueMicrotask(() => this.checkQuiet())
  }

  /** At the end of the turn: what is submitted in one loop goes out together. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      this.#submitter.pump()
    })
  }

  #enqueueKernel(map: RemoteKernelMap): void {
    this.#manifests.set(map, seal(map.manifest))
    this.#queue.push(map)
    this.#plan()
  }

  #feed(): void {
    this.#queue.offer((entry) => {
      if (!this.#submitter.hasRoom) return 'full'
      if (entry instanceof Call) {
        this.#sendCall(entry)
        return 'gone'
      }
      return entry instanceof RemoteKernelMap ? this.#feedKernel(entry) : this.#feedMap(entry)
    })
  }

  #feedMap(run: MapRun): Offer {
    while (this.#submitter.hasRoom) {
      const chunk = run.take(0)
      if (chunk === undefined) {
        this.#stands(run, run.isExhausted ? 'rows' : run.known >= run.wanted ? 'reader' : 'input')
        return run.isExhausted ? 'gone' : 'stands'
      }
      const entry = this.#entryOf(run)
      entry.chunks.add(chunk)
      this.#send(
        entry,
        chunkParcel(chunk, () => {
          entry.chunks.delete(chunk)
          this.#checkQuietSoon()
        }),
      )
    }
    this.#stands(run, run.isExhausted ? 'rows' : 'window')
    return run.isExhausted ? 'gone' : 'full'
  }

  #feedKernel(map: RemoteKernelMap): Offer {
    while (this.#submitter.hasRoom) {
      const parcel = map.next()
      if (parcel === undefined) break
      this.#send(this.#entryOf(map), parcel)
    }
    this.#stands(map, map.isExhausted ? 'rows' : 'window')
    return map.isExhausted ? 'gone' : 'full'
  }

  #sendCall(call: Call): void {
    let entry: Entry | undefined
    const over = (): boolean => {
      if (entry === undefined || !this.#calls.delete(call)) return false
      this.#end(entry)
      return true
    }
    const answered = (): void => {
      over()
      this.#checkQuietSoon()
    }
    let parcel: Parcel
    try {
      parcel = callParcel(call, answered, () => this.failed())
    } catch (error) {
      call.failed(error)
      this.failed()
      return
    }
    entry = this.#open(call)
    this.#calls.set(call, entry)
    this.#send(entry, parcel)
    // Its signal settles it before its result does: then nobody wants that.
    whenDone(call.future, () => {
      if (over()) this.checkQuiet()
    })
  }

  #send(entry: Entry, parcel: Parcel): void {
    let payload: Payload
    try {
      payload = payloadOf(parcel.sections, this.#client, this.#served)
    } catch (error) {
      queueMicrotask(() => parcel.failed(error)) // behind what is being handed out
      return
    }
    const { payloads } = entry
    payloads.add(payload)
    const release = (): void => {
      if (payloads.delete(payload)) payload.release()
    }
    this.#submitter.send(entry.run, {
      ...parcel,
      sections: payload.sections,
      flags: payload.flags,
      extensions: payload.extensions,
      read: (frame, sections, overheadMs) => {
        const deliver = parcel.read(frame, sections, overheadMs)
        return () => {
          release()
          deliver()
        }
      },
      failed: (reason) => {
        release()
        parcel.failed(reason)
      },
    })
  }

  #entryOf(key: MapRun | RemoteKernelMap): Entry {
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = this.#open(key)
      this.#entries.set(key, entry)
    }
    return entry
  }

  #open(key: Call | MapRun | RemoteKernelMap): Entry {
    const sealed = this.#manifests.get(key)
    invariant(sealed !== undefined, 'what is sent was enqueued')
    this.#served.hold(sealed.hash, [sealed.bytes])
    const run = this.#submitter.open({ fn: sealed.hash.subarray(0, 8), extensions: extensionsOf(sealed, this.#client) })
    return { run, sealed, chunks: new Set(), payloads: new Set() }
  }

  #stands(key: MapRun | RemoteKernelMap, gate: Gate): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#submitter.stands(entry.run, gate)
  }

  /** Answers why it took the time that it did. */
  #kernelOver(map: RemoteKernelMap): string | undefined {
    const entry = this.#entries.get(map)
    const why = entry === undefined ? undefined : sayBottleneck(this.#submitter.factsOf(entry.run))
    this.#close(map)
    return why
  }

  #close(key: MapRun | RemoteKernelMap): void {
    const entry = this.#entries.get(key)
    if (key instanceof RemoteKernelMap) this.#queue.remove(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#end(entry)
  }

  /** Nothing of it is wanted any more. */
  #end({ run, sealed, payloads }: Entry): void {
    releaseAll(payloads)
    this.#served.release(sealed.hash)
    this.#submitter.cancel(run)
  }

  /** Nobody can run anything: all that waits and runs fails. */
  #hopeless(error: Error): void {
    for (const call of this.takePendingCalls()) call.failed(error)
    for (const [call, entry] of [...this.#calls]) {
      this.#calls.delete(call)
      this.#end(entry)
      call.failed(error)
    }
    for (const run of [...this.#runs, ...this.kernels]) run.stop(error)
    this.checkQuiet()
  }
}

function releaseAll(payloads: Set<Payload>): void {
  for (const payload of payloads) payload.release()
  payloads.clear()
}
