import { group } from 'd3-array'
import { line } from 'd3-shape'
import { kruskalWeiss } from '../kruskal-weiss.ts'
import { count, digits, duration, percent } from '../numerals.ts'
import type { Interval, TuneResult } from '../result.ts'
import {
  bottomAxis,
  bottomAxisHeight,
  leftAxis,
  leftAxisTop,
  leftAxisWidth,
  logScale,
  MARGIN,
  type Scale,
} from './axis.ts'
import { type Box, drawLabels, type Label, marksAlong, placeLabels } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, rectangle, tableOf } from './layout.ts'
import { element } from './markup.ts'
import { chunksizeOf, fastest, isFixed, nameOf, OBJECTIVES, peersOf, type Sample, samplesOf } from './samples.ts'

/** Chunksizes that take at most so much longer than the best one make the valley. */
const VALLEY = 1.05

/** Width and height of the pointer at a size that nobody ran. */
const POINTER = 9

/** What the figure is made of: configurations that differ in the chunksize alone. */
export interface Sweep {
  /** By chunksize. */
  readonly fixed: readonly Sample[]
  readonly best: Sample
  readonly auto: Sample | undefined
  readonly valley: readonly [low: number, high: number]
  /** Other engines at the same work and number of workers: their fixed chunksizes. */
  readonly others: ReadonlyMap<string, readonly Sample[]>
  /** The chunksize that Kruskal and Weiss choose; undefined: auto was not recorded chunk by chunk. */
  readonly theory: number | undefined
}

/** The sweep over chunksizes that the verdict speaks of; undefined: no fixed chunksize was run. */
export function sweepOf(result: TuneResult): Sweep | undefined {
  const samples = samplesOf(result)
  const best = samples.find(({ index }) => index === result.verdict.best)
  const autoOfVerdict = samples.find(({ index }) => index === result.verdict.auto)
  const start = best ?? autoOfVerdict ?? fastest(samples)
  if (start === undefined) return undefined
  const peers = peersOf(samples, start.configuration)
  const fixed = peers.filter(isFixed)
  const optimum = best !== undefined && isFixed(best) ? best : fastest(fixed)
  if (optimum === undefined) return undefined
  const auto = peers.find((sample) => !isFixed(sample))
  return {
    fixed,
    best: optimum,
    auto,
    valley: valleyOf(fixed, optimum),
    others: othersOf(samples, optimum),
    theory: theoryOf(result, auto),
  }
}

function theoryOf({ traces }: TuneResult, auto: Sample | undefined): number | undefined {
  const trace = traces.find(({ configuration }) => configuration === auto?.index)
  if (auto === undefined || trace === undefined) return undefined
  const { engine, workers, items } = auto.configuration
  return kruskalWeiss(engine, workers, items, trace.chunks)
}

function othersOf(
  samples: readonly Sample[],
  { configuration: { engine, workers, items } }: Sample,
): Map<string, readonly Sample[]> {
  const others = samples.filter(
    (sample) =>
      isFixed(sample) &&
      sample.configuration.engine !== engine &&
      sample.configuration.workers === workers &&
      sample.configuration.items === items,
  )
  return group(
    others.toSorted((a, b) => chunksizeOf(a) - chunksizeOf(b)),
    (sample) => sample.configuration.engine,
  )
}

/** The chunksizes around the best one that stay within 5 % of it, between measured ones by a straight line of the logarithms. */
function valleyOf(fixed: readonly Sample[], best: Sample): [number, number] {
  const at = fixed.indexOf(best)
  const limit = best.time.median * VALLEY
  return [edgeOf(fixed.slice(0, at + 1).reverse(), limit), edgeOf(fixed.slice(at), limit)]
}

function edgeOf(outwards: readonly Sample[], limit: number): number {
  let inside = outwards[0]!
  for (const sample of outwards.slice(1)) {
    if (sample.time.median > limit) {
      const share = Math.log(limit / inside.time.median) / Math.log(sample.time.median / inside.time.median)
      return chunksizeOf(inside) * (chunksizeOf(sample) / chunksizeOf(inside)) ** Math.max(0, share)
    }
    inside = sample
  }
  return chunksizeOf(inside)
}

/** Time against chunksize, both logarithmic: the valley, the best one, auto, and the defaults. */
export function makespanFigure(result: TuneResult): Figure | MissingFigure {
  const { title: measure, axis } = OBJECTIVES[result.objective]
  const id = 'makespan'
  const title = `${measure} against chunksize`
  const sweep = sweepOf(result)
  if (sweep === undefined || sweep.fixed.length < 2) {
    return {
      id,
      title,
      missing:
        'It needs two fixed chunksizes or more: leave --chunks out, or name several; or give a larger --budget, where there was no time for them.',
    }
  }
  const finding = findingOf(sweep)
  const { engine, workers, items } = sweep.best.configuration
  return {
    id,
    title,
    finding,
    reading: `${engine}, ${count(workers)} workers, ${count(items)} items. Both axes are logarithmic. A dot is the median of the runs of one chunksize, its bar the 95 % interval; the shaded chunksizes stay within 5 % of the best one, which has the ring. The line across is auto; its diamond stands at the mean size of its chunks.${sweep.theory === undefined ? '' : ` The pointer K–W on the axis is the size that Kruskal and Weiss choose, ${count(sweep.theory)}: the best for independent costs with the spread that the chunks of auto show.`}${sweep.others.size > 0 ? ' Thin grey lines are fixed chunksizes on other engines.' : ''}`,
    draw: (layout) => draw({ id, title, finding }, sweep, layout, axis),
    table: tableOf(
      ['chunksize', 'engine', 'median', '95 % interval', 'over the best', 'chunks', 'runs'],
      [...sweep.fixed, ...(sweep.auto === undefined ? [] : [sweep.auto]), ...[...sweep.others.values()].flat()].map(
        (sample) => rowOf(sample, sweep),
      ),
    ),
  }
}

