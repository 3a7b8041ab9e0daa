// What test/faults/native.test.ts runs: a process that the system gives no more threads.
import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { InlineExecutor, range, ThreadPoolExecutor } from '../../../src/index.ts'
import { loadNative } from '../../../src/native/load.ts'
import { nativeKernel } from '../../support/native-kernel.ts'

const ROWS = 100_000
const NOBODY = 65_534

const pool = new ThreadPoolExecutor({ maxWorkers: 2 })

/** From now on; those that are there stay. */
function refuseThreads(): void {
  execFileSync('prlimit', ['--pid', String(process.pid), '--nproc=1:1'])
  if (process.getuid?.() !== 0) return
  // The limit is not for root.
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}

/** What a promise is rejected with. */
async function codeOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

async function none(): Promise<void> {
  refuseThreads()
  for (const executor of [pool, new InlineExecutor()]) {
    const map = executor.map(nativeKernel, range(ROWS), range(ROWS))
    const values = await map
    console.log(values[ROWS - 1], map.stats.engine, map.stats.why)
    console.log(executor.mapSync(nativeKernel, range(ROWS), range(ROWS))[ROWS - 1])
    console.log(await codeOf(executor.map(nativeKernel, range(ROWS), range(ROWS), { engine: 'native' })))
  }
}

async function fewer(): Promise<void> {
  await new ThreadPoolExecutor({ maxWorkers: 1 }).map(nativeKernel, range(ROWS), range(ROWS), { engine: 'native' })
  refuseThreads()
  const map = pool.map(nativeKernel, range(ROWS), range(ROWS), { engine: 'native' })
  console.log((await map)[ROWS - 1], map.stats.engine)
  const load = loadNative()
  console.log('threads', 'binding' in load ? load.binding.poolInfo().threads : 0)
  // No thread for the timer either.
  const late = pool.map(nativeKernel, range(1e8), range(1e8), {
    engine: 'native',
    timeout: 1,
    out: new Uint8Array(new SharedArrayBuffer(1e8)),
  })
  console.log(await codeOf(late))
}

// The addon, Node's own threads, and the workers of the pool are there before.
loadNative()
await stat('.')
await Promise.all([1, 2].map((n) => pool.submit((m: number) => m, n)))
await (process.argv[2] === 'none' ? none() : fewer())
