import { group, median } from 'd3-array'
import { line } from 'd3-shape'
import { count, digits, duration, percent } from '../numerals.ts'
import type { Interval, TuneResult } from '../result.ts'
import {
  bottomAxis,
  bottomAxisHeight,
  leftAxis,
  leftAxisTop,
  leftAxisWidth,
  linearScale,
  MARGIN,
  type Scale,
} from './axis.ts'
import { type Box, drawLabels, type Label, marksAlong, placeLabels, textAt } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, tableOf } from './layout.ts'
import { sweepOf } from './makespan.ts'
import { coordinate, element } from './markup.ts'
import { fastest, intervalOfMedian, isFixed, nameOf, type Sample, samplesOf } from './samples.ts'

/** What so many workers made of the same work. */
interface Step {
  readonly workers: number
  readonly name: string
  readonly makespan: Interval
  /** Times as fast as one core. */
  readonly speedup: Interval
  /** Of that, what each worker has. */
  readonly efficiency: Interval
}

interface Scaling {
  readonly auto: readonly Step[]
  readonly best: readonly Step[]
  /** What one core means here. */
  readonly base: string
}

/** How much faster more workers are, and what each of them still gives. */
export function scalingFigure(result: TuneResult): Figure | MissingFigure {
  const id = 'scaling'
  const title = 'Speed-up by number of workers'
  const scaling = scalingOf(result)
  if (scaling === undefined) {
    return {
      id,
      title,
      missing: 'It needs two numbers of workers or more: give --workers several, as in --workers 1,2,4.',
    }
  }
  const finding = findingOf(scaling)
  return {
    id,
    title,
    finding,
    reading: `Left or above, the speed-up over ${scaling.base}; the dotted line is one a worker. Right or below, the efficiency: the speed-up over the number of workers. Bars are 95 % intervals.`,
    draw: (layout) => draw({ id, title, finding }, scaling, layout),
    table: tableOf(
      ['workers', 'chunksize', 'makespan', 'speed-up', 'efficiency', '95 % interval'],
      [...scaling.auto, ...scaling.best].map(({ workers, name, makespan, speedup, efficiency }) => [
        count(workers),
        name,
        duration(makespan.median),
        digits(speedup.median),
        percent(efficiency.median),
        `${percent(efficiency.low)} to ${percent(efficiency.high)}`,
      ]),
    ),
  }
}

function scalingOf(result: TuneResult): Scaling | undefined {
  const start = sweepOf(result)?.best.configuration
  if (start === undefined) return undefined
  const samples = samplesOf(result).filter(
    ({ configuration: { engine, items } }) => engine === start.engine && items === start.items,
  )
  const byWorkers = [...group(samples, ({ configuration }) => configuration.workers)].sort(([a], [b]) => a - b)
  if (byWorkers.length < 2) return undefined
  const plainMs = median(result.plainMs)
  const [fewest, first] = byWorkers[0]!
  const oneMs = plainMs !== undefined && plainMs > 0 ? plainMs : makespanOf(fastest(first)!).median * fewest
  const base =
    plainMs !== undefined && plainMs > 0
      ? 'the plain loop on one core'
      : `${count(fewest)} ${fewest === 1 ? 'worker' : 'workers, as if they were perfect'}`
  const stepsOf = (pick: (own: readonly Sample[]) => Sample | undefined): Step[] =>
    byWorkers.flatMap(([workers, own]) => {
      const sample = pick(own)
      return sample === undefined ? [] : [stepOf(workers, sample, oneMs)]
    })
  return {
    auto: stepsOf((own) => own.find((sample) => !isFixed(sample))),
    best: stepsOf((own) => fastest(own.filter(isFixed))),
    base,
  }
}

function makespanOf({ runs }: Sample): Interval {
  return intervalOfMedian(runs.map(({ makespanMs }) => Math.max(1e-4, makespanMs)))
}

function stepOf(workers: number, sample: Sample, oneMs: number): Step {
  const makespan = makespanOf(sample)
  const over = (ms: number, divisor: number): number => oneMs / ms / divisor
  const interval = (divisor: number): Interval => ({
    median: over(makespan.median, divisor),
    low: over(makespan.high, divisor),
    high: over(makespan.low, divisor),
  })
  return { workers, name: nameOf(sample.configuration), makespan, speedup: interval(1), efficiency: interval(workers) }
}

function findingOf({ auto, best, base }: Scaling): string {
  const steps = auto.length > 1 ? auto : best
  const policy = auto.length > 1 ? 'auto' : 'the best fixed chunksize'
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return 'No number of workers has a run.'
  const tell = ({ workers, speedup, efficiency }: Step): string =>
    `${count(workers)} ${workers === 1 ? 'worker is' : 'workers are'} ${digits(speedup.median)} times as fast as ${base} (efficiency ${percent(efficiency.median)})`
  return first === last ? `With ${policy}, ${tell(first)}.` : `With ${policy}, ${tell(first)}, and ${tell(last)}.`
}

