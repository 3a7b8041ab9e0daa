import { curveStepAfter, line } from 'd3-shape'
import { count, duration, percent } from '../numerals.ts'
import type { Interval, TuneResult } from '../result.ts'
import {
  bottomAxis,
  bottomAxisHeight,
  leftAxis,
  leftAxisTop,
  leftAxisWidth,
  linearScale,
  logScale,
  MARGIN,
} from './axis.ts'
import { type Box, drawLabels, type Label, marksAlong, placeLabels, textAt } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, tableOf } from './layout.ts'
import { sweepOf } from './makespan.ts'
import { coordinate, element } from './markup.ts'
import { tracesToCompare } from './policies.ts'
import { intervalOfMedian, isFixed, nameOf, type Sample } from './samples.ts'
import { shorten } from './text.ts'

/** How the results of a run came, in order. */
interface Delivery {
  readonly name: string
  readonly isAuto: boolean
  readonly points: readonly (readonly [atMs: number, items: number])[]
  readonly items: number
  /** With all workers busy from the first moment to the last. */
  readonly idealMs: number
  /** The longest time without a result. */
  readonly stallMs: number
}

/** When the first result of a configuration came. */
interface First {
  readonly name: string
  readonly isAuto: boolean
  readonly time: Interval
  readonly heldBack: number
  readonly share: number
}

/** Results in order against time, and when the first one came. */
export function orderFigure(result: TuneResult): Figure | MissingFigure {
  const id = 'order'
  const title = 'Results in order'
  const deliveries = tracesToCompare(result).flatMap(({ name, isAuto, workers, trace }): Delivery[] => {
    const points = [...trace.delivered].sort((a, b) => a[0] - b[0])
    if (points.length === 0) return []
    const busyMs = trace.chunks.reduce((sum, { execMs }) => sum + execMs, 0)
    const stalls = points.map(([atMs], i) => atMs - (points[i - 1]?.[0] ?? 0))
    const items = points.reduce((most, [, delivered]) => Math.max(most, delivered), 1)
    return [
      { name, isAuto, points, items, idealMs: busyMs / workers, stallMs: stalls.reduce((a, b) => Math.max(a, b), 0) },
    ]
  })
  const firsts = firstsOf(result)
  if (deliveries.length === 0 && firsts.length === 0) {
    return { id, title, missing: 'It needs a run: run lanewise tune again.' }
  }
  const finding = [...firstSentence(firsts), ...deliveries.map(deliverySentence)].join(' ')
  return {
    id,
    title,
    finding,
    reading:
      'Above, how many results a reader had at a time; they come in the order of the input, so a late row holds back those behind it. The dotted line is the ideal: all workers busy from the first moment to the last. Below, the time to the first result, logarithmic: the median with its 95 % interval.',
    draw: (layout) => draw({ id, title, finding }, deliveries, firsts, layout),
    table: tableOf(
      ['policy', 'first result', '95 % interval', 'of the makespan', 'most held back'],
      firsts.map(({ name, time, heldBack, share }) => [
        name,
        duration(time.median),
        `${duration(time.low)} to ${duration(time.high)}`,
        percent(share),
        count(heldBack),
      ]),
    ),
  }
}

/** Auto, the best one, and the defaults. */
function firstsOf(result: TuneResult): First[] {
  const sweep = sweepOf(result)
  if (sweep === undefined) return []
  const { auto, best, fixed } = sweep
  const isShown = (sample: Sample): boolean =>
    sample === best ||
    sample.configuration.chunksize === 1 ||
    sample.configuration.label !== String(sample.configuration.chunksize)
  const shown = [...(auto === undefined ? [] : [auto]), ...fixed.filter(isShown)].slice(0, 8)
  return shown.map((sample) => {
    const time = intervalOfMedian(sample.runs.map(({ firstMs }) => Math.max(1e-4, firstMs)))
    const makespan = intervalOfMedian(sample.runs.map(({ makespanMs }) => makespanMs)).median
    return {
      name: `${nameOf(sample.configuration)}${sample === best ? ', best' : ''}`,
      isAuto: !isFixed(sample),
      time,
      heldBack: sample.runs.reduce((most, { heldBack }) => Math.max(most, heldBack), 0),
      share: makespan > 0 ? time.median / makespan : 1,
    }
  })
}

function firstSentence(firsts: readonly First[]): string[] {
  const auto = firsts.find(({ isAuto }) => isAuto)
  const last = firsts
    .filter(({ isAuto }) => !isAuto)
    .reduce<First | undefined>((a, b) => (a === undefined || b.time.median > a.time.median ? b : a), undefined)
  if (auto === undefined || last === undefined) return []
  return [
    `The first result is there after ${duration(auto.time.median)} with auto, and after ${duration(last.time.median)} with ${last.name}.`,
  ]
}

function deliverySentence({ name, stallMs, points, items }: Delivery): string {
  const half = points.find(([, delivered]) => delivered >= items / 2)?.[0] ?? 0
  return `With ${name} half of the results are there after ${duration(half)}, and the longest wait for the next is ${duration(stallMs)}.`
}

