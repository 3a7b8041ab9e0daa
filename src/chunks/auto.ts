import { invariant } from '../invariant.ts'

/**
 * How `chunksize: 'auto'` sizes chunks: choose how long the next one should last, divide by the cost of an item.
 *
 *   m     time / items                    mean cost of an item; both sums are discounted with every chunk
 *   m_w   m * speed[w]                    the same for the worker that asks
 *   r     remaining * m / P               time left a worker
 *   tau   max(h / body, P * s / share)    longest useful chunk, at most 100 ms and a tenth of the map's timeout
 *   f     max(h, min(P * s, sqrt(T * P * s)))          shortest useful chunk, T = length * m / P
 *   time  max(min(tau, r / 2, sqrt(4 * h * r)), f)     P = 1: tau. Length unknown: min(tau, max(r, h))
 *   items time / m_w, from 1 to what remains and to half a worker's part of the buffer
 *   stop  3 * max(items * m_w, 2 * h)     later than this the worker gives the rest back
 *
 * P workers; h is what a worker loses by each chunk, s what the one that hands out loses. So the body of a long map
 * goes in chunks of tau; then they shrink with the root of what is left, then by halves, and end about as long as h.
 *
 * "Points" and "alike" below are of mean regret: makespan over that of the best fixed chunksize in hindsight, in a
 * simulation of 600 random maps an engine (12 shapes of cost, 6 machines, 2 to 64 workers), one constant changed at a
 * time.
 */

/** Who hands out chunks: the main thread, by messages; or the workers themselves, at a counter they share. */
export type ChunkEngine = 'push' | 'pull' | 'native'

interface EngineCosts {
  /** h: what a worker loses by each chunk. */
  readonly overheadMs: number
  /** A calibration below this is an error of measurement. */
  readonly leastOverheadMs: number
  /** s: for how long handing out one chunk keeps the other workers from theirs. */
  readonly serialMs: number
  /** The share of the time that may go to h while much is left. */
  readonly bodyOverhead: number
  /** While much is left no chunk is planned shorter, however small h is. */
  readonly leastLongestMs: number
}

/**
 * `overheadMs`: a fourfold error either way costs under one point, so the figures of one machine serve others.
 *   push: the gap between two chunks of a worker that has one at a time: 20 to 28 µs, p90 60 (Node 20, two cores).
 *   pull, native: an atomic add (37 to 70 ns), a look at the clock (118 ns), and bookkeeping, in JavaScript or in Rust.
 * `serialMs`: larger means longer chunks than are needed, smaller that workers queue.
 *   push: main-thread time to receive an answer and send a chunk. pull, native: one contended add.
 * `bodyOverhead`: 0.25 % to 4 % were alike. Larger loses just that share; smaller means longer chunks, so that
 *   results in order stall longer. A counter can afford half.
 * `leastLongestMs`: 200 times the h of a counter is 70 µs, a chunk in which one interruption of the thread upsets m.
 */
const ENGINE_COSTS: Readonly<Record<ChunkEngine, EngineCosts>> = {
  push: { overheadMs: 0.029, leastOverheadMs: 0.005, serialMs: 0.008, bodyOverhead: 0.01, leastLongestMs: 0 },
  pull: { overheadMs: 0.00035, leastOverheadMs: 0, serialMs: 0.00005, bodyOverhead: 0.005, leastLongestMs: 0.1 },
  native: { overheadMs: 0.0001, leastOverheadMs: 0, serialMs: 0.00003, bodyOverhead: 0.005, leastLongestMs: 0.1 },
}

/** h and s of an engine, where they were not measured. */
export function chunkCosts(engine: ChunkEngine): Pick<EngineCosts, 'overheadMs' | 'serialMs'> {
  return ENGINE_COSTS[engine]
}

/**
 * Handing out takes at most this share of its thread's time. Larger: the user's own loop, which runs there too,
 * starves; smaller: chunks too long to balance. 0.1 to 0.75 were alike.
 */
