import { type BrokenExecutor, BrokenProcessPool, BrokenThreadPool } from '../errors.ts'

/** The words in which CPython tells of a broken pool. */
export interface BrokenTexts {
  /** What runs and waits fails with this. */
  readonly running: string
  /** And later calls with this. */
  readonly later: string
}

export const WORKER_DIED: { thread: BrokenTexts; process: BrokenTexts } = {
  thread: {
    running: 'A thread in the thread pool was terminated abruptly while the future was running or pending.',
    later: 'A worker thread terminated abruptly, the thread pool is not usable anymore',
  },
  process: {
    running: 'A process in the process pool was terminated abruptly while the future was running or pending.',
    later: 'A child process terminated abruptly, the process pool is not usable anymore',
  },
}

const THREAD_INITIALIZER = 'A thread initializer failed, the thread pool is not usable anymore'
/** In CPython a process whose initializer fails is a process that died. */
export const INITIALIZER_FAILED: { thread: BrokenTexts; process: BrokenTexts } = {
  thread: { running: THREAD_INITIALIZER, later: THREAD_INITIALIZER },
  process: WORKER_DIED.process,
}

/** The error of a pool that is broken. */
export function brokenPool(kind: 'thread' | 'process', text: string, cause: unknown): BrokenExecutor {
  const options = cause === undefined ? undefined : { cause }
  return kind === 'thread' ? new BrokenThreadPool(text, options) : new BrokenProcessPool(text, options)
}
