import { describe, expect, it } from 'vitest'
import { configurationsOf, perWorker, ranksOf } from '../../src/tune/grid.ts'
import type { Run, Verdict } from '../../src/tune/result.ts'
import { type Contender, type SearchHost, search } from '../../src/tune/search.ts'
import { seededRandom } from '../../src/tune/statistics.ts'
import { judge } from '../../src/tune/verdict.ts'

/** A job on paper: what a map takes by its chunk size, without noise. */
interface Job {
  readonly items: number
  readonly workers: number
  /** Milliseconds a worker, if all were perfect. */
  readonly idealMs: number
  /** What auto takes over the best fixed size. */
  readonly autoOver: number
  /** Share of the work that one chunk of N/P may hold beyond the mean: costs that come in clusters. */
  readonly skew: number
  readonly plainMs: number
}

const H_MS = 0.029

/** Overhead a chunk, and half a chunk of imbalance, as docs/chunking.md has it; with clusters, the dearest chunk at the end. */
function fixedMs({ items, workers, idealMs, skew }: Job, chunksize: number): number {
  const chunks = items / chunksize / workers
  const share = chunksize / perWorker(items, workers, 1)
  const rounds = Math.ceil(chunks) / chunks
  return idealMs * Math.min(rounds, 1 + share / 2) + H_MS * chunks + skew * share * idealMs
}

/** Runs a search and judges it, with noise: each run a little longer, and now and then much longer. */
async function verdictOf(job: Job, noise: number, seed: number): Promise<Verdict> {
  const random = seededRandom(seed)
  const { items, workers } = job
  const configurations = configurationsOf({ engine: 'threads', workers }, items, ['sweep'])
  const sizes = configurations.flatMap(({ chunksize }) => (chunksize === 'auto' ? [] : [chunksize]))
  const best = Math.min(...sizes.map((size) => fixedMs(job, size)))
  const trueMs = configurations.map(({ chunksize }) =>
    chunksize === 'auto' ? best * (1 + job.autoOver) : fixedMs(job, chunksize),
  )
  const ranks = ranksOf(configurations, perWorker(items, workers, 4))
  const contenders: Contender[] = configurations.map(({ chunksize }, i) => {
    return { group: 0, stays: chunksize === 'auto', rank: ranks[i] as number, guessMs: trueMs[0] as number }
  })
  const plain = { group: 1, stays: false, rank: 0, guessMs: job.plainMs, isPlain: true }
  const runs: Run[] = []
  const plainMs: number[] = []
  let nowMs = 0
  const host: SearchHost = {
    random,
    now: () => nowMs,
    isOver: () => false,
    ran: () => {},
    async measure(contender, round, limitMs) {
      const disturbed = random() < 0.03 ? 1 + random() : 1
      const ms = (trueMs[contender] ?? job.plainMs) * disturbed * (1 + noise * (random() + random() - 1))
      nowMs += Math.min(ms, limitMs)
      if (ms > limitMs) return undefined
      const figures = { firstMs: ms / 9, p95stallMs: ms / 9, heldBack: 0, chunks: 9, givenBack: 0, utilisation: 0.9 }
      if (contender === configurations.length) plainMs.push(ms)
      else runs.push({ round, configuration: contender, makespanMs: ms, ...figures })
      return ms
    },
  }
  await search([...contenders, plain], 45_000, host)
  const usual = { engine: 'threads', workers } as const
  const mainShares = configurations.map(() => 0.1)
  return judge({
    objective: 'makespan',
    kind: 'function',
    items,
    inputs: 1,
    usual,
    configurations,
    runs,
    plainMs,
    mainShares,
  })
}

const JOB: Job = { items: 100_000, workers: 8, idealMs: 100, autoOver: 0.01, skew: 0, plainMs: 780 }
const REPEATS = 20

describe.each([0.02, 0.06])('with runs that scatter by %s', (noise) => {
  it.each([
    ['leaves it at auto that is as good', JOB, 'auto'],
    [
      'leaves it at auto where costs come in clusters, and auto is better',
      { ...JOB, skew: 2, autoOver: -0.04 },
      'auto',
    ],
    ['gives a size where auto is a quarter slower', { ...JOB, autoOver: 0.25 }, 'chunksize'],
    ['gives a size where the valley is narrow', { ...JOB, skew: 3, autoOver: 0.3 }, 'chunksize'],
    ['sends to the plain loop that is quicker', { ...JOB, idealMs: 0.2, plainMs: 0.15 }, 'plain'],
    ['leaves it at auto of a long job, of which there are few runs', { ...JOB, idealMs: 900, plainMs: 1700 }, 'auto'],
  ] as const)('%s, in nine of ten repeats', async (_, job, advice) => {
    const verdicts: Verdict[] = []
    for (let seed = 0; seed < REPEATS; seed++) verdicts.push(await verdictOf(job, noise, seed))
    const same = verdicts.filter((verdict) => verdict.advice === advice).length
    expect(same).toBeGreaterThanOrEqual(0.9 * REPEATS)
    // What is told of the fixed size is near the best there is, and the interval holds the truth nine times of ten.
    if (advice === 'plain') return
    const honest = verdicts.filter(({ regret }) => {
      return regret !== null && regret.low <= job.autoOver + 0.02 && regret.high >= job.autoOver - 0.04
    })
    expect(honest.length).toBeGreaterThanOrEqual(0.9 * REPEATS)
  })
})
