/**
 * The chunk loop: what a worker does inside a map that runs on the `js` or the `wasm` engine.
 *
 * It claims a chunk from the map's slot in shared memory, runs it in blocks, and publishes what is done, until nothing is
 * left to claim; then the worker is free for other work and is sent again if rows come back. A block goes through three
 * imports: the host stages rows in, the kernel runs, the host stages results out. The kernel's arrays lie at addresses that
 * were fixed when it was compiled, in a memory of its own, so it gets nothing but a count.
 *
 * crates/pool has the same loop for native threads. What both must keep, since workers, native threads and the caller meet
 * in a slot without a common lock:
 *
 * 1. A row is in one of four places: at or above `next`; in a returned range; in the chunk of one worker, at or above
 *    start + finished; or finished. The ready prefix (all rows below it are finished) is the least of `next`, of each
 *    start + finished, and of the returned ranges.
 * 2. The caller reads `next` first, then, under the lock, each start before its finished. So a worker announces: it
 *    zeroes `finished`, sets `start` to what `next` is now, and only then moves `next`, which can only give it more.
 * 3. A worker's `start` goes down, or away, only under the lock, together with the returned range that takes its rows over.
 * 4. Results are stored before `finished` counts them.
 * 5. Whoever finds the stop word set leaves, and leaves `start` as it is: the prefix stays true. The map is over, or is
 *    begun anew from the prefix.
 * 6. Nobody waits for the lock once the stop word is set: its holder may have been terminated.
 */
import { STOP_DEADLINE } from './generated/control'
import { blockRows, enterRule, followPace, keptShare, meanMs, nextRows, stopMs } from './rule'
import { chunksize, claim, claimedFrom, claimedTo, deadline, generation, giveBack, haveSomeLeft, isStopped, leave, measure, publish, setStop } from './slot'

// @ts-ignore: decorator
@external('kernel', 'run') declare function run(rows: u32): void
// @ts-ignore: decorator
@external('host', 'stageIn') declare function stageIn(row: f64, rows: u32): void
// @ts-ignore: decorator
@external('host', 'stageOut') declare function stageOut(row: f64, rows: u32): void
/** Rows came back that a worker who has left could run. */
// @ts-ignore: decorator
@external('host', 'cameBack') declare function cameBack(): void
/** A chunk is over: rows `from` to `to`, the first `done` of them finished, begun at `began` by `now`, in `ms`. Called where somebody looks on. */
// @ts-ignore: decorator
@external('host', 'chunkOver') declare function chunkOver(from: f64, to: f64, done: f64, began: f64, ms: f64, stopMs: f64): void
/** Milliseconds of the monotonic clock, the same in every thread of the process. */
// @ts-ignore: decorator
@external('host', 'now') declare function now(): f64

/** Rows that nobody may part, from a multiple of them on: a leaf of a reduction, whose rows are added one after the other. */
let grain: i64 = 1

/** Rows that the kernel computes together: fewer cost as much. */
let group: i64 = 1

/** Somebody looks on: the host is told of each chunk. */
let isObserved: bool = false

/**
 * Works in the map of `slot` as the worker of `seat`, until there is nothing to claim or the map stops. Its chunks begin and end at
 * multiples of `grainRows`, or at the end of the map; where their size is not given they are whole groups of `groupRows`, a power of two.
 *
 * `slot` is a byte address. A worker that was sent to an earlier map of the slot, by its `expected` generation, leaves at once.
 */
export function join(slot: usize, expected: i32, seat: i32, grainRows: i32, groupRows: i32, observed: bool): void {
  if (generation(slot) == expected) {
    grain = grainRows
    group = groupRows
    const unit = grain > 1 ? grain : chunksize(slot) > 0 ? 1 : group
    isObserved = observed
    enterRule(slot)
    while (claim(slot, seat, inWhole(nextRows(slot), unit))) runChunk(slot, seat)
  }
  leave(slot)
}

/** So many rows, or a few more: whole units. */
function inWhole(rows: i64, unit: i64): i64 {
  return unit > 1 ? (rows + unit - 1) / unit * unit : rows
}

/** Runs the chunk just claimed, to its end, to a stop, or until it overruns; its rest is given back then. */
function runChunk(slot: usize, seat: i32): void {
  const from = claimedFrom
  const to = claimedTo
  const late = deadline(slot)
  const begin = now()
  let ms: f64 = 0
  let pace = meanMs // of the block to come: rows may suddenly be dearer than the mean
  let row = from

  while (row < to && !isStopped(slot)) {
    if (ms > stopMs && (grain <= 1 || row % grain == 0) && giveBack(slot, seat, row, to)) {
      if (haveSomeLeft(slot)) cameBack()
      break
    }
    const wanted = blockRows(pace)
    let rows = <u32>min<i64>(to - row, max<i64>(group, wanted - wanted % group))
    if (grain > 1) rows = <u32>min<i64>(rows, grain - row % grain)
    stageIn(<f64>row, rows)
    run(rows)
    stageOut(<f64>row, rows)
    publish(slot, seat, rows)
    row += rows
    const time = now()
    if (time > late) setStop(slot, STOP_DEADLINE)
    pace = max<f64>((time - begin - ms) / <f64>rows, meanMs)
    ms = time - begin
  }
  if (row > from) {
    followPace(slot, row - from, ms)
    measure(slot, seat, row - from, ms, keptShare())
  }
  if (isObserved) chunkOver(<f64>from, <f64>to, <f64>(row - from), begin, ms, stopMs)
}
