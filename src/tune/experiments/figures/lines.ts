import { curveStepAfter, line } from 'd3-shape'
import {
  bottomAxis,
  bottomAxisHeight,
  leftAxis,
  leftAxisTop,
  leftAxisWidth,
  linearScale,
  logScale,
  type Scale,
} from '../../chart/axis.ts'
import { type Box, marksAlong, textAt } from '../../chart/labels.ts'
import { WIDE } from '../../chart/layout.ts'
import { coordinate, element } from '../../chart/markup.ts'
import type { FigureFile } from '../experiment.ts'
import { figureFile, type Head, labels, PLOT_HEIGHT, TITLE_HEIGHT } from './frame.ts'

/** A point, with an interval of its y where there is one. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly low?: number
  readonly high?: number
}

export interface Series {
  readonly name: string
  readonly points: readonly Point[]
  /** `'auto'` stands out; `'ideal'` is dotted and has no dots; the others are told apart by their dashes. */
  readonly look: 'auto' | 'ideal' | 'plain'
}

export interface Axis {
  readonly title: string
  readonly isLog: boolean
  readonly format: (value: number) => string
}

export interface Lines extends Head {
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** From a point on the line stays where it is until the next: for counts. */
  readonly isStepped?: boolean
}

const DASHES = ['7 3', '2 3', '10 3 2 3', '4 2 1 2 1 2', '14 4', '1 2 6 2']

/** Lines through points, each named at its end. */
export function linesFigure(lines: Lines): FigureFile {
  const { fontSize, width } = WIDE
  const top = TITLE_HEIGHT + leftAxisTop(fontSize)
  const bottom = top + PLOT_HEIGHT
  const points = lines.series.flatMap((series) => [...series.points])
  const y = scaleOf(
    lines.y,
    points.flatMap(({ y, low = y, high = y }) => [y, low, high]),
    [bottom - 6, top + 6],
  )
  const frame: Box = { left: leftAxisWidth(y, fontSize, lines.y.format), top, right: width - 10, bottom }
  const x = scaleOf(
    lines.x,
    points.map((point) => point.x),
    [frame.left + 8, frame.right - 8],
  )
  const drawn = lines.series.filter((series) => series.points.length > 0)
  const marks = drawn.flatMap((series) => {
    const places = series.points.map((point) => [x(point.x), y(point.y)] as const)
    return marksAlong(places, 4)
  })
  return figureFile(
    lines,
    bottom + bottomAxisHeight(fontSize),
    textAt(lines.title, 0, fontSize + 2, 'start', 'strong'),
    leftAxis(y, frame, fontSize, lines.y.format, lines.y.title),
    bottomAxis(x, frame, fontSize, lines.x.format, lines.x.title),
    ...drawn.map((series, i) => drawSeries(series, i, x, y, lines.isStepped === true)),
    labels(
      drawn.map((series, i) => {
        const at = series.points[labelAt(series, i, drawn.length)] as Point
        return {
          text: series.name,
          x: x(at.x),
          y: y(at.y),
          priority: series.look === 'auto' ? 9 : 5,
          class: series.look === 'auto' ? 'auto-text' : 'strong',
        }
      }),
      frame,
      marks,
    ),
  )
}

function drawSeries({ points, look }: Series, i: number, x: Scale, y: Scale, isStepped: boolean): string {
  const path = line()
  if (isStepped && look !== 'ideal') path.curve(curveStepAfter)
  const d = path(points.map((point) => [x(point.x), y(point.y)])) ?? ''
  if (look === 'ideal') return element('path', { class: 'ideal', d })
  const own = look === 'auto' ? ' auto' : ''
  const style = look === 'auto' ? undefined : `stroke-dasharray:${DASHES[i % DASHES.length]}`
  const whiskers = points
    .filter(({ low, high }) => low !== undefined && high !== undefined)
    .map(({ x: at, low, high }) => `M${coordinate(x(at))},${coordinate(y(low!))}V${coordinate(y(high!))}`)
  // More dots than these are a second, thicker line.
  const dots = points.length > 60 ? [] : points
  return [
    element('path', { class: `curve${own}`, d, style }),
    whiskers.length === 0 ? '' : element('path', { class: `whisker${own}`, d: whiskers.join('') }),
    ...dots.map((point) => element('circle', { class: `dot${own}`, cx: x(point.x), cy: y(point.y), r: 3 })),
  ].join('')
}

/** Lines that end in one point are named at different places along them. */
function labelAt({ points }: Series, i: number, count: number): number {
  return Math.round(((points.length - 1) * (count - (i % count))) / count)
}

function scaleOf({ isLog }: Axis, values: readonly number[], range: readonly [number, number]): Scale {
  return isLog ? logScale(values, range) : linearScale(values, range)
}
