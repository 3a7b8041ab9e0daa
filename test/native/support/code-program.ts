// What test/native/addon.test.ts runs in processes of their own: who has a kernel's machine code, and how long it stays.
import { setImmediate } from 'node:timers/promises'
import { isMainThread, Worker } from 'node:worker_threads'
import { ThreadPoolExecutor } from '../../../src/executors/threads.ts'
import { range } from '../../../src/inputs/range.ts'
import { kernel } from '../../../src/kernel/kernel.ts'
import { loadNative } from '../../../src/native/load.ts'

const load = loadNative()
if ('errors' in load) throw new AggregateError(load.errors)
const kernels = () => load.binding.poolInfo().kernels

/** Has the garbage collected, turn by turn, until that holds: what is found runs its finalizer in a later turn. */
async function collected(holds: () => boolean): Promise<boolean> {
  for (let round = 0; round < 200 && !holds(); round++) {
    ;(globalThis as { gc?: () => void }).gc?.()
    await setImmediate()
  }
  return holds()
}

/** The kernel of a number; it has machine code from the end of its first map on. */
const plus = (n: number) => kernel(new Function('x', `return x + ${n}`) as (x: number) => number)

const pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })

/** A map that outlives all that the caller knows of its kernel. */
async function inFlight(): Promise<string> {
  const rows = 1e7
  const map = pool.map(plus(1), range(rows))
  await collected(() => false)
  const values = await map
  return values.every((value, i) => value === i + 1) ? 'as wanted' : 'something else'
}

async function dropped(): Promise<string> {
  for (let n = 0; n < 300; n++) await pool.map(plus(n), range(5))
  const before = kernels()
  return (await collected(() => kernels() < 5)) ? 'given back' : `${kernels()} of ${before} are left`
}

async function threads(): Promise<string> {
  const ends = Array.from({ length: 4 }, () => {
    const worker = new Worker(process.argv[1] as string, { argv: ['worker'] })
    return new Promise<number>((resolve) => worker.once('message', resolve))
  })
  const kept = plus(0)
  await pool.map(kept, range(5))
  const counts = [...(await Promise.all(ends)), kernels()]
  return counts.every((count) => count === 1) && kept(1) === 1 ? 'one' : counts.join()
}

const ways: Record<string, () => Promise<string>> = { 'in flight': inFlight, dropped, threads }
const how = process.argv[2] as string
if (isMainThread) {
  console.log(await ways[how]?.())
  process.exit()
} else {
  await pool.map(plus(0), range(5))
  const { parentPort } = await import('node:worker_threads')
  parentPort?.postMessage(kernels())
}
