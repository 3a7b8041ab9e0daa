import { clock, onClock } from '../clock.ts'
import { chunkChannel, mapChannel } from './channel.ts'
import type { ChunkEngineName, ChunkLine } from './chunk-line.ts'
import { chunkLog } from './log.ts'
import type { MapEnded, MapStarted } from './map-event.ts'
import type { MapStats } from './stats.ts'

/** What is told of a chunk. `began`, `known`: by the clock that all share. `stopMs`: Infinity for never. */
export interface ObservedChunk {
  readonly worker: number
  readonly start: number
  readonly end: number
  readonly done: number
  readonly began: number
  readonly execMs: number
  readonly stopMs: number
  /** When its answer was known to the caller; left out: now. */
  readonly known?: number
}

let maps = 0 // of this thread: those that nobody observed are counted too

/** The map that is being called, as its start is told of. */
export type ObservedMap = Omit<MapStarted, 'schema' | 'event' | 'map' | 'startMs'>

/** Tells the chunk log and the subscribers of one map. */
export class MapObserver {
  /** Whether anybody wants its chunks; who runs them need not measure when they began otherwise. */
  readonly wantsChunks: boolean = chunkLog !== undefined || chunkChannel.hasSubscribers
  readonly #map: number
  readonly #fn: string
  readonly #began: number
  #hasEnded = false

  /** Tells of its call. */
  constructor(map: number, { fn, engine, chunksize, workers, items }: ObservedMap) {
    const startMs = performance.now()
    this.#map = map
    this.#fn = fn
    this.#began = onClock(startMs)
    if (!mapChannel.hasSubscribers) return
    const event: MapStarted = { schema: 1, event: 'start', map, fn, engine, chunksize, workers, items, startMs }
    mapChannel.publish(event)
  }

  /** A chunk came back. */
  chunkCame(engine: ChunkEngineName, chunk: ObservedChunk): void {
    const { worker, start, end, done, began, execMs, stopMs, known = clock() } = chunk
    const beginMs = began - this.#began
    const line: ChunkLine = {
      schema: 2,
      map: this.#map,
      fn: this.#fn,
      engine,
      worker,
      start,
      end,
      done,
      beginMs,
      execMs,
      atMs: Math.max(known - this.#began, beginMs + execMs), // the clock's numbers are large: they round to a nanosecond
      stopMs: Number.isFinite(stopMs) ? stopMs : null,
    }
    chunkLog?.add(line)
    chunkChannel.publish(line)
  }

  /** Nothing of the map runs any more, and all its chunks were told of: whoever reads the log now finds them there. */
  ended(engine: ChunkEngineName | 'auto', items: number, stats: MapStats): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    chunkLog?.flush()
    if (!mapChannel.hasSubscribers) return
    const [map, fn, ms] = [this.#map, this.#fn, clock() - this.#began]
    const event: MapEnded = { schema: 1, event: 'end', map, fn, engine, items, ms, stats: { ...stats } }
    mapChannel.publish(event)
  }
}

/** Who is told of the map that is being called; undefined: nobody asks. Whoever subscribes later hears of later maps. */
export function observeMap(called: ObservedMap): MapObserver | undefined {
  const map = maps++
  if (chunkLog === undefined && !chunkChannel.hasSubscribers && !mapChannel.hasSubscribers) return undefined
  return new MapObserver(map, called)
}
