import { bisectRight, group, median } from 'd3-array'
import { count, digits, percent } from '../numerals.ts'
import type { TuneResult } from '../result.ts'
import { bottomAxisHeight, leftAxisTop, MARGIN } from './axis.ts'
import { type Box, textAt } from './labels.ts'
import { drawing, type Figure, type Layout, type MissingFigure, tableOf } from './layout.ts'
import { sweepOf } from './makespan.ts'
import { coordinate, element } from './markup.ts'
import { chunksizeOf, fastest, isFixed, type Sample, samplesOf } from './samples.ts'
import { textWidth } from './text.ts'

/** Where a colour ends, as time lost against the best chunksize of the column; the eighth colour has no end. */
const LAST_STEP = 1.6
const STEPS = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8, LAST_STEP]

/** More rows than these get rows of four times the size of the one before, then sixteen. */
const MOST_ROWS = 14

/** More columns are not drawn. */
const MOST_COLUMNS = 16

interface Column {
  readonly items: number
  readonly best: Sample
  /** Regret by row. */
  readonly cells: ReadonlyMap<number, number>
  readonly autoChunksize: number | undefined
  readonly autoRegret: number | undefined
}

interface HeatMap {
  readonly columns: readonly Column[]
  /** A row is of chunksizes from `base ** row` to below `base ** (row + 1)`. */
  readonly base: number
  readonly rows: number
}

/** Number of items against chunksize: how much is lost by each, and what auto took. */
export function heatMapFigure(result: TuneResult): Figure | MissingFigure {
  const id = 'heat-map'
  const title = 'Regret by number of items and chunksize'
  const map = heatMapOf(result)
  if (map === undefined) {
    return {
      id,
      title,
      missing: 'It needs two numbers of items or more: tune each, and give all results to lanewise report.',
    }
  }
  const finding = findingOf(map)
  return {
    id,
    title,
    finding,
    reading:
      'A cell is a number of items and a range of chunksizes; its number is the time lost against the best chunksize for that many items (the median of those in the cell). The cross is the mean size of the chunks of auto.',
    draw: (layout) => draw({ id, title, finding }, map, layout),
    table: tableOf(
      ['items', 'best chunksize', 'auto, mean chunksize', 'auto loses', 'worst fixed loses'],
      map.columns.map(({ items, best, autoChunksize, autoRegret, cells }) => [
        count(items),
        count(chunksizeOf(best)),
        autoChunksize === undefined ? 'not run' : count(autoChunksize),
        autoRegret === undefined ? 'not run' : percent(autoRegret),
        percent(Math.max(...cells.values())),
      ]),
    ),
  }
}

function heatMapOf(result: TuneResult): HeatMap | undefined {
  const start = sweepOf(result)?.best.configuration
  if (start === undefined) return undefined
  const samples = samplesOf(result).filter(
    ({ configuration: { engine, workers } }) => engine === start.engine && workers === start.workers,
  )
  const byItems = [...group(samples, ({ configuration }) => configuration.items)]
    .filter(([, own]) => own.filter(isFixed).length > 1)
    .sort(([a], [b]) => a - b)
    .slice(-MOST_COLUMNS)
  if (byItems.length < 2) return undefined
  const most = byItems.reduce((largest, [, own]) => Math.max(largest, ...own.filter(isFixed).map(chunksizeOf)), 1)
  const base = [2, 4, 16].find((factor) => Math.log(most) / Math.log(factor) < MOST_ROWS) ?? 64
  const columns = byItems.map(([items, own]) => columnOf(items, own, base))
  return { columns, base, rows: rowOf(most, base) + 1 }
}

function rowOf(chunksize: number, base: number): number {
  return Math.floor(Math.log(chunksize) / Math.log(base) + 1e-9)
}

function columnOf(items: number, samples: readonly Sample[], base: number): Column {
  const fixed = samples.filter(isFixed)
  const best = fastest(fixed)!
  const regret = ({ time }: Sample): number => time.median / best.time.median - 1
  const rows = group(fixed, (sample) => rowOf(chunksizeOf(sample), base))
  const auto = samples.find((sample) => !isFixed(sample))
  return {
    items,
    best,
    cells: new Map([...rows].map(([row, own]) => [row, median(own, regret) ?? 0])),
    autoChunksize: auto === undefined ? undefined : chunksizeOf(auto),
    autoRegret: auto === undefined ? undefined : regret(auto),
  }
}

function findingOf({ columns }: HeatMap): string {
  const regrets = columns.flatMap(({ autoRegret }) => autoRegret ?? [])
  const bests = columns.map(({ best }) => chunksizeOf(best))
  const range = `The best fixed chunksize goes from ${count(Math.min(...bests))} to ${count(Math.max(...bests))}`
  const over = `over ${count(columns.length)} numbers of items, from ${count(columns[0]!.items)} to ${count(columns.at(-1)!.items)}`
  if (regrets.length === 0) return `${range} ${over}.`
  const worst = Math.max(...regrets)
  return `${range} ${over}; auto loses ${worst <= 0 ? 'nothing anywhere' : `${percent(worst)} at most`}.`
}

