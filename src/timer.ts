/** Node's longest timer, in ms: 2^31 - 1 (24.8 days). A longer one fires at once, so it is armed again instead. */
const LONGEST_MS = 2 ** 31 - 1

/** Forgets a timer made by `after`. */
export type Disarm = () => void

/**
 * Calls `fn` once, `ms` milliseconds from now; `Infinity` and `undefined` mean never.
 *
 * The timer keeps the process alive unless `unref` is set. 0 or less fires in the next turn.
 */
export function after(ms: number | undefined, fn: () => void, options?: { unref?: boolean }): Disarm {
  if (ms === undefined || ms === Number.POSITIVE_INFINITY) return () => {}
  const end = performance.now() + ms
  let timer: NodeJS.Timeout
  const arm = (): void => {
    const left = end - performance.now()
    timer = left > LONGEST_MS ? setTimeout(arm, LONGEST_MS) : setTimeout(fn, Math.max(0, Math.ceil(left)))
    if (options?.unref === true) timer.unref()
  }
  arm()
  return () => clearTimeout(timer)
}
