import type { LazyRows } from '../../src/inputs/rows.ts'

export function rowsOf(rows: LazyRows): unknown[][] {
  return Array.from({ length: rows.length }, (_, i) => rows.row(i))
}

/** The turns of the event loop in which all that is under way without waiting for anything else has come to an end. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
