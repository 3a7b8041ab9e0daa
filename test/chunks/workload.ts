/** Cost of each item in ns, given how far into the map it stands; scaled to a mean afterwards. */
const shapes = {
  constant: () => 1,
  increasing: (x) => 0.02 + 2 * x,
  decreasing: (x) => 0.02 + 2 * (1 - x),
  // Two blocks cost 50 times the rest.
  clustered: (x) => ((x >= 0.25 && x < 0.3) || (x >= 0.7 && x < 0.75) ? 50 : 1),
  periodic: (_, i) => (i % 64 < 8 ? 9 : 1),
  // The last 5 % cost 50 times the rest: the adversary of all that shrinks towards the end.
  latespike: (x) => (x >= 0.95 ? 50 : 1),
  mandelbrot: (_, i, n) => mandelbrotRow(i, n),
  collatz: (_, i) => collatzSteps(i + 1),
  isprime: (_, i) => trialDivisions(i + 1_000_003),
} satisfies Record<string, (x: number, i: number, n: number) => number>

export type Shape = keyof typeof shapes
export const shapeNames: Shape[] = Object.keys(shapes) as Shape[]

/** What the items of one map cost, as running totals: items `a` to `b` cost `total[b] - total[a]` ns. */
export interface Workload {
  total: Float64Array
  length: number
  most: number
}

export function workload(shape: Shape, length: number, meanNs: number): Workload {
  return fromCosts(
    Array.from({ length }, (_, i) => shapes[shape](i / length, i, length)),
    meanNs,
  )
}

export function fromCosts(costs: number[], meanNs: number): Workload {
  const length = costs.length
  const scale = (meanNs * length) / costs.reduce((sum, cost) => sum + cost, 0)
  const total = new Float64Array(length + 1)
  let most = 0
  for (let i = 0; i < length; i++) {
    const cost = costs[i]! * scale
    total[i + 1] = total[i]! + cost
    most = Math.max(most, cost)
  }
  return { total, length, most }
}

/** Iterations spent by row i of an n-row escape-time image (48 columns, limit 200). */
function mandelbrotRow(i: number, n: number): number {
  const y = -1.25 + (2.5 * (i + 0.5)) / n
  let steps = 0
  for (let column = 0; column < 48; column++) {
    const x = -2.1 + (2.8 * (column + 0.5)) / 48
    let a = 0
    let b = 0
    let k = 0
    while (k < 200 && a * a + b * b <= 4) {
      const t = a * a - b * b + x
      b = 2 * a * b + y
      a = t
      k++
    }
    steps += k
  }
  return steps
}

function collatzSteps(start: number): number {
  let steps = 1
  for (let v = start; v > 1; steps++) v = v % 2 === 0 ? v / 2 : 3 * v + 1
  return steps
}

function trialDivisions(v: number): number {
  let steps = 1
  for (let d = 2; d * d <= v && v % d !== 0; d++) steps++
  return steps
}

export const machineNames = ['quiet', 'hybrid', 'straggler', 'dropout', 'coldstart'] as const
export type MachineName = (typeof machineNames)[number]

/** How fast each worker is, from when on, and when worker 0 becomes five times slower. */
export class Machine {
  readonly #slowness: number[]
  readonly #readyNs: number[]
  readonly #dropNs: number

  constructor(name: MachineName, workers: number, load: Workload) {
    const each = (of: (worker: number) => number): number[] => Array.from({ length: workers }, (_, w) => of(w))
    this.#slowness = each((w) => (name === 'hybrid' && w % 2 === 1 ? 1 / 0.6 : name === 'straggler' && w === 0 ? 5 : 1))
    this.#readyNs = each((w) => (name === 'coldstart' ? 5e7 * (1 + (3 * w) / workers) : 0))
    this.#dropNs = Number.POSITIVE_INFINITY
    this.#dropNs = name === 'dropout' ? 0.5 * this.idealNs(load) : Number.POSITIVE_INFINITY
  }

  readyNs(worker: number): number {
    return this.#readyNs[worker]!
  }

  /** No schedule is faster: all the work at all the speed there is, or the largest item on the fastest worker. */
  idealNs(load: Workload): number {
    const speeds = this.#slowness.map((slowness) => 1 / slowness).sort((a, b) => b - a)
    const rate = speeds.slice(0, Math.max(1, load.length)).reduce((sum, speed) => sum + speed, 0)
    return Math.max(load.total[load.length]! / rate, load.most / speeds[0]!)
  }

  /**
   * Runs items `start` to `end` from time `t` on; stops at the first item boundary after `stopNs`.
   * Answers how many were finished, and in what time.
   */
  run(worker: number, load: Workload, start: number, end: number, t: number, stopNs: number): [number, number] {
    const { total } = load
    let last = end
    if (this.#wallNs(worker, total[end]! - total[start]!, t) > stopNs) {
      const limit = total[start]! + this.#doneIn(worker, stopNs, t)
      last = start + 1
      while (last < end && total[last]! < limit) last++
    }
    return [last - start, this.#wallNs(worker, total[last]! - total[start]!, t)]
  }

  #wallNs(worker: number, work: number, t: number): number {
    const slowness = this.#slowness[worker]!
    if (worker !== 0 || t + work * slowness <= this.#dropNs) return work * slowness
    const before = Math.max(0, this.#dropNs - t)
    return before + (work - before / slowness) * slowness * DROP
  }

  #doneIn(worker: number, ns: number, t: number): number {
    const slowness = this.#slowness[worker]!
    if (worker !== 0 || t + ns <= this.#dropNs) return ns / slowness
    const before = Math.max(0, this.#dropNs - t)
    return before / slowness + (ns - before) / (slowness * DROP)
  }
}

/** A worker that drops out becomes so many times slower. */
const DROP = 5