const HANDOUT_SHARE = 0.25

/** No chunk is planned longer. Larger: results in order stall, to save nothing; smaller: a large h costs its share. */
const LONGEST_MS = 100

/** Nor longer than this part of the timeout. Larger: what the last chunks held is lost; smaller: needless overhead. */
const CHUNKS_A_TIMEOUT = 10

/**
 * A chunk is at most half of a worker's part of what is left. Larger: more and shorter chunks; smaller: one misjudged
 * chunk outlasts the rest. From 1.25 to 4 were alike, thanks to the root below.
 */
const PARTS_LEFT = 2

/**
 * `sqrt(4 h r)` is twice the geometric mean of overhead and time left. Larger: a misjudged chunk leaves others idle at
 * the end; smaller: more overhead. Without it: 1 point more.
 */
const ROOT_FACTOR = 4

/** In h: a chunk shorter than its own overhead cannot pay. 0.25 to 2 were alike. */
const SHORTEST = 1

/**
 * What lasts so many times longer than planned is given back. Larger: longer stalls behind dear items; smaller: noise
 * alone sends work back. 2 to 5 were alike; without it: 11 points more.
 */
const OVERRUN = 3

/** In h: below this the plan does not count, since handing out the rest again would cost more than to do it. */
const SHORTEST_OVERRUN = 2

/**
 * A second chunk goes ahead where waiting costs more than this share of a chunk. Larger: workers wait for a busy main
 * thread; smaller: chunks queue behind a slow one while others idle (always ahead: 2.6 points more).
 */
const PREFETCH_GAP = 0.02

/** And only while a worker has more than so many chunks to come: what is queued cannot be balanced any more. */
const PREFETCH_LEFT = 4

/** Where rows are bounded or read ahead: one chunk a worker runs while the next one waits. More only delays results. */
const CHUNKS_A_WORKER = 2

/** In chunks, four a worker: what the mean cost remembers. Larger lags behind a trend, smaller follows noise. */
const MEMORY = { least: 16, aWorker: 4 } as const

/** What one answer moves the measured gap by. Larger: a pause counts as a busy thread; smaller: that shows late. */
const GAP_GAIN = 0.1

/** What one chunk moves its worker's speed by; less for its first two, while the mean itself is rough. */
const SPEED_GAIN = { early: 0.25, later: 0.5, earlyChunks: 2 } as const

/** Cost on one worker, relative to the mean. Beyond this it was the items, not the worker. */
const SPEED_RANGE = { least: 0.2, most: 8 } as const

/** 0.1 ns: a clock too coarse for the chunk reads 0, and an item costs something. */
const LEAST_MEAN_MS = 1e-7

/** Without a probe: a worker's part goes in so many chunks until something is measured, as Python's Pool.map has it. */
const UNPROBED_CHUNKS = 4

/** A part of the rule that an experiment leaves out, to see what it is worth. Users have no say in it. */
export type RulePart = 'give-back' | 'taper' | 'probe' | 'prefetch' | 'speed'

let leftOut: RulePart | undefined

/** Leaves a part out of the rules that are made from now on, in this process; undefined: none. For experiments. */
export function leaveOut(part: RulePart | undefined): void {
  leftOut = part
}

export interface AutoChunksOptions {
  /** How many workers share the map. */
  workers: number
  engine: ChunkEngine
  /** h, as the pool measured it while idle. */
  overheadMs?: number | undefined
  /** s, as the pool measured it. */
  serialMs?: number | undefined
  /** The map's timeout; any number but NaN. */
  timeoutMs?: number | undefined
  /** Items handed out and not yet yielded, at most. */
  buffersize?: number | undefined
  /** Mean cost of an item in an earlier map of the function. It weighs as one item: the first chunk outvotes it. */
  rememberedMs?: number | undefined
}

