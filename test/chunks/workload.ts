import { Random } from './random.ts'

/** Cost of each item in ns, given how far into the map it stands; scaled to a mean afterwards. */
const shapes = {
  constant: () => 1,
  uniform: (_, _i, _n, random) => 0.1 + 1.8 * random.unit(),
  exponential: (_, _i, _n, random) => random.exponential(1),
  lognormal2: (_, _i, _n, random) => random.lognormal(1, 2),
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
} satisfies Record<string, (x: number, i: number, n: number, random: Random) => number>

export type Shape = keyof typeof shapes

/** What the items of one map cost, as running totals: items `a` to `b` cost `total[b] - total[a]` ns. */
export interface Workload {
  total: Float64Array
  length: number
  most: number
}

/** `seed`: of the shapes that have something random in them. */
export function workload(shape: Shape, length: number, meanNs: number, seed = 0): Workload {
  const name = `${shape} ${length} ${seed}`
  let costs = known.get(name)
  if (costs === undefined) {
    const random = new Random(BigInt(seed) * 7919n + 17n)
    costs = Float64Array.from({ length }, (_, i) => shapes[shape](i / length, i, length, random))
    known.set(name, costs)
  }
  return fromCosts(costs, meanNs)
}

/** Costs before they are scaled: thousands of maps have the same. */
const known = new Map<string, Float64Array>()

export function fromCosts(costs: ArrayLike<number>, meanNs: number): Workload {
  const length = costs.length
  let sum = 0
  for (let i = 0; i < length; i++) sum += costs[i] as number
  const scale = (meanNs * length) / sum
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

export const machineNames = ['quiet', 'noisy', 'hybrid', 'straggler', 'dropout', 'coldstart'] as const
export type MachineName = (typeof machineNames)[number]

/** How fast each worker is, from when on, when worker 0 becomes five times slower, and for how long the system takes a worker away. */
export class Machine {
  readonly #slowness: number[]
  readonly #readyNs: number[]
  readonly #dropNs: number
  readonly #pauses: Random | undefined

  /** `seed`: of the pauses of a noisy one. */
  constructor(name: MachineName, workers: number, load: Workload, seed = 0) {
    const each = (of: (worker: number) => number): number[] => Array.from({ length: workers }, (_, w) => of(w))
    this.#slowness = each((w) => (name === 'hybrid' && w % 2 === 1 ? 1 / 0.6 : name === 'straggler' && w === 0 ? 5 : 1))
    this.#readyNs = each((w) => (name === 'coldstart' ? 5e7 * (1 + (3 * w) / workers) : 0))
    if (name === 'noisy') this.#pauses = new Random(BigInt(seed) ^ 0xc1n)
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
      last = firstAtLeast(total, limit, start + 1, end)
    }
    return [last - start, this.#paused(this.#wallNs(worker, total[last]! - total[start]!, t))]
  }

  /** So long, and the pauses in it: 2 % of the time. */
  #paused(wallNs: number): number {
    if (this.#pauses === undefined) return wallNs
    let ns = wallNs
    for (let left = this.#pauses.poisson(wallNs * (0.02 / PAUSE_NS)); left > 0; left--)
      ns += this.#pauses.exponential(PAUSE_NS)
    return ns
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

/** Where the rising `values` come to `limit`, from `from` to `to`. */
function firstAtLeast(values: Float64Array, limit: number, from: number, to: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Mean of a pause of a noisy machine. */
const PAUSE_NS = 1e5

/** A worker that drops out becomes so many times slower. */
const DROP = 5
