import fc from 'fast-check'
import { expect } from 'vitest'
import {
  type ErrorPolicy,
  type Executor,
  type Future,
  type MapOptions,
  type PoolOptions,
  range,
  type Settled,
} from '../../src/index.ts'
import type { Kind } from '../support/executors.ts'

// Random programs: calls and maps of which some die, some are cancelled or left, on a pool that may end in the middle of it all. Whatever comes of it,
// each outcome is there, and it is that of its own row.

const HOWS = ['number', 'object', 'nothing', 'throws', 'rejects', 'waits', 'cannot be sent', 'exits'] as const
type How = (typeof HOWS)[number]

type Step =
  | { does: 'submit'; hows: How[]; cancels: boolean }
  | { does: 'map'; hows: How[]; options: MapOptions; input: keyof typeof INPUTS; reads: 'all' | 'each' | 'some' }
  | { does: 'turn' }
  | { does: 'end'; way: keyof typeof ENDS }

export interface Program {
  readonly options: PoolOptions
  readonly steps: readonly Step[]
}

const INPUTS = {
  array: (hows: How[]) => hows,
  generator: function* (hows: How[]) {
    yield* hows
  },
  'async generator': async function* (hows: How[]) {
    for (const [i, how] of hows.entries()) {
      if (i % 3 === 2) await new Promise((resolve) => setImmediate(resolve))
      yield how
    }
  },
}

const ENDS = {
  'shutdown()': (pool: Executor) => pool.shutdown(),
  'shutdown({ cancelFutures })': (pool: Executor) => pool.shutdown({ cancelFutures: true }),
  'shutdown({ timeout: 0 })': (pool: Executor) => pool.shutdown({ timeout: 0 }),
  'terminateWorkers()': (pool: Executor) => pool.terminateWorkers(),
  'killWorkers()': (pool: Executor) => pool.killWorkers(),
}

/** The call of row `i`. */
function callOf(how: How, i: number): unknown {
  switch (how) {
    case 'number':
      return i
    case 'object':
      return { i }
    case 'nothing':
      return undefined
    case 'throws':
      throw new RangeError(`row ${i}`)
    case 'rejects':
      return new Promise((_, reject) => setImmediate(() => reject(new RangeError(`row ${i}`))))
    case 'waits':
      return new Promise((resolve) => setTimeout(() => resolve(i), i % 3))
    case 'cannot be sent':
      return () => i
    case 'exits':
      return process.exit(3)
  }
}

/** What it comes to, where nothing else ends it. */
const OUTCOMES: Record<How, (i: number) => object> = {
  number: (i) => ({ status: 'fulfilled', value: i }),
  object: (i) => ({ status: 'fulfilled', value: { i } }),
  nothing: () => ({ status: 'fulfilled', value: undefined }),
  throws: (i) => ({ status: 'rejected', reason: { name: 'RangeError', message: `row ${i}` } }),
  rejects: (i) => ({ status: 'rejected', reason: { name: 'RangeError', message: `row ${i}` } }),
  waits: (i) => ({ status: 'fulfilled', value: i }),
  'cannot be sent': () => ({ status: 'rejected', reason: { name: 'DataCloneError' } }),
  exits: () => ({ status: 'rejected', reason: { name: 'WorkerDiedError', exitCode: 3 } }),
}

const ENDED = /^(CancelledError|ShutdownError|BrokenExecutor|BrokenThreadPool|BrokenProcessPool)$/

/** Programs for an executor: on the caller's thread no call can end its worker. */
export function programs({ kind }: Kind): fc.Arbitrary<Program> {
  const how = fc.constantFrom(...HOWS.filter((each) => kind !== 'inline' || each !== 'exits'))
  const hows = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom<How>('number', 'object') }, how), {
    maxLength: 30,
  })
  const submit: fc.Arbitrary<Step> = fc.record({ does: fc.constant('submit'), hows, cancels: fc.boolean() })
  const tuning: fc.Arbitrary<MapOptions> = fc.record(
    {
      chunksize: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 8 })),
      buffersize: fc.integer({ min: 8, max: 20 }),
      unordered: fc.boolean(),
      errors: fc.constantFrom<ErrorPolicy>('raise', 'continue', 'settle', 'settle'),
      retries: fc.constantFrom(0, 1),
    },
    { requiredKeys: [] },
  )
  const map: fc.Arbitrary<Step> = fc.record({
    does: fc.constant('map'),
    hows,
    options: tuning,
    input: fc.constantFrom(...(Object.keys(INPUTS) as (keyof typeof INPUTS)[])),
    reads: fc.constantFrom('all', 'each', 'some'),
  })
  const end: fc.Arbitrary<Step> = fc.record({
    does: fc.constant('end'),
    way: fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[])),
  })
  const turn: fc.Arbitrary<Step> = fc.constant({ does: 'turn' })
  return fc.record({
    options: fc.record({ maxWorkers: fc.integer({ min: 1, max: 2 }) }),
    steps: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: submit },
        { weight: 8, arbitrary: map },
        { weight: 4, arbitrary: turn },
        { weight: 1, arbitrary: end },
      ),
      { minLength: 1, maxLength: 8 },
    ),
  })
}