function draw(head: Pick<Figure, 'id' | 'title' | 'finding'>, scaling: Scaling, layout: Layout): string {
  const { fontSize, width, name } = layout
  const isBeside = name === 'wide'
  const panelWidth = isBeside ? (width - 32) / 2 : width
  const panelHeight = leftAxisTop(fontSize) + 200 + bottomAxisHeight(fontSize)
  const second = isBeside ? { x: panelWidth + 32, y: 0 } : { x: 0, y: panelHeight + fontSize }
  return drawing(
    head,
    layout,
    second.y + panelHeight,
    drawPanel(scaling, 'speedup', { x: 0, y: 0 }, panelWidth, layout),
    drawPanel(scaling, 'efficiency', second, panelWidth, layout),
  )
}

function drawPanel(
  { auto, best }: Scaling,
  measure: 'speedup' | 'efficiency',
  at: { readonly x: number; readonly y: number },
  panelWidth: number,
  { fontSize }: Layout,
): string {
  const all = [...auto, ...best]
  const format = measure === 'speedup' ? digits : percent
  const most = Math.max(...all.map(({ workers }) => workers))
  const tops = all.map((step) => step[measure].high)
  const top = at.y + leftAxisTop(fontSize)
  const y = linearScale([measure === 'efficiency' ? 1 : 0, ...tops], [top + 200, top + 6], { count: 5 })
  const left = at.x + leftAxisWidth(y, fontSize, format)
  const frame: Box = { left, top, right: at.x + panelWidth - MARGIN, bottom: top + 200 }
  const scale = linearScale([0, most], [frame.left, frame.right - 12])
  const x: Scale = Object.assign((value: number) => scale(value), {
    ticks: [...new Set(all.map(({ workers }) => workers))],
  })
  const reach = Math.min(most, Math.max(...tops)) // the ideal line leaves the frame where nothing is as fast
  const ideal =
    measure === 'speedup'
      ? { x1: x(0), y1: y(0), x2: x(reach), y2: y(reach) }
      : { x1: frame.left, y1: y(1), x2: frame.right, y2: y(1) }
  const series = [
    { steps: best, kind: '', name: 'best fixed', labelClass: 'strong' },
    { steps: auto, kind: ' auto', name: 'auto', labelClass: 'auto-text' },
  ].filter(({ steps }) => steps.length > 0)
  const lines = series.map(({ steps }) =>
    steps.map((step): [number, number] => [x(step.workers), y(step[measure].median)]),
  )
  const labels: Label[] = series.map(({ name, labelClass }, i) => {
    const points = lines[i]!.map(([pointX, pointY]) => ({ x: pointX, y: pointY }))
    const at = points[i === 0 ? points.length - 1 : Math.floor(points.length / 2)]!
    return { text: name, ...at, also: points.toReversed(), priority: 5 - i, class: labelClass }
  })
  const marks = [
    ...lines,
    [
      [ideal.x1, ideal.y1],
      [ideal.x2, ideal.y2],
    ] as [number, number][],
  ].flatMap((points) => marksAlong(points, 4))
  return [
    placeTitle(measure, at, top, fontSize),
    leftAxis(y, frame, fontSize, format, ''),
    bottomAxis(x, frame, fontSize, count, 'workers'),
    element('line', { class: 'ideal', ...ideal }),
    ...series.map(({ steps, kind }) => drawSeries(steps, measure, kind, x, y)),
    drawLabels(placeLabels(labels, frame, fontSize, marks), fontSize),
  ].join('')
}

function placeTitle(
  measure: 'speedup' | 'efficiency',
  at: { readonly x: number },
  top: number,
  fontSize: number,
): string {
  return textAt(measure === 'speedup' ? 'speed-up' : 'efficiency', at.x, top - fontSize * 0.8, 'start', 'axis-title')
}

function drawSeries(
  steps: readonly Step[],
  measure: 'speedup' | 'efficiency',
  kind: string,
  x: Scale,
  y: Scale,
): string {
  const points = steps.map((step): [number, number] => [x(step.workers), y(step[measure].median)])
  const whiskers = steps.map((step) => {
    const { low, high } = step[measure]
    return `M${coordinate(x(step.workers))},${coordinate(y(low))}V${coordinate(y(high))}`
  })
  return [
    element('path', { class: `curve${kind}`, d: line().digits(1)(points) ?? '' }),
    element('path', { class: `whisker${kind}`, d: whiskers.join('') }),
    ...points.map(([cx, cy]) => element('circle', { class: `dot${kind}`, cx, cy, r: 4 })),
  ].join('')
}