function findingOf({ fixed, best, auto, valley, others }: Sweep): string {
  const [low, high] = valley
  const size = count(chunksizeOf(best))
  const width =
    Math.round(low) === Math.round(high)
      ? 'no other measured chunksize comes within 5 % of it'
      : `from ${count(Math.ceil(low))} to ${count(Math.floor(high))} it stays within 5 % of that`
  const lowest = fastest(fixed) ?? best
  const luck =
    lowest === best
      ? ''
      : ` ${count(chunksizeOf(lowest))} has a lower median, ${duration(lowest.time.median)}: the verdict takes the middle of those that are about as good, chosen in one half of the rounds and timed in the other, so that luck does not choose.`
  const first = `The best fixed chunksize is ${size}, with ${duration(best.time.median)}; ${width}.${luck}`
  const rest = [...others]
    .map(([engine, samples]) => ` On ${engine} the best takes ${duration(fastest(samples)!.time.median)}.`)
    .join('')
  if (auto === undefined) return `${first}${rest}`
  const over = auto.time.median / best.time.median - 1
  const compared = Math.abs(over) < 0.0005 ? 'just as long' : `${percent(Math.abs(over))} ${over > 0 ? 'more' : 'less'}`
  return `${first} Auto takes ${duration(auto.time.median)}, ${compared}, in chunks of ${count(auto.meanChunksize)} on average.${rest}`
}

function rowOf(sample: Sample, { best }: Sweep): string[] {
  const { median, low, high } = sample.time
  return [
    nameOf(sample.configuration),
    sample.configuration.engine,
    duration(median),
    `${duration(low)} to ${duration(high)}`,
    sample === best ? 'best' : percent(median / best.time.median - 1),
    count(sample.configuration.items / sample.meanChunksize),
    count(sample.runs.length),
  ]
}

function draw(head: Pick<Figure, 'id' | 'title' | 'finding'>, sweep: Sweep, layout: Layout, axis: string): string {
  const { fontSize } = layout
  const others = [...sweep.others.values()]
  const all = [...sweep.fixed, ...(sweep.auto === undefined ? [] : [sweep.auto]), ...others.flat()]
  const top = leftAxisTop(fontSize)
  const bottom = top + (layout.name === 'wide' ? 330 : 250)
  const y = logScale(
    all.flatMap(({ time }) => [time.low, time.high]),
    [bottom - 2 * fontSize, top + 8],
  )
  const left = leftAxisWidth(y, fontSize, duration)
  const frame: Box = { left, top, right: layout.width - MARGIN, bottom }
  const x = logScale(all.map(chunksizeOf), [frame.left + 10, frame.right - 10])
  const [low, high] = sweep.valley
  const valley = { ...frame, left: Math.max(frame.left, x(low) - 4), right: Math.min(frame.right, x(high) + 4) }
  const points = sweep.fixed.map((sample) => [x(chunksizeOf(sample)), y(sample.time.median)] as [number, number])
  const otherPoints = others.map((samples) =>
    samples.map((sample) => [x(chunksizeOf(sample)), y(sample.time.median)] as [number, number]),
  )
  const theoryX = theoryPlace(sweep, x, frame)
  const labels = placeLabels(labelsOf(sweep, x, y, frame), frame, fontSize, marksOf(sweep, points, x, y, frame))
  return drawing(
    head,
    layout,
    bottom + bottomAxisHeight(fontSize),
    rectangle(valley, 'valley'),
    leftAxis(y, frame, fontSize, duration, axis),
    bottomAxis(x, frame, fontSize, count, 'chunksize'),
    ...(sweep.auto === undefined ? [] : [drawAuto(sweep.auto, x, y, frame)]),
    ...otherPoints.map((path) => element('path', { class: 'curve other', d: line().digits(1)(path) ?? '' })),
    ...otherPoints.flat().map(([cx, cy]) => element('circle', { class: 'dot other', cx, cy, r: 2.5 })),
    element('path', { class: 'curve', d: line().digits(1)(points) ?? '' }),
    element('path', {
      class: 'whisker',
      d: sweep.fixed.map((sample) => whisker(x(chunksizeOf(sample)), sample.time, y)).join(''),
    }),
    ...points.map(([cx, cy]) => element('circle', { class: 'dot', cx, cy, r: 3.5 })),
    ring(x(chunksizeOf(sweep.best)), y(sweep.best.time.median)),
    ...(theoryX === undefined ? [] : [pointer(theoryX, frame.bottom)]),
    drawLabels(labels, fontSize),
  )
}

