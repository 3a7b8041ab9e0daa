import type { Delivered } from '../delivery.ts'
import { count, duration } from '../numerals.ts'
import type { Experiment, FigureFile, Row } from './experiment.ts'
import { barsFigure } from './figures/bars.ts'
import { linesFigure, type Point } from './figures/lines.ts'
import type { Cell, Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import type { Reading } from './protocol.ts'
import { medianOf } from './rows.ts'
import { policiesOf } from './timeline.ts'

interface Way {
  readonly name: string
  readonly reading: (items: number, lab: Lab) => Reading
}

/** How results are read. A slow reader takes about as long as the workers; a stream brings items about as fast as they are done. */
const WAYS: readonly Way[] = [
  { name: 'list', reading: () => ({}) },
  { name: 'buffersize 64', reading: () => ({ buffersize: 64 }) },
  { name: 'buffersize 1024', reading: () => ({ buffersize: 1024 }) },
  { name: 'slow reader', reading: (items, lab) => ({ slowUs: (lab.jobMs * 1000) / items }) },
  { name: 'stream', reading: (items, lab) => ({ perMs: items / lab.jobMs }) },
]

/** A curve of more points is no clearer. */
const MOST_POINTS = 400

export const readingOrder: Experiment = {
  name: 'E6',
  title: 'Order and buffers',
  claim: 'results come in order from the beginning on, and steadily, whatever is between workers and reader',
  grid: `policies × ${WAYS.map(({ name }) => name).join(', ')}`,
  rounds: 15,
  seconds: 60,
  workloads: ['lognormal', 'clustered'],
  engines: ['threads'],
  run: (lab) =>
    overCells(lab, async (cell, stand, share) => {
      const items = await stand.itemsFor(lab.jobMs, lab.workers)
      const contenders = WAYS.flatMap((way) => policiesOf(lab, stand, items).map((policy) => readIn(way, policy, lab)))
      const outcomes = await lab.compete(contenders, share, nameOfCell(cell))
      const ran = outcomes.filter(({ runs }) => runs.size > 0)
      return {
        rows: ran.map(rowOf),
        rounds: lab.recordsOf(outcomes),
        summary: [...WAYS.flatMap((way) => sentenceOf(way, ran)), ...stoppedOf(outcomes)],
        figures: ran.length === 0 ? [] : [firstFigure(cell, ran), ...curveFigures(cell, ran, items, lab)],
      }
    }),
}

/** A policy, read in some way. A chunk cannot be larger than the buffer: a fixed size that is becomes the buffer's. */
function readIn({ name, reading }: Way, policy: Contender, lab: Lab): Contender {
  const { run } = policy
  if ('plain' in run) return policy
  const its = reading(run.items, lab)
  const chunksize = run.chunksize === 'auto' ? run.chunksize : Math.min(run.chunksize, its.buffersize ?? run.chunksize)
  return { ...policy, condition: name, run: { ...run, chunksize, reading: its } }
}

function rowOf({ contender, runs, makespans }: Outcome): Row {
  const { stand, label, run, condition = '' } = contender
  return {
    workload: stand.workload,
    engine: stand.engine,
    reading: condition,
    label,
    chunksize: 'plain' in run ? null : run.chunksize,
    items: run.items,
    medianMs: medianOf(makespans),
    firstMs: medianOf(runs, (told) => told.run.firstMs),
    p95stallMs: medianOf(runs, (told) => told.run.p95stallMs),
    heldBack: medianOf(runs, (told) => told.run.heldBack),
    rounds: runs.size,
  }
}

function sentenceOf({ name }: Way, ran: readonly Outcome[]): string[] {
  const own = ran.filter(({ contender }) => contender.condition === name)
  const auto = own.find(({ contender }) => contender.label === 'auto')
  const other = own.find(({ contender }) => contender.label === 'N/4P')
  if (auto === undefined) return []
  const say = (outcome: Outcome): string => {
    const of = (pick: 'firstMs' | 'p95stallMs'): string => duration(medianOf(outcome.runs, ({ run }) => run[pick]))
    return `${duration(medianOf(outcome.makespans))}, the first result after ${of('firstMs')}, stalls of ${of('p95stallMs')} at the 95th percentile`
  }
  const { workload, engine } = auto.contender.stand
  const beside = other === undefined ? '' : `; N/4P: ${say(other)}`
  return [`${workload} on ${engine}, ${name}: auto ${say(auto)}${beside}.`]
}

function stoppedOf(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ runs }) => runs.size === 0)
    .map(
      ({ contender: { label, condition, stand } }) =>
        `${stand.workload}, ${condition}, ${label}: it took more than 25 times as long as the quickest, and was stopped.`,
    )
}

function firstFigure({ workload, engine }: Cell, ran: readonly Outcome[]): FigureFile {
  return barsFigure({
    name: `first-${workload}-${engine}`,
    title: `Time to the first result: ${workload} on ${engine}`,
    finding: 'Medians over the rounds, by how results are read.',
    x: { title: 'time to the first result', isLog: true, format: duration },
    groups: WAYS.map(({ name }) => ({
      name,
      bars: ran
        .filter(({ contender }) => contender.condition === name)
        .map(({ contender: { label }, runs }) => ({
          name: label,
          value: medianOf(runs, ({ run }) => run.firstMs),
          isAuto: label === 'auto',
        })),
    })).filter(({ bars }) => bars.length > 0),
  })
}

/** Items against time, in each way of reading that was run: the last run of each policy. */
function curveFigures({ workload, engine }: Cell, ran: readonly Outcome[], items: number, lab: Lab): FigureFile[] {
  return WAYS.flatMap(({ name }) => {
    const own = ran.filter(({ contender }) => contender.condition === name)
    if (own.length === 0) return []
    const quickestMs = Math.min(...own.map(({ makespans }) => medianOf(makespans)))
    return [
      linesFigure({
        name: `order-${workload}-${engine}-${name.replaceAll(' ', '-')}`,
        title: `Results in order, ${name}: ${workload} on ${engine}`,
        finding: `What a reader has after a time, in one run of each policy on ${lab.workers} workers.`,
        x: { title: 'time from the call', isLog: false, format: duration },
        y: { title: 'results in order', isLog: false, format: count },
        isStepped: true,
        series: [
          {
            name: 'steady',
            look: 'ideal' as const,
            points: [
              { x: 0, y: 0 },
              { x: quickestMs, y: items },
            ],
          },
          ...own.map(({ contender: { label }, runs }) => ({
            name: label,
            look: label === 'auto' ? ('auto' as const) : ('plain' as const),
            points: pointsOf([...runs.values()].at(-1)?.delivered ?? []),
          })),
        ],
      }),
    ]
  })
}

function pointsOf(delivered: Delivered): Point[] {
  const step = Math.ceil(delivered.length / MOST_POINTS)
  const kept = delivered.filter((_, i) => i % step === 0 || i === delivered.length - 1)
  return [{ x: 0, y: 0 }, ...kept.map(([x, y]) => ({ x, y }))]
}
