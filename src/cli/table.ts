/** A column: its head, and on which side its cells stand. */
export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
}

const GAP = '  '

/**
 * Rows under their heads, as wide as their cells; the last columns are left out until it is no wider than `width`, but the first one never.
 *
 * Each row has a cell for each column.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  let shown = columns.length
  while (shown > 1 && lengthOf(widths.slice(0, shown)) > width) shown--
  return [columns.map(({ head }) => head), ...rows].map((row) =>
    row
      .slice(0, shown)
      .map((cell, i) =>
        columns[i]?.align === 'left' ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number),
      )
      .join(GAP)
      .trimEnd()
      .slice(0, width),
  )
}

/** The same for Markdown. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map(({ align }) => (align === 'left' ? '---' : '---:'))
  const lines = [columns.map(({ head }) => head), rule, ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1)
}
