import { execMsOf } from './answer.ts'
import { AUDIT_MS, Audit } from './audit.ts'
import type { FetchPiece } from './blobs.ts'
import { CANCEL_MS, Cancels } from './cancels.ts'
import type { Clock } from './clock.ts'
import { newCounts, type SubmitterCounts } from './counts.ts'
import { Deaths } from './deaths.ts'
import { type BrokerError, NoWorkersError } from './errors.ts'
import { decodeFrame, EXTENSION, type Frame, KIND, numberOr, type Section, textOf } from './frame.ts'
import { HeardHosts } from './heard.ts'
import { TaskLedger } from './ledger.ts'
import type { SubmitterEvents, SubmitterLink } from './link.ts'
import { ALIVE_MS, encodeNote, readBeacon } from './notes.ts'
import { Publisher } from './publish.ts'
import { Results } from './results.ts'
import { Returns } from './returns.ts'
import { Rounds } from './rounds.ts'
import { type Out, type Parcel, Run, type Work } from './run.ts'
import { type Gate, type Moment, type RunFacts, Tally } from './tally.ts'
import { hasRoom } from './window.ts'

export interface SubmitterSettings {
  /** How often hosts may die of a chunk before it fails. */
  readonly attempts: number
  readonly noWorkersTimeoutMs: number
  readonly pool: string
  /** How sections are had that are not in their frame. */
  readonly fetch: FetchPiece
  /** For how many ms this thread was not idle so far. */
  readonly activeMs?: () => number
}

/** What the executor is told. */
export interface SubmitterHost {
  /** There is room: whatever waits is to be sent, as long as there is. */
  feed(): void
  /** Nothing can go on: all that waits and runs is to fail. */
  hopeless(error: NoWorkersError | BrokerError): void
}

/** A chunk's way there and back through a broker on the same machine. */
const LEAST_OVERHEAD_MS = 0.5

/**
 * The submitting side of the protocol: sends chunks as the window allows, takes the first valid result of each, acknowledges its task, and finds what was
 * lost. The ledger is the truth; the broker is asked for leases and fan-out only.
 *
 * Knows neither sockets nor the machine's clock: tests run it under a simulated one.
 */
export class Submitter implements SubmitterEvents {
  readonly counts: SubmitterCounts = newCounts()
  readonly #link: SubmitterLink
  readonly #clock: Clock
  readonly #settings: SubmitterSettings
  readonly #host: SubmitterHost
  readonly #ledger = new TaskLedger()
  readonly #runs = new Set<Run>()
  readonly #out = new Map<number, Out>()
  readonly #hosts: HeardHosts
  readonly #publisher: Publisher
  readonly #audit: Audit
  readonly #deaths: Deaths
  readonly #returns: Returns
  readonly #results: Results
  readonly #cancels: Cancels
  #chunks = 0
  #isPumping = false
  readonly #rounds: Rounds