function draw(head: Pick<Figure, 'id' | 'title' | 'finding'>, map: HeatMap, layout: Layout): string {
  const { fontSize, width, name } = layout
  const { columns, base, rows } = map
  const edges = Array.from({ length: rows + 1 }, (_, row) => base ** row)
  const top = leftAxisTop(fontSize)
  const left = 6 + Math.max(...edges.map((edge) => textWidth(count(edge), fontSize)))
  const rowHeight = name === 'wide' ? 26 : 22
  const columnWidth = (width - MARGIN - left) / columns.length
  const frame: Box = { left, top, right: width - MARGIN, bottom: top + rows * rowHeight }
  const yOf = (chunksize: number): number => {
    const row = Math.log(Math.max(1, chunksize)) / Math.log(base)
    return Math.max(frame.top, frame.bottom - row * rowHeight)
  }
  const crosses = columns.map(({ autoChunksize }, i) => {
    if (autoChunksize === undefined) return undefined
    // Beside the numbers where a column has room for both; else in the middle, and the number below it is left out.
    const isBeside = columnWidth > 3 * textWidth('100%', fontSize)
    const size = Math.min(columnWidth / 2, 13)
    return { x: left + (i + (isBeside ? 0.82 : 0.5)) * columnWidth, y: yOf(autoChunksize), size, isBeside }
  })
  const cells = columns.flatMap(({ cells: own }, i) =>
    [...own].map(([row, regret]) => {
      const x = left + i * columnWidth
      const y = frame.bottom - (row + 1) * rowHeight
      const step = bisectRight(STEPS, regret)
      const text = percent(Math.round(regret * 100) / 100).replace(/\s/, '')
      const mark = crosses[i]
      const isHidden =
        mark !== undefined && !mark.isBeside && Math.abs(mark.y - y - rowHeight / 2) < (mark.size + fontSize) / 2 + 2
      const fits = textWidth(text, fontSize - 1) <= columnWidth - 6 && !isHidden
      return [
        element('rect', {
          class: `order-${step}`,
          x: x + 1,
          y: y + 1,
          width: Math.max(1, columnWidth - 2),
          height: rowHeight - 2,
        }),
        fits
          ? textAt(text, x + columnWidth / 2, y + rowHeight / 2 + fontSize * 0.35, 'middle', `on-${step} small`)
          : '',
      ].join('')
    }),
  )
  const everyEdge = edges.map((edge, row) =>
    textAt(count(edge), left - 6, frame.bottom - row * rowHeight + fontSize * 0.35, 'end', 'tick'),
  )
  const legendTop = frame.bottom + bottomAxisHeight(fontSize) + 6
  const legend = drawLegend(layout, legendTop)
  return drawing(
    head,
    layout,
    legend.bottom,
    textAt('chunksize', 0, top - fontSize * 0.8, 'start', 'axis-title'),
    ...everyEdge,
    ...cells,
    ...crosses.map((mark) => (mark === undefined ? '' : cross(mark.x, mark.y, mark.size))),
    ...columnNames(columns, frame, columnWidth, fontSize),
    legend.svg,
  )
}

function columnNames(columns: readonly Column[], frame: Box, columnWidth: number, fontSize: number): string[] {
  const widest = Math.max(...columns.map(({ items }) => textWidth(count(items), fontSize))) + 6
  const every = Math.ceil(widest / columnWidth)
  const baseline = frame.bottom + 6 + fontSize
  const names = columns.map(({ items }, i) => {
    const x = Math.max(widest / 2, Math.min(frame.right + MARGIN - widest / 2, frame.left + (i + 0.5) * columnWidth))
    return i % every === 0 ? textAt(count(items), x, baseline, 'middle', 'tick') : ''
  })
  return [...names, textAt('items', frame.right, baseline + fontSize * 1.25, 'end', 'axis-title')]
}

/** A cross that is seen on any colour: its edge is that of the page. */
function cross(x: number, y: number, size: number): string {
  const [left, right, top, bottom] = [x - size / 2, x + size / 2, y - size / 2, y + size / 2].map(coordinate)
  const d = `M${left},${top}L${right},${bottom}M${right},${top}L${left},${bottom}`
  return element('path', { class: 'cross-edge', d }) + element('path', { class: 'cross', d })
}

/** Each colour with the regret that it means; over two lines where one has no room. */
function drawLegend({ width, fontSize, name }: Layout, top: number): { svg: string; bottom: number } {
  const perLine = name === 'wide' ? STEPS.length + 1 : 4
  const cell = width / perLine
  const texts = [...STEPS.map((step) => `< ${digits(step * 100)} %`), `${digits(LAST_STEP * 100)} %, more`]
  const entries = texts.map((text, i) => {
    const x = (i % perLine) * cell
    const y = top + Math.floor(i / perLine) * fontSize * 1.7
    return (
      element('rect', { class: `order-${i}`, x, y, width: 12, height: 12 }) +
      textAt(text, x + 17, y + 11, 'start', 'small')
    )
  })
  return { svg: entries.join(''), bottom: top + Math.ceil(texts.length / perLine) * fontSize * 1.7 }
}
