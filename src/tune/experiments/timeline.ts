import { lanesFigure } from '../chart/lanes.ts'
import { configurationsOf } from '../grid.ts'
import { duration, percent } from '../numerals.ts'
import type { TuneEngine } from '../result.ts'
import { asTuneResult } from './as-result.ts'
import type { Experiment, FigureFile, Row } from './experiment.ts'
import { figureOf } from './figures/frame.ts'
import type { Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { medianOf } from './rows.ts'
import { contenderOf } from './sweep.ts'

/** Auto, and what one gets elsewhere who says nothing: Pool.map of Python, OpenMP's static, Executor.map of Python. */
const POLICIES = ['auto', 'N/4P', 'N/P', 1] as const

export const timeline: Experiment = {
  name: 'E4',
  title: 'Timeline',
  claim: 'where costs are clustered, N/4P and N/P leave workers idle at the end, and auto does not',
  grid: `one run a policy, chunk by chunk: ${POLICIES.join(', ')}`,
  rounds: 3,
  seconds: 30,
  workloads: ['clustered'],
  engines: ['threads'],
  run: (lab) =>
    overCells(lab, async (cell, stand, share) => {
      const items = await stand.itemsFor(lab.jobMs, lab.workers)
      const outcomes = await lab.compete(policiesOf(lab, stand, items), share, nameOfCell(cell))
      return {
        rows: outcomes.filter(({ runs }) => runs.size > 0).map(rowOf),
        rounds: lab.recordsOf(outcomes),
        summary: outcomes.flatMap(sentenceOf),
        figures: figuresOf(lab, cell, outcomes),
      }
    }),
}

/** The policies over so many items, recorded chunk by chunk; where two of them are the same chunksize, once. */
export function policiesOf(lab: Lab, stand: Contender['stand'], items: number): Contender[] {
  const station = { engine: stand.engine as TuneEngine, workers: lab.workers }
  return configurationsOf(station, items, POLICIES).map((configuration) => {
    const contender = contenderOf(stand, configuration)
    return { ...contender, run: { ...contender.run, traces: true } }
  })
}

/** Each policy beside auto: two panels on one scale of time. */
function figuresOf(lab: Lab, cell: Parameters<typeof asTuneResult>[1], outcomes: readonly Outcome[]): FigureFile[] {
  const auto = outcomes.find(({ contender }) => contender.label === 'auto')
  if (auto === undefined) return []
  return outcomes
    .filter((outcome) => outcome !== auto)
    .flatMap((outcome) => {
      const name = `lanes-${cell.workload}-${cell.engine}-${outcome.contender.label.replaceAll('/', '-')}`
      return figureOf(lanesFigure(asTuneResult(lab, cell, [auto, outcome])), name)
    })
}

function rowOf({ contender, runs, makespans }: Outcome): Row {
  const { stand, label, run } = contender
  return {
    workload: stand.workload,
    engine: stand.engine,
    label,
    chunksize: 'plain' in run ? null : run.chunksize,
    items: run.items,
    medianMs: medianOf(makespans),
    firstMs: medianOf(runs, (told) => told.run.firstMs),
    idleAtEndMs: medianOf(runs, ({ lines }) => idleAtEndMs(lines)),
    chunks: medianOf(runs, (told) => told.run.chunks),
    givenBack: medianOf(runs, (told) => told.run.givenBack),
    utilisation: medianOf(runs, (told) => told.run.utilisation),
  }
}

/** From when the first worker had nothing left until the last one had. */
function idleAtEndMs(
  lines: Outcome['runs'] extends ReadonlyMap<number, infer T extends { lines: unknown }> ? T['lines'] : never,
): number {
  const ends = new Map<number, number>()
  for (const { worker, beginMs, execMs } of lines) ends.set(worker, Math.max(ends.get(worker) ?? 0, beginMs + execMs))
  return ends.size === 0 ? Number.NaN : Math.max(...ends.values()) - Math.min(...ends.values())
}

function sentenceOf({ contender: { stand, label }, runs, makespans }: Outcome): string[] {
  if (runs.size === 0)
    return [
      `${stand.workload} on ${stand.engine}, ${label}: it took more than 25 times as long as the quickest, and was stopped.`,
    ]
  const idle = medianOf(runs, ({ lines }) => idleAtEndMs(lines))
  const busy = medianOf(runs, (told) => told.run.utilisation)
  const first = medianOf(runs, (told) => told.run.firstMs)
  return [
    `${stand.workload} on ${stand.engine}, ${label}: ${duration(medianOf(makespans))}, workers busy for ${percent(busy)}, idle for ${duration(idle)} at the end; the first result after ${duration(first)}.`,
  ]
}
