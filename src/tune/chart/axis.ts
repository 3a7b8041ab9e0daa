import { scaleLinear, scaleLog } from 'd3-scale'
import { type Box, overlaps, textAt } from './labels.ts'
import { element } from './markup.ts'
import { LINE_HEIGHT, textWidth } from './text.ts'

/** A scale as axes and marks need it. */
export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

/** What is free right of a frame. */
export const MARGIN = 8

/** Room between an axis and its texts. */
const GAP = 6

/** A logarithmic scale over positive numbers. A single value is given room on both sides. */
export function logScale(values: Iterable<number>, range: readonly [number, number]): Scale {
  const [least, most] = extentOf(values, (value) => value > 0)
  const [low, high] = most / least < 1.05 ? [least / 1.4, most * 1.4] : [least, most]
  const scale = scaleLog([low, high], range).clamp(true)
  return Object.assign((value: number) => scale(Math.max(value, low)), { ticks: logTicks(low, high) })
}

/** A linear scale from the least to the most of the values, 0 included unless `fromZero` is false. */
export function linearScale(
  values: Iterable<number>,
  range: readonly [number, number],
  { fromZero = true, count = 6 }: { fromZero?: boolean; count?: number } = {},
): Scale {
  const [least, most] = extentOf(values, Number.isFinite)
  const low = fromZero ? Math.min(0, least) : least
  const high = most > low ? most : low + 1
  const scale = scaleLinear([low, high], range).clamp(true)
  return Object.assign((value: number) => scale(value), { ticks: scale.ticks(count) })
}

function extentOf(values: Iterable<number>, isFit: (value: number) => boolean): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!isFit(value) || !Number.isFinite(value)) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return least <= most ? [least, most] : [1, 1]
}

/** Which digits may begin a tick: the first row that gives three ticks is taken. */
const MANTISSAS: readonly (readonly number[])[] = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]]

function logTicks(low: number, high: number): number[] {
  const decades: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) decades.push(power)
  for (const mantissas of MANTISSAS) {
    const ticks = decades.flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`)))
    const inside = ticks.filter((tick) => tick >= low && tick <= high)
    if (inside.length >= 3) return inside
  }
  return scaleLinear([low, high], [0, 1]).ticks(4)
}

/** An axis along the lower edge of a frame, with lines through the frame at its ticks. Texts that would overlap are left out. */
export function bottomAxis(
  scale: Scale,
  frame: Box,
  fontSize: number,
  format: (value: number) => string,
  title: string,
): string {
  const baseline = frame.bottom + GAP + fontSize
  const texts = scale.ticks.map((tick) => ({ text: format(tick), x: scale(tick) }))
  const centred = texts.map(({ text, x: at }) => {
    const half = textWidth(text, fontSize) / 2
    const x = Math.max(half, Math.min(frame.right + MARGIN - half, at)) // at the edges it stands a little beside its tick
    return { text, x, box: { left: x - half - 3, right: x + half + 3, top: 0, bottom: 1 } }
  })
  const shown = keepApart(centred)
  return [
    ...scale.ticks.map((tick) => gridLine(scale(tick), frame.top, scale(tick), frame.bottom)),
    element('line', { class: 'axis', x1: frame.left, y1: frame.bottom, x2: frame.right, y2: frame.bottom }),
    ...shown.map(({ text, x }) => textAt(text, x, baseline, 'middle', 'tick')),
    textAt(title, frame.right, baseline + fontSize * LINE_HEIGHT, 'end', 'axis-title'),
  ].join('')
}

/** What `bottomAxis` takes below its frame. */
export function bottomAxisHeight(fontSize: number): number {
  return GAP + fontSize * (1 + 2 * LINE_HEIGHT)
}

/** An axis along the left edge of a frame; its title stands above it. */
export function leftAxis(
  scale: Scale,
  frame: Box,
  fontSize: number,
  format: (value: number) => string,
  title: string,
): string {
  const height = fontSize * LINE_HEIGHT
  const centred = scale.ticks.map((tick) => {
    const y = scale(tick)
    return { text: format(tick), y, box: { left: 0, right: 1, top: y - height / 2, bottom: y + height / 2 } }
  })
  const shown = keepApart(centred)
  return [
    ...scale.ticks.map((tick) => gridLine(frame.left, scale(tick), frame.right, scale(tick))),
    ...shown.map(({ text, y }) => textAt(text, frame.left - GAP, y + fontSize * 0.35, 'end', 'tick')),
    textAt(title, 0, frame.top - fontSize * 0.8, 'start', 'axis-title'),
  ].join('')
}

/** What `leftAxis` takes left of its frame. */
export function leftAxisWidth(scale: Scale, fontSize: number, format: (value: number) => string): number {
  return GAP + Math.max(0, ...scale.ticks.map((tick) => textWidth(format(tick), fontSize)))
}

/** What `leftAxis` takes above its frame. */
export function leftAxisTop(fontSize: number): number {
  return fontSize * 2
}

function keepApart<T extends { readonly box: Box }>(texts: readonly T[]): T[] {
  const kept: T[] = []
  for (const text of texts) if (!kept.some((other) => overlaps(text.box, other.box))) kept.push(text)
  return kept
}

function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  return element('line', { class: 'grid', x1, y1, x2, y2 })
}
