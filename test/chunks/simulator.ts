import type { AutoChunks } from '../../src/chunks/auto.ts'
import { Ledger } from '../../src/chunks/ledger.ts'
import type { Machine, Workload } from './workload.ts'

/**
 * What the push engine costs on Node's worker threads, in ns: a gap of 29 µs with a chunk in flight, 11 µs with two. `item` is a number in a typed
 * array, at each of four stages; of boxed values it is more.
 */
export const PUSH = {
  receive: 3_000,
  send: 5_000,
  transit: 5_000, // and waking up
  unpack: 6_000,
  answer: 5_000,
  item: 6,
  clock: 120, // what reading it adds to a measured time
} as const

export type PushCosts = { readonly [K in keyof typeof PUSH]: number }

export const PUSH_BOXED: PushCosts = { ...PUSH, item: 130 }

const NS_A_MS = 1e6

/** For a fixed chunksize, which the ledger cuts by itself; nothing is given back. */
const WHOLE = { items: 1, stopMs: Number.POSITIVE_INFINITY }

export interface Simulation {
  load: Workload
  machine: Machine
  workers: number
  /** Who sizes chunks: the rule under test, or a number, with so many chunks in flight a worker. */
  chunks: AutoChunks | { chunksize: number; inFlight: 1 | 2 }
  buffersize?: number | undefined
  /** The input is lazy: an item comes each so many ns. */
  arrivalNs?: number | undefined
  costs?: PushCosts | undefined
}

export interface SimulatedChunk {
  worker: number
  start: number
  /** Items it was sent with, and those it finished; the rest was given back. */
  items: number
  done: number
  execNs: number
  stopNs: number
  /** Rows not handed out when it was sized. */
  remaining: number
}

export interface Outcome {
  makespanNs: number
  firstNs: number
  chunks: SimulatedChunk[]
  returns: number
  /** Most rows that were handed out and not yet delivered in order. */
  mostOut: number
}

interface Event {
  at: number
  /** Undefined: an item arrives. */
  flight?: SimulatedChunk & { gapNs: number | undefined }
}

/**
 * Plays one map on the push engine: a main thread that receives, delivers and sends one thing after the other, and
 * workers that run chunks. The ledger is the real one. Throws if a row is delivered twice or never.
 */
export function simulate(simulation: Simulation): Outcome {
  const {
    load,
    machine,
    workers,
    chunks: rule,
    buffersize = Number.POSITIVE_INFINITY,
    arrivalNs,
    costs: NS = PUSH,
  } = simulation
  const auto = 'next' in rule ? rule : undefined
  const chunksize = 'chunksize' in rule ? rule.chunksize : undefined
  const ledger = new Ledger({ length: 0, open: true, chunksize })
  const events: Event[] = []
  const flying = Array.from({ length: workers }, () => 0)
  const starved: number[] = []
  const ranDry = Array.from({ length: workers }, () => false)
  const freeAt = Array.from({ length: workers }, (_, w) => machine.readyNs(w))
  const had = Array.from({ length: workers }, () => false)
  const delivered = new Delivery(load.length)
  const outcome: Outcome = { makespanNs: 0, firstNs: 0, chunks: [], returns: 0, mostOut: 0 }
  let now = 0 // the main thread's
  let arrived = 0
  let wakes = false

  const arrive = (): void => {
    const here = arrivalNs === undefined ? load.length : Math.min(load.length, Math.floor(now / arrivalNs) + 1)
    if (here > arrived) ledger.grow(here)
    arrived = here
    if (here === load.length) ledger.close()
  }

  const mayHold = (): number => {
    if ('inFlight' in rule) return rule.inFlight
    return rule.mayPrefetch() ? 2 : 1
  }

  const send = (worker: number, most: number): void => {
    while (flying[worker]! < Math.min(mayHold(), most)) {
      arrive()
      const out = arrived - ledger.remaining - delivered.rows
      const room = buffersize - out
      const { remaining } = ledger
      const length = arrived === load.length ? load.length : undefined
      const ready = remaining > 0 && room > 0
      const { items, stopMs } = (ready && auto?.next(worker, remaining, length)) || WHOLE
      const range = ready ? ledger.take(Math.min(items, room)) : undefined
      if (range === undefined) {
        if (flying[worker] === 0 && !starved.includes(worker)) starved.push(worker)
        ranDry[worker] = true
        if (room > 0 && arrived < load.length && !wakes) {
          wakes = true
          events.push({ at: Math.max(now, arrived * arrivalNs!) })
        }
        return
      }
      const { start, end } = range
      outcome.mostOut = Math.max(outcome.mostOut, out + end - start)
      now += NS.send + NS.item * (end - start)
      const begin = Math.max(now + NS.transit, freeAt[worker]!) + NS.unpack + NS.item * (end - start)
      const gapNs = had[worker] && !ranDry[worker] ? begin - freeAt[worker]! + NS.answer : undefined
      const stopNs = stopMs * NS_A_MS
      const [done, execNs] = machine.run(worker, load, start, end, begin, stopNs)
      freeAt[worker] = begin + execNs + NS.answer + NS.item * done
      had[worker] = true
      ranDry[worker] = false
      flying[worker]!++
      const flight = { worker, start, items: end - start, done, execNs, stopNs, remaining, gapNs }
      outcome.chunks.push(flight)
      events.push({ at: freeAt[worker] + NS.transit, flight })
    }
  }

  for (const most of [1, 2]) for (let worker = 0; worker < workers; worker++) send(worker, most)
  for (let event = earliest(events); event !== undefined; event = earliest(events)) {
    now = Math.max(now, event.at)
    const { flight } = event
    if (flight === undefined) {
      wakes = false
    } else {
      const { worker, start, items, done, execNs, gapNs } = flight
      now += NS.receive + NS.item * done
      flying[worker]!--
      if (done < items) {
        ledger.giveBack({ start: start + done, end: start + items })
        outcome.returns++
      }
      delivered.finish(start, start + done)
      if (start === 0) outcome.firstNs = now
      auto?.report(worker, done, (execNs + NS.clock) / NS_A_MS, gapNs === undefined ? undefined : gapNs / NS_A_MS)
      send(worker, Number.POSITIVE_INFINITY)
    }
    for (let tries = starved.length; tries > 0; tries--) {
      const worker = starved.shift()!
      const before = outcome.chunks.length
      send(worker, Number.POSITIVE_INFINITY)
      if (outcome.chunks.length === before) break
    }
  }
  outcome.makespanNs = now
  if (delivered.rows !== load.length) throw new Error(`${delivered.rows} of ${load.length} rows came in order`)
  return outcome
}

/** Removes the earliest event; of those at one time the one that was made first. */
function earliest(events: Event[]): Event | undefined {
  let first = 0
  for (let i = 1; i < events.length; i++) if (events[i]!.at < events[first]!.at) first = i
  return events.splice(first, 1)[0]
}

/** Which rows are finished, and how many of them from the first on. */
class Delivery {
  rows = 0
  readonly #finished: Uint8Array

  constructor(length: number) {
    this.#finished = new Uint8Array(length)
  }

  finish(start: number, end: number): void {
    for (let i = start; i < end; i++) if (this.#finished[i]!++ > 0) throw new Error(`row ${i} came twice`)
    while (this.#finished[this.rows] === 1) this.rows++
  }
}
