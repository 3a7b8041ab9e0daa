import { count, percent } from '../numerals.ts'
import type { Interval } from '../result.ts'
import { medianInterval } from '../statistics.ts'
import type { Experiment, FigureFile, Row } from './experiment.ts'
import { linesFigure } from './figures/lines.ts'
import type { Cell, Contender, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { medianOf } from './rows.ts'

export const scaling: Experiment = {
  name: 'E7',
  title: 'Scaling',
  claim: 'auto keeps the workers busy up to as many as there are cores',
  grid: '1, 2, 4 … workers up to twice the cores; the work fixed a worker (weak), and fixed in total (strong)',
  rounds: 15,
  seconds: 60,
  workloads: ['monte-carlo'],
  engines: ['threads', 'native'],
  run: (lab) =>
    overCells(lab, async (cell, stand, budget) => {
      const counts = workerCounts(lab.workers)
      const perWorker = await stand.itemsFor(lab.jobMs, 1)
      const outcomes = await lab.compete(contendersOf(stand, counts, perWorker), budget, nameOfCell(cell))
      const points = outcomes
        .filter(({ makespans }) => makespans.size > 0)
        .flatMap((outcome) => pointOf(outcome, outcomes))
      const law = fitScalability(points.filter(({ kind }) => kind === 'strong'))
      const cores = Math.max(...counts.filter((workers) => workers <= lab.workers))
      return {
        rows: points.map(
          (point): Row => ({
            workload: cell.workload,
            engine: cell.engine,
            kind: point.kind,
            workers: point.workers,
            items: point.items,
            medianMs: point.medianMs,
            efficiency: point.efficiency.median,
            efficiencyLow: point.efficiency.low,
            efficiencyHigh: point.efficiency.high,
          }),
        ),
        rounds: lab.recordsOf(outcomes),
        summary: [`${nameOfCell(cell)}: ${sentenceOf(points, cores, law)}`],
        figures: [figureFor(cell, points, sentenceOf(points, cores, law))],
      }
    }),
}

type Kind = 'strong' | 'weak'

interface ScalingPoint {
  readonly kind: Kind
  readonly workers: number
  readonly items: number
  readonly medianMs: number
  /** How much of what so many workers could do they did: 1 is all. */
  readonly efficiency: Interval
}

/** 1, 2, 4 … `most`, and twice that. */
export function workerCounts(most: number): number[] {
  const counts = new Set([most, 2 * most])
  for (let workers = 1; workers < most; workers *= 2) counts.add(workers)
  return [...counts].sort((a, b) => a - b)
}

function contendersOf(stand: Contender['stand'], counts: readonly number[], perWorker: number): Contender[] {
  return counts.flatMap((workers) =>
    (['strong', 'weak'] as const).map((kind): Contender => {
      const items = kind === 'strong' ? perWorker * 2 : perWorker * workers
      return { stand, condition: kind, label: 'auto', run: { workers, chunksize: 'auto', items } }
    }),
  )
}

/** Against one worker in the same round. */
function pointOf({ contender, makespans }: Outcome, all: readonly Outcome[]): ScalingPoint[] {
  const { run, condition } = contender
  if ('plain' in run) return []
  const kind = condition as Kind
  const alone = all.find(
    ({ contender: other }) => other.condition === kind && 'workers' in other.run && other.run.workers === 1,
  )
  const workers = kind === 'strong' ? run.workers : 1
  const ratios = [...makespans].flatMap(([round, ms]) => {
    const one = alone?.makespans.get(round)
    return one === undefined ? [] : [one / (workers * ms)]
  })
  if (ratios.length === 0) return []
  const efficiency = medianInterval(ratios)
  return [{ kind, workers: run.workers, items: run.items, medianMs: medianOf(makespans), efficiency }]
}

/** What part of the work is serial, and what part workers cost one another: shares of the time of one worker. */
export interface Scalability {
  readonly serial: number
  readonly crosstalk: number
}

/**
 * Fits the universal scalability law, speed-up(P) = P / (1 + serial (P - 1) + crosstalk P (P - 1)), by least squares; neither below 0.
 *
 * Undefined with fewer than two points beyond one worker.
 * Source: N. Gunther, "Guerrilla Capacity Planning" (2007), chapter 5.
 */
export function fitScalability(points: readonly { workers: number; efficiency: Interval }[]): Scalability | undefined {
  // 1 / efficiency - 1 = serial a + crosstalk b, with a = P - 1, b = P (P - 1).
  const beyond = points.filter(({ workers }) => workers > 1)
  if (beyond.length < 2) return undefined
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0]
  for (const { workers, efficiency } of beyond) {
    const [a, b, y] = [workers - 1, workers * (workers - 1), 1 / efficiency.median - 1]
    aa += a * a
    ab += a * b
    bb += b * b
    ay += a * y
    by += b * y
  }
  const determinant = aa * bb - ab * ab
  const serial = (ay * bb - by * ab) / determinant
  const crosstalk = (aa * by - ab * ay) / determinant
  // Where one of both would be below 0, the other one alone says it best.
  if (crosstalk < 0) return { serial: Math.max(0, ay / aa), crosstalk: 0 }
  if (serial < 0) return { serial: 0, crosstalk: Math.max(0, by / bb) }
  return { serial, crosstalk }
}

function sentenceOf(points: readonly ScalingPoint[], cores: number, law: Scalability | undefined): string {
  const say = (kind: Kind): string => {
    const point = points.find((each) => each.kind === kind && each.workers === cores)
    if (point === undefined) return ''
    const { median, low, high } = point.efficiency
    const of = kind === 'strong' ? 'work fixed in total' : 'work fixed a worker'
    return `${percent(median)} [${percent(low)}, ${percent(high)}] with ${of}`
  }
  const fitted =
    law === undefined
      ? ''
      : ` The law of scalability, workers beyond the cores included: ${percent(law.serial)} serial, ${percent(law.crosstalk)} crosstalk.`
  return `${cores} workers have an efficiency of ${[say('strong'), say('weak')].filter((text) => text !== '').join(', and of ')}.${fitted}`
}

function figureFor({ workload, engine }: Cell, points: readonly ScalingPoint[], finding: string): FigureFile {
  const series = (['strong', 'weak'] as const).map((kind) => ({
    name: kind === 'strong' ? 'work fixed in total' : 'work fixed a worker',
    look: kind === 'strong' ? ('auto' as const) : ('plain' as const),
    points: points
      .filter((point) => point.kind === kind)
      .map(({ workers, efficiency }) => ({
        x: workers,
        y: efficiency.median,
        low: efficiency.low,
        high: efficiency.high,
      })),
  }))
  const most = Math.max(...points.map(({ workers }) => workers))
  return linesFigure({
    name: `scaling-${workload}-${engine}`,
    title: `Efficiency against workers: ${workload} on ${engine}`,
    finding,
    x: { title: 'workers', isLog: true, format: count },
    y: { title: 'efficiency', isLog: false, format: percent },
    series: [
      ...series,
      {
        name: 'all of it',
        look: 'ideal',
        points: [
          { x: 1, y: 1 },
          { x: most, y: 1 },
        ],
      },
    ],
  })
}
