// What native.test.ts runs: native maps in flight when a thread or the process ends.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { range, sharedArray, ThreadPoolExecutor } from '../../../src/index.ts'
import type { NumberArray } from '../../../src/inputs/number-array.ts'
import { endlessKernel, nativeKernel, plainly } from '../../support/native-kernel.ts'
import { type How, type Place, THREAD_ENDS } from './native.ts'

const [place, how, times] = process.argv.slice(2) as [Place, How, string]

/** A millisecond of two threads. */
const ROWS = 500_000

const pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })

/** Runs maps one after the other: their results on memory of this thread, theirs alone or shared. */
async function fly(inputs: NumberArray | ReturnType<typeof range>, out: NumberArray | undefined): Promise<void> {
  for (;;) await pool.map(nativeKernel, inputs, inputs, out === undefined ? {} : { out })
}

/** Starts maps on memory of every kind, and one that has one thread for ever: maps are in flight, and wait, from now on. */
function flyInEveryWay(): void {
  void pool.map(endlessKernel, [Number.POSITIVE_INFINITY])
  const shared = sharedArray(Float64Array, ROWS)
  for (const inputs of [range(ROWS), new Float64Array(ROWS), shared]) {
    void fly(inputs, undefined)
    void fly(inputs, inputs === shared ? shared : sharedArray(Float32Array, ROWS))
    void addUp(inputs)
  }
}

/** Adds results up, again and again; some of it comes to an end by a deadline. */
async function addUp(inputs: NumberArray | ReturnType<typeof range>): Promise<void> {
  for (;;) {
    await pool.reduce(nativeKernel, inputs, inputs, { op: 'sum' })
    await pool.count(nativeKernel, inputs, inputs, { timeout: 1 }).catch(() => {})
  }
}

/** Maps that nobody stops. */
async function flyToTheEnd(): Promise<void> {
  const maps = [1, 2, 3].map(() => pool.map(nativeKernel, range(ROWS), range(ROWS)))
  for (const values of await Promise.all(maps)) {
    if (values[ROWS - 1] !== plainly(ROWS - 1, ROWS - 1)) throw new Error(`got ${values[ROWS - 1]}`)
  }
}

/** Does as it is told, with maps in flight. */
function end(): void {
  if (how === 'natural') {
    void flyToTheEnd()
    return
  }
  flyInEveryWay()
  if (how.endsWith('while it blocks')) {
    parentPort?.postMessage('in flight')
    pool.mapSync(endlessKernel, [Number.POSITIVE_INFINITY])
  }
  leave()
}

/** Ends this thread by itself, if it is to. */
function leave(): void {
  if (how === 'exit') process.exit(5)
  if (how === 'throw') throw new Error('on purpose')
  if (how === 'reject') void Promise.reject(new Error('on purpose'))
}

async function main(): Promise<void> {
  if (place !== 'worker only') await pool.map(nativeKernel, range(10), range(10), { engine: 'native' })
  if (place === 'main') {
    console.log('in flight')
    end()
  } else if (isThreadEnd()) {
    for (let i = 0; i < Number(times); i++) await endOne()
    // The pool serves the others as before; where this thread had no addon yet, it has it now.
    await flyToTheEnd()
    console.log('served')
  } else {
    const blocks = how.endsWith('while it blocks') ? ' while it blocks' : ''
    const worker = new Worker(new URL(import.meta.url), { argv: ['main', `terminate${blocks}`] })
    await once(worker, 'message')
    console.log('in flight')
    // Nobody waits for the worker: its maps are in flight to the last.
    worker.unref()
    if (how.startsWith('SIGTERM')) process.stdin.resume()
    leave()
  }
}

function isThreadEnd(): boolean {
  return times !== undefined && (THREAD_ENDS as readonly string[]).includes(how)
}

/** Starts a thread and has it end. */
async function endOne(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  worker.on('error', (error) => {
    if (error.message !== 'on purpose') throw error
  })
  const ended = new Promise<number>((resolve) => worker.once('exit', resolve))
  if (how.startsWith('terminate')) {
    await once(worker, 'message')
    await worker.terminate()
  }
  console.log(`ended by ${await ended}`)
}

if (isMainThread) await main()
else {
  end()
  parentPort?.postMessage('in flight')
}
