// What owners.test.ts runs: a pool in a worker of a pool. Its bundle stands beside that of lanewise.
import { type Kind, loop, open } from './open.ts'

const [outer, inner, how] = process.argv.slice(2) as [Kind, Kind, 'natural' | 'in flight']
const lanewise = new URL('lanewise.mjs', import.meta.url).href

async function squareWithin(url: string, kind: Kind): Promise<number> {
  const { ThreadPoolExecutor, ProcessPoolExecutor } = await import(url)
  const pool = new (kind === 'thread' ? ThreadPoolExecutor : ProcessPoolExecutor)({ maxWorkers: 1 })
  return pool.submit((n: number) => n * n, 7)
}

async function callWithin(url: string, kind: Kind, fn: string): Promise<void> {
  const { ThreadPoolExecutor, ProcessPoolExecutor } = await import(url)
  const pool = new (kind === 'thread' ? ThreadPoolExecutor : ProcessPoolExecutor)({ maxWorkers: 1 })
  await pool.submit(new Function(`return ${fn}`)())
}

const pool = open(outer)
if (how === 'natural') console.log(await pool.submit(squareWithin, lanewise, inner))
else {
  process.stdin.once('data', () => process.exit(5))
  void pool.submit(callWithin, lanewise, inner, loop.toString())
}
