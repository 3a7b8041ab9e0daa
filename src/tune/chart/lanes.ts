import type { ChunkLine } from '../../observe/chunk-line.ts'
import { count, duration, percent, plural } from '../numerals.ts'
import type { TuneResult } from '../result.ts'
import { bottomAxis, bottomAxisHeight, linearScale, MARGIN, type Scale } from './axis.ts'
import { type Box, textAt } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, rectangle, tableOf } from './layout.ts'
import { coordinate, element } from './markup.ts'
import { type NamedTrace, tracesToCompare, WITHOUT_TRACES } from './policies.ts'
import { shorten, textWidth } from './text.ts'

/** How many colours tell early rows from late ones; the classes `order-0` to `order-7`. */
const ORDER_COLOURS = 8

/** More workers than these are not drawn: their lanes would be lines. */
const MOST_LANES = 64

/** Chunks narrower than this are drawn as one: more would be a page of megabytes that nobody can tell from it. */
const LEAST_WIDTH = 1

/** And wider ones too, where a panel would have more bars than these, hatches counted: a page has to stay under 400 KB, of which this is a sixth. */
const MOST_BARS = 600

/** A run to draw: its chunks by worker, and when it ended. */
interface Timeline {
  readonly name: string
  readonly lanes: ReadonlyMap<number, readonly ChunkLine[]>
  readonly items: number
  readonly endMs: number
  readonly firstMs: number | undefined
  /** Share of the workers' time until the end that went into chunks. */
  readonly busy: number
  /** From when the first worker has nothing more to do until the end. */
  readonly tailMs: number
  readonly returned: number
}

/** A lane a worker, a rectangle a chunk, for two policies on one scale of time. */
export function lanesFigure(result: TuneResult): Figure | MissingFigure {
  const id = 'lanes'
  const title = 'What each worker did'
  const traces = tracesToCompare(result)
  if (traces.length === 0) {
    return { id, title, missing: WITHOUT_TRACES }
  }
  const timelines = traces.map(timelineOf)
  const finding = timelines.map(sentenceOf).join(' ')
  return {
    id,
    title,
    finding,
    reading:
      'A lane is a worker, a rectangle a chunk, its colour the place of its rows in the input. Hatched: the worker gave back a part. The dashed line is the first result in order. Where a lane is empty, its worker waits. Chunks too short to be seen are drawn as one.',
    draw: (layout) => draw({ id, title, finding }, timelines, layout),
    table: tableOf(
      ['policy', 'worker', 'chunks', 'rows', 'busy', 'begins', 'ends'],
      timelines.flatMap((timeline) => [...timeline.lanes].map(([worker, chunks]) => rowOf(timeline, worker, chunks))),
    ),
  }
}

function timelineOf({ name, workers, trace }: NamedTrace): Timeline {
  const lanes = new Map<number, ChunkLine[]>()
  for (const chunk of [...trace.chunks].sort((a, b) => a.worker - b.worker || a.beginMs - b.beginMs)) {
    const lane = lanes.get(chunk.worker)
    if (lane === undefined) lanes.set(chunk.worker, [chunk])
    else lane.push(chunk)
  }
  const ends = [...lanes.values()].map((chunks) => Math.max(...chunks.slice(-1).map(endOf)))
  const endMs = Math.max(...ends)
  const busyMs = trace.chunks.reduce((sum, { execMs }) => sum + execMs, 0)
  return {
    name,
    lanes,
    items: trace.chunks.reduce((most, { end }) => Math.max(most, end), 1),
    endMs,
    firstMs: trace.delivered[0]?.[0],
    busy: endMs > 0 ? Math.min(1, busyMs / (endMs * workers)) : 1,
    tailMs: endMs - Math.min(...ends),
    returned: trace.chunks.filter(isReturned).length,
  }
}

function endOf({ beginMs, execMs }: ChunkLine): number {
  return beginMs + execMs
}

