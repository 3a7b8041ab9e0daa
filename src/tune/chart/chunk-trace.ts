import { median } from 'd3-array'
import type { ChunkLine } from '../../observe/chunk-line.ts'
import { type Regime, regimesOf, stopFloor, surprise } from '../explain/regimes.ts'
import { count, digits, duration, plural } from '../numerals.ts'
import type { TuneResult } from '../result.ts'
import {
  bottomAxis,
  bottomAxisHeight,
  leftAxis,
  leftAxisTop,
  leftAxisWidth,
  linearScale,
  logScale,
  MARGIN,
  type Scale,
} from './axis.ts'
import { type Box, textAt } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, tableOf } from './layout.ts'
import { coordinate, element } from './markup.ts'
import { tracesToCompare, WITHOUT_TRACES } from './policies.ts'
import { textWidth } from './text.ts'

/** A time is drawn from so many milliseconds on: a clock reads 0 for less, and a logarithm does not. */
const LEAST_MS = 1e-4

/** One of the three drawings, each over the time at which a chunk began. */
interface Panel {
  readonly title: string
  readonly values: readonly (readonly [beginMs: number, value: number])[]
  readonly format: (value: number) => string
  /** Drawn across: what a value is compared with. */
  readonly line?: number
}

/** How auto sized its chunks: rows, time, and time over plan, against time. */
export function chunkTraceFigure(result: TuneResult): Figure | MissingFigure {
  const id = 'chunk-trace'
  const title = 'How auto sized its chunks'
  const trace = tracesToCompare(result).find(({ isAuto }) => isAuto)?.trace
  if (trace === undefined) return { id, title, missing: WITHOUT_TRACES }
  const chunks = [...trace.chunks].sort((a, b) => a.beginMs - b.beginMs || a.start - b.start)
  const floorMs = stopFloor(chunks)
  const regimes = regimesOf(chunks)
  const surprises = chunks.flatMap((chunk) => {
    const ratio = surprise(chunk, floorMs)
    return ratio === undefined ? [] : [[chunk.beginMs, Math.max(ratio, 0.01)] as const]
  })
  const panels: Panel[] = [
    {
      title: 'rows in a chunk',
      values: chunks.map((chunk) => [chunk.beginMs, Math.max(1, sizeOf(chunk))]),
      format: count,
    },
    {
      title: 'time a chunk took',
      values: chunks.map(({ beginMs, execMs }) => [beginMs, Math.max(LEAST_MS, execMs)]),
      format: duration,
    },
    { title: 'time over the plan', values: surprises, format: (value) => `${digits(value)} ×`, line: 1 },
  ]
  const shown = panels.filter(({ values }) => values.length > 0)
  const finding = findingOf(
    chunks,
    regimes,
    surprises.map(([, ratio]) => ratio),
  )
  return {
    id,
    title,
    finding,
    reading:
      'A dot is a chunk, at the time when it began; the scales upwards are logarithmic. Probe: few rows, until a cost is known. Body: as long as chunks get. Taper: shrinking, so that all workers end together. Time over the plan is 1 where a chunk took what was foreseen; at 3 its worker gives the rest back.',
    draw: (layout) => draw({ id, title, finding }, shown, regimes, layout),
    table: tableOf(
      ['regime', 'chunks', 'begins', 'rows, median', 'time, median', 'given back'],
      regimes.map(({ name, chunks: own }) => [
        name,
        count(own.length),
        duration(own[0]!.beginMs),
        count(median(own, sizeOf) ?? 0),
        duration(median(own, ({ execMs }) => execMs) ?? 0),
        count(own.reduce((sum, chunk) => sum + sizeOf(chunk) - chunk.done, 0)),
      ]),
    ),
  }
}

function sizeOf({ start, end }: ChunkLine): number {
  return end - start
}

function findingOf(chunks: readonly ChunkLine[], regimes: readonly Regime[], ratios: readonly number[]): string {
  const parts = regimes.map(({ name, chunks: own }) => {
    const sizes = own.map(sizeOf)
    const [least, most] = [sizes.reduce((a, b) => Math.min(a, b)), sizes.reduce((a, b) => Math.max(a, b))]
    return `${name[0]!.toUpperCase()}${name.slice(1)}: ${plural(own.length, 'chunk')} of ${least === most ? plural(least, 'row') : `${count(least)} to ${plural(most, 'row')}`}`
  })
  const near = ratios.filter((ratio) => ratio > 0.5 && ratio < 2).length
  const plan =
    ratios.length === 0
      ? ''
      : ` ${count(near)} of ${plural(ratios.length, 'planned chunk')} took between half and twice the plan.`
  return `${plural(chunks.length, 'chunk')}. ${parts.join('. ')}.${plan}`
}

