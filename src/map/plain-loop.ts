import { chunkCosts } from '../chunks/auto.ts'

/** A map whose work is shorter than so many chunks cost a worker beside it: nothing is left for a second worker to gain. */
const FEWEST_OVERHEADS = 3

/** Of what a chunk costs the thread that hands out. Below it a chunk is certainly dearer to send than to run there, on faster machines too. */
const SEND_SHARE = 0.5

/** A map of a function on workers, when it is over. */
export interface FinishedMap {
  readonly chunksize: number | 'auto'
  readonly chunks: number
  /** What its workers spent in the function, all of them together: what a plain loop would take. */
  readonly busyMs: number
}

/** Why a plain loop would have been faster, in a sentence; undefined: it would not, as far as is known. */
export function whyPlainLoop({ chunksize, chunks, busyMs }: FinishedMap): string | undefined {
  const { overheadMs, serialMs } = chunkCosts('push')
  if (busyMs < FEWEST_OVERHEADS * overheadMs) {
    return `a plain loop is faster: all rows together are ${inMicroseconds(busyMs)} of work, and a message to a worker and back takes some ${inMicroseconds(overheadMs)}`
  }
  if (chunksize === 'auto' || busyMs / chunks > SEND_SHARE * serialMs) return undefined
  return `a plain loop is faster than chunks of ${chunksize}: one is ${inMicroseconds(busyMs / chunks)} of work, and to hand it out takes the calling thread some ${inMicroseconds(serialMs)}; leave chunksize at 'auto'`
}

function inMicroseconds(ms: number): string {
  const us = ms * 1000
  return `${us < 10 ? us.toPrecision(1) : us.toFixed(0)} µs`
}
