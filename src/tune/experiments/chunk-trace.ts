import { plannedOf } from '../../chunks/auto.ts'
import type { ChunkLine } from '../../observe/chunk-line.ts'
import { chunkTraceFigure } from '../chart/chunk-trace.ts'
import { duration } from '../numerals.ts'
import { quantile } from '../statistics.ts'
import { asTuneResult } from './as-result.ts'
import type { Experiment, Row } from './experiment.ts'
import { figureOf } from './figures/frame.ts'
import type { Cell, Contender } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'

export const chunkTrace: Experiment = {
  name: 'E5',
  title: 'Chunk trace',
  claim: 'auto probes with an item, goes on in chunks of one duration, and shortens them towards the end',
  grid: 'auto alone, chunk by chunk',
  rounds: 3,
  seconds: 20,
  workloads: ['collatz', 'triangle'],
  engines: ['threads'],
  run: (lab) =>
    overCells(lab, async (cell, stand, share) => {
      const items = await stand.itemsFor(lab.jobMs, lab.workers)
      const run = { workers: lab.workers, chunksize: 'auto', items, traces: true } as const
      const contenders: Contender[] = [{ stand, label: 'auto', run }]
      const outcomes = await lab.compete(contenders, share, nameOfCell(cell))
      const last = [...(outcomes[0]?.runs.values() ?? [])].at(-1)
      const lines = [...(last?.lines ?? [])].sort((a, b) => a.beginMs - b.beginMs)
      return {
        rows: lines.map((line) => rowOf(cell, line)),
        rounds: lab.recordsOf(outcomes),
        summary: [`${nameOfCell(cell)}: ${findingOf(lines)}`],
        figures: figureOf(
          chunkTraceFigure(asTuneResult(lab, cell, outcomes)),
          `chunks-${cell.workload}-${cell.engine}`,
        ),
      }
    }),
}

function rowOf({ workload, engine }: Cell, line: ChunkLine): Row {
  const plannedMs = line.stopMs === null ? null : plannedOf(line.stopMs)
  return {
    workload,
    engine,
    worker: line.worker,
    start: line.start,
    items: line.end - line.start,
    done: line.done,
    beginMs: line.beginMs,
    execMs: line.execMs,
    plannedMs,
    overPlan: plannedMs === null ? null : line.execMs / plannedMs,
  }
}

function findingOf(lines: readonly ChunkLine[]): string {
  if (lines.length === 0) return 'nobody was told of its chunks.'
  const ratios = lines.flatMap(({ stopMs, execMs }) => (stopMs === null ? [] : [execMs / plannedOf(stopMs)]))
  const sizes = lines.map(({ start, end }) => end - start)
  const returned = lines.filter(({ start, end, done }) => done < end - start).length
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(ratios, share)) as [number, number, number]
  const longest = Math.max(...lines.map(({ execMs }) => execMs))
  return `${lines.length} chunks of ${Math.min(...sizes)} to ${Math.max(...sizes)} items, none longer than ${duration(longest)}; a chunk takes ${middle.toFixed(2)} of what was planned (${low.toFixed(2)} to ${high.toFixed(2)} in eight of ten), and ${returned} came back unfinished.`
}
