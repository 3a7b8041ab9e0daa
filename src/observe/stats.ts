/** How a map went; live while it runs. */
export interface MapStats {
  /** What ran it: `'inline'`, `'threads'`, `'processes'`, or a kernel's engine. */
  engine: string
  /** The chunksize that was asked for, `'auto'` included. */
  chunksize: number | 'auto'
  /** Chunks sent so far. */
  chunks: number
  /** Rows that workers gave back because their chunk overran (auto only). */
  givenBack: number
  /** Share of the time from the call to the last outcome that the workers spent in the function: 0 to 1. */
  utilisation: number
  /** Milliseconds from the call to the first outcome. */
  firstResultMs: number | undefined
  /** Bytes of numbers copied to the workers and back. */
  bytesCopied: number
  /** Why it ran as it did, in a sentence, where that is not plain. Of a map on other machines: once it is over, what slowed it down. */
  why: string | undefined
}

/** Those of a map that has just been called. */
export function newStats(engine: string, chunksize: number | 'auto'): MapStats {
  return {
    engine,
    chunksize,
    chunks: 0,
    givenBack: 0,
    utilisation: 0,
    firstResultMs: undefined,
    bytesCopied: 0,
    why: undefined,
  }
}
