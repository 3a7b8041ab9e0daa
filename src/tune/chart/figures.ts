import type { TuneResult } from '../result.ts'
import { chunkTraceFigure } from './chunk-trace.ts'
import { heatMapFigure } from './heat-map.ts'
import { lanesFigure } from './lanes.ts'
import type { Figure, MissingFigure } from './layout.ts'
import { makespanFigure } from './makespan.ts'
import { orderFigure } from './order.ts'
import { scalingFigure } from './scaling.ts'

/** All figures of a result, in the order in which they are read. */
export function figuresOf(result: TuneResult): (Figure | MissingFigure)[] {
  const figures = [makespanFigure, lanesFigure, orderFigure, chunkTraceFigure, scalingFigure, heatMapFigure]
  return figures.map((figure) => figure(result))
}
