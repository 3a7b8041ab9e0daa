import type { TuneResult } from '../result.ts'
import { lanesFigure } from './lanes.ts'
import type { Figure, MissingFigure } from './layout.ts'
import { makespanFigure } from './makespan.ts'

/** All figures of a result, in the order in which they are read. */
export function figuresOf(result: TuneResult): (Figure | MissingFigure)[] {
  return [makespanFigure, lanesFigure].map((figure) => figure(result))
}
