import { Complaint } from '../command.ts'

/**
 * A column of a CSV file, by the name in its first line or its number from 1: numbers where every cell is one, else strings. Without a name: of a file
 * that has one column.
 *
 * Errors: Complaint for a file that is no CSV, and for a column that is not there.
 */
export async function readColumn(
  text: string,
  file: string,
  column: string | undefined,
): Promise<unknown[] | Float64Array> {
  const { parse } = await import('csv-parse/sync') // most programs never ask for it
  let rows: string[][]
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true })
  } catch (error) {
    throw new Complaint(
      `${file} is no CSV: ${(error as Error).message}; save it with commas between, and each quote closed`,
    )
  }
  const [heads, ...cells] = rows
  if (heads === undefined) throw new Complaint(`${file} is empty; its first line must name the columns`)
  const at = placeOf(heads, column, file)
  const values = cells.map((row) => row[at] as string)
  const numbers = Float64Array.from(values, numberOf)
  return values.length > 0 && values.every((value) => isNumber(value)) ? numbers : values
}

function placeOf(heads: readonly string[], column: string | undefined, file: string): number {
  const columns = `its columns are ${heads.join(', ')}`
  if (column === undefined) {
    if (heads.length === 1) return 0
    throw new Complaint(`${file} has ${heads.length} columns; name one: --input ${file}:${heads[0]}; ${columns}`)
  }
  const named = heads.indexOf(column)
  if (named !== -1) return named
  const number = /^[1-9]\d*$/.test(column) ? Number(column) : Number.NaN
  if (number <= heads.length) return number - 1
  throw new Complaint(`${file} has no column ${column}; ${columns}`)
}

function isNumber(cell: string): boolean {
  return cell.trim() !== '' && (!Number.isNaN(Number(cell)) || cell.trim() === 'NaN')
}

function numberOf(cell: string): number {
  return Number(cell)
}
