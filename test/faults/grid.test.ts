import { describe, expect, it } from 'vitest'
import {
  BrokenExecutor,
  type Executor,
  type MapOptions,
  type PoolOptions,
  range,
  repeat,
  type Settled,
  ShutdownError,
  TimeoutError,
  tasks,
  WorkerDiedError,
} from '../../src/index.ts'
import { Board } from '../support/board.mjs'
import { calls } from '../support/calls.ts'
import { executors, pools } from '../support/executors.ts'
import { dieAt as dieHere } from './deaths.mjs'

const { dieAt, double } = tasks<typeof import('./deaths.mjs')>(new URL('./deaths.mjs', import.meta.url))

type Kind = 'inline' | 'thread' | 'process'

type Never = Partial<Record<Kind, string>>

interface Death {
  readonly how: string
  /** Where it cannot happen, and why. */
  readonly never?: Never
  /** What its call fails with. */
  readonly check: (reason: unknown, at: number) => void
  readonly map?: MapOptions
  readonly pool?: PoolOptions
}

const ENDS_ALL: Never = { inline: 'there the program itself ends' }
const IS_ONE_PROCESS: Never = { ...ENDS_ALL, thread: 'a thread has no process of its own: the program itself ends' }
const HAS_NO_LIMIT: Never = { inline: 'nothing can stop the call: itemTimeout is refused there' }

/** A worker that is new may take this long on a busy machine before its first call; none of these calls ends by itself. */
const LIMIT_MS = 300

const deaths: readonly Death[] = [
  {
    how: 'throws an error with own fields',
    check: (reason, at) => {
      expect(reason).toBeInstanceOf(RangeError)
      expect(reason).toMatchObject({ message: `no ${at}`, code: 'E_OWN', detail: { item: at }, index: at })
    },
  },
  { how: 'throws undefined', check: (reason) => expect(reason).toBeUndefined() },
  {
    how: 'throws an AggregateError',
    check: (reason, at) => {
      expect(reason).toBeInstanceOf(AggregateError)
      const { errors } = reason as AggregateError
      expect(errors.map(String)).toEqual([`TypeError: first ${at}`, 'Error: second'])
    },
  },
  { how: 'rejects later', check: (reason, at) => expect(String(reason)).toBe(`RangeError: late ${at}`) },
  {
    how: 'returns a function',
    check: (reason, at) => expect(reason).toMatchObject({ name: 'DataCloneError', index: at }),
  },
  {
    how: 'returns a getter that throws',
    check: (reason) => expect(String(reason)).toBe('RangeError: from the getter'),
  },
  { how: 'ends its worker', never: ENDS_ALL, check: diedWith({ exitCode: 3, signal: null }) },
  { how: 'aborts its process', never: IS_ONE_PROCESS, check: diedWith({ signal: 'SIGABRT' }) },
  { how: 'loops for ever', never: HAS_NO_LIMIT, check: overran, map: { itemTimeout: LIMIT_MS } },
  { how: 'never settles', never: HAS_NO_LIMIT, check: overran, map: { itemTimeout: LIMIT_MS } },
  {
    how: 'overflows the stack',
    check: (reason) => expect(String(reason)).toBe('RangeError: Maximum call stack size exceeded'),
  },
  {
    how: 'runs out of memory',
    never: { ...ENDS_ALL, process: 'Node has resourceLimits for threads alone, and such a pool refuses them' },
    check: diedWith({ signal: null }),
    pool: { resourceLimits: { maxOldGenerationSizeMb: 20 } },
  },
  { how: 'kills its process', never: IS_ONE_PROCESS, check: diedWith({ signal: 'SIGKILL' }) },
]

function diedWith(fields: object): (reason: unknown, at: number) => void {
  return (reason, at) => {
    expect(reason).toBeInstanceOf(WorkerDiedError)
    expect(reason).toMatchObject({ ...fields, index: at })
    expect((reason as Error).message).toContain(`item ${at}`)
  }
}

function overran(reason: unknown, at: number): void {
  expect(reason).toBeInstanceOf(TimeoutError)
  expect(reason).toMatchObject({ index: at })
}

const ROWS = 12

interface Moment {
  readonly when: string
  /** The row whose call dies, of 12 in chunks of 4. */
  readonly at: number
  readonly run: (pool: Executor, map: (options: MapOptions) => PromiseLike<Settled<unknown>[]>) => Promise<Outcomes>
  /** The pool takes no call afterwards. */
  readonly ends?: boolean
}

type Outcomes = readonly Settled<unknown>[]

const chunks: MapOptions = { chunksize: 4 }

