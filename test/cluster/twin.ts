import type { Clock } from '../../src/cluster/clock.ts'
import type {
  BrokerView,
  Delivery,
  HostEvents,
  HostLink,
  Publication,
  SubmitterEvents,
  SubmitterLink,
} from '../../src/cluster/link.ts'
import type { Disarm } from '../../src/timer.ts'

/** Numbers of [0, 1), the same for the same seed: mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Due {
  readonly at: number
  readonly order: number
  fn: (() => void) | undefined
}

/** A clock that stands until it is told to go on: a heap of what is due. */
export class VirtualClock implements Clock {
  readonly #heap: Due[] = []
  #now = 0
  #order = 0

  now(): number {
    return this.#now
  }

  after(ms: number, fn: () => void): Disarm {
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#order++, fn }
    this.#push(due)
    return () => {
      due.fn = undefined
    }
  }

  /** What is done takes so long: all that is due meanwhile is late. */
  spend(ms: number): void {
    this.#now += ms
  }

  /** Does what is due next; false: nothing is, up to `endMs`. */
  step(endMs: number): boolean {
    const next = this.#heap[0]
    if (next === undefined || next.at > endMs) return false
    this.#pop()
    this.#now = Math.max(this.#now, next.at)
    next.fn?.()
    return true
  }

  #push(due: Due): void {
    const heap = this.#heap
    let at = heap.push(due) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(due, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** How often what goes wrong, from 0 to 1, and how long messages take, in ms. */
export interface Weather {
  drop: number
  duplicate: number
  /** Longest way of a message; each takes its own time, so they overtake one another. */
  latencyMs: number
}

interface Kept {
  readonly sequence: number
  readonly client: string
  readonly run: string
  readonly bytes: Uint8Array
  deliveries: number
  /** Undefined: it waits. */
  token: string | undefined
  leasedUntil: number
  /** Not delivered before. */
  from: number
  isGivenUp: boolean
}

/** Of the broker as src/cluster/nats-link.ts sets it up. */
const PULL_MS = 5000

/** A broker in memory: a work queue with leases, a plane that loses messages, and faults by a seed. */
export class TwinBroker {
  weather: Weather
  isUp = true
  /** Tasks that it has room for. */
  room: number = Number.POSITIVE_INFINITY
  readonly #clock: VirtualClock
  readonly #chance: () => number
  readonly #leaseMs: number
  readonly #maxDeliver: number
  readonly #submitters = new Map<string, SubmitterEvents>()
  readonly #hosts = new Map<string, { events: HostEvents | undefined; isCut: boolean; asked: number }>()
  #kept: Kept[] = []
  #ids = new Map<string, number>()
  #sequence = 0
  #incarnation = 1
  #tokens = 0
  /** Told of each control message that reaches a host. */
  onControl: ((host: string, bytes: Uint8Array) => void) | undefined

  constructor(
    clock: VirtualClock,
    chance: () => number,
    weather: Weather,
    options: { leaseMs: number; maxDeliver: number },
  ) {
    this.#clock = clock
    this.#chance = chance
    this.weather = weather
    this.#leaseMs = options.leaseMs
    this.#maxDeliver = options.maxDeliver
    this.#tick()
  }

  get stored(): number {
    return this.#kept.length
  }

  /** Drops all tasks, as an operator would. */
  purgeAll(): void {
    this.#kept = []
  }

  /** Dies, and comes back after a while, with or without what it kept. */
  crash(ms: number, isDataKept: boolean): void {
    this.isUp = false
    for (const kept of this.#kept) if (kept.token !== undefined) this.#free(kept, 0)
    if (!isDataKept) {
      this.#kept = []
      this.#ids = new Map()
      this.#incarnation++
    }
    for (const host of this.#hosts.values()) host.asked = 0
    this.#clock.after(ms, () => {
      this.isUp = true
      for (const events of this.#submitters.values()) events.reconnected()
      for (const host of this.#hosts.values()) host.events?.unfilled(1000)
    })
  }

  cut(host: string, isCut: boolean): void {
    const known = this.#hosts.get(host)
    if (known !== undefined) known.isCut = isCut
  }

  remove(host: string): void {
    this.#hosts.delete(host)
  }

  submitter(client: string): SubmitterLink {
    return {
      client,
      listen: (events) => void this.#submitters.set(client, events),
      busy: () => {},
      publish: (run, bytes, id, done) => {
        this.#way(() => {
          const publication = this.#keep(client, run, bytes, id)
          this.#way(() => done(publication))
        })
        // What nobody answers is an error after a while, as a request is that timed out; twice told is once too often, and harmless.
        this.#clock.after(2000, () => done({ error: new Error('timeout') }))
      },
      settle: (token) => this.#way(() => this.#settle(token)),
      purge: (run, options) => {
        this.#way(() => {
          const isServed = [...this.#hosts.values()].some(({ events, isCut }) => events !== undefined && !isCut)
          if (isServed && options?.unlessServed === true) return
          this.#kept = this.#kept.filter((kept) => kept.run !== run)
          for (const kept of this.#kept) kept.isGivenUp ||= kept.token === undefined // as nats-server 2.9.10 does
        })
      },
      control: (bytes) => {
        for (const [name, host] of this.#hosts) {
          this.#way(() => {
            if (host.isCut || host.events === undefined) return
            this.onControl?.(name, bytes)
            host.events.control(bytes)
          })
        }
      },
      look: (done) => this.#way(() => this.#way(() => done(this.#view(client)))),
    }
  }