function rejected(reason: unknown, at: number): [number, Settled<unknown>] {
  return [(reason as { index?: number }).index ?? at, { status: 'rejected', reason }]
}

function toSettled([i, value]: [number, unknown], errors: ErrorPolicy): [number, Settled<unknown>] {
  return [i, errors === 'settle' ? (value as Settled<unknown>) : { status: 'fulfilled', value }]
}

/** Runs a program to its end, and throws where an outcome is missing or is not its own. */
export async function runProgram({ open }: Kind, { options, steps }: Program): Promise<void> {
  const pool = open(options)
  const endsEarly = steps.some(({ does }) => does === 'end')

  function check(outcome: Settled<unknown>, how: How, i: number, mayBeCancelled = false): void {
    if (outcome.status === 'rejected' && (endsEarly || mayBeCancelled)) {
      const { name } = (outcome.reason ?? {}) as { name?: string }
      if (name !== undefined && ENDED.test(name)) return
    }
    expect(outcome, `row ${i}, which ${how}`).toMatchObject(OUTCOMES[how](i))
  }

  async function submit({ hows, cancels }: Step & { does: 'submit' }): Promise<void> {
    const futures = hows.map((how, i): Future<unknown> => pool.submit(callOf, how, i))
    const cancelled = new Set(cancels ? futures.filter((future, i) => i % 2 === 0 && future.cancel()) : [])
    for (const [i, outcome] of (await Promise.allSettled(futures)).entries()) {
      if (!cancelled.has(futures[i]!)) check(outcome, hows[i]!, i)
      else expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'CancelledError' } })
    }
  }

  async function map({ hows, options: tuning, input, reads }: Step & { does: 'map' }): Promise<void> {
    const { errors = 'raise', unordered = false } = tuning
    const result = pool.map(callOf, INPUTS[input](hows), range(1000), tuning)
    const first = errors === 'raise' ? hows.findIndex((how, i) => 'reason' in OUTCOMES[how](i)) : -1
    if (reads === 'all' && errors === 'settle' && !unordered) {
      const all = (await result) as Settled<unknown>[]
      expect(all).toHaveLength(hows.length)
      for (const [i, outcome] of all.entries()) check(outcome, hows[i]!, i)
      return
    }
    let count = 0
    const seen = new Set<number>()
    const entries = result.entries()
    for (;;) {
      const step = await entries.next().catch((reason: unknown) => ({ reason }))
      if ('done' in step && step.done === true) break
      const [i, outcome] = 'reason' in step ? rejected(step.reason, count) : toSettled(step.value, errors)
      if ('reason' in step && endsEarly && ENDED.test((step.reason as Error).name)) return
      if (!unordered) expect(i).toBe(count)
      expect(seen.has(i)).toBe(false)
      seen.add(i)
      count++
      check(outcome, hows[i]!, i)
      if (reads === 'some' && count > 4) {
        await entries.return?.()
        return
      }
    }
    if (first === -1) expect(count).toBe(hows.length)
    else if (!unordered) expect(count).toBe(first + 1)
  }

  const parts: Promise<void>[] = []
  for (const step of steps) {
    if (step.does === 'turn') await new Promise((resolve) => setImmediate(resolve))
    else if (step.does === 'end') parts.push(ENDS[step.way](pool))
    else {
      const part = step.does === 'submit' ? submit(step) : map(step)
      parts.push(
        part.catch((error: Error) => {
          if (!endsEarly || !ENDED.test(error.name)) throw error // the pool took no more
        }),
      )
    }
  }
  await Promise.all(parts)
  if (!endsEarly) expect(await pool.submit(Math.sqrt, 9)).toBe(3)
  await pool.shutdown()
}