/** Whether its worker gave rows back. */
function isReturned({ start, end, done }: ChunkLine): boolean {
  return done < end - start
}

function sentenceOf({ name, busy, tailMs, returned, endMs }: Timeline): string {
  const back = returned === 0 ? '' : `, and ${plural(returned, 'chunk')} came back unfinished`
  return `${name}: the workers are busy for ${percent(busy)} of the ${duration(endMs)}; the first to have nothing left waits ${duration(tailMs)} for the last${back}.`
}

function rowOf(timeline: Timeline, worker: number, chunks: readonly ChunkLine[]): string[] {
  const busyMs = chunks.reduce((sum, { execMs }) => sum + execMs, 0)
  return [
    timeline.name,
    count(worker),
    count(chunks.length),
    count(chunks.reduce((sum, { done }) => sum + done, 0)),
    percent(timeline.endMs > 0 ? busyMs / timeline.endMs : 1),
    duration(chunks[0]!.beginMs),
    duration(endOf(chunks.at(-1)!)),
  ]
}

function draw(head: Pick<Figure, 'id' | 'title' | 'finding'>, timelines: readonly Timeline[], layout: Layout): string {
  const { fontSize, width } = layout
  const isBeside = layout.name === 'wide' && timelines.length === 2
  const lanes = Math.max(...timelines.map((timeline) => Math.min(MOST_LANES, timeline.lanes.size)))
  const laneHeight = Math.max(5, Math.min(26, (isBeside ? 260 : 150) / lanes))
  const left = textWidth(String(Math.max(...timelines.flatMap(({ lanes }) => [...lanes.keys()]))), fontSize) + 10
  const panelWidth = isBeside ? (width - 24) / 2 : width
  const panelHeight = fontSize * 3.4 + lanes * laneHeight + bottomAxisHeight(fontSize) + fontSize
  const endMs = Math.max(...timelines.map((timeline) => timeline.endMs))
  const pattern = `${head.id}-${layout.name}-hatch`
  const panels = timelines.map((timeline, i) => {
    const x = isBeside ? i * (panelWidth + 24) : 0
    const y = isBeside ? 0 : i * panelHeight
    const top = y + fontSize * 3.2
    const frame = { left: x + left, right: x + panelWidth - MARGIN, top, bottom: top + lanes * laneHeight }
    return drawPanel(
      timeline,
      frame,
      x,
      linearScale([0, endMs], [frame.left, frame.right], { count: 5 }),
      laneHeight,
      layout,
      pattern,
    )
  })
  const bottom = isBeside ? panelHeight : panelHeight * timelines.length
  const legend = orderLegend(layout, bottom)
  return drawing(head, layout, bottom + fontSize * 1.8, hatch(pattern), ...panels, legend)
}

/** What the colours mean, below all. */
function orderLegend({ fontSize }: Layout, top: number): string {
  const baseline = top + fontSize * 1.1
  const start = textWidth('first rows', fontSize) + 8
  const swatches = Array.from({ length: ORDER_COLOURS }, (_, i) =>
    element('rect', { class: `order-${i}`, x: start + i * 14, y: baseline - 11, width: 13, height: 12 }),
  )
  const names = [textAt('first rows', 0, baseline), textAt('last rows', start + ORDER_COLOURS * 14 + 8, baseline)]
  return [...names, ...swatches].join('')
}

function hatch(id: string): string {
  const size = { width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }
  return element('defs', {}, element('pattern', { id, ...size }, element('path', { class: 'hatch', d: 'M0,0V5' })))
}

