// What exits.test.ts runs: work in flight, until a line on its input says how to end.
import { type Executor, range, repeat } from '../../../src/index.ts'
import { hang, type Kind, loop, open } from './open.ts'

const [kind, work] = process.argv.slice(2) as [Kind, keyof typeof works]

const works = {
  'an endless loop': (pool: Executor) => twice(() => void pool.submit(loop)),

  'a pending promise': (pool: Executor) => twice(() => void pool.submit(hang)),

  'many queued calls': (pool: Executor) => {
    for (let i = 0; i < 1_000; i++) void pool.submit(hang)
  },

  'an initializer in a loop': () => {
    const pool = open(kind, { initializer: loop })
    twice(() => void pool.submit(Math.sqrt, 4))
  },

  // It gets to a row that never ends.
  'a map that is iterated': async (pool: Executor) => {
    const map = pool.map(
      (i: number) => {
        if (i < 20) return i
        process.getBuiltinModule('node:fs').writeSync(1, `begun ${process.pid}\n`)
        return new Promise<number>(() => {})
      },
      range(1_000),
      { chunksize: 4 },
    )
    for await (const value of map) if (value >= 20) throw new Error(`${value} came back`)
  },

  // Answers and further rows are under way whenever it is.
  'a map that goes on and on': async (pool: Executor) => {
    let count = 0
    const map = pool.map(() => process.pid, repeat(0), naturals(), { buffersize: 64, chunksize: 4 })
    for await (const pid of map) if (count++ < 500) console.log(`begun ${pid}`)
  },

  // Nothing but a signal reaches it.
  'a caller that blocks': (pool: Executor) => {
    pool.mapSync(loop, [1, 2], { chunksize: 1 })
  },
}

const ends: Record<string, () => void> = {
  exit: () => process.exit(5),
  throw: () => {
    throw new Error('on purpose')
  },
  reject: () => {
    void Promise.reject(new Error('on purpose'))
  },
}

process.stdin.once('data', (how) => ends[String(how).trim()]?.())
void works[work](open(kind))

function twice(start: () => void): void {
  start()
  start()
}

async function* naturals(): AsyncGenerator<number> {
  for (let i = 0; ; i++) yield i
}
