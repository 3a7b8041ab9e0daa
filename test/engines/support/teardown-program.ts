// What test/engines/teardown.test.ts runs in processes of their own: native maps in flight when a thread or the process ends.
import { setTimeout } from 'node:timers/promises'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { KernelArrays } from '../../../src/engines/arrays.ts'
import { NativeMap } from '../../../src/engines/native.ts'
import { InlineExecutor } from '../../../src/executors/inline.ts'
import { ThreadPoolExecutor } from '../../../src/executors/threads.ts'
import { RangeColumn } from '../../../src/inputs/columns.ts'
import { range } from '../../../src/inputs/range.ts'
import { type KernelParts, kernelParts } from '../../../src/kernel/parts.ts'
import { sharedArray } from '../../../src/memory/shared-array.ts'
import { machineCodeOf } from '../../../src/native/machine-code.ts'
import { axpy } from './axpy.ts'
import { logistic } from './logistic.ts'

/** Starts a map of so many rows, its results on memory of this thread, shared or not. */
function start(rows: number, isShared: boolean): Promise<string> {
  const { code, ...captures } = kernelParts(axpy(2)) as KernelParts
  const native = machineCodeOf(code)
  if (!('code' in native)) throw native.error
  const out = isShared ? sharedArray(Float64Array, rows) : undefined
  const column = new RangeColumn(range(rows))
  const arrays = new KernelArrays(code, [column, column], rows, out, { borrow: false })
  return new Promise((resolve) => {
    const map = new NativeMap(
      native,
      {
        code,
        captures,
        columns: arrays.columns,
        out: arrays.results(true),
        rows,
        chunksize: undefined,
        workers: 2,
        timeoutMs: Number.POSITIVE_INFINITY,
        isInPlace: false,
        isBlocking: false,
      },
      ({ kind }) => resolve(`${kind} ${arrays.whole[rows - 1]}`),
    )
    map.start()
  })
}

/** Four maps of 10 million rows, more than is done before the next statement, and one whose row never ends. */
function startMany(): void {
  void new InlineExecutor({ engine: 'native' }).map(logistic, [Number.POSITIVE_INFINITY])
  for (let i = 0; i < 4; i++) void start(1e7, i % 2 === 0)
}

function newWorker(how: string): Promise<{ worker: Worker; exit: Promise<number> }> {
  const worker = new Worker(process.argv[1] as string, { argv: [how] })
  const exit = new Promise<number>((resolve) => worker.once('exit', resolve))
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => resolve({ worker, exit }))
  })
}

/** Ends a worker that waits for a row without an end. */
async function terminateBlocked(): Promise<string> {
  const { worker, exit } = await newWorker('blocks')
  await setTimeout(100) // until it is inside
  const begin = performance.now()
  await worker.terminate()
  await exit
  return performance.now() - begin < 2000 ? 'soon' : 'late'
}

async function main(how: string): Promise<void> {
  if (how === 'natural') {
    console.log(await start(1e5, false))
    return
  }
  if (how === 'blocked') {
    console.log(await terminateBlocked())
    console.log(await start(1e5, true))
  } else if (how === 'idle') {
    await start(10, false)
    // Nothing keeps the process alive now.
  } else if (how === 'exit') {
    startMany()
    process.exit(7)
  } else if (how === 'throw') {
    startMany()
    throw new Error('on purpose')
  } else if (how === 'live worker') {
    const { worker } = await newWorker('start')
    worker.unref()
  } else {
    for (let i = 0; i < 10; i++) {
      const { worker, exit } = await newWorker(how === 'terminate' ? 'start' : how)
      if (how === 'terminate') await worker.terminate()
      await exit
    }
    // The pool serves the others as before.
    console.log(await start(1e5, true))
  }
}

function inWorker(how: string): void {
  if (how === 'blocks') {
    parentPort?.postMessage('started')
    new ThreadPoolExecutor({ engine: 'native' }).mapSync(logistic, [Number.POSITIVE_INFINITY])
  }
  startMany()
  parentPort?.postMessage('started')
  if (how === 'worker exits') setImmediate(() => process.exit())
}

const how = process.argv[2] as string
if (isMainThread) await main(how)
else inWorker(how)