/** The next chunk: how many items, and after how long its worker gives back what it has not begun (Infinity: never). */
export interface NextChunk {
  items: number
  stopMs: number
}

/**
 * Sizes the chunks of one map by time, from what finished chunks took.
 *
 * Pure arithmetic: it reads no clock, and the same calls give the same answers. Until something is measured or
 * remembered each chunk is one item.
 * Units:  milliseconds, items
 * Cost:   O(1) a call, five bytes a worker
 */
export class AutoChunks {
  readonly #workers: number
  readonly #overheadMs: number
  readonly #serialMs: number
  readonly #longestMs: number
  readonly #buffersize: number
  readonly #roomiest: number // items in a chunk, so that the buffer holds two of each worker
  readonly #keep: number
  readonly #speed: Float32Array // relative cost of an item on each worker: above 1 is slower
  readonly #without = leftOut
  readonly #seen: Uint8Array // chunks of each worker that moved its speed, as far as they are counted

  // Discounted sums: of the time that finished chunks took, and of their items.
  #timeMs: number
  #items: number
  #reports = 0
  #gapMs = 0

  // Of the chunk that was sized last: what mayPrefetch() judges.
  #chunkMs = 0
  #leftMs = 0

  constructor(options: AutoChunksOptions) {
    const { workers, buffersize = Number.POSITIVE_INFINITY, timeoutMs = Number.POSITIVE_INFINITY } = options
    const { rememberedMs = 0 } = options
    const costs = ENGINE_COSTS[options.engine]
    const overheadMs = Math.max(costs.leastOverheadMs, options.overheadMs ?? costs.overheadMs)
    const serialMs = options.serialMs ?? costs.serialMs
    invariant(Number.isInteger(workers) && workers > 0, `chunks are sized for 1 worker or more, not ${workers}`)
    for (const ms of [overheadMs, serialMs, rememberedMs]) {
      invariant(ms >= 0 && ms < Number.POSITIVE_INFINITY, `a measured time is 0 or more, not ${ms}`)
    }
    this.#workers = workers
    this.#overheadMs = overheadMs
    this.#serialMs = serialMs
    const usefulMs = Math.max(overheadMs / costs.bodyOverhead, (workers * serialMs) / HANDOUT_SHARE)
    const mostMs = Math.min(LONGEST_MS, timeoutMs / CHUNKS_A_TIMEOUT)
    this.#longestMs = Math.max(overheadMs, Math.min(Math.max(usefulMs, costs.leastLongestMs), mostMs))
    this.#buffersize = buffersize
    this.#roomiest = Math.max(1, Math.floor(buffersize / (CHUNKS_A_WORKER * workers)))
    this.#keep = 1 - 1 / Math.max(MEMORY.least, MEMORY.aWorker * workers)
    this.#speed = new Float32Array(workers).fill(1)
    this.#seen = new Uint8Array(workers)
    this.#timeMs = rememberedMs
    this.#items = rememberedMs > 0 ? 1 : 0
  }

  /** Mean cost of an item; undefined until something is measured or remembered. */
  get meanMs(): number | undefined {
    return this.#items > 0 ? this.#mean() : undefined
  }

