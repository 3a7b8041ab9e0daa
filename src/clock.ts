let offsetMs: number | undefined

/**
 * Milliseconds of a clock that all threads of the process share, and its child processes too.
 *
 * `performance.now()` counts from when its own thread began; so much more makes it the monotonic clock of the machine. It is four times as fast as
 * `process.hrtime`. Not read before it is needed: Node loads `performance` when it is asked for.
 */
export function clock(): number {
  return onClock(performance.now())
}

/** What this thread's `performance.now()` said, on the clock that all share. */
export function onClock(nowMs: number): number {
  offsetMs ??= Math.max(offset(), offset(), offset()) // a pause between the two looks makes it smaller, by as much
  return nowMs + offsetMs
}

function offset(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now()
}
