/**
 * How many rows the next chunk has: `AutoChunks` of src/chunks/auto.ts, for workers that claim by themselves. The formulas and
 * the reasons for the constants stand there; crates/pool/src/rule.rs is the twin for native threads.
 */
import {
  BLOCK_MS,
  BODY_OVERHEAD,
  HANDOUT_SHARE,
  LARGEST_BLOCK,
  LEAST_LONGEST_MS,
  LEAST_MEAN_MS,
  MEMORY_A_WORKER,
  MEMORY_LEAST,
  OVERHEAD_MS,
  OVERRUN,
  PARTS_LEFT,
  ROOT_FACTOR,
  SERIAL_MS,
  SHORTEST,
  SHORTEST_OVERRUN,
  SPEED_EARLY,
  SPEED_EARLY_CHUNKS,
  SPEED_LATER,
  SPEED_LEAST,
  SPEED_MOST,
} from './generated/rule'
import { chunksize, end, isMoving, longest, mean, remaining, workers } from './slot'

// The rule of the map that this worker is in. Module state, not an object: the memory is the control block, where nothing
// may be allocated, and a worker is in one map at a time.
let workerCount: f64 = 1
let longestMs: f64 = 0
/** Cost of a row on this worker, relative to the mean; as wide as in `AutoChunks`. */
let speed: f32 = 1
let chunks: f64 = 0

/** Mean cost of a row when the last chunk was sized; 0 before anything was measured. */
export let meanMs: f64 = 0
/** After so many ms the rest of that chunk is given back. */
export let stopMs: f64 = Infinity

/** Begins with a map. */
export function enterRule(slot: usize): void {
  workerCount = <f64>workers(slot)
  const useful = max<f64>(OVERHEAD_MS / BODY_OVERHEAD, (workerCount * SERIAL_MS) / HANDOUT_SHARE)
  longestMs = max<f64>(OVERHEAD_MS, min<f64>(max<f64>(useful, LEAST_LONGEST_MS), longest(slot)))
  speed = 1
  chunks = 0
}

/** Rows of the next chunk. */
export function nextRows(slot: usize): i64 {
  const exact = chunksize(slot)
  stopMs = Infinity
  meanMs = mean(slot)
  if (exact > 0) return exact
  if (meanMs == 0) return 1
  meanMs = max<f64>(meanMs, LEAST_MEAN_MS)
  const left = remaining(slot)
  const rowMs = meanMs * <f64>speed
  const rows = max<i64>(1, min<i64>(<i64>floor<f64>(durationMs(slot, <f64>left) / rowMs + 0.5), left))
  stopMs = OVERRUN * max<f64>(<f64>rows * rowMs, SHORTEST_OVERRUN * OVERHEAD_MS)
  return rows
}

function durationMs(slot: usize, left: f64): f64 {
  if (workerCount <= 1) return longestMs // nobody to balance with
  const leftMs = (left * meanMs) / workerCount
  if (isMoving(slot)) return min<f64>(longestMs, max<f64>(leftMs, SHORTEST * OVERHEAD_MS))
  const round = workerCount * SERIAL_MS
  const whole = (<f64>end(slot) * meanMs) / workerCount
  const shortest = max<f64>(SHORTEST * OVERHEAD_MS, min<f64>(round, sqrt<f64>(whole * round)))
  const root = sqrt<f64>(ROOT_FACTOR * OVERHEAD_MS * leftMs)
  return max<f64>(min<f64>(longestMs, min<f64>(leftMs / PARTS_LEFT, root)), shortest)
}

/** The chunk has ended after `rows` rows and `ms` ms, which are not in the mean yet. */
export function followPace(slot: usize, rows: i64, ms: f64): void {
  const meanNow = mean(slot) // others have measured meanwhile
  if (meanNow == 0) return
  const gain = chunks < SPEED_EARLY_CHUNKS ? SPEED_EARLY : SPEED_LATER
  chunks += 1
  const slowness = ms / (<f64>rows * max<f64>(meanNow, LEAST_MEAN_MS))
  speed = <f32>min<f64>(SPEED_MOST, max<f64>(SPEED_LEAST, (1 - gain) * <f64>speed + gain * slowness))
}

/** By how much a worker's sums shrink with each of its chunks, so that all together forget as `AutoChunks` does. */
export function keptShare(): f64 {
  return 1 - workerCount / max<f64>(MEMORY_LEAST, MEMORY_A_WORKER * workerCount)
}

/** Rows of the next block of a chunk: as many as take BLOCK_MS, since the stop word is looked at between two blocks. */
export function blockRows(paceMs: f64): i64 {
  if (paceMs == 0) return 1
  return <i64>max<f64>(1, min<f64>(BLOCK_MS / max<f64>(paceMs, LEAST_MEAN_MS), LARGEST_BLOCK))
}