function drawAuto(auto: Sample, x: Scale, y: Scale, frame: Box): string {
  const { median, low, high } = auto.time
  const [centreX, centreY] = [x(chunksizeOf(auto)), y(median)]
  const size = 6
  const diamond = `M${centreX},${centreY - size}l${size},${size}l${-size},${size}l${-size},${-size}z`
  return [
    rectangle({ ...frame, top: y(high), bottom: Math.max(y(low), y(high) + 1) }, 'auto-band'),
    element('line', { class: 'auto-line', x1: frame.left, y1: centreY, x2: frame.right, y2: centreY }),
    element('path', { class: 'auto-mark', d: diamond }),
  ].join('')
}

/** On the axis, from above. */
function pointer(x: number, y: number): string {
  return element('path', { class: 'dot other', d: `M${x},${y}l${-POINTER / 2},${-POINTER}h${POINTER}z` })
}

/** Where the size of Kruskal and Weiss stands on the axis; undefined: nowhere, or beyond the sizes that were run. */
function theoryPlace({ theory }: Sweep, x: Scale, frame: Box): number | undefined {
  const at = theory === undefined ? undefined : Math.round(x(theory) * 10) / 10
  return at !== undefined && at >= frame.left && at <= frame.right ? at : undefined
}

function ring(cx: number, cy: number): string {
  return element('circle', { class: 'ring', cx, cy, r: 8 })
}

function whisker(x: number, { low, high }: Interval, y: Scale): string {
  const round = (value: number): number => Math.round(value * 10) / 10
  return `M${round(x)},${round(y(low))}V${round(y(high))}`
}

/** What labels should not cover: the curve, its bars, and auto's line. */
function marksOf(sweep: Sweep, points: readonly [number, number][], x: Scale, y: Scale, frame: Box): Box[] {
  const bars = sweep.fixed.flatMap((sample) => {
    const at = x(chunksizeOf(sample))
    return marksAlong(
      [
        [at, y(sample.time.low)],
        [at, y(sample.time.high)],
      ],
      2,
    )
  })
  const auto = sweep.auto === undefined ? [] : [y(sweep.auto.time.median)]
  const others = [...sweep.others.values()].flatMap((samples) =>
    marksAlong(
      samples.map((sample) => [x(chunksizeOf(sample)), y(sample.time.median)]),
      3,
    ),
  )
  const theoryX = theoryPlace(sweep, x, frame)
  const theory = theoryX === undefined ? [] : [{ x: theoryX, y: frame.bottom - POINTER / 2 }]
  return [
    ...marksAlong(points, 4),
    ...theory.map(({ x: at, y: height }) => ({
      left: at - POINTER / 2,
      top: height - POINTER / 2,
      right: at + POINTER / 2,
      bottom: height + POINTER / 2,
    })),
    ...others,
    ...bars,
    ...auto.map((at) => ({ ...frame, top: at - 1, bottom: at + 1 })),
  ]
}

function labelsOf(sweep: Sweep, x: Scale, y: Scale, frame: Box): Label[] {
  const { fixed, best, auto, valley, others } = sweep
  const at = (sample: Sample): { x: number; y: number } => ({ x: x(chunksizeOf(sample)), y: y(sample.time.median) })
  const labels: Label[] = [
    {
      text: `best ${digits(chunksizeOf(best))}: ${duration(best.time.median)}`,
      ...at(best),
      priority: 9,
      class: 'strong',
    },
  ]
  if (auto !== undefined) {
    labels.push({
      text: `auto: ${duration(auto.time.median)}`,
      x: frame.right - 60,
      y: y(auto.time.median),
      also: [0.02, 0.5, 0.25, 0.75].map((share) => ({
        x: frame.left + share * (frame.right - frame.left),
        y: y(auto.time.median),
      })),
      priority: 8,
      class: 'auto-text',
    })
  }
  for (const [engine, samples] of others) {
    const points = samples.map(at)
    labels.push({ text: engine, ...at(samples.at(-1)!), also: points.toReversed(), priority: 7, class: 'other-text' })
  }
  const theoryX = theoryPlace(sweep, x, frame)
  if (theoryX !== undefined) {
    const at = { x: theoryX, y: frame.bottom - POINTER / 2 }
    labels.push({ text: `K–W ${digits(sweep.theory!)}`, ...at, priority: 4, class: 'other-text' })
  }
  const [low, high] = valley.map(x)
  labels.push({ text: 'within 5 %', x: (low! + high!) / 2, y: frame.top, priority: 1 })
  for (const sample of fixed) {
    const { chunksize, label } = sample.configuration
    const isDefault = label !== String(chunksize) || chunksize === 1
    if (sample === best || !isDefault) continue
    labels.push({
      text: label === '' ? String(chunksize) : label,
      ...at(sample),
      priority: chunksize === 1 ? 6 : label.length < 5 ? 7 : 5,
    })
  }
  return labels
}
