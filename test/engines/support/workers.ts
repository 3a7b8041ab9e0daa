import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import type { KernelEnd, KernelJob } from '../../../src/engines/engine.ts'
import { jsCode } from '../../../src/engines/js.ts'
import { type PullHost, PullMap } from '../../../src/engines/pull.ts'
import { wasmCode } from '../../../src/engines/wasm.ts'

type Answer = { seat: number; failure?: { reason: unknown } } | 'came back'

let source: Promise<string> | undefined

/** What runs in a worker here: nothing but joinKernelMap. */
function workerSource(): Promise<string> {
  source ??= build({
    stdin: {
      contents: `
        import { parentPort } from 'node:worker_threads'
        import { joinKernelMap } from './src/engines/pull-worker.ts'
        parentPort.on('message', (message) => {
          const { seat } = message
          try {
            joinKernelMap(message, { cameBack: () => parentPort.postMessage("came back"), claimed: (claims) => parentPort.postMessage({ claims }) })
            parentPort.postMessage({ seat })
          } catch (reason) {
            parentPort.postMessage({ seat, failure: { reason } })
          }
        })`,
      loader: 'ts',
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
  return source
}

interface Seat {
  map: PullMap
  seat: number
}

/** Bare worker threads that serve the pull engines, one map at a time each. */
export class Workers implements PullHost, AsyncDisposable {
  readonly threads: Worker[] = []
  readonly #free: Worker[] = []
  readonly #busy = new Map<Worker, Seat>()
  readonly #wanting = new Set<PullMap>()
  readonly #ends = new Map<PullMap, (end: KernelEnd) => void>()
  readonly #source: string
  #closed = false

  private constructor(workerText: string, count: number) {
    this.#source = workerText
    for (let i = 0; i < count; i++) this.#startThread()
  }

  static async open(count: number): Promise<Workers> {
    return new Workers(await workerSource(), count)
  }

  start(engine: 'js' | 'wasm', job: KernelJob): { map: PullMap; end: Promise<KernelEnd> } {
    const map = new PullMap(job, engine === 'js' ? jsCode(job) : wasmCode(job), this)
    const end = new Promise<KernelEnd>((resolve) => this.#ends.set(map, resolve))
    map.start()
    return { map, end }
  }

  run(engine: 'js' | 'wasm', job: KernelJob): Promise<KernelEnd> {
    return this.start(engine, job).end
  }

  wantsWorkers(map: PullMap): void {
    this.#wanting.add(map)
    this.#deal()
  }

  endWorker(map: PullMap, seat: number): void {
    for (const [thread, held] of this.#busy) if (held.map === map && held.seat === seat) void thread.terminate()
  }

  ended(map: PullMap, end: KernelEnd): void {
    this.#wanting.delete(map)
    this.#ends.get(map)?.(end)
    this.#ends.delete(map)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await Promise.all(this.threads.map((thread) => thread.terminate()))
  }

  #deal(): void {
    for (const map of this.#wanting) {
      while (map.hasRoom && this.#free.length > 0) {
        const thread = this.#free.pop() as Worker
        const message = map.join()
        this.#busy.set(thread, { map, seat: message.seat })
        thread.postMessage(message)
      }
    }
  }

  #startThread(): void {
    const thread = new Worker(this.#source, { eval: true })
    this.threads.push(thread)
    this.#free.push(thread)
    thread.on('message', (answer: Answer) => {
      const held = this.#busy.get(thread) as Seat
      if (answer === 'came back') {
        held.map.cameBack()
        return
      }
      this.#busy.delete(thread)
      this.#free.push(thread)
      held.map.left(answer.seat, answer.failure)
      this.#deal()
    })
    thread.on('exit', () => {
      this.threads.splice(this.threads.indexOf(thread), 1)
      const free = this.#free.indexOf(thread)
      if (free !== -1) this.#free.splice(free, 1)
      if (this.#closed) return
      this.#startThread()
      const held = this.#busy.get(thread)
      this.#busy.delete(thread)
      held?.map.died(held.seat, new Error('the worker died'))
      this.#deal()
    })
  }
}
