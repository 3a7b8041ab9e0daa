import { Worker } from 'node:worker_threads'

/** The file descriptor on which a worker process hears that its owner is gone: a pipe that the owner holds open and never writes to. */
export const OWNER_FD = 4

/**
 * Ends this process when its owner, a process or a thread of one, is gone: killed, crashed or ended.
 *
 * A thread of its own does the listening, since the main one may be in an endless loop. SIGKILL, since nothing less ends such a loop.
 */
export function watchOwner(): void {
  const watchdog = new Worker(
    `const { Socket } = require('node:net')
    const pipe = new Socket({ fd: ${OWNER_FD}, readable: true, writable: false })
    const end = () => process.kill(process.pid, 'SIGKILL')
    pipe.on('error', end).on('end', end).on('close', end).resume()`,
    { eval: true, name: 'lanewise-watchdog', stdout: false, stderr: false },
  )
  watchdog.unref()
}
