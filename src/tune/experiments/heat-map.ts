import { heatMapFigure } from '../chart/heat-map.ts'
import { geometric, perWorker } from '../grid.ts'
import { percent } from '../numerals.ts'
import { asTuneResult } from './as-result.ts'
import type { Experiment, Row } from './experiment.ts'
import { figureOf } from './figures/frame.ts'
import type { Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { regretOver } from './regret.ts'
import { medianOf } from './rows.ts'

/** From the fewest items on, each number is so many times the one before. */
const TIMES = 8

export const heatMap: Experiment = {
  name: 'E3',
  title: 'Heat map',
  claim: 'whatever the number of items, auto is where the best chunk sizes are',
  grid: `8 items to as many as the job takes, × ${TIMES} each; chunksize 1 … N/P, × 2 each; auto`,
  rounds: 7,
  seconds: 60,
  workloads: ['collatz', 'clustered'],
  engines: ['threads'],
  run: (lab) =>
    overCells(lab, async (cell, stand, share) => {
      const most = await stand.itemsFor(lab.jobMs, lab.workers)
      const counts = itemCounts(most)
      const contenders = counts.flatMap((items) => contendersOf(lab, stand, items))
      const outcomes = await lab.compete(contenders, share, nameOfCell(cell))
      const rows = outcomes.map((outcome) => rowOf(outcome, outcomes))
      const autos = rows.filter(({ chunksize, medianMs }) => chunksize === 'auto' && medianMs !== null)
      const worst = Math.max(...autos.flatMap(({ regret }) => (typeof regret === 'number' ? [regret] : [])))
      const finding = Number.isFinite(worst)
        ? `auto takes ${percent(worst)} at most over the best fixed chunksize, at ${autos.find(({ regret }) => regret === worst)?.items} items.`
        : 'no round was over.'
      return {
        rows,
        rounds: lab.recordsOf(outcomes),
        summary: [`${nameOfCell(cell)}: ${finding}`],
        figures: figureOf(heatMapFigure(asTuneResult(lab, cell, outcomes)), `heat-${cell.workload}-${cell.engine}`),
      }
    }),
}

/** 8, 64, 512 … and `most`. */
export function itemCounts(most: number): number[] {
  const counts: number[] = []
  for (let items = TIMES; items < most; items *= TIMES) counts.push(items)
  return [...counts, most]
}

function contendersOf(lab: Lab, stand: Contender['stand'], items: number): Contender[] {
  const { workers } = lab
  // Powers of 2, so that the rows are the same for all numbers of items.
  const sizes = geometric(1, perWorker(items, workers, 1)).filter((size) => Number.isInteger(Math.log2(size)))
  return (['auto', ...sizes] as const).map((chunksize): Contender => {
    return { stand, label: String(chunksize), run: { workers, chunksize, items } }
  })
}

function rowOf({ contender, makespans, runs }: Outcome, all: readonly Outcome[]): Row {
  const { stand, run } = contender
  const fixed = all
    .filter(
      ({ contender: { run: other } }) =>
        'chunksize' in other && other.chunksize !== 'auto' && other.items === run.items,
    )
    .map((outcome) => outcome.makespans)
  return {
    workload: stand.workload,
    engine: stand.engine,
    items: run.items,
    chunksize: 'chunksize' in run ? run.chunksize : null,
    medianMs: runs.size === 0 ? null : medianOf(makespans),
    regret: regretOver(makespans, fixed)?.median ?? null,
    rounds: runs.size,
  }
}
