import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** A bare worker thread that sends back what it gets: what any pool on threads pays at least. */
export function openEchoThread() {
  const worker = new Worker(
    "const { parentPort } = require('node:worker_threads')\nparentPort.on('message', (x) => parentPort.postMessage(x))",
    {
      eval: true,
    },
  )
  return echo(
    worker,
    (x) => worker.postMessage(x),
    () => worker.terminate(),
  )
}

/** A bare worker thread that is busy for as many milliseconds as it gets, and then says for how long it was. */
export function openBusyThread() {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (ms) => {
      const start = performance.now()
      while (performance.now() - start < ms);
      parentPort.postMessage(performance.now() - start)
    })`,
    { eval: true },
  )
  return echo(
    worker,
    (ms) => worker.postMessage(ms),
    () => worker.terminate(),
  )
}

/** A bare child process that sends back what it gets. */
export function openEchoProcess() {
  const child = fork(fileURLToPath(new URL('echo-process.cjs', import.meta.url)), { execArgv: [] })
  const close = async () => {
    child.disconnect()
    await once(child, 'exit')
  }
  return echo(child, (x) => child.send(x), close)
}

/**
 * @param {import('node:events').EventEmitter} receiver
 * @param {(x: number) => unknown} send
 * @param {() => Promise<unknown>} close
 */
function echo(receiver, send, close) {
  /** @type {(x: number) => void} */
  let resolve = () => {}
  receiver.on('message', (x) => resolve(x))
  return {
    /**
     * One round trip at a time.
     *
     * @param {number} x
     * @returns {Promise<number>}
     */
    call(x) {
      return new Promise((given) => {
        resolve = given
        send(x)
      })
    },
    close,
  }
}
