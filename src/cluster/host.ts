import { answerTo, RETURNED, type Said } from './answer.ts'
import { Clients } from './clients.ts'
import type { Clock } from './clock.ts'
import { FrameError } from './errors.ts'
import {
  decodeFrame,
  EXTENSION,
  type Frame,
  headOf,
  KIND,
  LEAST_VERSION,
  numberExtension,
  numberOf,
  textExtension,
  VERSION,
} from './frame.ts'
import type { Delivery, HostEvents, HostLink } from './link.ts'
import { BEACON_MS, encodeNote, readControl } from './notes.ts'
import { Rounds } from './rounds.ts'
import type { Answer, Runner, Running, Task } from './runner.ts'

export interface HostSettings {
  readonly name: string
  readonly slots: number
  /** After so many ms without an extension the broker delivers a task again. */
  readonly leaseMs: number
  readonly lanewise: string
}

interface Held {
  readonly task: Task
  token: Uint8Array
  deliveries: number
  /** Undefined: it has not begun, or is over. */
  running: Running | undefined
  /** Nobody wants what comes of it. */
  isDead: boolean
}

/** What a host did so far. */
export interface HostCounts {
  begun: number
  done: number
  duplicates: number
  refused: number
  failed: number
  cancelled: number
  malformed: number
  givenBack: number
  overdue: number
  /** Milliseconds that workers spent in functions. */
  execMs: number
}

/** A chunk that was cancelled has so long to stop at a row's end. */
const GRACE_MS = 2000
/** A host that cannot read or run a task gives it back with this delay, so that another host is likely to be next. */
const REFUSED_DELAY_MS = 500
/** Of what failed here: at once, then later and later. */
const FAILED_DELAYS_MS = [0, 1000, 5000]
/** A third of the lease: two extensions may be lost. */
const EXTENSIONS_A_LEASE = 3

/**
 * The working side of the protocol: pulls a task for each free slot, keeps leases alive, answers, gives back what it cannot finish.
 *
 * Knows neither sockets, nor executors, nor the machine's clock.
 */
export class Host implements HostEvents {
  readonly counts: HostCounts = {
    begun: 0,
    done: 0,
    duplicates: 0,
    refused: 0,
    failed: 0,
    cancelled: 0,
    malformed: 0,
    givenBack: 0,
    overdue: 0,
    execMs: 0,
  }
  readonly #link: HostLink
  readonly #clock: Clock
  readonly #runner: Runner
  readonly #settings: HostSettings
  readonly #held = new Map<string, Held>()
  readonly #waiting: Held[] = []
  readonly #clients: Clients
  readonly #rounds: Rounds
  readonly #onQuiet: (() => void)[] = []
  #busy = 0
  #asked = 0
  #isDraining = false
  #isOver = false

  constructor(link: HostLink, clock: Clock, runner: Runner, settings: HostSettings) {
    this.#link = link
    this.#clock = clock
    this.#clients = new Clients(clock)
    this.#rounds = new Rounds(clock)
    this.#runner = runner
    this.#settings = settings
    link.listen(this)
    this.#rounds.every(settings.leaseMs / EXTENSIONS_A_LEASE, () => this.#extend())
    this.#rounds.every(BEACON_MS, () => this.#beat())
    this.#tellAll()
    this.#pull()
  }

  /** Chunks that it has. */
  get held(): number {
    return this.#held.size
  }

