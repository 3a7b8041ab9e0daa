// What natural.test.ts runs: starts work, or none, and comes to the end of its module.
import { range, repeat } from '../../../src/index.ts'
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
  'calls that die in every way': async () => {
    const pool = open(kind)
    for (const way of waysToDie(kind)) {
      const limit = kind === 'inline' ? {} : { itemTimeout: 300 }
      const outcomes = pool.map(die, repeat(way), range(3), { ...limit, errors: 'settle', chunksize: 3 })
      const values = (await outcomes).map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'died'))
      console.log(`${way}: ${values}, ${await pool.submit(Math.sqrt, 4)}`)
    }
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

/** How a call can die on an executor without the end of this program. */
function waysToDie(on: Kind): readonly string[] {
  const ways = ['throws', 'rejects', 'returns what cannot travel']
  if (on !== 'inline') ways.push('ends its worker', 'loops for ever', 'never settles')
  if (on === 'process') ways.push('is killed')
  return ways
}

/** The second of three rows dies. */
function die(way: string, row: number): unknown {
  if (row !== 1) return row
  switch (way) {
    case 'throws':
      throw new RangeError(way)
    case 'rejects':
      return Promise.reject(new RangeError(way))
    case 'returns what cannot travel':
      return () => row
    case 'ends its worker':
      return process.exit(3)
    case 'loops for ever':
      for (;;);
    case 'is killed':
      process.kill(process.pid, 'SIGKILL')
  }
  return new Promise(() => {})
}

void programs[what]()

async function* naturals(): AsyncGenerator<number> {
  for (let i = 0; ; i++) yield i
}