function drawPanel(
  timeline: Timeline,
  frame: Box,
  left: number,
  x: Scale,
  laneHeight: number,
  { fontSize }: Layout,
  pattern: string,
): string {
  const shown = [...timeline.lanes].slice(0, MOST_LANES)
  const hidden = timeline.lanes.size - shown.length
  const heading = `${timeline.name}: ${duration(timeline.endMs)}${hidden > 0 ? `, ${hidden} more workers` : ''}`
  const colours: string[] = Array.from({ length: ORDER_COLOURS }, () => '')
  let hatched = ''
  const parts: string[] = []
  const every = Math.ceil((fontSize * 1.2) / laneHeight)
  const bars = barsOfAll(
    shown.map(([, chunks]) => chunks),
    x,
  )
  shown.forEach(([worker], i) => {
    const top = frame.top + i * laneHeight
    const box = { left: frame.left, right: frame.right, top: top + 1, bottom: top + laneHeight - 1 }
    parts.push(rectangle(box, 'lane'))
    if (i % every === 0)
      parts.push(textAt(String(worker), frame.left - 6, top + laneHeight / 2 + fontSize * 0.35, 'end', 'tick'))
    for (const { from, to, start, isBack } of bars[i]!) {
      const colour = Math.min(ORDER_COLOURS - 1, Math.floor((start / timeline.items) * ORDER_COLOURS))
      const path = `M${tenths(from)},${tenths(box.top)}h${tenths(to - from)}v${tenths(box.bottom - box.top)}H${tenths(from)}z`
      colours[colour] += path
      if (isBack) hatched += path
    }
  })
  const { firstMs } = timeline
  return [
    textAt(shorten(heading, frame.right - left, fontSize), left, frame.top - fontSize * 2, 'start', 'strong'),
    textAt('worker', left, frame.top - fontSize * 0.5, 'start', 'axis-title'),
    ...parts,
    ...colours.map((d, i) => (d === '' ? '' : element('path', { class: `order-${i}`, d }))),
    hatched === '' ? '' : element('path', { fill: `url(#${pattern})`, d: hatched }),
    firstMs === undefined ? '' : firstLine(x(firstMs), frame),
    bottomAxis(x, frame, fontSize, duration, 'time'),
  ].join('')
}

function firstLine(x: number, { top, bottom }: Box): string {
  return element('line', { class: 'first', x1: x, y1: top - 3, x2: x, y2: bottom })
}

interface Bar {
  readonly from: number
  readonly to: number
  readonly start: number
  readonly isBack: boolean
}

function tenths(value: number): string {
  return coordinate(Math.round(value * 10) / 10)
}

/** The bars of all lanes, few enough to be drawn: as narrow as that allows. */
function barsOfAll(lanes: readonly (readonly ChunkLine[])[], x: Scale): Bar[][] {
  const whole = lanes.map((chunks) => chunks.map((chunk) => barOf(chunk, x)))
  for (let width = LEAST_WIDTH; ; width *= 1.5) {
    const bars = whole.map((own) => merged(own, width))
    const many = bars.flat().reduce((sum, { isBack }) => sum + (isBack ? 2 : 1), 0)
    if (many <= Math.max(MOST_BARS, 2 * lanes.length)) return bars
  }
}

function barOf(chunk: ChunkLine, x: Scale): Bar {
  return { from: x(chunk.beginMs), to: x(endOf(chunk)), start: chunk.start, isBack: isReturned(chunk) }
}

/** Bars that do not overlap; those that are together narrower than `leastWidth` go into one. */
function merged(bars: readonly Bar[], leastWidth: number): Bar[] {
  const wide: Bar[] = []
  for (const bar of bars) {
    const last = wide.at(-1)
    const from = Math.max(bar.from, last?.to ?? 0)
    const to = Math.max(from, bar.to)
    if (last !== undefined && to - last.from < leastWidth) {
      wide[wide.length - 1] = { ...last, to, isBack: last.isBack || bar.isBack }
    } else {
      wide.push({ ...bar, from, to })
    }
  }
  // A hair of the lane shows between neighbours, where there is room for it.
  return wide.map((bar) => ({ ...bar, to: bar.to - bar.from > 3 ? bar.to - 0.7 : Math.max(bar.to, bar.from + 0.4) }))
}