  /** Rows worth having read ahead of a lazy input: two of the longest chunks for each worker, within the buffer. */
  get readAhead(): number {
    const items = this.#items > 0 ? Math.max(1, Math.round(this.#longestMs / this.#mean())) : 1
    return Math.min(this.#buffersize, CHUNKS_A_WORKER * this.#workers * items)
  }

  /**
   * Sizes the next chunk of `worker`.
   *
   * `remaining` are the rows not handed out, those given back included; `length` all rows of the map. While a lazy
   * input has not ended `length` is undefined, and `remaining` are those read ahead: they are shared out at once.
   */
  next(worker: number, remaining: number, length: number | undefined): NextChunk {
    if (this.#items === 0) {
      this.#chunkMs = 0
      this.#leftMs = 0
      const share = this.#without === 'probe' ? remaining / (UNPROBED_CHUNKS * this.#workers) : 1
      const items = Math.max(1, Math.min(Math.ceil(share), this.#roomiest))
      return { items, stopMs: Number.POSITIVE_INFINITY }
    }
    const itemMs = this.#mean() * this.#speed[worker]!
    const wanted = Math.round(this.#durationMs(remaining, length) / itemMs)
    const items = Math.max(1, Math.min(wanted, this.#roomiest, remaining))
    this.#chunkMs = items * itemMs
    this.#leftMs = (remaining * itemMs) / this.#workers
    if (this.#without === 'give-back') return { items, stopMs: Number.POSITIVE_INFINITY }
    return { items, stopMs: OVERRUN * Math.max(this.#chunkMs, SHORTEST_OVERRUN * this.#overheadMs) }
  }

  /**
   * Takes note of a chunk that came back: `items` finished in `execMs` by the worker's clock. `gapMs` is how long the
   * worker stood idle before it, although there was work. A chunk of which nothing was finished tells nothing.
   */
  report(worker: number, items: number, execMs: number, gapMs?: number): void {
    if (!(items > 0 && execMs >= 0 && execMs < Number.POSITIVE_INFINITY)) return
    if (this.#items > 0 && this.#without !== 'speed') this.#follow(worker, execMs / (items * this.#mean()))
    this.#timeMs = this.#timeMs * this.#keep + execMs
    this.#items = this.#items * this.#keep + items
    this.#reports++
    if (gapMs !== undefined && gapMs >= 0) this.#gapMs += GAP_GAIN * (gapMs - this.#gapMs)
  }

  /**
   * Whether a worker that has a chunk should be sent a second one ahead.
   *
   * Judged by the chunk that `next` sized last. Never before there have been as many reports as workers: until then
   * costs are a guess. (Reports are counted, not workers, since some may be busy with another map throughout.)
   */
  mayPrefetch(): boolean {
    if (this.#reports < this.#workers || this.#without === 'prefetch') return false
    return this.#gapMs > PREFETCH_GAP * this.#chunkMs && PREFETCH_LEFT * this.#chunkMs < this.#leftMs
  }

  #mean(): number {
    return Math.max(LEAST_MEAN_MS, this.#timeMs / this.#items)
  }

  #durationMs(remaining: number, length: number | undefined): number {
    const workers = this.#workers
    if (workers === 1 || this.#without === 'taper') return this.#longestMs // nobody to balance with
    const mean = this.#mean()
    const overheadMs = this.#overheadMs
    const leftMs = (remaining * mean) / workers
    if (length === undefined) return Math.min(this.#longestMs, Math.max(leftMs, SHORTEST * overheadMs))

    // While handing out is the bottleneck a round of chunks must last as long as handing out one to each worker; a
    // job too short even for that does best with the root.
    const roundMs = workers * this.#serialMs
    const wholeMs = (length * mean) / workers
    const shortestMs = Math.max(SHORTEST * overheadMs, Math.min(roundMs, Math.sqrt(wholeMs * roundMs)))
    const rootMs = Math.sqrt(ROOT_FACTOR * overheadMs * leftMs)
    return Math.max(Math.min(this.#longestMs, leftMs / PARTS_LEFT, rootMs), shortestMs)
  }

  #follow(worker: number, slowness: number): void {
    const { early, later, earlyChunks } = SPEED_GAIN
    const seen = this.#seen[worker]!
    const gain = seen < earlyChunks ? early : later
    if (seen < earlyChunks) this.#seen[worker] = seen + 1
    const speed = (1 - gain) * this.#speed[worker]! + gain * slowness
    this.#speed[worker] = Math.min(SPEED_RANGE.most, Math.max(SPEED_RANGE.least, speed))
  }
}

/** How long a chunk was planned to last that was given this `stopMs`: so long at most, where it is short. */
export function plannedOf(stopMs: number): number {
  return stopMs / OVERRUN
}
