import { setTimeout as sleep } from 'node:timers/promises'
import { leaveOut } from '../../chunks/auto.ts'
import { usableCores } from '../../executors/cores.ts'
import type { Executor } from '../../executors/executor.ts'
import type { Input } from '../../inputs/rows.ts'
import { kernel } from '../../kernel/kernel.ts'
import type { MapOptions } from '../../map/options.ts'
import { after } from '../../timer.ts'
import { openExecutor } from '../measure.ts'
import { type Measured, measureMap } from '../measure-map.ts'
import { KERNEL_ENGINES } from '../options.ts'
import type { TuneEngine } from '../result.ts'
import { type Subject, subjectOf, type TunedFunction } from '../subject.ts'
import { type Workload, workloadOf } from '../workloads.ts'
import { disturbed, openHogs, openSlowed } from './disturb.ts'
import type { FromStand, Reading, StandEngine, StandRun, ToStand } from './protocol.ts'

/** Size is found by a run of at least this part of the time that is asked for: a shorter one is overhead in large part. */
const SIZING_SHARE = 0.6
const SIZING_RUNS = 3
/** Larger inputs do not fit where others are, and a map of them is as good as endless. */
const MOST_ITEMS = 4_000_000
/** As many hogs as there are cores would leave the pool no more than half of them. */
const HOGS_A_CORE = 0.5

/** The process of a stand: one workload on one engine, so that no other has warmed or spoilt its code. */
export class StandWork {
  readonly #work: Workload
  readonly #engine: StandEngine
  readonly #fn: TunedFunction
  readonly #subjects = new Map<number, Subject>()
  readonly #executors = new Map<string, Executor>()

  /** Errors: RangeError for a workload that is not there, or that the engine cannot run. */
  constructor(workload: string, engine: StandEngine) {
    this.#work = workloadOf(workload)
    this.#engine = engine
    const { fn, name, isKernel } = this.#work
    const wantsKernel = KERNEL_ENGINES.includes(engine as TuneEngine)
    if (wantsKernel && !isKernel) throw new RangeError(`${workload} is no kernel, which ${engine} runs; use threads`)
    this.#fn = (wantsKernel ? kernel(fn as (...numbers: number[]) => number, { name }) : fn) as TunedFunction
  }

  async answer(question: ToStand): Promise<FromStand> {
    if ('size' in question) return { items: await this.#itemsFor(question.size.workers, question.size.ms) }
    if ('plain' in question) {
      const subject = await this.#subjectOf(question.plain.items)
      return { ms: await subject.runPlainly(question.plain.limitMs, () => false) }
    }
    if ('run' in question) return { measured: (await this.#run(question.run, question.limitMs)) ?? null }
    if ('close' in question) await this.#close()
    return { done: true }
  }

  /** Runs more and more items until they take most of the time, then scales by what an item takes there. */
  async #itemsFor(workers: number, ms: number): Promise<number> {
    for (let items = 64; ; ) {
      const inputs = this.#inputsOf(items)
      const run = { workers, chunksize: 'auto', items } as const
      const executor = this.#executorOf(run)
      const begin = () => executor.map(this.#fn, ...inputs, {})
      const how = { observes: false, verify: () => {} }
      await measureMap(begin, how) // compiles
      const makespans: number[] = []
      for (let i = 0; i < SIZING_RUNS; i++) makespans.push((await measureMap(begin, how)).run.makespanMs)
      const makespanMs = Math.min(...makespans) // only disturbance makes one slower
      const wanted = Math.min(MOST_ITEMS, Math.max(1, Math.round((items * ms) / makespanMs)))
      if (makespanMs >= ms * SIZING_SHARE || wanted <= 1.5 * items) return wanted
      items = Math.min(wanted, items * 8)
    }
  }

  async #run(run: StandRun, limitMs: number): Promise<Measured | undefined> {
    const subject = await this.#subjectOf(run.items)
    const stop = new AbortController()
    const disarm = after(limitMs, () => stop.abort())
    const { disturbance = 'quiet', reading } = run
    const hogs = disturbance === 'hog' ? await openHogs(Math.ceil(usableCores() * HOGS_A_CORE)) : undefined
    leaveOut(run.without)
    try {
      const executor = this.#executorOf(run)
      const fn = disturbed(this.#fn, disturbance)
      const options: MapOptions = {
        chunksize: run.chunksize,
        signal: stop.signal,
        ...(reading?.buffersize !== undefined && { buffersize: reading.buffersize }),
      }
      const begin = () => executor.map(fn, ...readable(subject.inputs, reading), options)
      return await measureMap(begin, {
        onResult: reading === undefined ? undefined : readerOf(reading),
        observes: run.traces === true,
        verify: (results) => subject.verify(results, `${this.#engine} with chunksize ${run.chunksize}`),
      })
    } catch (error) {
      if (stop.signal.aborted) return undefined
      throw error
    } finally {
      leaveOut(undefined)
      disarm()
      await hogs?.stop()
      if (disturbance === 'cold') await this.#drop(keyOf(run))
    }
  }

  async #subjectOf(items: number): Promise<Subject> {
    let subject = this.#subjects.get(items)
    if (subject === undefined) {
      subject = await subjectOf(this.#fn, this.#inputsOf(items), this.#work.name)
      await subject.runPlainly(Number.POSITIVE_INFINITY, () => false) // what the others are compared with
      this.#subjects.set(items, subject)
    }
    return subject
  }

  #inputsOf(items: number): readonly Input<unknown>[] {
    const inputs = this.#work.inputs(items)
    return this.#engine === 'boxed' ? inputs.map((column) => [...column]) : inputs
  }

  #executorOf(run: StandRun): Executor {
    const key = keyOf(run)
    let executor = this.#executors.get(key)
    if (executor === undefined) {
      const { disturbance, workers } = run
      const isSlowed = disturbance === 'straggler' || disturbance === 'hybrid'
      executor = isSlowed
        ? openSlowed(disturbance, workers)
        : openExecutor(this.#engine === 'boxed' ? 'threads' : this.#engine, workers)
      this.#executors.set(key, executor)
    }
    return executor
  }

  async #drop(key: string): Promise<void> {
    await this.#executors.get(key)?.terminateWorkers()
    this.#executors.delete(key)
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#executors.keys()].map((key) => this.#drop(key)))
  }
}

/** Runs that may share a pool. */
function keyOf({ workers, disturbance = 'quiet' }: StandRun): string {
  const own = disturbance === 'hog' || disturbance === 'garbage' ? 'quiet' : disturbance
  return `${workers} ${own}`
}

/** The inputs as the reading wants them: the first of them a stream, where it has a rate. */
function readable(inputs: readonly Input<unknown>[], reading: Reading | undefined): Input<unknown>[] {
  const [first, ...others] = inputs
  const perMs = reading?.perMs
  if (perMs === undefined || first === undefined) return [...inputs]
  return [streamOf(first as Iterable<unknown>, perMs), ...others]
}

/** Items as a socket brings them: those of a millisecond together. */
async function* streamOf(items: Iterable<unknown>, perMs: number): AsyncGenerator<unknown> {
  const start = performance.now()
  let count = 0
  for (const item of items) {
    while (count >= (performance.now() - start + 1) * perMs) await sleep(1)
    count++
    yield item
  }
}

function readerOf({ slowUs = 0 }: Reading): () => void {
  if (slowUs === 0) return () => {}
  return () => {
    const end = performance.now() + slowUs / 1000
    while (performance.now() < end);
  }
}
