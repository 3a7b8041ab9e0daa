// What natural.test.ts runs: starts work, or none, and comes to the end of its module.
import { range } from '../../../src/index.ts'
import { KINDS, type Kind, open } from './open.ts'

const [what, kind] = process.argv.slice(2) as [keyof typeof programs, Kind]

/** A call that takes a few turns of its worker's event loop and prints when it is over. */
async function printLater(text: string): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  process.getBuiltinModule('node:fs').writeSync(1, `${text}\n`)
}

const programs = {
  'pools that never work': () => {
    for (const each of KINDS) open(each)
  },
  'a pending call': () => void open(kind).submit(printLater, 'called'),
  'a pending map': () => void open(kind).map(printLater, ['one', 'two', 'three'], { chunksize: 1 }),
  'a call that needs several workers': () =>
    void open(kind, { maxTasksPerChild: 1 }).map(printLater, ['one', 'two', 'three'], { chunksize: 1 }),
  'work after shutdown without a wait': () => {
    const pool = open(kind)
    void pool.submit(printLater, 'called')
    void pool.shutdown({ wait: false })
  },
  'a map that stands with a full window': async () => {
    const map = open(kind).map((i: number) => i, naturals(), { buffersize: 8 })
    for (let i = 0; i < 20; i++) await map.next()
    console.log('read')
  },
  'idle pools of every kind': async () => {
    for (const each of KINDS) console.log((await open(each).map((i: number) => i * i, range(100)))[7])
  },
  'twenty pools': async () => {
    const pools = Array.from({ length: 20 }, () => open(kind, { maxWorkers: 1 }))
    const values = await Promise.all(pools.map((pool, i) => pool.submit((n: number) => n * n, i)))
    console.log(values.reduce((sum, value) => sum + value))
  },
  'an exit code of its own': async () => {
    process.exitCode = 3
    console.log(await open(kind).submit(() => 7))
  },
  'a handler of SIGINT that shuts down': () => {
    const pool = open(kind)
    const finish = async (): Promise<void> => {
      await pool.shutdown({ cancelFutures: true })
      console.log('shut down')
      process.exitCode = 9
    }
    process.once('SIGINT', () => void finish())
    void pool.submit(printLater, 'called')
    for (let i = 0; i < 100; i++) void pool.submit(printLater, 'never')
    void pool.submit(printLater, 'called').cancel()
    process.kill(process.pid, 'SIGINT')
  },
}

void programs[what]()

async function* naturals(): AsyncGenerator<number> {
  for (let i = 0; ; i++) yield i
}
