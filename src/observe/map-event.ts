import type { ChunkEngineName } from './chunk-line.ts'
import type { MapStats } from './stats.ts'

/** What the channel `lanewise:map` is given: a map was called, or it is over. `schema` changes when a field changes its meaning. */
export type MapEvent = MapStarted | MapEnded

interface MapNamed {
  readonly schema: 1
  /** Counts the maps of this process: the same number as in the lines of its chunks. */
  readonly map: number
  /** The function's name. */
  readonly fn: string
}

export interface MapStarted extends MapNamed {
  readonly event: 'start'
  /** What was asked for; `'auto'`: an engine will be chosen for the kernel. */
  readonly engine: ChunkEngineName | 'auto'
  readonly chunksize: number | 'auto'
  /** How many workers may share it. */
  readonly workers: number
  /** How many rows it has; null: its inputs are read as it goes. */
  readonly items: number | null
  /** When it was called, as `performance.now()` of the calling thread had it. */
  readonly startMs: number
}

export interface MapEnded extends MapNamed {
  readonly event: 'end'
  /** What ran it; `'auto'`: nothing did. */
  readonly engine: ChunkEngineName | 'auto'
  /** Rows with an outcome. */
  readonly items: number
  /** Milliseconds from the call until nothing of it runs any more. */
  readonly ms: number
  /** As the map's `stats` are now. */
  readonly stats: Readonly<MapStats>
}