function draw(
  head: Pick<Figure, 'id' | 'title' | 'finding'>,
  deliveries: readonly Delivery[],
  firsts: readonly First[],
  layout: Layout,
): string {
  const parts: string[] = []
  let height = 0
  if (deliveries.length > 0) {
    parts.push(drawCurves(deliveries, layout))
    height = curvesHeight(layout) + layout.fontSize
  }
  if (firsts.length > 0) {
    const rows = drawFirsts(firsts, layout, height)
    parts.push(rows.svg)
    height = rows.bottom
  }
  return drawing(head, layout, height, ...parts)
}

function curvesHeight({ fontSize, name }: Layout): number {
  return leftAxisTop(fontSize) + (name === 'wide' ? 250 : 210) + bottomAxisHeight(fontSize)
}

function drawCurves(deliveries: readonly Delivery[], layout: Layout): string {
  const { fontSize, width } = layout
  const top = leftAxisTop(fontSize)
  const bottom = curvesHeight(layout) - bottomAxisHeight(fontSize)
  const items = Math.max(...deliveries.map((delivery) => delivery.items))
  const endMs = Math.max(...deliveries.map(({ points }) => points.at(-1)?.[0] ?? 0))
  const y = linearScale([0, items], [bottom, top + 4], { count: 5 })
  const frame: Box = { left: leftAxisWidth(y, fontSize, count), top, right: width - MARGIN, bottom }
  const x = linearScale([0, endMs], [frame.left, frame.right], { count: 5 })
  const idealMs = Math.min(...deliveries.map((delivery) => delivery.idealMs))
  const labels: Label[] = [
    {
      text: 'ideal',
      x: x(idealMs * 0.5),
      y: y(items * 0.5),
      priority: 3,
      also: [0.25, 0.75, 0.9].map((share) => ({ x: x(idealMs * share), y: y(items * share) })),
    },
  ]
  const ideal: [number, number][] = [
    [x(0), y(0)],
    [x(idealMs), y(items)],
  ]
  const marks = marksAlong(ideal, 4)
  const curves = deliveries.map(({ isAuto, points, name, items: own }) => {
    const start: (readonly [number, number])[] = [[0, 0]]
    const pixels = thin([...start, ...points].map(([atMs, delivered]): [number, number] => [x(atMs), y(delivered)]))
    const onCurve = [0.6, 0.95, 0.8, 0.4, 0.2].map((share) => {
      const [atMs, delivered] = points.find(([, already]) => already >= own * share) ?? points.at(-1)!
      return { x: x(atMs), y: y(delivered) }
    })
    marks.push(...marksAlong(stairs(pixels), 4))
    labels.push({
      text: shorten(name, width / 3, fontSize),
      ...onCurve[0]!,
      also: onCurve.slice(1),
      priority: 5,
      class: isAuto ? 'auto-text' : 'strong',
    })
    const path = line().curve(curveStepAfter).digits(1)(pixels) ?? ''
    return element('path', { class: isAuto ? 'step auto' : 'step', d: path })
  })
  const placed = placeLabels(labels, frame, fontSize, marks)
  return [
    leftAxis(y, frame, fontSize, count, 'results'),
    bottomAxis(x, frame, fontSize, duration, 'time'),
    element('line', { class: 'ideal', x1: x(0), y1: y(0), x2: x(idealMs), y2: y(items) }),
    ...curves,
    drawLabels(placed, fontSize),
  ].join('')
}

/** The corners of a stair, of which only the outer ones are given. */
function stairs(points: readonly [number, number][]): [number, number][] {
  return points.flatMap(([x, y], i): [number, number][] =>
    i === 0
      ? [[x, y]]
      : [
          [x, points[i - 1]![1]],
          [x, y],
        ],
  )
}

/** The points of a stair that can be told apart: the last one of each pixel. */
function thin(points: readonly [number, number][]): [number, number][] {
  return points.filter(([x], i) => {
    const next = points[i + 1]
    return next === undefined || Math.round(next[0]) !== Math.round(x)
  })
}

function drawFirsts(firsts: readonly First[], layout: Layout, start: number): { svg: string; bottom: number } {
  const { fontSize, width, name: form } = layout
  const rowHeight = fontSize * 1.9
  const top = start + fontSize * 2
  const bottom = top + firsts.length * rowHeight
  const left = form === 'wide' ? 190 : 112
  const frame: Box = { left, top, right: width - MARGIN, bottom }
  const x = logScale(
    firsts.flatMap(({ time }) => [time.low, time.high]),
    [left + 10, frame.right - 10],
  )
  const rows = firsts.map(({ name, time, isAuto }, i) => {
    const middle = top + (i + 0.5) * rowHeight
    const text = textAt(shorten(name, left - 18, fontSize), left - 10, middle + fontSize * 0.35, 'end')
    const lane = element('line', { class: 'grid', x1: frame.left, y1: middle, x2: frame.right, y2: middle })
    const kind = isAuto ? ' auto' : ''
    const whisker = `M${coordinate(x(time.low))},${coordinate(middle)}H${coordinate(x(time.high))}`
    return [
      text,
      lane,
      element('path', { class: `whisker${kind}`, d: whisker }),
      element('circle', { class: `dot${kind}`, cx: x(time.median), cy: middle, r: 4.5 }),
    ].join('')
  })
  const svg = [
    textAt('first result', 0, start + fontSize * 1.2, 'start', 'strong'),
    bottomAxis(x, frame, fontSize, duration, 'time to the first result'),
    ...rows,
  ].join('')
  return { svg, bottom: bottom + bottomAxisHeight(fontSize) }
}
