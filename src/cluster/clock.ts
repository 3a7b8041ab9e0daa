import { after, type Disarm } from '../timer.ts'

/** Time, as submitters and hosts see it: the machine's, or that of a simulation. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number
  /** Calls `fn` once; the answer takes that back. */
  after(ms: number, fn: () => void): Disarm
}

/** The machine's. Timers keep the process alive while it has work, which is for the connection to say: they are unref'd. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after: (ms, fn) => after(ms, fn, { unref: true }),
}
