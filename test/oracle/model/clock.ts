/** Longer than any step of a scenario waits: oracle.py gives up then, too. */
const STEP_LIMIT_MS = 20_000

/** Time that passes only where somebody waits. */
export class Clock {
  now = 0
  /** Called when somebody begins to wait. */
  onWait: (() => void) | undefined
  #timers: { readonly at: number; readonly run: () => void }[] = []

  after(ms: number, run: () => void): void {
    this.#timers.push({ at: this.now + ms, run })
  }

  /** Lets time pass until `isThere`, `ms` at most; answers whether it came. */
  pass(isThere: () => boolean, ms: number = STEP_LIMIT_MS): boolean {
    const end = this.now + ms
    if (!isThere()) this.onWait?.()
    while (!isThere()) {
      const next = this.#timers.reduce<{ at: number; run: () => void } | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      )
      if (next === undefined || next.at > end) {
        this.now = Math.max(this.now, end)
        return isThere()
      }
      this.#timers.splice(this.#timers.indexOf(next), 1)
      this.now = next.at
      next.run()
    }
    return true
  }
}
