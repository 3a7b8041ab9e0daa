import { bottomAxis, bottomAxisHeight, linearScale, logScale, type Scale } from '../../chart/axis.ts'
import { type Box, textAt } from '../../chart/labels.ts'
import { rectangle, WIDE } from '../../chart/layout.ts'
import { coordinate, element } from '../../chart/markup.ts'
import { shorten, textWidth } from '../../chart/text.ts'
import type { FigureFile } from '../experiment.ts'
import { figureFile, type Head, TITLE_HEIGHT } from './frame.ts'
import type { Axis } from './lines.ts'

export interface Bar {
  readonly name: string
  readonly value: number
  readonly low?: number
  readonly high?: number
  readonly isAuto: boolean
}

export interface BarGroup {
  readonly name: string
  readonly bars: readonly Bar[]
}

export interface Bars extends Head {
  readonly x: Axis
  readonly groups: readonly BarGroup[]
}

const BAR_HEIGHT = 18
const GAP = 8
/** A name takes no more than this part of the width. */
const NAMES = 0.34

/** Bars side by side in groups, with their intervals, each with its figure behind it. */
export function barsFigure(bars: Bars): FigureFile {
  const { fontSize, width } = WIDE
  const { format } = bars.x
  const all = bars.groups.flatMap((group) => [...group.bars])
  const names = Math.max(0, ...all.map(({ name }) => textWidth(name, fontSize)))
  const left = Math.min(width * NAMES, names + 2 * GAP)
  const texts = Math.max(0, ...all.map(({ value }) => textWidth(format(value), fontSize)))
  const top = TITLE_HEIGHT + 4
  const rows = bars.groups.reduce((sum, group) => sum + group.bars.length + 1, 0)
  const frame: Box = { left, top, right: width - texts - 2 * GAP, bottom: top + rows * BAR_HEIGHT + GAP }
  const values = all.flatMap(({ value, low = value, high = value }) => [value, low, high])
  const x = scaleOf(bars.x, values, [frame.left, frame.right])
  const parts: string[] = []
  let y = frame.top
  for (const group of bars.groups) {
    parts.push(textAt(shorten(group.name, width, fontSize), 0, y + BAR_HEIGHT - 5, 'start', 'strong'))
    y += BAR_HEIGHT
    for (const bar of group.bars) {
      parts.push(drawBar(bar, x, { ...frame, top: y + 2, bottom: y + BAR_HEIGHT - 2 }, left, format))
      y += BAR_HEIGHT
    }
  }
  return figureFile(
    bars,
    frame.bottom + bottomAxisHeight(fontSize),
    textAt(bars.title, 0, fontSize + 2, 'start', 'strong'),
    bottomAxis(x, frame, fontSize, format, bars.x.title),
    ...parts,
  )
}

function drawBar(bar: Bar, x: Scale, box: Box, left: number, format: (value: number) => string): string {
  const { fontSize } = WIDE
  const own = bar.isAuto ? ' auto' : ''
  const zero = x(0)
  const end = x(bar.value)
  const middle = (box.top + box.bottom) / 2
  const { low = bar.value, high = bar.value } = bar
  const whisker = `M${coordinate(x(low))},${coordinate(middle)}H${coordinate(x(high))}`
  return [
    textAt(shorten(bar.name, left - GAP, fontSize), left - GAP, middle + fontSize * 0.35, 'end', 'tick'),
    rectangle({ ...box, left: Math.min(zero, end), right: Math.max(zero, end, zero + 1) }, `dot${own}`),
    low === high ? '' : element('path', { class: 'first', style: 'stroke-dasharray:none', d: whisker }),
    textAt(format(bar.value), Math.max(zero, end, x(high)) + GAP, middle + fontSize * 0.35, 'start', 'tick'),
  ].join('')
}

function scaleOf({ isLog }: Axis, values: readonly number[], range: readonly [number, number]): Scale {
  if (!isLog) return linearScale(values, range)
  // The shortest bar is to be seen too.
  const least = Math.min(...values.filter((value) => value > 0))
  return logScale([...values, least / 1.5], range)
}