  get free(): number {
    return Math.max(0, this.#settings.slots - this.#busy)
  }

  get slots(): number {
    return this.#settings.slots
  }

  /** Takes no more tasks; resolves when those it has are answered. */
  drain(): Promise<void> {
    this.#isDraining = true
    this.#tellAll()
    return new Promise((resolve) => {
      if (this.#held.size === 0) resolve()
      else this.#onQuiet.push(resolve)
    })
  }

  /** Gives all chunks back and stops: other hosts begin them anew. */
  giveBackAll(): void {
    this.#isDraining = true
    for (const held of [...this.#held.values()]) {
      this.#giveBack(held, 'the host leaves', RETURNED.leaving, 0)
      held.isDead = true
      held.running?.kill()
    }
    this.end()
  }

  /** Ends all timers; nothing is said any more. */
  end(): void {
    this.#isOver = true
    this.#rounds.end()
  }

  // What the link tells.

  unfilled(count: number): void {
    this.#asked = Math.max(0, this.#asked - count)
    this.#pull()
  }

  task(delivery: Delivery): void {
    if (this.#isOver) return
    this.#asked = Math.max(0, this.#asked - 1)
    this.#take(delivery)
    this.#pull()
  }

  control(bytes: Uint8Array): void {
    const control = readControl(bytes)
    if (control === undefined || this.#isOver) return
    if (this.#clients.hear(control.client)) this.#tellAll() // it wants to know who is here
    for (const run of control.cancel ?? []) this.#cancelRun(run, control.client)
  }

  #take(delivery: Delivery): void {
    const { client, run, bytes, token, deliveries } = delivery
    this.#clients.expect(client)
    if (this.#clients.isOver(client, run)) {
      this.counts.cancelled++
      this.#link.drop(token)
      return
    }
    let frame: Frame
    try {
      frame = decodeFrame(bytes)
      if (frame.kind !== KIND.task) throw new FrameError(`a host takes tasks, got a frame of kind ${frame.kind}`)
      if (Buffer.from(frame.run).toString('hex') !== run) throw new FrameError('a task names the run of its subject')
    } catch (error) {
      if (error instanceof FrameError && error.isOtherVersion) {
        this.counts.refused++ // another host may read it
        this.#giveBack(
          { task: { frame: headOf(bytes), client, run }, token },
          error.message,
          RETURNED.refused,
          REFUSED_DELAY_MS,
        )
      } else {
        this.counts.malformed++
        this.#link.drop(token)
      }
      return
    }
    const task = { frame, client, run }
    if (this.#isDraining) {
      this.#giveBack({ task, token }, 'the host leaves', RETURNED.leaving, 0)
      return
    }
    if (this.#isOverdue(frame, deliveries)) {
      this.counts.overdue++
      const extensions = [numberExtension(EXTENSION.deliveries, 'u32', deliveries)]
      this.#answer(task, { kind: KIND.crash, token, extensions })
      return // it is the submitter's to say what becomes of it
    }
    const key = `${run}/${frame.chunk}`
    const known = this.#held.get(key)
    if (known !== undefined) {
      this.counts.duplicates++ // its lease lapsed while this host was paused or cut off
      known.token = token
      known.deliveries = deliveries
      return
    }
    const held: Held = { task, token, deliveries, running: undefined, isDead: false }
    this.#held.set(key, held)
    if (deliveries > 1) this.#answer(task, { kind: KIND.progress, extensions: [] })
    if (this.#busy < this.#settings.slots) this.#begin(key, held)
    else this.#waiting.push(held)
  }

  #isOverdue(frame: Frame, deliveries: number): boolean {
    try {
      return deliveries > (numberOf(frame, EXTENSION.attempts, 'u32') ?? Number.POSITIVE_INFINITY)
    } catch {
      return false
    }
  }

  #begin(key: string, held: Held): void {
    this.#busy++
    this.counts.begun++
    held.running = this.#runner.begin(held.task, (answer) => this.#ended(key, held, answer))
  }

  #ended(key: string, held: Held, answer: Answer): void {
    this.#busy--
    held.running = undefined
    if (this.#held.get(key) === held) this.#held.delete(key)
    if (!held.isDead && !this.#isOver) this.#tell(held, answer)
    this.#goOn()
  }

  #tell(held: Held, answer: Answer): void {
    if (answer.kind === 'result') {
      this.counts.done++
      this.counts.execMs += answer.execMs
      const extensions = [numberExtension(EXTENSION.execMs, 'f64', answer.execMs), ...(answer.extensions ?? [])]
      const { items, sections, flags } = answer
      this.#answer(held.task, {
        kind: KIND.result,
        token: held.token,
        extensions,
        items,
        sections,
        flags,
      })
    } else if (answer.kind === 'refused') {
      this.counts.refused++
      this.#giveBack(held, answer.reason, RETURNED.refused, REFUSED_DELAY_MS)
    } else {
      this.counts.failed++
      const delay = FAILED_DELAYS_MS[Math.min(held.deliveries, FAILED_DELAYS_MS.length) - 1] ?? 0
      if (answer.hasBegun) this.#giveBack(held, answer.reason, RETURNED.failed, delay)
      else this.#link.giveBack(held.token, delay)
    }
  }

  #giveBack({ task, token }: Pick<Held, 'task' | 'token'>, reason: string, items: number, delayMs: number): void {
    this.counts.givenBack++
    const extensions = [textExtension(EXTENSION.reason, reason)]
    this.#answer(task, { kind: KIND.returned, token, extensions, items })
    this.#link.giveBack(token, delayMs)
  }

  #answer(task: Task, said: Said): void {
    this.#link.answer(task.client, task.run, answerTo(task, this.#settings.name, said))
  }

  #goOn(): void {
    while (this.#busy < this.#settings.slots) {
      const held = this.#waiting.shift()
      if (held === undefined) break
      const key = `${held.task.run}/${held.task.frame.chunk}`
      if (this.#held.get(key) === held && !held.isDead) this.#begin(key, held)
    }
    this.#pull()
    if (this.#held.size === 0) for (const tell of this.#onQuiet.splice(0)) tell()
  }

  #pull(): void {
    if (this.#isDraining || this.#isOver) return
    const wanted = this.#settings.slots - this.#busy - this.#waiting.length - this.#asked
    if (wanted <= 0) return
    this.#asked += wanted
    this.#link.pull(wanted)
  }

  #cancelRun(run: string, client: string): void {
    if (!this.#clients.leave(client, run)) return
    this.#cancelWhere(({ task }) => task.run === run && task.client === client)
  }

  #cancelWhere(isMeant: (held: Held) => boolean): void {
    for (const [key, held] of [...this.#held]) if (isMeant(held)) this.#cancel(key, held)
    this.#goOn()
  }

  #cancel(key: string, held: Held): void {
    this.counts.cancelled++
    held.isDead = true
    this.#held.delete(key)
    this.#link.drop(held.token)
    const { running } = held
    if (running === undefined) return
    running.cancel()
    this.#clock.after(GRACE_MS, () => {
      if (held.running !== undefined) running.kill()
    })
  }

  #extend(): void {
    for (const { token } of this.#held.values()) this.#link.extend(token)
  }

  #beat(): void {
    for (const silent of this.#clients.forgetSilent()) this.#cancelWhere(({ task }) => task.client === silent)
    this.#tellAll()
  }

  #tellAll(): void {
    const { name, slots, lanewise } = this.#settings
    this.#link.beacon(
      encodeNote({
        host: name,
        slots: this.#isDraining ? 0 : slots,
        free: this.free,
        frames: [LEAST_VERSION, VERSION],
        node: process.versions.node,
        lanewise,
        draining: this.#isDraining,
        held: [...this.#held.keys()],
        done: this.counts.done,
      }),
    )
  }
}
