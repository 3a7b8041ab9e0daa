import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Future, range, repeat } from '../../src/index.ts'
import type { Kind } from '../support/executors.ts'

setFlagsFromString('--expose_gc')
const gc = runInNewContext('gc') as () => void

/** Bytes of this thread's heap, of what is still reachable. */
async function heapBytes(): Promise<number> {
  // What a microtask or a turn of the event loop holds is let go first.
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    gc()
  }
  return process.memoryUsage().heapUsed
}

/** Runs `count` maps one after the other; how much the heap grew a map, in bytes, and by how many handles. */
export async function growthOfMaps({ open }: Kind, count: number): Promise<{ bytes: number; handles: number }> {
  const pool = open({ maxWorkers: 2 })
  const map = async (i: number): Promise<void> => {
    const sums = await pool.map((x: number, table: { gain: number }) => x * table.gain, range(5), repeat({ gain: i }))
    if (sums[4] !== 4 * i) throw new Error(`map ${i} gave ${sums}`)
  }
  // What is made once, such as code and workers, is made by then.
  for (let i = 0; i < 300; i++) await map(i)
  const before = { bytes: await heapBytes(), handles: process.getActiveResourcesInfo().length }
  for (let i = 0; i < count; i++) await map(i)
  const after = { bytes: await heapBytes(), handles: process.getActiveResourcesInfo().length }
  await pool.shutdown()
  return { bytes: (after.bytes - before.bytes) / count, handles: after.handles - before.handles }
}

/** Makes `count` futures that are pending at once on one pool; how many bytes each takes, how long all take, and whether each has its value in the end. */
export async function costOfFutures(
  { open }: Kind,
  count: number,
): Promise<{ bytes: number; ms: number; isRight: boolean }> {
  const pool = open({ maxWorkers: 2 })
  await pool.submit(Math.sqrt, 4)
  const before = await heapBytes()
  const start = performance.now()
  const futures: Future<number>[] = []
  for (let i = 0; i < count; i++) futures.push(pool.submit(Math.sqrt, i))
  gc()
  const bytes = (process.memoryUsage().heapUsed - before) / count
  const roots = await Promise.all(futures)
  const ms = performance.now() - start
  await pool.shutdown()
  return { bytes, ms, isRight: roots.every((root, i) => root === Math.sqrt(i)) }
}
