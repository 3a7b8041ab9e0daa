import { type Column, NumbersColumn, ValuesColumn } from '../inputs/columns.ts'
import { type CollectedRows, LazyRows } from '../inputs/rows.ts'
import type { KernelParts } from '../kernel/parts.ts'

/** Rows `[start, end)` as columns of a kernel's batch; `spread`: each row is an array of arguments. */
export function columnsOf(
  rows: CollectedRows | LazyRows,
  start: number,
  end: number,
  spread: boolean,
  { code }: KernelParts,
): Column[] {
  if (spread) {
    const [slice] = rows.slice(start, end)
    const args = (slice as { values: ArrayLike<readonly unknown[]> }).values
    return code.inputs.map(
      (input, i) =>
        new ValuesColumn(
          Array.from(args, (row) => row[i] ?? input.default),
          true,
        ),
    )
  }
  if (!(rows instanceof LazyRows)) return Array.from({ length: rows.columns }, (_, i) => rows.column(i))
  return rows.slice(start, end).map((slice, i) => {
    if (slice.kind === 'repeat') return rows.column(i)
    return slice.kind === 'numbers' ? new NumbersColumn(slice.values) : new ValuesColumn([...slice.values], true)
  })
}
