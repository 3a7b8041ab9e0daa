/** Fixed chunk sizes worth trying, the largest first: steps of sqrt 2, and the exact divisions. */
function candidates(length: number, workers: number): number[] {
  const sizes = new Set<number>()
  const top = Math.max(1, Math.ceil(length / workers))
  for (let size = 1; size < top; size *= Math.SQRT2) sizes.add(Math.round(size))
  for (let parts = 1; parts <= 16; parts++) sizes.add(Math.max(1, Math.ceil(length / (parts * workers))))
  return [...sizes].sort((a, b) => b - a)
}

/** Who plays a map, or several of one kind: their mean time with a fixed chunksize, and so many chunks in flight a worker. */
export interface Player {
  readonly length: number
  readonly workers: number
  /** How many chunks in flight are to be tried. */
  readonly inFlight: readonly (1 | 2)[]
  /** No map of chunks that small takes less. */
  leastNs(chunks: number): number
  meanNs(chunksize: number, inFlight: 1 | 2): number
}

/** The best that a fixed chunksize can do in hindsight. */
export function bestFixedNs({ length, workers, inFlight, leastNs, meanNs }: Player): number {
  let bestNs = Number.POSITIVE_INFINITY
  for (const chunksize of candidates(length, workers)) {
    if (leastNs(Math.floor(length / chunksize)) > bestNs) break // smaller still cannot win
    for (const count of inFlight) bestNs = Math.min(bestNs, meanNs(chunksize, count))
  }
  return bestNs
}
