import { type Box, drawLabels, type Label, placeLabels } from '../../chart/labels.ts'
import { drawing, type Figure, type MissingFigure, WIDE } from '../../chart/layout.ts'
import { standalone } from '../../chart/standalone.ts'
import type { FigureFile } from '../experiment.ts'

/** What a figure says beside its marks. */
export interface Head {
  /** The name of its file; a word, part of the ids in its SVG. */
  readonly name: string
  readonly title: string
  /** What is seen in it. */
  readonly finding: string
}

/** Room for the title above a figure that stands alone. */
export const TITLE_HEIGHT = 26

/** Height of all figures that have no rows: 8:5 reads well beside a text. */
export const PLOT_HEIGHT = 380

/** Frames a drawing as a file. `height` is that of all. */
export function figureFile({ name, title, finding }: Head, height: number, ...body: string[]): FigureFile {
  return { name, svg: standalone(drawing({ id: name, title, finding }, WIDE, height, ...body)) }
}

/** Labels that overlap neither one another nor, where that can be, the marks. */
export function labels(all: readonly Label[], frame: Box, marks: readonly Box[] = []): string {
  return drawLabels(placeLabels(all, frame, WIDE.fontSize, marks), WIDE.fontSize)
}

/** One of the report's figures as a file; none where its data is missing. */
export function figureOf(figure: Figure | MissingFigure, name: string): FigureFile[] {
  return 'missing' in figure ? [] : [{ name, svg: standalone(figure.draw(WIDE)) }]
}
