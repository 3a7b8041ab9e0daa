type OnAbort = (reason: unknown) => void

interface Listeners {
  readonly fns: Set<OnAbort>
  readonly tell: () => void
}

/** Who waits for a signal. One listener stands for all: Node warns of a leak from the eleventh on, and looks for one to remove among all. */
const waiting = new WeakMap<AbortSignal, Listeners>()

/** Calls `fn` with the signal's reason when it is aborted, at once if it is; the answer stops listening. */
export function onAbort(signal: AbortSignal | undefined, fn: OnAbort): (() => void) | undefined {
  if (signal === undefined) return undefined
  if (signal.aborted) {
    fn(signal.reason)
    return undefined
  }
  const { fns, tell } = waiting.get(signal) ?? listen(signal)
  fns.add(fn)
  return () => {
    if (!fns.delete(fn) || fns.size > 0) return
    waiting.delete(signal)
    signal.removeEventListener('abort', tell)
  }
}

function listen(signal: AbortSignal): Listeners {
  const fns = new Set<OnAbort>()
  const tell = (): void => {
    waiting.delete(signal)
    for (const fn of fns) fn(signal.reason)
  }
  signal.addEventListener('abort', tell, { once: true })
  const listeners = { fns, tell }
  waiting.set(signal, listeners)
  return listeners
}
