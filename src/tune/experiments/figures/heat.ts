import { type Box, textAt } from '../../chart/labels.ts'
import { rectangle, WIDE } from '../../chart/layout.ts'
import { coordinate, element } from '../../chart/markup.ts'
import { count } from '../../chart/numerals.ts'
import { textWidth } from '../../chart/text.ts'
import type { FigureFile } from '../experiment.ts'
import { figureFile, type Head, TITLE_HEIGHT } from './frame.ts'

/** One number of items and one chunksize. */
export interface HeatCell {
  readonly items: number
  readonly chunksize: number
  /** Share over the best; undefined: it was stopped, as hopeless. */
  readonly regret: number | undefined
}

export interface Heat extends Head {
  readonly cells: readonly HeatCell[]
  /** Mean size of auto's chunks, by number of items. */
  readonly auto: readonly { readonly items: number; readonly chunksize: number }[]
}

/** From which regret on a colour is darker. */
const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 3, 10]
const ROW_HEIGHT = 24
const CROSS = 7

/** A field of numbers of items and chunk sizes, the darker the more a size takes over the best one there. */
export function heatFigure({ cells, auto, ...head }: Heat): FigureFile {
  const { fontSize, width } = WIDE
  const columns = sorted(cells.map(({ items }) => items))
  const rows = sorted(cells.map(({ chunksize }) => chunksize)).reverse()
  const left = Math.max(...rows.map((size) => textWidth(count(size), fontSize))) + 10
  const top = TITLE_HEIGHT + fontSize * 2
  const columnWidth = (width - left - 8) / columns.length
  const boxOf = (items: number, chunksize: number): Box => {
    const x = left + columns.indexOf(items) * columnWidth
    const y = top + rows.indexOf(chunksize) * ROW_HEIGHT
    return { left: x + 1, top: y + 1, right: x + columnWidth - 1, bottom: y + ROW_HEIGHT - 1 }
  }
  const bottom = top + rows.length * ROW_HEIGHT
  return figureFile(
    head,
    bottom + fontSize * 3.2,
    textAt(head.title, 0, fontSize + 2, 'start', 'strong'),
    textAt('chunksize', 0, top - fontSize * 0.6, 'start', 'axis-title'),
    ...rows.map((size) =>
      textAt(count(size), left - 6, boxOf(columns[0] ?? 0, size).top + ROW_HEIGHT * 0.66, 'end', 'tick'),
    ),
    ...cells.map((cell) => drawCell(cell, boxOf(cell.items, cell.chunksize))),
    ...auto.map(({ items, chunksize }) =>
      drawCross(left + (columns.indexOf(items) + 0.18) * columnWidth, placeOf(chunksize, rows, top)),
    ),
    ...columns.map((items, i) =>
      textAt(count(items), left + (i + 0.5) * columnWidth, bottom + fontSize * 1.3, 'middle', 'tick'),
    ),
    textAt('items', width - 8, bottom + fontSize * 2.6, 'end', 'axis-title'),
  )
}

/** Which of the colours a regret has: 0 is the lightest. */
export function stepOf(regret: number | undefined): number {
  return regret === undefined ? STEPS.length : STEPS.filter((step) => regret >= step).length
}

function drawCell({ regret }: HeatCell, box: Box): string {
  const step = stepOf(regret)
  const text =
    regret === undefined
      ? '> 25 ×'
      : regret < 10
        ? `${(regret * 100).toFixed(0)} %`
        : `${count(Math.round(regret + 1))} ×`
  const middle = (box.left + box.right) / 2
  return rectangle(box, `order-${step}`) + textAt(text, middle, box.top + ROW_HEIGHT * 0.62, 'middle', `on-${step}`)
}

/** Between the rows by the logarithm of the size. */
function placeOf(chunksize: number, rows: readonly number[], top: number): number {
  const at = (size: number): number => top + (rows.indexOf(size) + 0.5) * ROW_HEIGHT
  const above = rows.filter((size) => size >= chunksize).at(-1)
  const below = rows.find((size) => size <= chunksize)
  if (above === undefined || below === undefined || above === below) return at(above ?? below ?? 0)
  const share = Math.log(above / chunksize) / Math.log(above / below)
  return at(above) + share * (at(below) - at(above))
}

function drawCross(x: number, y: number): string {
  const d = `M${coordinate(x - CROSS)},${coordinate(y - CROSS)}l${2 * CROSS},${2 * CROSS}m${-2 * CROSS},0l${2 * CROSS},${-2 * CROSS}`
  return element('path', { class: 'cross-edge', d }) + element('path', { class: 'cross', d })
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}
