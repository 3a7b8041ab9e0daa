import type { Box } from './labels.ts'
import { element, escapeText } from './markup.ts'

/**
 * The two forms in which each figure is drawn: a page shows the one that fits. A figure that merely shrank would have texts too small to read.
 * Sizes are in the units of the SVG, which a browser shows as pixels or a little more.
 */
export interface Layout {
  readonly name: 'wide' | 'narrow'
  readonly width: number
  readonly fontSize: number
}

export const WIDE: Layout = { name: 'wide', width: 840, fontSize: 13 }
export const NARROW: Layout = { name: 'narrow', width: 344, fontSize: 12 }

/** What is behind a figure, row by row. */
export interface FigureTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How many rows were left out, as there are too many. */
  readonly leftOut: number
}

/** A figure, and what is said of it. */
export interface Figure {
  /** A word, part of the ids in its SVG. */
  readonly id: string
  readonly title: string
  /** What is seen in it, a sentence or two made from the data. */
  readonly finding: string
  /** How to read it. */
  readonly reading: string
  readonly draw: (layout: Layout) => string
  readonly table: FigureTable
}

/** A figure for which the data is missing: why, and how to get it. */
export interface MissingFigure {
  readonly id: string
  readonly title: string
  readonly missing: string
}

/** Frames a drawing: the `<svg>` with its title and description. `height` is that of all, `body` what is drawn. */
export function drawing(
  figure: Pick<Figure, 'id' | 'title' | 'finding'>,
  layout: Layout,
  height: number,
  ...body: string[]
): string {
  const title = `${figure.id}-${layout.name}-title`
  const description = `${figure.id}-${layout.name}-description`
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: `chart ${layout.name}`,
      viewBox: `0 0 ${layout.width} ${Math.ceil(height)}`,
      role: 'img',
      'aria-labelledby': `${title} ${description}`,
      'font-size': layout.fontSize,
    },
    element('title', { id: title }, escapeText(figure.title)),
    element('desc', { id: description }, escapeText(figure.finding)),
    ...body,
  )
}

/** A table of at most `most` rows. */
export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[], most = 200): FigureTable {
  return { columns, rows: rows.slice(0, most), leftOut: Math.max(0, rows.length - most) }
}

/** The box as an `<rect>`. */
export function rectangle(box: Box, className: string): string {
  const { left, top, right, bottom } = box
  return element('rect', { class: className, x: left, y: top, width: right - left, height: bottom - top })
}
