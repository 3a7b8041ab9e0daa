import { once } from 'node:events'
import { runInThisContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import type { Executor } from '../../executors/executor.ts'
import { ThreadPoolExecutor } from '../../executors/threads.ts'
import type { TunedFunction } from '../subject.ts'
import type { Disturbance } from './protocol.ts'

/** How much longer a row takes on the disturbed workers, and how many these are. */
const SLOWNESS = {
  straggler: { times: 5, workers: () => 1 },
  hybrid: { times: 1 / 0.6, workers: (workers: number) => Math.floor(workers / 2) },
} as const

interface Slowed {
  lanewiseSlowness?: number
  lanewiseDebt?: number
}

/** Called in each worker once: the first ones to come are slow from then on. */
function takePlace(places: SharedArrayBuffer, slowWorkers: number, times: number): void {
  const place = Atomics.add(new Int32Array(places), 0, 1)
  if (place < slowWorkers) (globalThis as Slowed).lanewiseSlowness = times
}

/** A pool of threads, some of which run `disturbed(fn)` slower than others. */
export function openSlowed(which: 'straggler' | 'hybrid', maxWorkers: number): Executor {
  const { times, workers } = SLOWNESS[which]
  const initargs = [new SharedArrayBuffer(4), workers(maxWorkers), times]
  return new ThreadPoolExecutor({ maxWorkers, initializer: takePlace, initargs })
}

/**
 * A function with the results of `fn` that takes longer on slow workers, or leaves garbage: its text is all that travels.
 *
 * What a slow worker owes is paid by whole calls, so that it is slow by its factor on average, whatever a row costs.
 */
export function disturbed(fn: TunedFunction, disturbance: Disturbance): TunedFunction {
  const names = Array.from({ length: fn.length }, (_, i) => `a${i}`).join(', ')
  const text = DISTURBED[disturbance]
  if (text === undefined) return fn
  return runInThisContext(`((${names}) => {
    const fn = ${fn.toString()}
    const result = fn(${names})
    ${text(names)}
    return result
  })`) as TunedFunction
}

const slow = (names: string): string => `
    const { lanewiseSlowness = 1, lanewiseDebt = 0 } = globalThis
    let debt = lanewiseDebt + lanewiseSlowness - 1
    while (debt >= 1) {
      globalThis.lanewiseResult = fn(${names})
      debt--
    }
    globalThis.lanewiseDebt = debt`

/** Some survive a young generation, so that the old one is collected too. */
const litter = (): string => `
    const kept = (globalThis.lanewiseLitter ??= [])
    kept.push(Array.from({ length: 64 }, (_, i) => ({ i })))
    if (kept.length > 2000) kept.length = 0`

const DISTURBED: Readonly<Partial<Record<Disturbance, (names: string) => string>>> = {
  straggler: slow,
  hybrid: slow,
  garbage: litter,
}

/** Threads that do nothing and want a core each, until `stop`. */
export async function openHogs(count: number): Promise<{ stop: () => Promise<void> }> {
  const hogs = Array.from({ length: count }, () => new Worker('for (;;);', { eval: true }))
  await Promise.all(hogs.map((hog) => once(hog, 'online')))
  return {
    stop: async () => {
      await Promise.all(hogs.map((hog) => hog.terminate()))
    },
  }
}
