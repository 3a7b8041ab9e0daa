import { duration } from '../numerals.ts'
import type { Interval } from '../result.ts'
import { medianInterval } from '../statistics.ts'
import type { Experiment, FigureFile, Row } from './experiment.ts'
import { linesFigure } from './figures/lines.ts'
import type { Cell, Contender, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { medianOf } from './rows.ts'
import { PLAIN } from './sweep.ts'

/** What a chunk by message costs a worker; docs/chunking.md. Jobs are measured in it. */
const OVERHEAD_MS = 0.029
const MULTIPLES = [1, 3, 10, 30, 100, 300]
/** A plain loop of so many items tells what one costs. */
const PROBE_ITEMS = 2000

export const tinyJobs: Experiment = {
  name: 'E9',
  title: 'Tiny jobs',
  claim: 'a job too small for a pool loses less than a millisecond there',
  grid: `auto and a plain loop over ${MULTIPLES.join(', ')} times ${OVERHEAD_MS * 1000} µs of work a worker`,
  rounds: 31,
  seconds: 30,
  workloads: ['monte-carlo'],
  engines: ['threads', 'wasm'],
  run: (lab) =>
    overCells(lab, async (cell, stand, share) => {
      await stand.runPlainly(PROBE_ITEMS, Number.POSITIVE_INFINITY)
      const itemMs = (await stand.runPlainly(PROBE_ITEMS, Number.POSITIVE_INFINITY)) / PROBE_ITEMS
      const sizes = new Set(
        MULTIPLES.map((multiple) => Math.max(1, Math.round((multiple * OVERHEAD_MS * lab.workers) / itemMs))),
      )
      const contenders = [...sizes].flatMap((items): Contender[] => [
        { stand, label: 'auto', run: { workers: lab.workers, chunksize: 'auto', items } },
        { stand, label: PLAIN, run: { plain: true, items } },
      ])
      const outcomes = await lab.compete(contenders, share, nameOfCell(cell))
      const jobs = [...sizes].flatMap((items) => jobOf(items, outcomes, lab.workers))
      const finding = findingOf(jobs)
      return {
        rows: jobs.map((job) => rowOf(cell, job)),
        rounds: lab.recordsOf(outcomes),
        summary: [`${nameOfCell(cell)}: ${finding}`],
        figures: jobs.length === 0 ? [] : [figureFor(cell, jobs, finding)],
      }
    }),
}

/** One size of job. Times in milliseconds. */
export interface TinyJob {
  readonly items: number
  readonly plainMs: number
  readonly autoMs: number
  /** What each of the workers has to do if nothing else took time. */
  readonly idealMs: number
  /** What auto takes over that. */
  readonly lossMs: Interval
  /** What auto takes over the plain loop: below 0 it is worth its workers. */
  readonly overPlainMs: Interval
}

function jobOf(items: number, outcomes: readonly Outcome[], workers: number): TinyJob[] {
  const find = (label: string): Outcome | undefined =>
    outcomes.find(({ contender }) => contender.label === label && contender.run.items === items)
  const auto = find('auto')?.makespans
  const plain = find(PLAIN)?.makespans
  if (auto === undefined || plain === undefined) return []
  const rounds = [...auto.keys()].filter((round) => plain.has(round))
  if (rounds.length === 0) return []
  // The ideal from all rounds: what disturbs a plain loop for a moment would seem a gain of auto in that round.
  const plainMs = medianOf(plain)
  const autos = rounds.map((round) => auto.get(round) as number)
  return [
    {
      items,
      plainMs,
      autoMs: medianOf(auto),
      idealMs: plainMs / workers,
      lossMs: medianInterval(autos, plainMs / workers),
      overPlainMs: medianInterval(rounds.map((round, i) => (autos[i] as number) - (plain.get(round) as number))),
    },
  ]
}

function rowOf({ workload, engine }: Cell, job: TinyJob): Row {
  return {
    workload,
    engine,
    items: job.items,
    idealMs: job.idealMs,
    plainMs: job.plainMs,
    autoMs: job.autoMs,
    lossMs: job.lossMs.median,
    lossLowMs: job.lossMs.low,
    lossHighMs: job.lossMs.high,
    overPlainMs: job.overPlainMs.median,
  }
}

/** The plain time from which on auto is quicker, by a straight line between the two jobs around it; undefined: it is quicker or slower throughout. */
export function breakEvenMs(jobs: readonly TinyJob[]): number | undefined {
  const sorted = [...jobs].sort((a, b) => a.plainMs - b.plainMs)
  for (const [i, job] of sorted.entries()) {
    const next = sorted[i + 1]
    if (next === undefined) break
    const [before, after] = [job.overPlainMs.median, next.overPlainMs.median]
    if (before > 0 && after <= 0) return job.plainMs + ((next.plainMs - job.plainMs) * before) / (before - after)
  }
  return undefined
}

function findingOf(jobs: readonly TinyJob[]): string {
  if (jobs.length === 0) return 'no round was over.'
  const worst = jobs.reduce((a, b) => (b.lossMs.median > a.lossMs.median ? b : a))
  const breakEven = breakEvenMs(jobs)
  const pays = jobs.some(({ overPlainMs }) => overPlainMs.median <= 0)
  const from =
    breakEven === undefined
      ? pays
        ? 'auto is quicker than a plain loop throughout'
        : 'a plain loop is quicker throughout'
      : `auto is quicker than a plain loop from ${duration(breakEven)} of work on`
  return `${from}; it loses ${duration(Math.max(0, worst.lossMs.median))} at most to workers that cost nothing, at ${duration(worst.plainMs)} of work.`
}

function figureFor({ workload, engine }: Cell, jobs: readonly TinyJob[], finding: string): FigureFile {
  const at = (pick: (job: TinyJob) => number) => jobs.map((job) => ({ x: job.plainMs, y: Math.max(1e-4, pick(job)) }))
  return linesFigure({
    name: `tiny-${workload}-${engine}`,
    title: `What small jobs take: ${workload} on ${engine}`,
    finding,
    x: { title: 'work, as a plain loop takes it', isLog: true, format: duration },
    y: { title: 'time', isLog: true, format: duration },
    series: [
      { name: 'a plain loop: below it auto pays', look: 'plain', points: at((job) => job.plainMs) },
      { name: 'workers that cost nothing', look: 'ideal', points: at((job) => job.idealMs) },
      { name: 'auto', look: 'auto', points: at((job) => job.autoMs) },
    ],
  })
}