function draw(
  head: Pick<Figure, 'id' | 'title' | 'finding'>,
  panels: readonly Panel[],
  regimes: readonly Regime[],
  layout: Layout,
): string {
  const { fontSize, width } = layout
  const panelHeight = layout.name === 'wide' ? 120 : 100
  const step = leftAxisTop(fontSize) + panelHeight + fontSize * 0.6
  const first = fontSize * 1.6 // the names of the regimes stand above
  const scales = panels.map(({ values, line }, i) => {
    const top = first + i * step + leftAxisTop(fontSize)
    return logScale(
      [...values.map(([, value]) => value), ...(line === undefined ? [] : [line])],
      [top + panelHeight - 6, top + 6],
    )
  })
  const left = Math.max(...panels.map(({ format }, i) => leftAxisWidth(scales[i]!, fontSize, format)))
  const right = width - MARGIN
  const endMs = panels[0]!.values.reduce((most, [beginMs]) => Math.max(most, beginMs), 0)
  const x = linearScale([0, endMs], [left + 4, right - 6], { count: layout.name === 'wide' ? 7 : 4 })
  const bottom = first + panels.length * step - fontSize * 0.6
  const frames = panels.map((_, i): Box => {
    const top = first + i * step + leftAxisTop(fontSize)
    return { left, top, right, bottom: top + panelHeight }
  })
  const drawn = panels.map((panel, i) => drawPanel(panel, frames[i]!, x, scales[i]!, layout, i === panels.length - 1))
  return drawing(
    head,
    layout,
    bottom + bottomAxisHeight(fontSize),
    drawRegimes(regimes, x, { left, top: first, right, bottom }, frames, fontSize),
    ...drawn,
  )
}

/** A line through each panel where a regime begins, and its name above all where there is room for it. */
function drawRegimes(
  regimes: readonly Regime[],
  x: Scale,
  frame: Box,
  panels: readonly Box[],
  fontSize: number,
): string {
  let free = 0
  return regimes
    .map(({ name, chunks }) => {
      const at = x(chunks[0]!.beginMs)
      const width = textWidth(name, fontSize)
      const from = Math.max(Math.min(at, frame.right - width), free)
      const end = from + width
      const line = panels
        .map(({ top, bottom }) => element('line', { class: 'boundary', x1: at, y1: top, x2: at, y2: bottom }))
        .join('')
      if (end > frame.right) return line
      free = end + 8
      return line + textAt(name, from, frame.top - fontSize * 0.3, 'start', 'strong')
    })
    .join('')
}

function drawPanel(panel: Panel, frame: Box, x: Scale, y: Scale, { fontSize }: Layout, isLast: boolean): string {
  const { title, values, format, line } = panel
  return [
    leftAxis(y, frame, fontSize, format, title),
    isLast
      ? bottomAxis(x, frame, fontSize, duration, 'time')
      : element('line', { class: 'axis', x1: frame.left, y1: frame.bottom, x2: frame.right, y2: frame.bottom }),
    line === undefined
      ? ''
      : element('line', { class: 'ideal', x1: frame.left, y1: y(line), x2: frame.right, y2: y(line) }),
    element('path', { class: 'dots', d: dots(values, x, y) }),
  ].join('')
}

/** More dots than these in a panel are set on a coarser raster: a page has to stay under 400 KB. */
const MOST_DOTS = 600

/** A point as a stroke of no length with a round end, once where several would hide each other: a tenth of the bytes of circles. */
function dots(values: Panel['values'], x: Scale, y: Scale): string {
  for (let raster = 0.5; ; raster *= 1.5) {
    const set = (pixels: number): string => coordinate(Math.round(Math.round(pixels / raster) * raster * 10) / 10)
    const seen = new Set(values.map(([beginMs, value]) => `M${set(x(beginMs))},${set(y(value))}h0`))
    if (seen.size <= MOST_DOTS) return [...seen].join('')
  }
}
