import type { Variable } from '../../ir/ir.ts'
import type { Part, Segment } from './segments.ts'

/** How many rows one segment of a long body is run for before the next. More, and what is handed on leaves the level-1 cache; fewer, and code is. */
export const STRIP_BYTES: number = 128 * 8
const VECTOR_BYTES = 16
/** Beside a strip, so that row i of two strips is not at addresses with the same low 12 bits. */
const STAGGER = 128

/** Where a variable is between parts. */
export interface Home {
  readonly address: number
  /** It has room for every row of a strip, not only for those that are in flight. */
  readonly isStrip: boolean
}

/** Where a part finds what earlier ones handed on, and leaves what it hands on. */
export interface Homes {
  readonly before: ReadonlyMap<Variable, Home>
  readonly after: ReadonlyMap<Variable, Home>
}

/** Gives homes to what parts hand on, in memory from `start` on; `end` is behind them. */
export function homesOf(
  segments: readonly Segment[],
  copies: number,
  start: number,
): { parts: ReadonlyMap<Part, Homes>; end: number } {
  const parts = new Map<Part, Homes>()
  const homes = new Map<Variable, Home>()
  let at = start
  const between = crossing(segments)
  for (const part of segments.flat()) {
    const before = new Map(homes)
    for (const variable of part.writes) {
      const varies = part.body.variableVaries(variable)
      // A scalar is the same for all rows: the next one of this segment still reads what the one before it left.
      if (varies && homes.has(variable)) continue
      const isStrip = varies && between.has(variable)
      homes.set(variable, { address: at, isStrip })
      at += isStrip ? STRIP_BYTES + STAGGER : copies * VECTOR_BYTES
    }
    parts.set(part, { before, after: new Map(homes) })
  }
  return { parts, end: at }
}

/** What one segment hands on to another. */
function crossing(segments: readonly Segment[]): Set<Variable> {
  const found = new Set<Variable>()
  const homes = new Map<Variable, Segment>()
  for (const segment of segments) {
    for (const { reads, writes } of segment) {
      for (const variable of [...reads, ...writes]) {
        const home = homes.get(variable)
        if (home === undefined) homes.set(variable, segment)
        else if (home !== segment) found.add(variable)
      }
    }
  }
  return found
}
