import { EXIT } from './command.ts'

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

/**
 * Runs `work` with a signal that is aborted by the first Ctrl-C or SIGTERM, so that it can close and tell what it knows; the second one ends the process as
 * ever. `code` is the exit code that follows, if there was one.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ result: T; code: number | undefined }> {
  const stop = new AbortController()
  let code: number | undefined
  const listeners = Object.entries(SIGNALS).map(([name, its]) => {
    const listener = (): void => {
      code ??= its
      stop.abort(new Interrupted(its))
      leave()
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  const leave = (): void => {
    for (const [name, listener] of listeners) process.removeListener(name, listener)
  }
  try {
    return { result: await work(stop.signal), code }
  } finally {
    leave()
  }
}

/** What a work rejects with that was interrupted before it knew anything. */
export class Interrupted extends Error {
  readonly code: number

  constructor(code: number) {
    super('interrupted before anything was known')
    this.code = code
  }
}
