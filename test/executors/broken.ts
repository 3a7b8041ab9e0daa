import { BrokenExecutor, BrokenProcessPool, BrokenThreadPool } from '../../src/index.ts'

/** The class that a broken pool's errors have. */
export const BROKEN = { inline: BrokenExecutor, thread: BrokenThreadPool, process: BrokenProcessPool }

/** What calls fail with that a pool had when it lost a worker; it has no worker to lose inline. */
export const RUNNING = {
  inline: '',
  thread: 'A thread in the thread pool was terminated abruptly while the future was running or pending.',
  process: 'A process in the process pool was terminated abruptly while the future was running or pending.',
}

/** What later calls fail with. */
export const LATER = {
  inline: '',
  thread: 'A worker thread terminated abruptly, the thread pool is not usable anymore',
  process: 'A child process terminated abruptly, the process pool is not usable anymore',
}
