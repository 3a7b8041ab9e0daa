import { asCompleted, type Executor, type Future, range, wait } from '../../../src/index.ts'
import { hang, type Kind, loop, open } from './open.ts'

/** What a program may await at the top of a module; each gives 49, and leaves its pool as it is. */
export interface Await {
  readonly title: string
  /** The executors that can; all of them, where it is left out. */
  readonly kinds?: readonly Kind[]
  readonly run: (pool: Executor, kind: Kind) => unknown
}

const WITH_WORKERS = ['thread', 'process'] as const

/** 7 by a call that needs a few turns of its worker's event loop. */
async function seven(): Promise<number> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  return 7
}

const square = (n: number): number => n * n

export const AWAITS: readonly Await[] = [
  { title: 'a call', run: async (pool) => (await pool.submit(seven)) * 7 },
  { title: 'a call that has begun', run: (pool) => begun(pool.submit(square, 7)) },
  { title: 'the result of a future', run: (pool) => pool.submit(square, 7).result() },
  { title: 'an exception', run: async (pool) => (await pool.submit(nine, 40).exception()) && 49 },
  {
    title: 'a result that comes too late',
    kinds: WITH_WORKERS,
    run: (pool) => missed(pool, pool.submit(hang).result(30)),
  },
  { title: 'all of a map', run: async (pool) => (await pool.map(square, range(10)))[7] },
  { title: 'one call a worker', run: async (pool) => (await pool.map(square, range(10), { chunksize: 1 }))[7] },
  { title: 'a map row by row', run: (pool) => last(pool.map(square, range(8))) },
  { title: 'a map of an async input', run: (pool) => last(pool.map(square, upTo(8), { buffersize: 2 })) },
  { title: 'a map that fails', run: (pool) => last(pool.map(nine, range(10))).catch(() => 49) },
  {
    title: 'a map that comes too late',
    kinds: WITH_WORKERS,
    run: (pool) => missed(pool, last(pool.map(hang, [1], { timeout: 30 }))),
  },
  { title: 'a map that is left', run: (pool) => firstOf(pool.map(square, range(7, 1_000))) },
  { title: 'wait', run: async (pool) => sum((await wait([pool.submit(square, 7), pool.submit(square, 0)])).done) },
  {
    title: 'wait that comes too late',
    kinds: WITH_WORKERS,
    run: async (pool) => {
      const { notDone } = await wait([pool.submit(hang)], { timeout: 30 })
      await pool.terminateWorkers()
      return 48 + notDone.size
    },
  },
  { title: 'asCompleted', run: (pool) => sumOf(asCompleted([pool.submit(square, 7), pool.submit(square, 0)])) },
  {
    title: 'shutdown',
    run: async (pool) => {
      const future = pool.submit(seven)
      await pool.shutdown()
      return (await future) * 7
    },
  },
  { title: 'shutdown of a pool that never worked', run: (pool) => pool.shutdown().then(() => 49) },
  {
    title: 'shutdown of a pool that is idle',
    run: async (pool) => {
      const value = await pool.submit(square, 7)
      await pool.shutdown()
      return value
    },
  },
  {
    title: 'shutdown with a timeout',
    kinds: WITH_WORKERS,
    run: async (pool) => {
      const future = pool.submit(loop)
      await pool.shutdown({ timeout: 30 })
      return future.done() ? 49 : 'still running'
    },
  },
  {
    title: 'a call whose limit ends its worker',
    kinds: WITH_WORKERS,
    run: (pool) =>
      pool
        .schedule(loop, [], { itemTimeout: 30 })
        .exception()
        .then(() => 49),
  },
  {
    title: 'a call whose worker exits, and the next one',
    kinds: WITH_WORKERS,
    run: async (pool) => {
      await pool.submit(() => process.exit(3)).exception()
      return pool.submit(square, 7)
    },
  },
  {
    title: 'terminateWorkers',
    kinds: WITH_WORKERS,
    run: async (pool) => {
      const future = pool.submit(loop)
      await pool.terminateWorkers()
      return future.result().catch(() => 49)
    },
  },
  {
    title: 'terminateWorkers of a pool whose last answer is on its way',
    kinds: WITH_WORKERS,
    run: async (pool) => {
      await pool.submit(square, 7) // its worker is there
      const rows = pool.map((n) => [n], [49], { chunksize: 1 })
      await new Promise((resolve) => setImmediate(resolve)) // it is sent
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50) // and answered, while nobody here can hear of it
      await pool.terminateWorkers()
      return rows.then(([row]) => row?.[0]).catch(() => 49)
    },
  },
  {
    title: 'workers that are used up',
    kinds: WITH_WORKERS,
    run: async (_, kind) => (await open(kind, { maxTasksPerChild: 1 }).map(square, range(10), { chunksize: 1 }))[7],
  },
  { title: 'a cancelled call', run: (pool) => cancelled(pool) },
]

function nine(n: number): number {
  if (n > 8) throw new RangeError('more than eight')
  return n
}

async function begun(future: Future<number>): Promise<number> {
  while (future.running()) await new Promise((resolve) => setImmediate(resolve))
  return future
}

async function last<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  let value: T | undefined
  for await (value of values);
  return value
}

async function firstOf<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value
  return undefined
}

/** 49 for a result that comes too late. Its call may have begun, and would then keep the program alive. */
async function missed(pool: Executor, result: Promise<unknown>): Promise<number> {
  const value = await result.then(
    () => 0,
    () => 49,
  )
  await pool.terminateWorkers()
  return value
}

async function cancelled(pool: Executor): Promise<number> {
  const future = pool.submit(square, 7)
  const isCancelled = future.cancel()
  return future.then(
    () => 0,
    () => (isCancelled ? 49 : 0),
  )
}

async function sum(futures: Iterable<Future<number>>): Promise<number> {
  let total = 0
  for (const future of futures) total += await future
  return total
}

async function sumOf(futures: AsyncIterator<Future<number>>): Promise<number> {
  let total = 0
  for (let next = await futures.next(); next.done !== true; next = await futures.next()) total += await next.value
  return total
}

async function* upTo(end: number): AsyncGenerator<number> {
  for (let i = 0; i < end; i++) yield i
}
