import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

/** What travels: so many numbers, as a Float64Array that is copied, or as a plain array. */
export interface Payload {
  readonly numbers: number
  readonly kind: 'typed' | 'boxed'
}

/** Milliseconds. */
export interface Pings {
  readonly tripsMs: number[]
  /** How long the worker stood idle before each message. */
  readonly gapsMs: number[]
  /** What the calling thread was busy for, a message. */
  readonly mainMs: number
}

/** A bare worker that sends back what it gets: what no pool of messages can be quicker than. */
export interface Echo {
  ping(pings: number, depth: number, payload: Payload): Promise<Pings>
  close(): Promise<unknown>
}

const ECHO = `
const { parentPort } = require('node:worker_threads')
let answered, gaps = []
parentPort.on('message', (message) => {
  const now = performance.now()
  if (message === 'gaps') {
    parentPort.postMessage(gaps)
    gaps = []
    answered = undefined
    return
  }
  if (answered !== undefined) gaps.push(now - answered)
  parentPort.postMessage(message)
  answered = performance.now()
})
parentPort.postMessage('here')`

/** Starts a worker; it is there when this resolves. */
export async function openEcho(): Promise<Echo> {
  const worker = new Worker(ECHO, { eval: true })
  await once(worker, 'message')
  return { ping: (pings, depth, payload) => ping(worker, pings, depth, payload), close: () => worker.terminate() }
}

/** Sends so many messages, `depth` of them under way at any time. */
async function ping(worker: Worker, pings: number, depth: number, { numbers, kind }: Payload): Promise<Pings> {
  const column = Float64Array.from({ length: numbers }, (_, i) => i + 0.5)
  const payload = kind === 'typed' ? column : [...column]
  const sent: number[] = []
  const tripsMs: number[] = []
  const before = performance.eventLoopUtilization()
  await new Promise<void>((resolve) => {
    const send = (): void => {
      sent.push(performance.now())
      worker.postMessage(payload)
    }
    worker.on('message', () => {
      tripsMs.push(performance.now() - (sent[tripsMs.length] as number))
      if (sent.length < pings) send()
      if (tripsMs.length < pings) return
      worker.removeAllListeners('message')
      resolve()
    })
    for (let i = 0; i < Math.min(depth, pings); i++) send()
  })
  const mainMs = performance.eventLoopUtilization(before).active / pings
  worker.postMessage('gaps')
  const [gapsMs] = (await once(worker, 'message')) as [number[]]
  return { tripsMs, gapsMs, mainMs }
}

/** So many calls between two looks at the clock: what is measured takes longer than the clock. */
const CALLS = 2000
const SAMPLES = 200

/** What one call takes, by samples of thousands of calls. */
export function timeOf(call: () => unknown): number[] {
  let kept: unknown
  const times = Array.from({ length: SAMPLES }, () => {
    const start = performance.now()
    for (let i = 0; i < CALLS; i++) kept = call()
    return (performance.now() - start) / CALLS
  })
  return kept === times ? [] : times // so that no compiler leaves the calls out
}

const ADDER = `
const { parentPort, workerData: { memory, calls, samples } } = require('node:worker_threads')
const words = new Int32Array(memory)
Atomics.add(words, 1, 1)
Atomics.notify(words, 1)
Atomics.wait(words, 2, 0)
const times = []
for (let sample = 0; sample < samples; sample++) {
  const start = performance.now()
  for (let i = 0; i < calls; i++) Atomics.add(words, 0, 1)
  times.push((performance.now() - start) / calls)
}
parentPort.postMessage(times)`

/** What an `Atomics.add` takes while so many threads add to one word. */
export async function runAtomics(threads: number): Promise<number[]> {
  const memory = new SharedArrayBuffer(12)
  const words = new Int32Array(memory)
  const workerData = { memory, calls: CALLS, samples: SAMPLES }
  const workers = Array.from({ length: threads }, () => new Worker(ADDER, { eval: true, workerData }))
  const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as number[])
  // None begins before all are there: the first one would add alone.
  await Promise.all(workers.map((worker) => once(worker, 'online')))
  const there = (): boolean => Atomics.load(words, 1) === threads
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 1))
  Atomics.store(words, 2, 1)
  Atomics.notify(words, 2)
  const times = (await Promise.all(answers)).flat()
  await Promise.all(workers.map((worker) => worker.terminate()))
  return times
}