  host(name: string): HostLink {
    const known: { events: HostEvents | undefined; isCut: boolean; asked: number } = {
      events: undefined,
      isCut: false,
      asked: 0,
    }
    this.#hosts.set(name, known)
    const way = (fn: () => void): void => {
      if (!known.isCut && this.#hosts.get(name) === known) this.#way(fn)
    }
    return {
      listen: (events) => {
        known.events = events
      },
      pull: (count) => {
        way(() => {
          known.asked += count
          this.#deal()
        })
        this.#clock.after(PULL_MS, () => {
          if (this.#hosts.get(name) !== known) return
          const left = Math.min(count, Math.max(0, known.asked))
          known.asked -= left
          known.events?.unfilled(left === 0 ? count : left)
        })
      },
      extend: (token) =>
        way(() => {
          const kept = this.#leased(token)
          if (kept !== undefined) kept.leasedUntil = this.#clock.now() + this.#leaseMs
        }),
      giveBack: (token, delayMs) =>
        way(() => {
          const kept = this.#leased(token)
          if (kept !== undefined) this.#free(kept, delayMs)
        }),
      drop: (token) => way(() => this.#settle(token)),
      answer: (client, _run, bytes) => way(() => this.#submitters.get(client)?.frame(bytes)),
      beacon: (bytes) =>
        way(() => {
          for (const events of this.#submitters.values()) events.beacon(bytes)
        }),
    }
  }

  #view(client: string): BrokerView {
    const stored = new Map<string, number>()
    for (const kept of this.#kept) if (kept.client === client) stored.set(kept.run, (stored.get(kept.run) ?? 0) + 1)
    return {
      incarnation: String(this.#incarnation),
      stored,
      alive: this.#kept.filter((kept) => !kept.isGivenUp).length,
    }
  }

  #keep(client: string, run: string, bytes: Uint8Array, id: string): Publication {
    const known = this.#ids.get(id)
    if (known !== undefined) return { sequence: known }
    if (this.#kept.length >= this.room) return { isFull: true }
    const sequence = ++this.#sequence
    this.#ids.set(id, sequence)
    this.#kept.push({
      sequence,
      client,
      run,
      bytes,
      deliveries: 0,
      token: undefined,
      leasedUntil: 0,
      from: 0,
      isGivenUp: false,
    })
    this.#deal()
    return { sequence }
  }

  #leased(token: Uint8Array): Kept | undefined {
    const text = new TextDecoder().decode(token)
    return this.#kept.find((kept) => kept.token === text)
  }

  /** Any delivery's token settles the task, a former one's too. */
  #settle(token: Uint8Array): void {
    const sequence = Number(new TextDecoder().decode(token).split('.')[0])
    this.#kept = this.#kept.filter((kept) => kept.sequence !== sequence)
  }

  #free(kept: Kept, delayMs: number): void {
    kept.token = undefined
    kept.from = this.#clock.now() + delayMs
    if (kept.deliveries >= this.#maxDeliver && !kept.isGivenUp) {
      kept.isGivenUp = true
      this.#way(() => this.#submitters.get(kept.client)?.undelivered(kept.sequence, kept.deliveries))
      return
    }
    this.#clock.after(delayMs, () => this.#deal())
  }

  #tick(): void {
    const now = this.#clock.now()
    if (this.isUp) {
      for (const kept of this.#kept) if (kept.token !== undefined && kept.leasedUntil <= now) this.#free(kept, 0)
      this.#deal()
    }
    this.#clock.after(250, () => this.#tick())
  }

  #deal(): void {
    if (!this.isUp) return
    const now = this.#clock.now()
    for (const kept of this.#kept) {
      if (kept.token !== undefined || kept.isGivenUp || kept.from > now) continue
      const asking = [...this.#hosts.values()].filter((host) => host.asked > 0)
      const host = asking[Math.floor(this.#chance() * asking.length)]
      if (host === undefined) return
      host.asked--
      kept.deliveries++
      kept.token = `${kept.sequence}.${++this.#tokens}`
      kept.leasedUntil = now + this.#leaseMs
      const delivery: Delivery = {
        client: kept.client,
        run: kept.run,
        bytes: kept.bytes,
        token: new TextEncoder().encode(kept.token),
        deliveries: kept.deliveries,
      }
      this.#way(() => {
        if (!host.isCut) host.events?.task(delivery)
      })
    }
  }

  /** The way of a message: it may be lost, come twice, or late. */
  #way(fn: () => void): void {
    if (!this.isUp) return
    const { drop, duplicate, latencyMs } = this.weather
    if (drop > 0 && this.#chance() < drop) return
    const arrive = (): void => {
      if (this.isUp) fn()
    }
    this.#clock.after(0.1 + this.#chance() * latencyMs, arrive)
    if (duplicate > 0 && this.#chance() < duplicate) this.#clock.after(0.1 + this.#chance() * latencyMs * 3, arrive)
  }
}
