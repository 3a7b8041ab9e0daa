let offsetMs: number | undefined

/**
 * Milliseconds of a clock that all threads of the process share.
 *
 * `performance.now()` counts from when its own thread began; so much more makes it the monotonic clock of the process. It is four times as fast as
 * `process.hrtime`. Not read before it is needed: Node loads `performance` when it is asked for.
 */
export function clock(): number {
  offsetMs ??= Number(process.hrtime.bigint()) / 1e6 - performance.now()
  return performance.now() + offsetMs
}