const moments: readonly Moment[] = [
  { when: 'in its first call', at: 0, run: async (_, map) => await map(chunks) },
  { when: 'in the middle of a chunk', at: 5, run: async (_, map) => await map(chunks) },
  { when: 'in the last call', at: ROWS - 1, run: async (_, map) => await map(chunks) },
  { when: 'in a map whose chunks are sized by time', at: 7, run: async (_, map) => await map({}) },
  {
    when: 'during shutdown',
    at: 5,
    ends: true,
    run: async (pool, map) => {
      const outcomes = map(chunks)
      const over = pool.shutdown()
      const settled = await outcomes
      await over
      return settled
    },
  },
  {
    when: 'with a second map in flight',
    at: 5,
    run: async (pool, map) => {
      const outcomes = map(chunks)
      const second = pool.map(double, range(40), { chunksize: 3 })
      const settled = await outcomes
      expect(await second).toEqual(Array.from(range(40), (i) => 2 * i))
      return settled
    },
  },
]

/** Where no caller is blocked while a call dies. */
const NEVER_BLOCKED: Never = { process: 'a process pool refuses to block: its pipes need the event loop' }
const RETURNS_PROMISE = 'rejects later' // inline, a caller who blocks is told that only the event loop could settle it

const grid = executors.flatMap(({ name, kind, open }) =>
  deaths.filter(({ never }) => never?.[kind] === undefined).map((death) => ({ name, open, kind, ...death })),
)

describe('the grid of faults', () => {
  it('has 13 deaths and 6 moments, on each executor where it gives no reason', () => {
    expect(deaths.length).toBe(13)
    expect(moments.length + 1).toBeGreaterThanOrEqual(6) // one of them while a caller is blocked
    expect(grid.length + deaths.flatMap(({ never }) => Object.keys(never ?? {})).length).toBe(3 * 13)
    expect(grid.filter(({ kind }) => kind === 'inline').map(({ how }) => how)).toEqual([
      'throws an error with own fields',
      'throws undefined',
      'throws an AggregateError',
      'rejects later',
      'returns a function',
      'returns a getter that throws',
      'overflows the stack',
    ])
  })
})

describe.each(grid)('a call on a $name that $how', ({ open, how, check, map, pool: options, kind }) => {
  function expectOneDeath(outcomes: Outcomes, at: number): void {
    expect(outcomes.length).toBe(ROWS)
    for (const [i, outcome] of outcomes.entries()) {
      if (i !== at) expect(outcome).toEqual({ status: 'fulfilled', value: i })
      else {
        expect(outcome.status).toBe('rejected')
        check((outcome as { reason: unknown }).reason, at)
      }
    }
  }

  it.each(moments)('$when fails alone, and the pool goes on', async ({ at, run, ends }) => {
    const pool = open({ maxWorkers: 2, ...options })
    const start = (chunking: MapOptions): PromiseLike<Settled<unknown>[]> =>
      pool.map(dieAt, repeat(how), repeat(at), range(ROWS), { ...chunking, ...map, errors: 'settle' })
    expectOneDeath(await run(pool, start), at)
    if (ends !== true) expect(await pool.submit(double, 21)).toBe(42)
    await pool.shutdown()
    expect(() => pool.submit(double, 1)).toThrow(ShutdownError)
  })

  it('as a single call fails alone, and the pool goes on', async () => {
    const pool = open({ maxWorkers: 2, ...options })
    const deadly = pool.schedule(
      dieAt,
      [how, 0, 0],
      map?.itemTimeout === undefined ? {} : { itemTimeout: map.itemTimeout },
    )
    const others = Array.from(range(6), (i) => pool.submit(double, i))
    const outcome = await deadly.then(
      () => 'returned',
      (reason: unknown) => ({ reason }),
    )
    expect(outcome).toHaveProperty('reason')
    expect(deadly.done()).toBe(true)
    expect(await Promise.all(others)).toEqual([0, 2, 4, 6, 8, 10])
    await pool.shutdown()
  })

  if (NEVER_BLOCKED[kind] !== undefined || (kind === 'inline' && how === RETURNS_PROMISE)) return

  it('while a caller is blocked fails alone, and the pool goes on', () => {
    const pool = open({ maxWorkers: 2, ...options })
    const settle = { ...chunks, ...map, errors: 'settle' } as const
    // The handle of tasks() imports its module, which takes the event loop.
    const outcomes =
      kind === 'inline'
        ? pool.mapSync(dieHere, repeat(how), repeat(5), range(ROWS), settle)
        : pool.mapSync(dieAt, repeat(how), repeat(5), range(ROWS), settle)
    expectOneDeath(outcomes, 5)
    expect(pool.submit((n: number) => 2 * n, 21).resultSync()).toBe(42)
    return pool.shutdown()
  })
})

describe.each(pools)('an endless call on a $name', ({ open, kind }) => {
  it.each([
    { what: 'a loop', call: calls.loopAt },
    { what: 'a promise that never settles', call: calls.hangAt },
  ])('is ended by terminateWorkers(), $what, and after that the pool is shut down', async ({ call }) => {
    using board = new Board(kind)
    const pool = open({ maxWorkers: 1 })
    const endless = pool.submit(call, board.place, 7, 7)
    const waiting = pool.submit(double, 1)
    await board.until(7)
    await pool.terminateWorkers()
    expect(await endless.exception()).toBeInstanceOf(BrokenExecutor)
    expect(waiting.cancelled()).toBe(true)
    expect(() => pool.submit(double, 1)).toThrow(BrokenExecutor)
  })
})
