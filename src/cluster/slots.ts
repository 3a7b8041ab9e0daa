import type { Executor } from '../executors/executor.ts'
import { ProcessPoolExecutor } from '../executors/processes.ts'
import { ThreadPoolExecutor } from '../executors/threads.ts'
import type { FetchPiece, Served } from './blobs.ts'
import { machineClock } from './clock.ts'
import type { Section } from './frame.ts'
import { KeptResults } from './kept.ts'
import { payloadOf, sectionsOf, sizeOf } from './payload.ts'
import { type Prepared, PreparedCache } from './prepared.ts'
import { type Allowed, Refusal } from './resolve.ts'
import { runFunction, runKernel } from './run-chunk.ts'
import type { Answer, Runner, Running, Task } from './runner.ts'
import { packFailures, packValues } from './values.ts'

export interface SlotsOptions {
  readonly host: string
  readonly slots: number
  readonly isolation: 'thread' | 'process'
  readonly allowed: Allowed
  readonly fetch: FetchPiece
  readonly served: Served
}

/** Results a slot that are kept whatever their size: the one that is fetched, and the one before. */
const KEPT_A_SLOT = 2

/** What still runs when the host ends was given back. */
const CLOSE_MS = 1000

/** One executor of one worker: so each chunk has its own, which can be ended without harm to the others. */
interface Slot {
  pool: Executor | undefined
  isBusy: boolean
}

/** Runs the chunks of a host: on executors of one worker each. */
export class Slots implements Runner {
  readonly #options: SlotsOptions
  readonly #prepared: PreparedCache
  readonly #slots: Slot[]
  readonly #kept: KeptResults

  constructor(options: SlotsOptions) {
    this.#options = options
    this.#prepared = new PreparedCache(options.fetch, options.allowed)
    this.#kept = new KeptResults(machineClock, KEPT_A_SLOT * options.slots)
    this.#slots = Array.from({ length: options.slots }, () => ({ pool: undefined, isBusy: false }))
  }

  begin(task: Task, done: (answer: Answer) => void): Running {
    const slot = this.#slots.find(({ isBusy }) => !isBusy)
    if (slot === undefined) throw new RangeError('a host begins no more chunks than it has slots')
    slot.isBusy = true
    const stop = new AbortController()
    let hasBegun = false
    const begun = (): void => {
      hasBegun = true
    }
    const answered = this.#run(slot, task, stop.signal, begun).catch((error: unknown): Answer => {
      const reason = error instanceof Error ? error.message : String(error)
      return error instanceof Refusal ? { kind: 'refused', reason } : { kind: 'failed', reason, hasBegun }
    })
    const tell = async (): Promise<void> => {
      const answer = await answered
      if (stop.signal.aborted) await isFree(slot)
      slot.isBusy = false
      done(answer)
    }
    void tell()
    return {
      cancel: () => stop.abort(),
      kill: () => {
        stop.abort()
        const { pool } = slot
        slot.pool = undefined
        void pool?.terminateWorkers()
      },
    }
  }

  /** Ends all executors. */
  async close(): Promise<void> {
    const pools = this.#slots.flatMap(({ pool }) => pool ?? [])
    await Promise.all(pools.map((pool) => pool.shutdown({ cancelFutures: true, timeout: CLOSE_MS })))
  }

  async #run(slot: Slot, task: Task, signal: AbortSignal, begun: () => void): Promise<Answer> {
    const { frame } = task
    const [prepared, sections] = await Promise.all([this.#prepared.of(frame), sectionsOf(frame, this.#options.fetch)])
    signal.throwIfAborted()
    slot.pool ??= this.#newPool()
    const { pool } = slot
    begun()
    const began = performance.now()
    const { items, results } = await runOn(pool, prepared, sections, frame.items, signal)
    const execMs = performance.now() - began
    const payload = payloadOf(results, this.#options.host, this.#options.served)
    if (payload.flags !== 0) this.#kept.add(payload, sizeOf(results))
    return {
      kind: 'result',
      items,
      execMs,
      sections: payload.sections,
      flags: payload.flags,
      extensions: payload.extensions,
    }
  }

  #newPool(): Executor {
    const options = { maxWorkers: 1 }
    return this.#options.isolation === 'process' ? new ProcessPoolExecutor(options) : new ThreadPoolExecutor(options)
  }
}

async function runOn(
  pool: Executor,
  prepared: Prepared,
  sections: readonly Section[],
  items: number,
  signal: AbortSignal,
): Promise<{ items: number; results: readonly Section[] }> {
  if (prepared.kind === 'kernel') {
    const { kernel, manifest } = prepared
    const values = await runKernel(pool, kernel, manifest.engine, sections, items, signal)
    return { items, results: [packValues(values, 0, items)] }
  }
  const { values, failures } = await runFunction(pool, prepared.fn, prepared.manifest, sections, items, signal)
  const results = [packValues(values, 0, values.length)]
  if (failures.size > 0) results.push(packFailures(failures))
  return { items: values.length, results }
}

/** A chunk that was left goes on until its row ends: the worker is free when it takes another call. */
async function isFree({ pool }: Slot): Promise<void> {
  try {
    await pool?.submit(() => undefined)
  } catch {
    // It was ended.
  }
}