  constructor(link: SubmitterLink, clock: Clock, settings: SubmitterSettings, host: SubmitterHost) {
    this.#link = link
    this.#clock = clock
    this.#rounds = new Rounds(clock)
    this.#hosts = new HeardHosts(clock)
    const isOut = (chunk: number, out: Out): boolean => this.#out.get(chunk) === out
    this.#publisher = new Publisher(link, clock, {
      attempts: settings.attempts,
      ledger: this.#ledger,
      counts: this.counts,
      isOut,
      roomAgain: () => this.pump(),
    })
    this.#audit = new Audit(link, clock, {
      runs: this.#runs,
      ledger: this.#ledger,
      resend: (chunk) => {
        const out = this.#out.get(chunk)
        if (out !== undefined) this.#resend(chunk, out)
      },
    })
    this.#deaths = new Deaths(clock, {
      attempts: settings.attempts,
      hosts: this.#hosts,
      isOut,
      resend: (chunk, out) => this.#resend(chunk, out),
      fail: (chunk, out, error) => {
        this.counts.crashed++
        this.#fail(chunk, out, error)
      },
    })
    this.#returns = new Returns(link, {
      attempts: settings.attempts,
      pool: settings.pool,
      hosts: this.#hosts,
      counts: this.counts,
      fail: (chunk, out, error) => this.#fail(chunk, out, error),
    })
    this.#results = new Results({
      fetch: settings.fetch,
      counts: this.counts,
      isOut,
      take: (out, frame, sections) => this.#take(out, frame, sections),
    })
    this.#cancels = new Cancels(link)
    this.#settings = settings
    this.#host = host
    link.listen(this)
    this.#rounds.every(AUDIT_MS, () => this.#audit.look())
    this.#rounds.every(ALIVE_MS, () => this.#tellAlive())
    this.#rounds.every(CANCEL_MS, () => this.#cancels.tell())
    this.#rounds.every(1000, () => this.#lookForHosts())
  }

  /** Slots of the hosts that are heard. */
  get slots(): number {
    return this.#hosts.slots
  }

  /** Hosts that are heard, by name. */
  get hosts(): readonly string[] {
    return this.#hosts.names
  }

  /** Chunks that were sent and have no outcome, and their bytes. */
  get out(): { readonly chunks: number; readonly bytes: number } {
    return { chunks: this.#ledger.out, bytes: this.#ledger.bytes }
  }

  /** Has a run take part from now on, behind those that were opened before it. */
  open(work: Work): Run {
    const run = new Run(work, new Tally(this.#moment()))
    this.#runs.add(run)
    if (this.#runs.size === 1) {
      this.#link.busy(true)
      this.#hosts.expect()
      this.#tellAlive()
      this.#audit.lookIfDue()
    }
    return run
  }

  /** The run has no more out from now on, because of this. */
  stands(run: Run, gate: Gate): void {
    run.tally.stands(this.#moment(), gate)
  }

  /** Where the time of the run went so far. */
  factsOf(run: Run): RunFacts {
    return run.tally.facts(this.#moment())
  }

  /** The run has nothing to send any more, and nothing out. */
  close(run: Run): void {
    if (run.isClosed) return
    run.isClosed = true
    this.#runs.delete(run)
    // Nobody is there to drop what waits of it. Else hosts do, those too that were not heard so far: see `purge` of the link.
    if (run.isUntidy && this.#hosts.size === 0) this.#link.purge(run.name, { unlessServed: true })
    if (this.#runs.size === 0) this.#link.busy(false)
  }

  /** Nobody wants the run any more: what waits at the broker is dropped, hosts end what runs. */
  cancel(run: Run): void {
    const hadOut = run.out.size > 0
    run.isUntidy ||= hadOut
    for (const chunk of run.out) {
      this.#ledger.drop(chunk)
      this.#out.delete(chunk)
    }
    run.out.clear()
    this.close(run)
    if (!hadOut) return
    this.#cancels.add(run.name)
    this.pump()
  }

  /** Has the executor send what there is to send, as far as there is room. */
  pump(): void {
    if (this.#isPumping || !this.hasRoom) return
    this.#isPumping = true
    try {
      this.#host.feed()
    } finally {
      this.#isPumping = false
    }
  }

  /** Whether another chunk may go out. */
  get hasRoom(): boolean {
    return !this.#publisher.isFull && hasRoom({ slots: this.slots, ...this.out })
  }

  /** Ends all timers. What is out is left to the broker, which forgets it. */
  end(): void {
    this.#rounds.end()
  }

  // What the link tells.

  frame(bytes: Uint8Array): void {
    this.counts.bytesReceived += bytes.length
    let frame: Frame
    try {
      frame = decodeFrame(bytes)
    } catch {
      this.counts.malformed++
      return
    }
    const out = this.#outOf(frame)
    switch (frame.kind) {
      case KIND.result:
        if (out === undefined) this.#duplicate(frame)
        else this.#results.read(frame, out)
        break
      case KIND.crash:
        if (out === undefined) this.#duplicate(frame)
        else this.#crashed(out, frame)
        break
      case KIND.progress:
        if (out === undefined) break
        out.hosts.add(textOf(frame, EXTENSION.host) ?? '')
        out.run.tally.again++
        break
      case KIND.returned:
        if (out !== undefined) this.#returns.judge(frame, out)
        else this.#settle(frame)
        break
      default:
        this.counts.malformed++
    }
  }

  beacon(bytes: Uint8Array): void {
    const beacon = readBeacon(bytes)
    if (beacon === undefined) return
    const before = this.slots
    this.#hosts.hear(beacon)
    if (this.slots !== before) this.#markAll()
    for (const held of beacon.held) {
      const [run, chunk] = held.split('/')
      const out = this.#out.get(Number(chunk))
      if (out?.run.name === run) out?.hosts.add(beacon.host)
    }
    if (this.slots > before) this.pump()
  }

  reconnected(): void {
    this.#audit.lookAnew()
  }

  lost(error: BrokerError): void {
    this.#host.hopeless(error)
  }

  undelivered(sequence: number, deliveries: number): void {
    const chunk = this.#ledger.chunkOf(sequence)
    const out = chunk === undefined ? undefined : this.#out.get(chunk)
    if (chunk === undefined || out === undefined) return
    this.#deaths.judge(chunk, out, deliveries - out.returned, deliveries)
  }

  #outOf(frame: Frame): Out | undefined {
    const out = this.#out.get(frame.chunk)
    return out !== undefined && Buffer.compare(out.run.id, frame.run) === 0 ? out : undefined
  }

  /** Sends a chunk. */
  send(run: Run, parcel: Parcel): void {
    const chunk = this.#chunks++
    const out: Out = {
      run,
      parcel,
      sentMs: this.#clock.now(),
      packMs: 0,
      hosts: new Set(),
      refusals: new Map(),
      failures: [],
      returned: 0,
      isReading: false,
      isJudged: false,
    }
    this.#out.set(chunk, out)
    run.out.add(chunk)
    const bytes = this.#publisher.frameOf(chunk, out, 0)
    out.packMs = this.#clock.now() - out.sentMs
    run.tally.sent(this.#moment(), parcel.items, out.packMs)
    this.#ledger.send(chunk, bytes.length)
    this.counts.sent++
    this.#publisher.publish(chunk, out, bytes)
  }

  #resend(chunk: number, out: Out): void {
    this.#ledger.resend(chunk)
    this.counts.republished++
    out.run.tally.again++
    out.returned = 0
    out.run.isUntidy = true
    this.#publisher.publish(chunk, out, this.#publisher.frameOf(chunk, out, this.#ledger.attemptOf(chunk)))
  }

  #duplicate(frame: Frame): void {
    this.#ledger.settle(frame.chunk) // which counts it
    this.counts.duplicates = this.#ledger.duplicates
    this.#settle(frame)
  }

  #settle({ token }: Frame): void {
    if (token.length > 0) this.#link.settle(token)
  }

  #take(out: Out, frame: Frame, sections: readonly Section[]): void {
    let deliver: () => void
    const began = this.#clock.now()
    try {
      deliver = out.parcel.read(frame, sections, out.packMs + LEAST_OVERHEAD_MS)
    } catch {
      this.counts.malformed++
      return
    }
    this.#over(frame.chunk, out)
    this.#ledger.settle(frame.chunk)
    this.counts.settled++
    this.#link.settle(frame.token)
    const readMs = this.#clock.now() - began
    const execMs = execMsOf(frame)
    this.counts.readMs += readMs
    this.counts.execMs += execMs
    this.counts.wayMs += Math.max(0, began - out.sentMs - execMs)
    out.run.tally.over(this.#moment(), execMs, readMs)
    deliver()
    this.pump()
  }

  #crashed(out: Out, frame: Frame): void {
    const host = textOf(frame, EXTENSION.host)
    if (host !== undefined) out.hosts.add(host)
    const deliveries = numberOr(frame, EXTENSION.deliveries, 'u32', 1)
    this.#settle(frame)
    this.#deaths.judge(frame.chunk, out, deliveries - 1 - out.returned, deliveries)
  }

  #fail(chunk: number, out: Out, reason: unknown): void {
    this.#over(chunk, out)
    this.#ledger.settle(chunk)
    out.run.isUntidy = true
    out.run.tally.over(this.#moment(), 0, 0)
    out.parcel.failed(reason)
    this.pump()
  }

  #over(chunk: number, out: Out): void {
    this.#out.delete(chunk)
    out.run.out.delete(chunk)
  }

  #moment(): Moment {
    return {
      nowMs: this.#clock.now(),
      slots: this.slots,
      isFull: this.#publisher.isFull,
      activeMs: this.#settings.activeMs?.() ?? 0,
    }
  }

  /** The slots have changed. */
  #markAll(): void {
    const moment = this.#moment()
    for (const run of this.#runs) run.tally.mark(moment)
  }

  #tellAlive(): void {
    if (this.#runs.size > 0) this.#link.control(encodeNote({ client: this.#link.client }))
  }

  #lookForHosts(): void {
    const before = this.slots
    this.#hosts.forgetSilent()
    if (this.slots !== before) this.#markAll()
    if (this.#hosts.areStrangers) for (const [chunk, out] of [...this.#out]) this.#returns.failIfRefused(chunk, out)
    const { noWorkersTimeoutMs, pool } = this.#settings
    if (this.#out.size === 0) this.#hosts.expect()
    if (this.#hosts.missingMs < noWorkersTimeoutMs) return
    this.#hosts.expect()
    this.#host.hopeless(
      new NoWorkersError(
        `no host of pool ${pool} was heard for ${noWorkersTimeoutMs} ms; start one with lanewise worker --pool ${pool}, or raise noWorkersTimeout`,
      ),
    )
  }
}
