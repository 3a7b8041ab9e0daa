// What owners.test.ts runs: threads that own a pool and end one after the other under its work, while the program lives on.
import { createInterface } from 'node:readline'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { hang, type Kind, loop, open } from './open.ts'

const [kind, how, times] = process.argv.slice(2) as [Kind, keyof typeof ends, string]

const ends = {
  terminate: () => {},
  'terminate while it blocks': () => {},
  exit: () => process.exit(4),
  throw: () => {
    throw new Error('on purpose')
  },
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })
  const next = lines[Symbol.asyncIterator]()
  for (let i = 0; i < Number(times); i++) {
    const owner = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
    owner.on('error', (error) => {
      if (error.message !== 'on purpose') throw error
    })
    const ended = new Promise<number>((resolve) => owner.once('exit', resolve))
    await next.next() // its calls have begun
    if (how.startsWith('terminate')) await owner.terminate()
    else owner.postMessage('end')
    console.log(`ended by ${await ended}`)
    await next.next() // its children are gone
  }
  lines.close()
  // The next pool of this process is none the worse.
  console.log(await open(kind).submit((n: number) => n * n, 7))
}

function own(): void {
  parentPort?.once('message', () => ends[how]())
  const pool = open(kind)
  if (how === 'terminate while it blocks') pool.mapSync(loop, [1, 2], { chunksize: 1 })
  void pool.submit(loop)
  void pool.submit(hang)
}

if (isMainThread) await main()
else own()
