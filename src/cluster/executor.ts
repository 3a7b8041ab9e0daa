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
import type { MapSettings } from '../map/options.ts'
import type { MapRun } from '../map/run.ts'
import type { Sizes } from '../map/sizes.ts'
import { Served } from './blobs.ts'
import { sayBottleneck, usedShare } from './bottleneck.ts'
import { callManifest, callParcel } from './calls.ts'
import { chunkParcel, MapSizes, mapManifest } from './chunks.ts'
import { machineClock } from './clock.ts'
import type { ConnectSettings } from './connect.ts'
import type { SubmitterCounts } from './counts.ts'
import { RemoteKernelMap } from './kernel-map.ts'
import { type Sealed, seal } from './manifest.ts'
import { Names } from './names.ts'
import { NatsSubmitterLink } from './nats-submitter.ts'
import { type NatsOptions, type NatsSettings, parseNatsOptions, poolSettingsOf } from './options.ts'
import { type PortableRef, portableRef } from './portable.ts'
import type { Parcel } from './run.ts'
import { Shipment } from './shipment.ts'
import { Submitter } from './submitter.ts'

/** What an executor of a cluster did so far. */
export interface ClusterStats extends Readonly<SubmitterCounts> {
  /** Hosts that are heard, by name. */
  readonly hosts: readonly string[]
  /** Their slots. */
  readonly slots: number
  /** Chunks and calls that were sent and have no outcome. */
  readonly out: number
  /** Bytes of them, without what is fetched. */
  readonly bytesOut: number
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
  readonly #shipments = new Map<MapRun | RemoteKernelMap, Shipment>()
  /** Calls that were sent. */
  readonly #calls = new Map<Call, Shipment>()
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
    const { counts, hosts, slots, out } = this.#submitter
    return { ...counts, hosts, slots, out: out.chunks, bytesOut: out.bytes }
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
    for (const chunk of this.#shipments.get(run)?.withdraw() ?? []) {
      run.lost()
      run.giveBack(chunk)
    }
  }

  override over(run: MapRun): void {
    this.#queue.remove(run)
    this.#runs.delete(run)
    const facts = this.#shipments.get(run)?.facts
    if (facts !== undefined) {
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
    for (const { start, end } of this.#shipments.get(run)?.chunks ?? []) if (start <= index && index < end) return true
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
    for (const [call, shipment] of [...this.#calls]) {
      this.#calls.delete(call)
      shipment.end()
      call.failed(error())
    }
    for (const run of [...this.#runs]) {
      for (const chunk of this.#shipments.get(run)?.withdraw() ?? []) {
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
        this.#shipments.get(run)?.stands(run.isExhausted ? 'rows' : run.known >= run.wanted ? 'reader' : 'input')
        return run.isExhausted ? 'gone' : 'stands'
      }
      const shipment = this.#shipmentOf(run)
      shipment.chunks.add(chunk)
      const over = (): void => {
        shipment.chunks.delete(chunk)
        this.#checkQuietSoon()
      }
      shipment.send(chunkParcel(chunk, over))
    }
    this.#shipments.get(run)?.stands(run.isExhausted ? 'rows' : 'window')
    return run.isExhausted ? 'gone' : 'full'
  }

  #feedKernel(map: RemoteKernelMap): Offer {
    while (this.#submitter.hasRoom) {
      const parcel = map.next()
      if (parcel === undefined) break
      this.#shipmentOf(map).send(parcel)
    }
    this.#shipments.get(map)?.stands(map.isExhausted ? 'rows' : 'window')
    return map.isExhausted ? 'gone' : 'full'
  }

  #sendCall(call: Call): void {
    let shipment: Shipment | undefined
    const over = (): boolean => {
      if (shipment === undefined || !this.#calls.delete(call)) return false
      shipment.end()
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
    shipment = this.#open(call)
    this.#calls.set(call, shipment)
    shipment.send(parcel)
    // Its signal settles it before its result does: then nobody wants that.
    whenDone(call.future, () => {
      if (over()) this.checkQuiet()
    })
  }

  #shipmentOf(key: MapRun | RemoteKernelMap): Shipment {
    let shipment = this.#shipments.get(key)
    if (shipment === undefined) {
      shipment = this.#open(key)
      this.#shipments.set(key, shipment)
    }
    return shipment
  }

  #open(key: Call | MapRun | RemoteKernelMap): Shipment {
    const sealed = this.#manifests.get(key)
    invariant(sealed !== undefined, 'what is sent was enqueued')
    return new Shipment({ client: this.#client, served: this.#served, submitter: this.#submitter }, sealed)
  }

  /** Answers why it took the time that it did. */
  #kernelOver(map: RemoteKernelMap): string | undefined {
    const facts = this.#shipments.get(map)?.facts
    const why = facts === undefined ? undefined : sayBottleneck(facts)
    this.#close(map)
    return why
  }

  #close(key: MapRun | RemoteKernelMap): void {
    if (key instanceof RemoteKernelMap) this.#queue.remove(key)
    const shipment = this.#shipments.get(key)
    this.#shipments.delete(key)
    shipment?.end()
  }

  /** Nobody can run anything: all that waits and runs fails. */
  #hopeless(error: Error): void {
    for (const call of this.takePendingCalls()) call.failed(error)
    for (const [call, shipment] of [...this.#calls]) {
      this.#calls.delete(call)
      shipment.end()
      call.failed(error)
    }
    for (const run of [...this.#runs, ...this.kernels]) run.stop(error)
    this.checkQuiet()
  }
}
